//! Second order through generated models: gradients of gradients of their inputs and of every parameter, against differences.

use tensor::__private::{How, Traced, traced};
use tensor::autograd::{Options, Tolerance, grad_with, gradcheck, gradgradcheck};
use tensor::{Device, Dynamic, Model, Seed, Tensor};

use crate::differences::{TOLERANCE, Values, slope};
use crate::model_differences::nudge;
use crate::model_inputs::{inputs, sum};
use crate::{Chance, assert_close};

/// Panics unless derivatives of both orders are what differences say, for a batch of so many.
#[track_caller]
pub fn check<M: Model<Element = f64> + Clone>(seed: u64, batch: usize) {
    let mut chance = Chance::new(seed);
    let model: M = tensor::__private::build(&Device::cpu(), Seed(seed));
    let given = inputs::<M>(batch, &mut chance);
    let places = M::PROGRAM.inputs.iter().enumerate().filter(|(_, given)| !given.whole);
    let places: Vec<usize> = places.map(|(place, _)| place).collect();
    let variables: Vec<Values> = places.iter().map(|&place| given[place].tensor()).collect();

    // All outputs in one row. A clone draws the same masks each time.
    let run = |variables: &[Values]| {
        let mut given = given.clone();
        for (&place, x) in places.iter().zip(variables) {
            given[place] = x.clone().into();
        }
        let outputs = traced(&model.clone(), &given, How::Forward);
        let flat: Vec<Values> = outputs
            .iter()
            .map(|out| out.tensor::<f64>().flatten(0, -1))
            .collect::<Result<_, _>>()?;
        Tensor::<Dynamic, f64>::cat(&flat.iter().collect::<Vec<_>>(), 0)
    };
    let all: Vec<&Values> = variables.iter().collect();
    let name = M::PROGRAM.name;
    gradcheck(run, &all, Tolerance::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
    gradgradcheck(run, &all, Tolerance::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
    check_parameters(&model, &given, &places, &mut chance);
}

/// How steep all outputs are in all inputs, as one number.
fn steepness<M: Model<Element = f64>>(model: &M, given: &[Traced], places: &[usize]) -> Tensor<(), f64> {
    let mut given = given.to_vec();
    let leaves: Vec<Values> = places
        .iter()
        .map(|&place| given[place].tensor::<f64>().detach().requires_grad())
        .collect();
    for (&place, leaf) in places.iter().zip(&leaves) {
        given[place] = leaf.clone().into();
    }
    let total = sum::<f64>(&traced(model, &given, How::Forward)).into_dynamic();
    let recorded = Options {
        create_graph: true,
        ..Options::default()
    };
    let slopes = grad_with(
        &[&total],
        &leaves.iter().collect::<Vec<_>>(),
        &[&total.ones_like()],
        recorded,
    );
    let slopes = slopes.expect("there is a way back");
    let squares = slopes.iter().flatten().map(|slope| slope.square().sum());
    squares.reduce(|sum, one| &sum + &one).expect("an input has a gradient")
}

/// The gradients of [`steepness`] in every parameter, each in a random direction.
fn check_parameters<M: Model<Element = f64> + Clone>(
    model: &M,
    given: &[Traced],
    places: &[usize],
    chance: &mut Chance,
) {
    let own = model.clone();
    let steep = steepness(&own, given, places);
    if tensor::__private::parameters(&own).is_empty() {
        return;
    }
    steep.backward();
    for (position, parameter) in tensor::__private::parameters(&own).iter().enumerate() {
        let direction: Values = chance.normal(parameter.tensor.sizes());
        let found = parameter.tensor.grad().map_or(0.0, |gradient| {
            let along = gradient.mul(&direction).expect("of the same sizes");
            along.sum().item().expect("a number")
        });
        let expected = slope(1.0, |by| {
            let mut model = model.clone();
            nudge(&mut model, position, &direction, by);
            steepness(&model, given, places).item().expect("a number")
        });
        let label = format!("{}, {} in second order", M::PROGRAM.name, parameter.name);
        assert_close(&label, &[found], &[expected], TOLERANCE * expected.abs().max(1.0));
    }
}
