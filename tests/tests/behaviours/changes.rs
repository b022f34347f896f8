//! Parameters that change under a backward, backwards that cannot be, and where the error comes out.

use tensor::prelude::*;

use crate::{Small, batch, weights};

fn model() -> Small {
    Small::new(&Device::cpu(), Seed(2))
}

#[test]
fn a_parameter_changed_by_hand() {
    let mut model = model();
    let (x, labels) = batch(3, 1);
    let loss = cross_entropy(&model.forward(&x), &labels);
    let ones = model.fc2.bias.ones_like();
    model.fc2.bias.set(&ones).expect("the same sizes");
    let error = loss
        .try_backward()
        .expect_err("the parameters are not those of the forward pass")
        .to_string();
    assert!(error.contains("`Small`") && error.contains("changed"), "{error}");
    assert!(error.contains("`fc2.bias`"), "the parameter by name: {error}");
}

#[test]
fn a_parameter_of_a_layer_on_the_tape() {
    let mut layer = Linear::<dim![2], dim![2]>::new(&Device::cpu(), Seed(1));
    let x = tensor![[1., 2.]].requires_grad();
    let loss = layer.forward(&x).sum();
    layer.weight.set(&tensor![[1., 2.], [3., 4.]]).expect("the same sizes");
    let error = loss
        .try_backward()
        .expect_err("the weight is not that of the forward pass")
        .to_string();
    assert!(error.contains("`weight`") && error.contains("changed"), "{error}");
    // What is seen of a parameter is the parameter.
    let loss = x.detach().matmul(&layer.weight.t()).square().sum();
    Sgd::new(0.1).step(&mut layer).expect_err("left by the failed backward");
    layer.weight.square().sum().backward();
    Sgd::new(0.1).step(&mut layer).expect("there is a gradient");
    assert!(loss.try_backward().is_err());
}

#[test]
fn parameters_changed_by_the_optimizer() {
    let mut model = model();
    let mut sgd = Sgd::new(0.1);
    let (x, labels) = batch(3, 1);
    let late = cross_entropy(&model.forward(&x), &labels);
    cross_entropy(&model.forward(&x), &labels).backward();
    sgd.step(&mut model).expect("there are gradients");
    let before = weights(&model);
    late.backward();
    let error = sgd
        .step(&mut model)
        .expect_err("the late backward left its error")
        .to_string();
    assert!(error.contains("changed after the forward pass"), "{error}");
    assert_eq!(weights(&model), before, "nothing is updated after an error");
    // The error was handed over; training goes on.
    cross_entropy(&model.forward(&x), &labels).backward();
    sgd.step(&mut model).expect("a loss of the parameters as they are");
}

#[test]
fn a_second_backward() {
    let mut model = model();
    let (x, labels) = batch(3, 1);
    let loss = cross_entropy(&model.forward(&x), &labels);
    loss.try_backward().expect("the first one");
    let error = loss.try_backward().expect_err("what it needed is gone").to_string();
    assert!(error.contains("twice"), "{error}");
    // Without a result to return, the error waits in the gradients.
    loss.backward();
    let error = Sgd::new(0.1)
        .step(&mut model)
        .expect_err("left by the line above")
        .to_string();
    assert!(error.contains("twice"), "{error}");
}

#[test]
fn a_second_backward_through_operations() {
    let x = tensor![1., 2.].requires_grad();
    let y = x.square().sum();
    y.try_backward().expect("the first one");
    assert!(
        y.try_backward()
            .expect_err("the second one")
            .to_string()
            .contains("twice")
    );
    y.backward();
    let error = x
        .grad()
        .expect("an error is kept")
        .to_vec()
        .expect_err("left by the line above");
    assert!(error.to_string().contains("twice"));
}

#[test]
fn a_shared_part_gone_through_twice() {
    let x = tensor![1., 2.].requires_grad();
    let shared = x.square();
    shared.sum().try_backward().expect("the first one");
    let error = (&shared * 2.0)
        .sum()
        .try_backward()
        .expect_err("the square was used up")
        .to_string();
    assert!(error.contains("twice"), "{error}");
}

