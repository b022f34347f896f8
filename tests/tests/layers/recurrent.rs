//! Recurrent layers.

use tensor::dynamic::{Gru, GruCell, Lstm, LstmCell, Module, RecurrentOptions, Rnn, RnnCell};
use tensor::functional::Nonlinearity;
use tensor::{Adam, Optimizer};
use tensor::{Device, Seed, Tensor, autograd};

use crate::{assert_refused, assert_uniform, names, path, values};

const TWO: RecurrentOptions = RecurrentOptions {
    num_layers: 2,
    bias: true,
    batch_first: false,
    dropout: 0.0,
    bidirectional: true,
};

#[test]
fn names_and_sizes_are_those_of_pytorch() {
    let layer = Lstm::<f32>::projected(&Device::cpu(), Seed(0), 3, 5, 2, TWO).expect("sizes that fit");
    let parts = ["weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr"];
    let expected: Vec<String> = ["_l0", "_l0_reverse", "_l1", "_l1_reverse"]
        .iter()
        .flat_map(|suffix| parts.iter().map(move |part| format!("{part}{suffix}")))
        .collect();
    assert_eq!(names(&layer), expected);
    assert_eq!(layer.num_parameters(), 640);
    let plain = RecurrentOptions { bias: false, ..TWO };
    let layer = Gru::<f32>::with(&Device::cpu(), Seed(0), 3, 5, plain).expect("sizes that fit");
    assert_eq!(names(&layer)[..2], ["weight_ih_l0", "weight_hh_l0"]);
    assert_eq!(layer.layers()[2].weight_ih.sizes(), [15, 10]);
    let cell = LstmCell::<f32>::new(&Device::cpu(), Seed(0), 3, 5).expect("sizes that fit");
    assert_eq!(names(&cell), ["weight_ih", "weight_hh", "bias_ih", "bias_hh"]);
}

#[test]
fn parameters_begin_uniform_by_the_state() {
    let layer = Lstm::<f32>::new(&Device::cpu(), Seed(3), 40, 64).expect("room");
    for parameter in layer.parameters::<f32>() {
        assert_uniform(&parameter.tensor, 1.0 / 8.0);
    }
    let again = Lstm::<f32>::new(&Device::cpu(), Seed(3), 40, 64).expect("room");
    assert_eq!(*layer.layers()[0].weight_ih, *again.layers()[0].weight_ih);
    let other = Lstm::<f32>::new(&Device::cpu(), Seed(4), 40, 64).expect("room");
    assert_ne!(*layer.layers()[0].weight_ih, *other.layers()[0].weight_ih);
}

#[test]
fn what_is_saved_comes_back() {
    let options = RecurrentOptions {
        batch_first: true,
        ..TWO
    };
    let layer = Gru::with(&Device::cpu(), Seed(0), 3, 4, options).expect("room");
    let mut other = Gru::with(&Device::cpu(), Seed(1), 3, 4, options).expect("room");
    let x = values(&[2, 5, 3], 7);
    let before = layer.forward(&x, None).expect("fits").0;
    assert_ne!(other.forward(&x, None).expect("fits").0, before);
    let path = path("gru");
    layer.save(&path).expect("a folder to write to");
    other.load(&path).expect("the same names");
    std::fs::remove_file(&path).expect("it is there");
    assert_eq!(other.forward(&x, None).expect("fits").0, before);
    let mut wrong = Gru::<f32>::with(&Device::cpu(), Seed(1), 3, 5, options).expect("room");
    let refused = wrong.load_state_dict(&layer.state_dict().expect("computed"));
    assert_refused(refused, "weight_ih_l0_reverse");
}

#[test]
fn a_clone_is_a_copy() {
    let layer = RnnCell::<f32>::new(&Device::cpu(), Seed(0), 3, 4).expect("room");
    let mut copy = layer.clone().nonlinearity(Nonlinearity::Relu);
    copy.weight_ih
        .set(&Tensor::zeros_of(&[4, 3]).expect("room"))
        .expect("the same sizes");
    assert_ne!(*copy.weight_ih, *layer.weight_ih);
    assert_eq!(
        (copy.nonlinearity, layer.nonlinearity),
        (Nonlinearity::Relu, Nonlinearity::Tanh)
    );
}

