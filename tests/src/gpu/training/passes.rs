//! Forwards and backwards in every order, evaluation, clones, and models that move.

use tensor::prelude::*;

use super::course::{Small, batch, gradients, parameters};
use crate::gpu::Check;
use crate::gpu::sides::{Numbers, Tolerance, Values, device, near, numbers, same, sure};

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    macro_rules! list {
        ($($name:ident)*) => {
            vec![$(Check { name: concat!("training::passes::", stringify!($name)), run: $name }),*]
        };
    }
    list! {
        training_and_evaluation two_forwards_before_one_backward forwards_without_backward a_model_behind_itself
        gradients_add_up a_clone_learns_alone models_move nothing_is_recorded dynamic_layers empty_batches
        a_loss_that_is_no_number
    }
}

const CLOSE: Tolerance = Tolerance::of(1e-4, 1e-11);

fn model(device: Device) -> Small<f64> {
    let mut model = Small::new_as(&device, Seed(1));
    model.eval();
    model
}

fn training_and_evaluation() {
    same::<f64>("training and evaluation", CLOSE, |device| {
        let mut model = Small::<f64>::new_as(&device, Seed(1));
        let (x, _) = batch::<f64>(device, 7, 2);
        let mut all = Numbers::new();
        let mut note = |what: &str, out: Tensor<dims![Batch, 4], f64>| all.insert(what.to_owned(), numbers(what, &out));
        note("in training", model.forward(&x));
        note("in training again", model.forward(&x));
        note("inferred in training", model.infer(&x));
        model.eval();
        note("in evaluation", model.forward(&x));
        note("inferred in evaluation", model.infer(&x));
        model.train();
        note("in training once more", model.forward(&x));
        assert_ne!(
            all["in training"], all["in training again"],
            "each pass draws a mask of its own"
        );
        assert_eq!(all["inferred in training"], all["in evaluation"]);
        assert_eq!(all["inferred in evaluation"], all["in evaluation"]);
        all
    });
}

fn two_forwards_before_one_backward() {
    same::<f64>("two forwards", CLOSE, |device| {
        let model = model(device);
        let ((x1, labels1), (x2, labels2)) = (batch(device, 5, 1), batch(device, 9, 2));
        let (out1, out2) = (model.forward(&x1), model.forward(&x2));
        (cross_entropy(&out1, &labels1) + cross_entropy(&out2, &labels2) * 2.0).backward();
        let third = model.forward(&x2);
        (third.sum() + third.square().mean()).backward();
        gradients(&model)
    });
}

fn forwards_without_backward() {
    same::<f64>("forwards without backward", CLOSE, |device| {
        let model = model(device);
        for seed in 0..20 {
            let (x, _) = batch(device, 1 + seed as usize % 9, seed);
            let _ = model.forward(&x);
            let _ = model.infer(&x);
        }
        let (x, labels) = batch(device, 7, 3);
        cross_entropy(&model.forward(&x), &labels).backward();
        gradients(&model)
    });
}

fn a_model_behind_itself() {
    net! { type Round = linear(4, 4) >> tanh >> dropout(0.3) }
    same::<f64>("a model behind itself", CLOSE, |device| {
        let model = Round::<f64>::new_as(&device, Seed(3));
        let x = Tensor::<dims![Batch, 4], f64>::randn(&[3, 4], 1).and_then(|x| x.to(device));
        let x = sure("an input", x).requires_grad();
        model.forward(&(model.forward(&x) * 0.5)).sum().backward();
        let mut all = gradients(&model);
        all.insert(
            "gradient of the input".to_owned(),
            numbers("the input", &x.grad().expect("a leaf")),
        );
        all
    });
}

fn gradients_add_up() {
    same::<f64>("gradients of two batches", CLOSE, |device| {
        let mut model = model(device);
        let (x, labels) = batch(device, 5, 1);
        cross_entropy(&model.forward(&x), &labels).backward();
        model.zero_grad();
        for seed in [2, 3] {
            let (x, labels) = batch(device, 5, seed);
            cross_entropy(&model.forward(&x), &labels).backward();
        }
        let all = gradients(&model);
        let mut step = model.compile(cross_entropy, Sgd::new(0.1));
        sure("a step", step.run(&x, &labels));
        all.into_iter().chain(parameters(step.model())).collect()
    });
}

fn a_clone_learns_alone() {
    let mut model = Small::<f64>::new_as(&device(), Seed(4));
    let (x, labels) = batch(device(), 4, 1);
    let _ = model.forward(&x);
    let mut copy = model.clone();
    assert_eq!(copy.device(), device());
    assert_eq!(parameters(&copy), parameters(&model));
    assert_eq!(copy.forward(&x), model.forward(&x), "the same masks");
    let before = parameters(&model);
    cross_entropy(&copy.forward(&x), &labels).backward();
    assert!(model.fc1.weight.grad().is_none(), "gradients are not shared");
    sure("a step", Sgd::new(0.5).step(&mut copy));
    assert_eq!(parameters(&model), before);
    assert_ne!(parameters(&copy), before);
    let of_parameter = copy.fc1.weight.clone();
    sure("set", copy.fc1.weight.set(&of_parameter.zeros_like()));
    assert!(
        sure("a clone", of_parameter.to_vec())
            .iter()
            .any(|&weight| weight != 0.0)
    );
    model.eval();
    assert!(!model.clone().is_training());
}

