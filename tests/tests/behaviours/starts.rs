//! What parameters start from, by attributes and by functions.

use tensor::init::{Fan, Nonlinearity, calculate_gain};
use tensor::{init, prelude::*};

/// Said of all, of parts, by name.
#[model]
#[init(normal(0.5), bias = constant(2.0))]
#[forward(|x: [40]| last(kept(flatten(conv(reshape(hidden(x), 4, 10, 10)))) + shift))]
struct Net {
    hidden: Linear<40, 400>,
    #[init(dirac)]
    conv: Conv2d<4, 4, 3>,
    #[init(xavier_uniform, bias = ones)]
    #[frozen]
    kept: net!(linear(256, 300) >> relu >> linear(300, 300)),
    #[init(uniform(-3.0, -2.0))]
    shift: Parameter<300>,
    #[init(weight = kaiming_normal(mode = fan_out, nonlinearity = relu))]
    last: Linear<300, 200>,
}

fn moments<S: Shape>(x: &Tensor<S>) -> (f32, f32) {
    let numbers = x.to_vec().unwrap();
    let count = numbers.len() as f32;
    let mean = numbers.iter().sum::<f32>() / count;
    (
        mean,
        (numbers.iter().map(|x| (x - mean) * (x - mean)).sum::<f32>() / count).sqrt(),
    )
}

fn near(found: f32, expected: f32, by: f32) {
    assert!((found - expected).abs() <= by, "{found} is not {expected}");
}

#[test]
fn attributes() {
    let model = Net::new(&Device::cpu(), Seed(3));
    let (mean, deviation) = moments(&model.hidden.weight);
    near(mean, 0.0, 0.02);
    near(deviation, 0.5, 0.02);
    assert!(model.hidden.bias.to_vec().unwrap().iter().all(|&x| x == 2.0));
    assert_eq!(model.conv.weight.sum().item().unwrap(), 4.0);
    assert!(model.conv.bias.to_vec().unwrap().iter().all(|&x| x == 2.0));
    assert!(model.kept.0.bias.to_vec().unwrap().iter().all(|&x| x == 1.0));
    let bound = (6f32 / 556.0).sqrt();
    let largest = model.kept.0.weight.abs().max().item().unwrap();
    assert!(largest <= bound && largest > 0.95 * bound);
    assert!(model.kept.0.weight.is_frozen() && model.kept.2.bias.is_frozen() && !model.last.weight.is_frozen());
    assert!(model.shift.to_vec().unwrap().iter().all(|x| (-3.0..-2.0).contains(x)));
    near(moments(&model.last.weight).1, (2f32 / 200.0).sqrt(), 0.005);
    let same = Net::new(&Device::cpu(), Seed(3));
    assert_eq!(*same.last.weight, *model.last.weight);
}

#[test]
fn what_is_frozen_stays_and_its_copies_too() {
    let mut model = Net::new(&Device::cpu(), Seed(4));
    let before = model.kept.0.weight.to_vec().unwrap();
    let x = Tensor::<dims![Batch, 40]>::randn(&[3, 40], 1).unwrap();
    let mut sgd = Sgd::new(0.1);
    for _ in 0..2 {
        model.forward(&x).square().mean().backward();
        assert!(model.kept.0.weight.grad().is_none() && model.hidden.weight.grad().is_some());
        sgd.step(&mut model).unwrap();
    }
    assert_eq!(model.kept.0.weight.to_vec().unwrap(), before);
    let copy = model.clone();
    assert!(copy.kept.2.weight.is_frozen() && !copy.hidden.weight.is_frozen());
    model.kept.unfreeze();
    model.forward(&x).square().mean().backward();
    sgd.step(&mut model).unwrap();
    assert_ne!(model.kept.0.weight.to_vec().unwrap(), before);
}

#[test]
fn laws_of_functions() {
    let mut x = Tensor::<dims![60, 100]>::zeros();
    init::uniform(&mut x, 1.0, 3.0).unwrap();
    near(moments(&x).0, 2.0, 0.03);
    near(moments(&x).1, 1.0 / 3f32.sqrt(), 0.02);
    init::normal(&mut x, -1.0, 0.2).unwrap();
    near(moments(&x).0, -1.0, 0.01);
    near(moments(&x).1, 0.2, 0.01);
    // Cut at one deviation on either side: the variance is 1 - 2 phi(1) / (2 Phi(1) - 1).
    init::trunc_normal(&mut x, 5.0, 1.0, 4.0, 6.0).unwrap();
    near(moments(&x).0, 5.0, 0.03);
    near(moments(&x).1, 0.291_f32.sqrt(), 0.02);
    assert!(x.to_vec().unwrap().iter().all(|x| (4.0..=6.0).contains(x)));
    init::xavier_normal(&mut x, 2.0).unwrap();
    near(moments(&x).1, 2.0 * (2f32 / 160.0).sqrt(), 0.01);
    init::kaiming_uniform(&mut x, Fan::In, Nonlinearity::Tanh).unwrap();
    near(moments(&x).1, 5.0 / 3.0 / 10.0, 0.005);
    init::sparse(&mut x, 0.1, 0.01).unwrap();
    let numbers = x.to_vec().unwrap();
    for column in 0..100 {
        assert_eq!((0..60).filter(|row| numbers[row * 100 + column] == 0.0).count(), 6);
    }
    init::ones(&mut x).unwrap();
    assert_eq!(x.sum().item().unwrap(), 6000.0);
}

