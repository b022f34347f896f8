//! Generated code against its eager form: outputs, and gradients of inputs and parameters, in training and in evaluation.

use tensor::__private::{How, Traced, parameters, set_training, traced};
use tensor::{Device, Dynamic, Element, Model, Seed, Tensor};

use crate::model_inputs::{inputs, sum};
use crate::{Chance, assert_close, largest};

/// Batches of one row, of a few, and of more than one block of a kernel's rows.
const BATCHES: [usize; 4] = [1, 2, 7, 33];

/// What a pass gives: the outputs, the gradients of the inputs, and those of the parameters, by name.
type Numbers = Vec<(String, Vec<f64>)>;

fn numbers<M: Model>(model: &M, inputs: &[Traced], how: How) -> Numbers {
    let leaves: Vec<Option<Tensor<Dynamic, M::Element>>> = M::PROGRAM
        .inputs
        .iter()
        .zip(inputs)
        .map(|(given, input)| (!given.whole).then(|| input.tensor().detach().requires_grad()))
        .collect();
    let given: Vec<Traced> = leaves
        .iter()
        .zip(inputs)
        .map(|(leaf, input)| leaf.as_ref().map_or_else(|| input.clone(), |leaf| leaf.clone().into()))
        .collect();
    let out = traced(model, &given, how);
    sum::<M::Element>(&out).backward();
    let name = |what: &str, index: usize, count: usize| match count {
        1 => what.to_owned(),
        _ => format!("{what} {index}"),
    };
    let outputs = out.iter().map(|out| vector(&out.tensor::<M::Element>())).enumerate();
    let mut all: Numbers = outputs
        .map(|(index, numbers)| (name("output", index, out.len()), numbers))
        .collect();
    for (index, leaf) in leaves.iter().enumerate() {
        if let Some(leaf) = leaf {
            let gradient = leaf.grad().expect("a leaf behind the output");
            all.push((name("gradient of input", index, leaves.len()), vector(&gradient)));
        }
    }
    all.extend(parameters(model).into_iter().map(|parameter| {
        let gradient = parameter.tensor.grad().expect("a parameter behind the output");
        (format!("gradient of {}", parameter.name), vector(&gradient))
    }));
    all
}

fn vector<T: Element>(x: &Tensor<Dynamic, T>) -> Vec<f64> {
    x.to_vec()
        .expect("computed without error")
        .into_iter()
        .map(T::as_f64)
        .collect()
}

/// Two clones draw the same dropout masks; one runs the generated code, the other the eager form, twice.
fn agree<M: Model + Clone>(model: &mut M, batches: &[usize], training: bool, tolerance: f64, chance: &mut Chance) {
    set_training(model, training);
    let mode = if training { "training" } else { "evaluation" };
    let name = M::PROGRAM.name;
    let mut same = model.clone();
    set_training(&mut same, training);
    for &batch in batches {
        let inputs = inputs::<M>(batch, chance);
        let generated = numbers(model, &inputs, How::Forward);
        let expected = numbers(&same, &inputs, How::Eager);
        for ((what, found), (_, expected)) in generated.iter().zip(&expected) {
            let what = format!("{name} in {mode}, batch of {batch}, {what}");
            assert_close(&what, found, expected, tolerance * largest(expected).max(0.01));
        }
        if !training {
            for (inferred, (_, expected)) in traced(model, &inputs, How::Infer).iter().zip(&expected) {
                let what = format!("{name}, batch of {batch}, inferred");
                let inferred = vector(&inferred.tensor::<M::Element>());
                assert_close(&what, &inferred, expected, tolerance * largest(expected).max(0.01));
            }
        }
        tensor::__private::zero_grad(model);
        tensor::__private::zero_grad(&mut same);
    }
}

/// Panics unless the generated code of a model does what its eager form does, in training and in evaluation, in both element types.
#[track_caller]
pub fn hold<Single: Model<Element = f32> + Clone, Double: Model<Element = f64> + Clone>(index: u64) {
    hold_for::<Single, Double>(index, &BATCHES);
}

/// The same for batches of these sizes.
#[track_caller]
pub fn hold_for<Single: Model<Element = f32> + Clone, Double: Model<Element = f64> + Clone>(
    index: u64,
    batches: &[usize],
) {
    let chance = &mut Chance::new(index);
    for training in [true, false] {
        let seed = Seed(chance.number());
        let mut single: Single = tensor::__private::build(&Device::cpu(), seed);
        agree(&mut single, batches, training, 1e-5, chance);
        let mut double: Double = tensor::__private::build(&Device::cpu(), seed);
        agree(&mut double, batches, training, 1e-12, chance);
    }
}

/// The same for a deep net with norms over batches, each of which makes more of what the one before rounded: in double precision alone, to a
/// thousand times what shallow nets are held to.
#[track_caller]
pub fn hold_deep<Double: Model<Element = f64> + Clone>(index: u64, batches: &[usize]) {
    let chance = &mut Chance::new(index);
    for training in [true, false] {
        let mut double: Double = tensor::__private::build(&Device::cpu(), Seed(chance.number()));
        agree(&mut double, batches, training, 1e-9, chance);
    }
}