/// To the device and back: the parameters, the mode, and where the random numbers are.
fn models_move() {
    let here = Small::<f64>::new_as(&Device::cpu(), Seed(4));
    let (x, _) = batch(Device::cpu(), 5, 1);
    let there = sure("a batch", x.to(device()));
    let _ = here.forward(&x);
    let moved = sure("to", here.clone().to(device()));
    assert_eq!(moved.device(), device());
    assert_eq!(parameters(&moved), parameters(&here));
    near(
        "one pass later",
        &numbers("there", &moved.forward(&there)),
        &numbers("here", &here.forward(&x)),
        1e-11,
    );
    let mut back = sure("to", moved.to(Device::cpu()));
    assert_eq!(back.device(), Device::cpu());
    assert_eq!(back.forward(&x), here.forward(&x), "the third pass of both");
    back.eval();
    let back = sure("to", back.to(device()));
    assert!(!back.is_training());
    assert_eq!(parameters(&back), parameters(&here));
}

fn nothing_is_recorded() {
    let model = model(device());
    let (x, labels) = batch(device(), 3, 1);
    assert!(!model.infer(&x).is_tracked());
    assert!(!no_grad(|| model.forward(&x)).is_tracked());
    let error = cross_entropy(&model.infer(&x), &labels)
        .try_backward()
        .expect_err("nothing to differentiate");
    assert!(error.to_string().contains("nothing to differentiate"), "{error}");
    assert!(model.fc1.weight.grad().is_none());
}

/// Layers with sizes at run time, put together by hand.
fn dynamic_layers() {
    use tensor::dynamic;
    same::<f64>("dynamic layers", CLOSE, |device| {
        let fc1 = sure("linear", dynamic::Linear::<f64>::new(&device, Seed(1), 5, 9));
        let norm = sure("layer_norm", dynamic::LayerNorm::<f64>::new(&device, &[9]));
        let fc2 = sure("linear", dynamic::Linear::<f64>::without_bias(&device, Seed(2), 9, 3));
        let mut model = (fc1, norm, fc2);
        let mut sgd = Sgd::new(0.1).momentum(0.9);
        let mut losses = Vec::new();
        for seed in 0..4 {
            let x: Values<f64> = sure(
                "a batch",
                Tensor::randn(&[6, 5], seed).and_then(|x: Values<f64>| x.to(device)),
            );
            let labels = Tensor::<Dynamic, i64>::on(device, &[0, 1, 2, 0, 1, 2], &[6]);
            let out = model
                .0
                .forward(&x)
                .and_then(|x| model.1.forward(&x.tanh()))
                .and_then(|x| model.2.forward(&x));
            let loss = sure("a loss", cross_entropy(&sure("forward", out), &sure("labels", labels)));
            loss.backward();
            sure("a step", sgd.step(&mut model));
            losses.push(sure("a loss", loss.item()));
        }
        Numbers::from([
            ("losses".to_owned(), losses),
            ("fc1".to_owned(), numbers("fc1", &*model.0.weight)),
            (
                "norm".to_owned(),
                numbers("norm", model.1.weight.as_deref().expect("a weight")),
            ),
            ("fc2".to_owned(), numbers("fc2", &*model.2.weight)),
        ])
    });
}

/// A batch of nothing: an output of nothing, a loss that is no number, and a step that says so.
fn empty_batches() {
    same::<f64>("an empty batch", CLOSE, |device| {
        let model = model(device);
        let (x, labels) = batch::<f64>(device, 0, 1);
        let out = model.forward(&x);
        assert_eq!(out.sizes(), [0, 4]);
        assert!(sure("infer", model.infer(&x).to_vec()).is_empty());
        assert!(sure("a loss", cross_entropy(&out, &labels).item()).is_nan());
        model.forward(&x).sum().backward();
        let gradients = gradients(&model);
        let error = model
            .compile(cross_entropy, Sgd::new(0.1))
            .run(&x, &labels)
            .expect_err("no sample");
        assert!(error.to_string().contains("a batch of one sample or more"), "{error}");
        gradients
    });
}

/// Such a loss stops a compiled step: the parameters are as they were, without gradients, and training goes on with better data.
fn a_loss_that_is_no_number() {
    for value in [f64::NAN, f64::INFINITY] {
        let mut step = Small::<f64>::new_as(&device(), Seed(2)).compile(cross_entropy, Adam::new(0.01));
        let (good, labels) = batch::<f64>(device(), 5, 1);
        sure("a step", step.run(&good, &labels));
        let before = parameters(step.model());
        let bad = good.full_like(value);
        let error = step.run(&bad, &labels).expect_err("no number").to_string();
        assert_eq!(
            error,
            "the loss is NaN at step 2: lower the learning rate or clip the gradients"
        );
        assert_eq!(parameters(step.model()), before);
        assert!(step.model().fc1.weight.grad().is_none());
        sure("a step", step.run(&good, &labels));
        let after = parameters(step.model());
        assert_ne!(after, before);
        assert!(after.values().flatten().all(|number| number.is_finite()));
    }
}
