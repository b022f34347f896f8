//! Gradients of functions of tensors against central finite differences in f64.

use tensor::{Dynamic, Tensor};

use crate::{Chance, assert_close, largest};

/// A tensor as these tests use it.
pub type Values = Tensor<Dynamic, f64>;

/// How far an element is moved, for elements of about 1. With four points the error of the quotient goes with its fourth power,
/// that of rounding with its inverse; kinks must not lie between the points.
const STEP: f64 = 2e-5;
/// What the two errors together may be, relative to the largest derivative.
pub const TOLERANCE: f64 = 1e-8;
/// So many elements of an input are moved; where there are more they are drawn.
const MOST: usize = 24;

/// Panics unless the gradient of every input is what finite differences say.
///
/// `function` must give the same result for the same inputs. The result is multiplied by random numbers and summed, so that
/// every element of its Jacobian counts.
#[track_caller]
pub fn check(what: &str, inputs: &[Values], function: impl Fn(&[Values]) -> Values) {
    let leaves: Vec<Values> = inputs.iter().map(|input| input.detach().requires_grad()).collect();
    let out = function(&leaves);
    let mut chance = Chance::new(out.len() as u64 + 1);
    let weights = chance.normal::<f64>(out.sizes());
    out.backward_with(&weights)
        .unwrap_or_else(|error| panic!("{what}: {error}"));
    let weights = weights.to_vec().expect("made in the line above");
    let value = |inputs: &[Values]| {
        let out = function(inputs)
            .to_vec()
            .unwrap_or_else(|error| panic!("{what}: {error}"));
        out.iter().zip(&weights).map(|(out, weight)| out * weight).sum::<f64>()
    };
    for (position, leaf) in leaves.iter().enumerate() {
        let label = format!("{what}, input {position} of {:?}", leaf.sizes());
        let gradient = leaf.grad().unwrap_or_else(|| panic!("{label}: no gradient arrived"));
        assert_eq!(gradient.sizes(), leaf.sizes(), "{label}: the sizes of the gradient");
        let gradient = gradient.to_vec().unwrap_or_else(|error| panic!("{label}: {error}"));
        let data = inputs[position].to_vec().expect("given by the test");
        let moved = |index: usize, by: f64| {
            let mut data = data.clone();
            data[index] += by;
            let mut inputs = inputs.to_vec();
            inputs[position] = Tensor::from_vec(data, leaf.sizes()).expect("the sizes of the input");
            value(&inputs)
        };
        let indices = some_of(gradient.len(), MOST, &mut chance);
        let quotients: Vec<f64> = indices
            .iter()
            .map(|&index| slope(data[index].abs().max(1.0), |by| moved(index, by)))
            .collect();
        let found: Vec<f64> = indices.iter().map(|&index| gradient[index]).collect();
        assert_close(&label, &found, &quotients, TOLERANCE * largest(&quotients).max(1.0));
    }
}

/// The derivative at 0 of a function of a number, by central differences of fourth order; `scale` is about how large the number
/// is.
pub(crate) fn slope(scale: f64, function: impl Fn(f64) -> f64) -> f64 {
    let step = STEP * scale;
    let near = function(step) - function(-step);
    let far = function(2.0 * step) - function(-2.0 * step);
    (8.0 * near - far) / (12.0 * step)
}

/// All indices below `len`, or `most` of them.
pub(crate) fn some_of(len: usize, most: usize, chance: &mut Chance) -> Vec<usize> {
    if len <= most {
        return (0..len).collect();
    }
    (0..most).map(|_| chance.below(len)).collect()
}