#[test]
fn dropouts_drop_in_training_alone_and_others_each_time() {
    let options = RecurrentOptions {
        num_layers: 2,
        dropout: 0.5,
        ..RecurrentOptions::default()
    };
    let mut layer = Rnn::with(&Device::cpu(), Seed(0), 3, 32, Nonlinearity::Tanh, options).expect("room");
    let same = layer.clone();
    let x = values(&[4, 2, 3], 7);
    let run = |layer: &Rnn| layer.forward(&x, None).expect("fits").0;
    let (first, second) = (run(&layer), run(&layer));
    assert_ne!(first, second);
    assert_eq!((run(&same), run(&same)), (first, second));
    assert!(layer.is_training());
    layer.eval();
    assert!(!layer.is_training());
    let used = run(&layer);
    assert_eq!(used, run(&layer));
    let without = RecurrentOptions {
        dropout: 0.0,
        ..options
    };
    let plain = Rnn::with(&Device::cpu(), Seed(0), 3, 32, Nonlinearity::Tanh, without).expect("room");
    assert_eq!(used, run(&plain));
    layer.train();
    assert_ne!(used, run(&layer));
}

#[test]
fn what_is_computed_again_drops_the_same() {
    let options = RecurrentOptions {
        num_layers: 3,
        dropout: 0.4,
        ..RecurrentOptions::default()
    };
    let layer = Gru::with(&Device::cpu(), Seed(0), 3, 8, options).expect("room");
    let same = layer.clone();
    let x = values(&[4, 2, 3], 7).requires_grad();
    let y = autograd::checkpoint(move |x| Ok(layer.forward(&x[0], None)?.0), &[&x]).expect("fits");
    y.square().sum().backward();
    let again = x.detach().requires_grad();
    same.forward(&again, None).expect("fits").0.square().sum().backward();
    assert_eq!(x.grad(), again.grad());
}

#[test]
fn it_learns_to_remember() {
    // The first number of a sequence, after six others.
    let x = values(&[7, 64, 1], 3);
    let target = x.select(0, 0).expect("there");
    let mut layer = Lstm::projected(&Device::cpu(), Seed(0), 1, 16, 1, RecurrentOptions::default()).expect("room");
    let mut adam = Adam::new(0.02);
    let loss = |layer: &Lstm| {
        let (_, (h, _)) = layer.forward(&x, None).expect("fits");
        let difference = h.select(0, 0).and_then(|h| h.sub(&target.tanh())).expect("fits");
        difference.square().mean()
    };
    let before = loss(&layer).item().expect("one number");
    for _ in 0..150 {
        loss(&layer).backward();
        adam.step(&mut layer).expect("gradients");
    }
    let after = loss(&layer).item().expect("one number");
    assert!(after < before / 4.0, "{after} after {before}");
}

#[test]
fn what_cannot_be_made_is_refused() {
    let cpu = Device::cpu();
    let gru = |options| Gru::<f32>::with(&cpu, Seed(0), 3, 4, options);
    assert_refused(
        gru(RecurrentOptions { num_layers: 0, ..TWO }),
        "`num_layers`: expected a number from 1 to 65536, found 0",
    );
    let many = RecurrentOptions {
        num_layers: usize::MAX,
        ..TWO
    };
    assert_refused(gru(many), "`num_layers`");
    assert_refused(
        gru(RecurrentOptions { dropout: 1.5, ..TWO }),
        "`dropout`: expected a probability from 0 to 1, found 1.5",
    );
    assert_refused(
        Rnn::<f32>::new(&cpu, Seed(0), 3, 0),
        "`hidden`: expected a number from 1 on",
    );
    assert_refused(GruCell::<f32>::new(&cpu, Seed(0), 3, 0), "`hidden`");
    for projected in [0, 4, 5] {
        let refused = Lstm::<f32>::projected(&cpu, Seed(0), 3, 4, projected, TWO);
        assert_refused(refused, "`projected`: expected a number from 1 to less than 4");
    }
    let layer = Gru::<f32>::new(&cpu, Seed(0), 3, 4).expect("room");
    assert_refused(
        layer.forward(&values(&[5, 2, 4], 1), None),
        "`gru`: expected a weight of [3 * hidden, 4]",
    );
    assert_refused(
        layer.forward(&values(&[5, 2, 3], 1), Some(&values(&[1, 2, 3], 1))),
        "`gru`: expected a state of [1, 2, 4], found [1, 2, 3]",
    );
    // Without input features there is nothing but the state.
    let none = Gru::<f32>::new(&cpu, Seed(0), 0, 4).expect("room");
    let (out, _) = none.forward(&values(&[5, 2, 0], 1), None).expect("fits");
    assert_eq!(out.sizes(), [5, 2, 4]);
}
