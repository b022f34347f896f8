//! Gradients of generated models, of their input and of every parameter, against central finite differences in f64.
//!
//! A parameter is moved by the optimizer: with the direction as its gradient, descent at a rate of `-by` adds `by` times the
//! direction. A clone of the model is moved, which draws the same dropout masks as the model itself.

use tensor::__private::{How, Traced, traced};
use tensor::{Dynamic, Model, Optimizer, Sgd, Tensor};

use crate::differences::{TOLERANCE, Values, slope, some_of};
use crate::model_inputs::sum;
use crate::{Chance, assert_close, largest};

/// So many elements of each input, and of each parameter, are moved.
const MOST: usize = 6;

/// Panics unless the gradients of the inputs and of every parameter are what finite differences say.
#[track_caller]
pub fn check<M: Model<Element = f64> + Clone>(model: &M, inputs: &[Traced]) {
    let name = M::PROGRAM.name;
    let own = model.clone();
    let mut chance = Chance::new(inputs.len() as u64 + 7);
    let value = |model: &M, inputs: &[Traced]| {
        let out = sum::<f64>(&traced(model, inputs, How::Forward)).item();
        out.unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    let mut given = inputs.to_vec();
    let mut leaves: Vec<(usize, Values)> = Vec::new();
    for (index, input) in M::PROGRAM.inputs.iter().enumerate() {
        if !input.whole {
            let leaf = inputs[index].tensor::<f64>().detach().requires_grad();
            given[index] = leaf.clone().into();
            leaves.push((index, leaf));
        }
    }
    sum::<f64>(&traced(&own, &given, How::Forward)).backward();
    for (index, leaf) in &leaves {
        let gradient = leaf
            .grad()
            .unwrap_or_else(|| panic!("{name}: input {index} has no gradient"));
        let (gradient, data) = (vector(&gradient), vector(&leaf.detach()));
        let moved = |element: usize, by: f64| {
            let mut data = data.clone();
            data[element] += by;
            let mut inputs = inputs.to_vec();
            inputs[*index] = Tensor::<Dynamic, f64>::from_vec(data, leaf.sizes())
                .expect("the sizes of the input")
                .into();
            value(&model.clone(), &inputs)
        };
        let indices = some_of(data.len(), MOST, &mut chance);
        let quotients: Vec<f64> = indices.iter().map(|&index| slope(1.0, |by| moved(index, by))).collect();
        let found: Vec<f64> = indices.iter().map(|&index| gradient[index]).collect();
        let label = format!("{name}, input {index}");
        assert_close(&label, &found, &quotients, TOLERANCE * largest(&quotients).max(1.0));
    }

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
            value(&model, inputs)
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
pub(crate) fn nudge<M: Model<Element = f64>>(model: &mut M, position: usize, direction: &Values, by: f64) {
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
