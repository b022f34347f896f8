//! Gradients of generated models, of their input and of every parameter, against central finite differences in f64.
//!
//! A parameter is moved by the optimizer: with the direction as its gradient, descent at a rate of `-by` adds `by` times the
//! direction. A clone of the model is moved, which draws the same dropout masks as the model itself.

use tensor::__private::Model as Generated;
use tensor::{Batch, Dynamic, Model, Optimizer, Sgd, Tensor};

use crate::differences::{TOLERANCE, Values, slope, some_of};
use crate::{Chance, assert_close, largest};

/// So many elements of the input, and of each parameter, are moved.
const MOST: usize = 6;

/// The input of a model.
pub type Input<M> = Tensor<<M as Generated>::Input<Batch>, f64>;

/// Random numbers of the shape that a model takes.
pub fn input<M: Model<Element = f64>>(batch: usize, chance: &mut Chance) -> Input<M> {
    let mut sizes = vec![batch];
    sizes.extend(M::PROGRAM.input);
    typed::<M>(chance.normal(&sizes))
}

fn typed<M: Model<Element = f64>>(x: Values) -> Input<M> {
    x.try_into_shape().expect("the sizes that the program says")
}

/// Panics unless the gradients of the input and of every parameter are what finite differences say.
#[track_caller]
pub fn check<M: Model<Element = f64> + Clone>(model: &M, x: &Input<M>) {
    let name = M::PROGRAM.name;
    let own = model.clone();
    let leaf = x.detach().requires_grad();
    let out = own.forward(&leaf).into_dynamic();
    let mut chance = Chance::new(x.len() as u64 + 7);
    let weights = chance.normal::<f64>(out.sizes());
    out.backward_with(&weights)
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    let value = |model: &M, x: &Input<M>| {
        let out = model.forward(x).into_dynamic();
        out.mul(&weights)
            .and_then(|product| product.sum().item())
            .unwrap_or_else(|error| panic!("{name}: {error}"))
    };

    let gradient = vector(
        &leaf
            .grad()
            .unwrap_or_else(|| panic!("{name}: the input has no gradient"))
            .into_dynamic(),
    );
    let data = vector(&x.clone().into_dynamic());
    let moved = |index: usize, by: f64| {
        let mut data = data.clone();
        data[index] += by;
        let x = Tensor::from_vec(data, x.sizes()).expect("the sizes of the input");
        value(&model.clone(), &typed::<M>(x))
    };
    let indices = some_of(data.len(), MOST, &mut chance);
    let quotients: Vec<f64> = indices.iter().map(|&index| slope(1.0, |by| moved(index, by))).collect();
    let found: Vec<f64> = indices.iter().map(|&index| gradient[index]).collect();
    assert_close(
        &format!("{name}, input"),
        &found,
        &quotients,
        TOLERANCE * largest(&quotients).max(1.0),
    );

    let parameters = tensor::__private::parameters(&own);
    for (position, parameter) in parameters.iter().enumerate() {
        let label = format!("{name}, {}", parameter.name);
        let gradient = parameter
            .tensor
            .grad()
            .unwrap_or_else(|| panic!("{label}: no gradient arrived"));
        assert_eq!(
            gradient.sizes(),
            parameter.tensor.sizes(),
            "{label}: the sizes of the gradient"
        );
        let gradient = vector(&gradient);
        let moved = |direction: &Values, by: f64| {
            let mut model = model.clone();
            nudge(&mut model, position, direction, by);
            value(&model, x)
        };
        // Single elements, and all of them at once in a random direction.
        let mut directions: Vec<Values> = some_of(gradient.len(), MOST, &mut chance)
            .into_iter()
            .map(|index| one_hot(parameter.tensor.sizes(), index))
            .collect();
        directions.push(chance.normal(parameter.tensor.sizes()));
        let quotients: Vec<f64> = directions
            .iter()
            .map(|direction| slope(1.0, |by| moved(direction, by)))
            .collect();
        let found: Vec<f64> = directions
            .iter()
            .map(|direction| {
                vector(direction)
                    .iter()
                    .zip(&gradient)
                    .map(|(along, slope)| along * slope)
                    .sum()
            })
            .collect();
        assert_close(&label, &found, &quotients, TOLERANCE * largest(&quotients).max(1.0));
    }
}

/// Adds `by * direction` to one parameter.
fn nudge<M: Model<Element = f64>>(model: &mut M, position: usize, direction: &Values, by: f64) {
    let parameter = &tensor::__private::parameters(model)[position].tensor;
    parameter
        .mul(direction)
        .expect("a direction has the sizes of its parameter")
        .sum()
        .backward();
    let sgd = Sgd::new(by.abs());
    let mut step = if by > 0.0 { sgd.maximize() } else { sgd };
    step.step(model).expect("one parameter has a gradient");
}

fn one_hot(sizes: &[usize], index: usize) -> Values {
    let mut data = vec![0.0; sizes.iter().product()];
    data[index] = 1.0;
    Tensor::from_vec(data, sizes).expect("as many elements as the sizes say")
}

fn vector(x: &Tensor<Dynamic, f64>) -> Vec<f64> {
    x.to_vec().expect("computed without error")
}
