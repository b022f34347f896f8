//! Models of random structure: compiled steps, steps on the tape, and the eager form.

use tensor::prelude::*;
use tensor::{__private::eager, Planned};

use super::course::{gradients, input, parameters};
use super::nets::*;
use crate::Chance;
use crate::gpu::Check;
use crate::gpu::sides::{Numbers, Tolerance, device, near, numbers, same, sure};

/// Batches of a few rows, of one, and of more than one block of a kernel's rows.
const BATCHES: [usize; 3] = [5, 1, 33];

/// Some steps of training, and what is then inferred.
fn trained<M: Mapping + Clone>(device: Device, seed: u64, optimizer: impl Optimizer, compile: bool) -> Numbers {
    let mut model: M = tensor::__private::build(&device, Seed(seed));
    let name = M::PROGRAM.name;
    let mut chance = Chance::new(seed);
    let batches: Vec<_> = BATCHES
        .iter()
        .map(|&batch| {
            let x = input::<M>(device, batch, &mut chance);
            let out = model.infer::<Batch>(&x);
            let target: Tensor<Dynamic, M::Element> = chance.normal(out.sizes());
            let target: Result<Tensor<M::Output<Batch>, M::Element>, _> =
                target.to(device).and_then(Tensor::try_into_shape);
            (x, sure(name, target))
        })
        .collect();
    let mut losses = Vec::new();
    if compile {
        let mut step = Step::new(model, mse_loss::<Planned<M>>, optimizer);
        losses.extend(
            batches
                .iter()
                .map(|(x, y)| sure(name, step.run::<Batch>(x, y)).as_f64()),
        );
        (model, _) = step.into_parts();
    } else {
        let mut optimizer = optimizer;
        for (x, y) in &batches {
            let loss = mse_loss(&model.forward::<Batch>(x), y);
            loss.backward();
            sure(name, optimizer.step(&mut model));
            losses.push(sure(name, loss.item()).as_f64());
        }
    }
    let mut all = parameters(&model);
    all.insert("losses".to_owned(), losses);
    all.insert(
        "inferred".to_owned(),
        numbers(name, &model.infer::<Batch>(&batches[0].0)),
    );
    all
}

/// The output, and the gradients of input and parameters, by either form.
fn passed<M: Mapping + Clone>(model: &mut M, x: &Tensor<M::Input<Batch>, M::Element>, generated: bool) -> Numbers {
    let name = M::PROGRAM.name;
    let x = x.detach().requires_grad();
    let out = if generated {
        model.forward::<Batch>(&x).into_dynamic()
    } else {
        eager(model, &x)
    };
    let weights: Tensor<Dynamic, M::Element> = Chance::new(out.len() as u64).normal(out.sizes());
    sure(name, out.backward_with(&sure(name, weights.to(out.device()))));
    let mut all = gradients(model);
    all.insert("output".to_owned(), numbers(name, &out));
    all.insert(
        "gradient of the input".to_owned(),
        numbers(name, &x.grad().expect("a leaf")),
    );
    tensor::__private::zero_grad(model);
    all
}

fn hold<M: Mapping + Clone, O: Optimizer>(seed: u64, optimizer: impl Fn() -> O, tolerance: Tolerance) {
    let name = M::PROGRAM.name;
    same::<M::Element>(&format!("{name}, fresh"), Tolerance::NONE, |device| {
        parameters(&tensor::__private::build::<M>(&device, Seed(seed)))
    });
    // Some nets have nothing to train.
    if tensor::__private::num_parameters(&tensor::__private::build::<M>(&device(), Seed(seed))) > 0 {
        same::<M::Element>(&format!("{name}, compiled steps"), tolerance, |device| {
            trained::<M>(device, seed, optimizer(), true)
        });
        // On one device the two ways call the same kernels on the same numbers.
        let compiled = trained::<M>(device(), seed, optimizer(), true);
        for (part, found) in trained::<M>(device(), seed, optimizer(), false) {
            near(
                &format!("{name}, steps on the tape, {part}"),
                &found,
                &compiled[&part],
                0.0,
            );
        }
    }
    for training in [true, false] {
        let mut model: M = tensor::__private::build(&device(), Seed(seed));
        tensor::__private::set_training(&mut model, training);
        // Two clones draw the same dropout masks.
        let mut clone = model.clone();
        for batch in BATCHES {
            let x = input::<M>(device(), batch, &mut Chance::new(seed + 1));
            let expected = passed(&mut clone, &x, false);
            for (part, found) in passed(&mut model, &x, true) {
                let what = format!("{name}, training: {training}, against its eager form, {part}");
                near(
                    &what,
                    &found,
                    &expected[&part],
                    if size_of::<M::Element>() == 4 { 1e-4 } else { 1e-11 },
                );
            }
        }
    }
}

macro_rules! checks {
    ($($test:ident $Net:ident)*) => {
        /// The checks of this file.
        pub fn checks() -> Vec<Check> {
            vec![$(Check {
                name: concat!("training::generated::", stringify!($test)),
                run: || {
                    let seed = stringify!($Net).bytes().fold(0, |seed, byte| seed * 31 + u64::from(byte));
                    hold::<$Net<f32>, _>(seed, || Sgd::new(0.05), Tolerance::of(2e-4, 0.0));
                    // Rounding that remains of a gradient of zero counts as much as Adam's eps lets it.
                    hold::<$Net<f64>, _>(seed, || AdamW::new(0.01), Tolerance::of(0.0, 1e-8));
                },
            }),*]
        }
    };
}

for_each_net!(checks);
