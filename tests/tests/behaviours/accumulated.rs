//! Gradients of several batches before one update, and gradients kept within bounds.

use tensor::prelude::*;

use crate::{Small, batch, gradients, near, weights};

fn evaluated() -> Small {
    let mut model = Small::new(&Device::cpu(), Seed(6));
    // Without dropout, whose masks depend on the batches.
    model.eval();
    model
}

type Labelled = (Tensor<dims![Batch, 6]>, Tensor<dims![Batch], i64>);

/// A batch of 12, and its three thirds.
fn parts(seed: u64) -> (Labelled, Vec<Labelled>) {
    let (x, labels) = batch(12, seed);
    let (rows, classes) = (x.to_vec().expect("numbers"), labels.to_vec().expect("labels"));
    let thirds = rows.chunks(24).zip(classes.chunks(4)).map(|(rows, classes)| {
        let x = Tensor::from_vec(rows.to_vec(), &[4, 6]).expect("four rows");
        (x, Tensor::from_vec(classes.to_vec(), &[4]).expect("four labels"))
    });
    let thirds = thirds.collect();
    ((x, labels), thirds)
}

#[test]
fn are_those_of_the_large_batch() {
    let (large, small) = (evaluated(), evaluated());
    let ((x, labels), thirds) = parts(1);
    cross_entropy(&large.forward(&x), &labels).backward();
    for (x, labels) in &thirds {
        (cross_entropy(&small.forward(x), labels) / 3.).backward();
    }
    near(&gradients(&small), &gradients(&large));
}

#[test]
fn compiled_steps_wait() {
    let mut large = evaluated().compile(cross_entropy, Adam::new(0.02));
    let mut small = evaluated().compile(cross_entropy, Adam::new(0.02)).accumulate(3);
    let begun = weights(small.model());
    for seed in 0..4 {
        let ((x, labels), thirds) = parts(seed);
        let expected = large.run(&x, &labels).expect("a finite loss");
        let mut sum = 0.0;
        for (x, labels) in &thirds {
            sum += small.run(x, labels).expect("a finite loss");
        }
        near(&[sum / 3.0], &[expected]);
        near(&weights(small.model()), &weights(large.model()));
    }
    assert_ne!(begun, weights(small.model()));
    // What is left at the end of an epoch.
    let (_, thirds) = parts(9);
    let before = weights(small.model());
    small.run(&thirds[0].0, &thirds[0].1).expect("a finite loss");
    assert_eq!(weights(small.model()), before);
    small.update().expect("there are gradients");
    let after = weights(small.model());
    assert_ne!(after, before);
    small.update().expect("nothing waits");
    assert_eq!(weights(small.model()), after);
}

#[test]
fn a_step_of_one_batch_does_not_wait() {
    let run = |batches: Option<usize>| {
        let step = evaluated().compile(cross_entropy, Sgd::new(0.1));
        let mut step = match batches {
            Some(batches) => step.accumulate(batches),
            None => step,
        };
        let (x, labels) = batch(5, 2);
        step.run(&x, &labels).expect("a finite loss");
        weights(step.model())
    };
    assert_eq!(run(Some(1)), run(None));
    assert_eq!(run(Some(0)), run(None));
}

#[test]
fn a_failed_batch_takes_the_others_with_it() {
    let mut step = evaluated().compile(cross_entropy, Sgd::new(0.1)).accumulate(2);
    let before = weights(step.model());
    let (x, labels) = batch(5, 2);
    step.run(&x, &labels).expect("a finite loss");
    let bad = Tensor::<dims![Batch, 6]>::from_vec(vec![f32::NAN; 30], &[5, 6]).expect("the sizes of the type");
    assert!(step.run(&bad, &labels).is_err());
    step.run(&x, &labels).expect("a finite loss");
    assert_eq!(weights(step.model()), before, "one of two");
    step.run(&x, &labels).expect("a finite loss");
    let mut alone = evaluated().compile(cross_entropy, Sgd::new(0.1));
    alone.run(&x, &labels).expect("a finite loss");
    near(&weights(step.model()), &weights(alone.model()));
}

#[test]
fn compiled_steps_clip() {
    let mut step = Small::new(&Device::cpu(), Seed(6))
        .compile(cross_entropy, Sgd::new(0.5))
        .clip_grad_norm(0.1);
    let mut model = Small::new(&Device::cpu(), Seed(6));
    let mut sgd = Sgd::new(0.5);
    for seed in 0..4 {
        let (x, labels) = batch(5, seed);
        step.run(&x, &labels).expect("a finite loss");
        cross_entropy(&model.forward(&x), &labels).backward();
        assert!(clip_grad_norm(&mut model, 0.1).expect("gradients") > 0.1);
        sgd.step(&mut model).expect("gradients");
    }
    assert_eq!(weights(step.model()), weights(&model));
    let mut step = step.clip_grad_norm(-1.0);
    let (x, labels) = batch(5, 0);
    let error = step.run(&x, &labels).expect_err("a negative norm").to_string();
    assert!(error.contains("max_norm"), "{error}");
}

#[test]
fn values_are_held_between_bounds() {
    let (mut clipped, free) = (evaluated(), evaluated());
    let (x, labels) = batch(5, 2);
    for model in [&clipped, &free] {
        cross_entropy(&model.forward(&x), &labels).backward();
    }
    clip_grad_value(&mut clipped, 0.02).expect("gradients");
    let expected: Vec<f32> = gradients(&free).into_iter().map(|d| d.clamp(-0.02, 0.02)).collect();
    assert_eq!(gradients(&clipped), expected);
    assert!(expected.iter().any(|d| d.abs() == 0.02) && expected.iter().any(|d| d.abs() < 0.02));
    for value in [-1.0, f64::NAN] {
        assert!(clip_grad_value(&mut clipped, value).is_err());
    }
    clip_grad_value(&mut clipped, 0.0).expect("gradients");
    assert!(gradients(&clipped).iter().all(|d| *d == 0.0));
}