#[test]
fn nothing_to_differentiate() {
    let model = model();
    let (x, labels) = batch(3, 1);
    for loss in [
        cross_entropy(&model.infer(&x), &labels),
        no_grad(|| cross_entropy(&model.forward(&x), &labels)),
        cross_entropy(&model.forward(&x).detach(), &labels),
    ] {
        assert!(!loss.is_tracked());
        let error = loss.try_backward().expect_err("nothing is recorded").to_string();
        assert!(error.contains("nothing to differentiate"), "{error}");
    }
    assert!(model.fc1.weight.grad().is_none());
}

#[test]
fn a_step_without_backward() {
    let mut model = model();
    let before = weights(&model);
    let error = Adam::new(0.1)
        .step(&mut model)
        .expect_err("there are no gradients")
        .to_string();
    assert!(error.contains("no parameter has a gradient"), "{error}");
    assert_eq!(weights(&model), before);
}

#[test]
fn a_step_uses_the_gradients_up() {
    let mut model = model();
    let (x, labels) = batch(3, 1);
    cross_entropy(&model.forward(&x), &labels).backward();
    let mut sgd = Sgd::new(0.1);
    sgd.step(&mut model).expect("there are gradients");
    assert!(model.fc1.weight.grad().is_none());
    assert!(sgd.step(&mut model).is_err());
}

#[test]
fn a_parameter_that_no_backward_reached_stays() {
    let mut model = model();
    let before = weights(&model);
    model.fc2.bias.square().sum().backward();
    Adam::new(0.1).step(&mut model).expect("one gradient is enough");
    let after = weights(&model);
    let rest = before.len() - 4;
    assert_eq!(after[..rest], before[..rest]);
    assert!(
        after[rest..]
            .iter()
            .zip(&before[rest..])
            .all(|(after, before)| after != before)
    );
}

#[test]
fn what_waits_after_an_error_does_not_stay() {
    let x = tensor![1., 2.].requires_grad();
    let (kept, used) = (x.square(), x.square());
    used.sum().try_backward().expect("the first one");
    // The younger of the two fails; the older one has its gradient by then.
    assert!((&kept + &used).sum().try_backward().is_err());
    let mut x = x;
    x.zero_grad();
    kept.sum().try_backward().expect("nobody has gone through this one yet");
    assert_eq!(x.grad(), Some(tensor![2., 4.]));
}

#[test]
fn a_gradient_of_other_sizes() {
    let x = tensor![1., 2., 3.].requires_grad().into_dynamic();
    let error = x
        .square()
        .backward_with(&vec![1.0; 2].into())
        .expect_err("three elements")
        .to_string();
    assert!(error.contains("[3]") && error.contains("[2]"), "{error}");
}

#[test]
fn a_parameter_read_through_detach_is_still_the_parameter() {
    let mut model = model();
    let x = tensor![[1., 2., 3., 4., 5., 6.]].requires_grad();
    let weight = model.fc1.weight.detach();
    let loss = x.matmul(&weight.t()).sum();
    let zeros = model.fc1.weight.zeros_like();
    model.fc1.weight.set(&zeros).expect("the same sizes");
    let error = loss.try_backward().expect_err("the weight was changed").to_string();
    assert!(error.contains("`fc1.weight`"), "{error}");
    assert_eq!(
        x.grad().map(|grad| grad.to_vec().is_ok()),
        None,
        "nothing is delivered before the error"
    );
}

#[test]
fn another_parameter_of_the_model_may_change() {
    let mut model = model();
    let x = tensor![[1., 2., 3., 4., 5., 6.]].requires_grad();
    let loss = x.matmul(&model.fc1.weight.t()).sum();
    let ones = model.fc2.bias.ones_like();
    model.fc2.bias.set(&ones).expect("the same sizes");
    loss.try_backward().expect("the weight is as it was");
}
