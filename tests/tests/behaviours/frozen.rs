//! Frozen parameters: no gradient, no step, in every way there is to train.

use tensor::autograd::{Options, backward};
use tensor::prelude::*;

use crate::{Small, batch, weights};

fn loss(model: &Small, seed: u64) -> Tensor<dims![]> {
    let (x, labels) = batch(6, seed);
    cross_entropy(&model.forward(&x), &labels)
}

fn frozen() -> Small {
    let mut model = Small::new(&Device::cpu(), Seed(5));
    model.fc1.freeze();
    model.norm.bias.freeze();
    model
}

#[test]
fn get_no_gradient_and_no_step() {
    let mut model = frozen();
    let mut free = Small::new(&Device::cpu(), Seed(5));
    loss(&model, 0).backward();
    loss(&free, 0).backward();
    assert!(model.fc1.weight.grad().is_none() && model.fc1.bias.grad().is_none());
    assert!(model.norm.bias.grad().is_none());
    assert_eq!(model.norm.weight.grad(), free.norm.weight.grad());
    assert_eq!(model.fc2.weight.grad(), free.fc2.weight.grad());
    let before = model.clone();
    let mut adam = AdamW::new(0.1);
    adam.step(&mut model).expect("there are gradients");
    adam.step(&mut free).expect("there are gradients");
    assert_eq!(*model.fc1.weight, *before.fc1.weight, "not even a decay");
    assert_eq!(*model.norm.bias, *before.norm.bias);
    assert_ne!(*model.fc2.bias, *before.fc2.bias);
}

#[test]
fn are_frozen_in_compiled_steps() {
    let mut model = frozen();
    let mut step = model.clone().compile(cross_entropy, AdamW::new(0.1));
    let mut adam = AdamW::new(0.1);
    for seed in 0..5 {
        let (x, labels) = batch(6, seed);
        step.run(&x, &labels).expect("a finite loss");
        cross_entropy(&model.forward(&x), &labels).backward();
        adam.step(&mut model).expect("there are gradients");
    }
    assert_eq!(weights(step.model()), weights(&model));
    let begun = frozen();
    assert_eq!(*model.fc1.weight, *begun.fc1.weight);
    assert_ne!(*model.fc2.weight, *begun.fc2.weight);
}

#[test]
fn are_frozen_where_the_graph_is_kept() {
    let model = frozen();
    let loss = loss(&model, 0);
    let keep = Options {
        retain_graph: true,
        ..Options::default()
    };
    for _ in 0..2 {
        backward(&[&loss], &[&loss.ones_like()], keep).expect("the graph is kept");
    }
    assert!(model.fc1.weight.grad().is_none() && model.norm.bias.grad().is_none());
    assert!(model.fc2.weight.grad().is_some() && model.norm.weight.grad().is_some());
}

#[test]
fn are_frozen_in_layers_of_their_own() {
    let mut layer = Linear::<dim![3], dim![2]>::new(&Device::cpu(), Seed(0));
    let x = tensor![[1., 2., 3.]];
    assert!(layer.weight.is_tracked());
    layer.weight.freeze();
    assert!(!layer.weight.is_tracked() && layer.forward(&x).is_tracked());
    layer.forward(&x).sum().backward();
    assert!(layer.weight.grad().is_none());
    assert_eq!(layer.bias.grad(), Some(tensor![1., 1.]));
    layer.freeze();
    assert!(layer.bias.grad().is_none(), "freezing forgets the gradient");
    assert!(!layer.forward(&x).is_tracked());
}

#[test]
fn a_whole_model_of_them_is_a_constant() {
    let mut model = Small::new(&Device::cpu(), Seed(5));
    model.freeze();
    let out = model.forward(&batch(2, 0).0);
    assert!(!out.is_tracked());
    let mut error = Adam::new(0.1)
        .step(&mut model)
        .expect_err("nothing to train")
        .to_string();
    assert!(error.contains("no parameter has a gradient"), "{error}");
    let mut step = model.clone().compile(cross_entropy, Sgd::new(0.1));
    let (x, labels) = batch(2, 0);
    error = step.run(&x, &labels).expect_err("nothing to train").to_string();
    assert!(error.contains("no parameter has a gradient"), "{error}");
    // An input may still have a gradient.
    let x = x.requires_grad();
    model.forward(&x).sum().backward();
    assert!(x.grad().is_some() && model.fc1.weight.grad().is_none());
    model.unfreeze();
    loss(&model, 0).backward();
    assert!(model.fc1.weight.grad().is_some());
}

#[test]
fn a_gradient_from_before_is_forgotten() {
    let mut model = Small::new(&Device::cpu(), Seed(5));
    loss(&model, 0).backward();
    model.freeze_where(|parameter| parameter.is_in("fc1") || parameter.sizes == [4]);
    assert!(model.fc1.weight.grad().is_none() && model.fc2.bias.grad().is_none());
    assert!(model.fc2.weight.grad().is_some());
    // Thawed, it begins anew.
    model.fc2.unfreeze();
    loss(&model, 1).backward();
    let mut other = Small::new(&Device::cpu(), Seed(5));
    loss(&other, 0);
    loss(&other, 1).backward();
    assert_eq!(model.fc2.bias.grad(), other.fc2.bias.grad());
    other.zero_grad();
    assert!(other.fc2.bias.grad().is_none());
}

#[test]
fn a_clone_is_as_frozen() {
    let model = frozen();
    let clone = model.clone();
    assert!(clone.fc1.weight.is_frozen() && clone.norm.bias.is_frozen());
    assert!(!clone.fc2.weight.is_frozen() && !clone.norm.weight.is_frozen());
    assert!(model.fc1.weight.clone().is_frozen() && !model.fc2.weight.clone().is_frozen());
    let moved = model.to(Device::cpu()).expect("it is there");
    assert!(moved.fc1.bias.is_frozen());
}

#[test]
fn convolutions_do_no_work_for_them() {
    net! { type Net = [1, 5, 5] => conv: conv2d(1, 2, 3) >> relu >> flatten >> head: linear(_, 3) }
    let mut model = Net::new(&Device::cpu(), Seed(1));
    let free = model.clone();
    model.conv.bias.freeze();
    let x = Tensor::<dims![Batch, 1, 5, 5]>::randn(&[4, 1, 5, 5], 2).expect("the sizes of the type");
    for model in [&model, &free] {
        model.forward(&x).square().sum().backward();
    }
    assert!(model.conv.bias.grad().is_none());
    assert_eq!(model.conv.weight.grad(), free.conv.weight.grad());
    assert_eq!(model.head.weight.grad(), free.head.weight.grad());
    model.conv.freeze();
    model.forward(&x).square().sum().backward();
    assert!(model.conv.weight.grad().is_none() && model.head.weight.grad().is_some());
}
