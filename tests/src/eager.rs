//! Generated code against its eager form: outputs, and gradients of input and parameters, in training and in evaluation.

use tensor::__private::{eager, parameters, set_training};
use tensor::{Batch, Device, Dynamic, Element, Model, Seed, Tensor};

use crate::{Chance, assert_close, largest};

/// Batches of one row, of a few, and of more than one block of a kernel's rows.
const BATCHES: [usize; 4] = [1, 2, 7, 33];

/// What a pass gives: the output, the gradient of the input, and those of the parameters, by name.
type Numbers = Vec<(String, Vec<f64>)>;

fn numbers<M: Model>(
    model: &M,
    x: &Tensor<M::Input<Batch>, M::Element>,
    forward: impl Fn(&M, &Tensor<M::Input<Batch>, M::Element>) -> Tensor<Dynamic, M::Element>,
) -> Numbers {
    let x = x.detach().requires_grad();
    let out = forward(model, &x);
    let weights: Tensor<Dynamic, M::Element> = Chance::new(out.len() as u64).normal(out.sizes());
    out.backward_with(&weights).expect("a recorded forward pass");
    let mut all = vec![
        ("output".to_owned(), vector(&out)),
        (
            "gradient of the input".to_owned(),
            vector(&x.grad().expect("a leaf behind the output").into_dynamic()),
        ),
    ];
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
        let mut sizes = vec![batch];
        sizes.extend(M::PROGRAM.input);
        let x: Tensor<M::Input<Batch>, M::Element> = chance
            .normal(&sizes)
            .try_into_shape()
            .expect("the sizes of the program");
        let generated = numbers(model, &x, |model, x| model.forward(x).into_dynamic());
        let expected = numbers(&same, &x, |model, x| eager(model, x));
        for ((what, found), (_, expected)) in generated.iter().zip(&expected) {
            let what = format!("{name} in {mode}, batch of {batch}, {what}");
            assert_close(&what, found, expected, tolerance * largest(expected).max(0.01));
        }
        if !training {
            let inferred = vector(&model.infer(&x).into_dynamic());
            let (_, expected) = &expected[0];
            let what = format!("{name}, batch of {batch}, inferred");
            assert_close(&what, &inferred, expected, tolerance * largest(expected).max(0.01));
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