#[test]
fn orthogonal_both_ways() {
    let mut wide = Tensor::<dims![3, 2, 4], f64>::zeros();
    init::orthogonal(&mut wide, 2.0).unwrap();
    let rows = wide.clone().into_dynamic().reshape(&[3, 8]).unwrap();
    let product = rows.matmul(&rows.transpose(0, 1).unwrap()).unwrap();
    let four = Tensor::<Dynamic, f64>::eye(3, 3).unwrap() * 4.0;
    assert!((product - four).abs().max().item().unwrap() < 1e-12);
    let mut tall = Tensor::<dims![5, 2], f64>::zeros();
    init::orthogonal(&mut tall, 1.0).unwrap();
    let tall = tall.into_dynamic();
    let product = tall.transpose(0, 1).unwrap().matmul(&tall).unwrap();
    let one = Tensor::<Dynamic, f64>::eye(2, 2).unwrap();
    assert!((product - one).abs().max().item().unwrap() < 1e-12);
}

#[test]
fn groups_of_dirac() {
    let mut x = Tensor::<dims![4, 3, 3, 2]>::zeros();
    init::dirac(&mut x, 2).unwrap();
    let places: Vec<usize> = (0..72).filter(|&at| x.to_vec().unwrap()[at] == 1.0).collect();
    // [0, 0, 1, 1], [1, 1, 1, 1], [2, 0, 1, 1], [3, 1, 1, 1]
    assert_eq!(places, [3, 18 + 6 + 3, 36 + 3, 54 + 6 + 3]);
}

#[test]
fn gains_are_those_of_pytorch() {
    assert_eq!(calculate_gain(Nonlinearity::Linear), 1.0);
    assert_eq!(calculate_gain(Nonlinearity::Sigmoid), 1.0);
    assert_eq!(calculate_gain(Nonlinearity::Tanh), 5.0 / 3.0);
    assert_eq!(calculate_gain(Nonlinearity::LeakyRelu(0.01)), (2.0 / 1.0001_f64).sqrt());
    assert_eq!(calculate_gain(Nonlinearity::Selu), 0.75);
}

#[test]
fn what_a_law_is_not_for() {
    let mut vector = Tensor::<dims![4]>::zeros();
    let text = init::xavier_uniform(&mut vector, 1.0).unwrap_err().to_string();
    assert!(text.contains("two axes or more") && text.contains("[4]"), "{text}");
    assert!(init::eye(&mut vector).is_err() && init::orthogonal(&mut vector, 1.0).is_err());
    assert!(init::sparse(&mut vector, 0.5, 1.0).is_err() && init::dirac(&mut vector, 1).is_err());
    let mut x = Tensor::<dims![4, 2, 3]>::zeros();
    let text = init::dirac(&mut x, 3).unwrap_err().to_string();
    assert!(text.contains('3') && text.contains('4'), "{text}");
    assert!(init::normal(&mut x, 0.0, -1.0).is_err() && init::uniform(&mut x, 1.0, 0.0).is_err());
    assert!(init::trunc_normal(&mut x, 0.0, 1.0, 2.0, 1.0).is_err());
    assert!(
        x.to_vec().unwrap().iter().all(|&x| x == 0.0),
        "what went wrong changed nothing"
    );
    let mut nothing = Tensor::<dims![Batch, 4]>::randn(&[0, 4], 1).unwrap();
    init::orthogonal(&mut nothing, 1.0).unwrap();
    init::kaiming_normal(&mut nothing, Fan::Out, Nonlinearity::Relu).unwrap();
}

#[test]
fn a_law_at_run_time_for_axes_that_are_not_there() {
    net! { type Conv = [2, 8] => conv: conv1d(2, 4, 3) }
    #[model]
    #[init(eye)]
    #[forward(|x: [2, 8]| { let y: [4, 6] = conv(x); flatten(y) })]
    struct Holds {
        conv: Conv,
    }
    let model = Holds::new(&Device::cpu(), Seed(0));
    let text = model.conv.conv.weight.to_vec().unwrap_err().to_string();
    assert!(text.contains("eye") && text.contains("two axes"), "{text}");
}
