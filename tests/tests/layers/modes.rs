//! Training and evaluation.

use tensor::dynamic::{BatchNorm1d, BatchNormOptions, Dropout, InstanceNorm1d, InstanceNormOptions, Relu, Sequential};
use tensor::prelude::*;

use crate::{cpu, network, values};

#[test]
fn modes_reach_every_part() {
    let mut model = Sequential::<f32>::new()
        .then(network(0))
        .then(Dropout::new(Seed(0), 0.9).expect("a probability"));
    assert!(model.is_training());
    model.eval();
    assert!(!model.is_training());
    let x = values(&[4, 2, 4, 4], 1);
    let once = model.forward(&x).expect("sizes that fit");
    assert_eq!(once, model.forward(&x).expect("sizes that fit"));
    model.train();
    assert!(model.is_training());
    assert_ne!(
        model.forward(&x).expect("sizes that fit"),
        model.forward(&x).expect("sizes that fit")
    );
    // What does the same in both has no mode.
    assert!(!tensor::dynamic::Module::is_training(&Relu));
}

#[test]
fn evaluation_uses_what_training_kept() {
    let mut layer = BatchNorm1d::<f64>::new(&cpu(), 1).expect("room");
    let x = Tensor::from_vec(vec![1., 3., 5., 7.], &[4, 1]).expect("as many");
    layer.forward(&x).expect("sizes that fit");
    // Mean 4, unbiased variance 20 / 3, a tenth of each.
    let get =
        |buffer: &Option<tensor::Buffer<Dynamic, f64>>| buffer.as_ref().expect("one").get().item().expect("a number");
    let (mean, var) = (get(&layer.running_mean), get(&layer.running_var));
    assert!(
        (mean - 0.4).abs() < 1e-12 && (var - (0.9 + 2. / 3.)).abs() < 1e-12,
        "{mean} {var}"
    );
    layer.eval();
    let y = layer.forward(&x).expect("sizes that fit").to_vec().expect("numbers");
    for (y, x) in y.into_iter().zip([1., 3., 5., 7.]) {
        assert!((y - (x - mean) / (var + 1e-5).sqrt()).abs() < 1e-12);
    }
    assert_eq!(get(&layer.running_mean), mean, "evaluation keeps nothing");
    // One element a channel has no variance, but can be evaluated.
    let one = Tensor::from_vec(vec![2.], &[1, 1]).expect("one");
    assert!(layer.forward(&one).is_ok());
    layer.train();
    assert!(layer.forward(&one).is_err());
    assert_eq!(get(&layer.running_mean), mean, "an error keeps nothing");
    assert_eq!(
        layer
            .num_batches_tracked
            .expect("a count")
            .get()
            .item()
            .expect("a number"),
        1
    );
}

#[test]
fn without_momentum_all_batches_count_alike() {
    let options = BatchNormOptions {
        momentum: None,
        ..Default::default()
    };
    let layer = BatchNorm1d::<f64>::with(&cpu(), 1, options).expect("room");
    for batch in [[0., 2.], [2., 4.], [7., 11.]] {
        layer
            .forward(&Tensor::from_slice(&batch, &[2, 1]).expect("two"))
            .expect("sizes that fit");
    }
    let mean = layer.running_mean.expect("one").get().item().expect("a number");
    assert!((mean - (1. + 3. + 9.) / 3.).abs() < 1e-12, "{mean}");
}

#[test]
fn without_statistics_the_batch_serves_in_evaluation() {
    let options = BatchNormOptions {
        track_running_stats: false,
        ..Default::default()
    };
    let mut layer = BatchNorm1d::<f32>::with(&cpu(), 3, options).expect("room");
    let x = values(&[5, 3], 2);
    let trained = layer.forward(&x).expect("sizes that fit");
    layer.eval();
    assert_eq!(layer.forward(&x).expect("sizes that fit"), trained);
    assert_eq!(layer.state_dict().expect("a state").names().count(), 2);
}

#[test]
fn instances_share_statistics_where_they_are_asked_for() {
    let options = InstanceNormOptions {
        track_running_stats: true,
        ..Default::default()
    };
    let mut layer = InstanceNorm1d::<f64>::with(&cpu(), 1, options).expect("room");
    let x = Tensor::from_vec(vec![0., 2., 4., 6.], &[2, 1, 2]).expect("as many");
    let y = layer.forward(&x).expect("sizes that fit").to_vec().expect("numbers");
    assert!(
        y.iter()
            .zip([-1., 1., -1., 1.])
            .all(|(y, expected)| (y - expected).abs() < 1e-4),
        "{y:?}"
    );
    let mean = layer
        .running_mean
        .as_ref()
        .expect("one")
        .get()
        .item()
        .expect("a number");
    assert!((mean - 0.3).abs() < 1e-12, "{mean}");
    layer.eval();
    let y = layer.forward(&x).expect("sizes that fit").to_vec().expect("numbers");
    assert!(y.is_sorted(), "by the same mean: {y:?}");
}
