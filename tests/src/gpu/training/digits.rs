//! The digits, for a few epochs: the device learns what the processor learns.

use tensor::prelude::*;

use crate::gpu::Check;
use crate::gpu::sides::{Tolerance, device, near, same, sure};

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    vec![Check {
        name: "training::digits::as_good_as_on_the_processor",
        run: as_good_as_on_the_processor,
    }]
}

net! { type Mlp = hidden: linear(64, 32) >> relu >> dropout(0.1) >> output: linear(32, 10) }

const EPOCHS: u64 = 4;

/// The loss of every batch of the first epoch, and the accuracy at the end.
fn train(device: Device) -> (Vec<f64>, f64) {
    let (train, test) = data::digits().split(0.8);
    let mut step = Mlp::new(&device, Seed(0)).compile(cross_entropy, Adam::new(3e-3));
    let mut losses = Vec::new();
    for epoch in 0..EPOCHS {
        for (x, labels) in train.batches(64).shuffled(epoch).on(device) {
            let loss = sure("a step", step.run(&x, &labels));
            if epoch == 0 {
                losses.push(loss.into());
            }
        }
    }
    (losses, sure("accuracy", accuracy(step.model(), &test)))
}

fn as_good_as_on_the_processor() {
    let ((losses, expected), (found_losses, found)) = (train(Device::cpu()), train(device()));
    near("the losses of the first epoch", &found_losses, &losses, 1e-3);
    assert!(expected > 0.9, "{expected} on the processor after {EPOCHS} epochs");
    // A few of 359 samples lie so near to a border that rounding decides.
    assert!(
        (found - expected).abs() < 0.02,
        "{found} on the device, {expected} on the processor"
    );
    same::<f32>("batches on a device", Tolerance::NONE, |device| {
        let (x, labels) = data::digits()
            .batches(100)
            .shuffled(3)
            .on(device)
            .last()
            .expect("a batch");
        assert_eq!((x.device(), labels.device()), (device, device));
        let numbers = |name: &str, data: Vec<f64>| (name.to_owned(), data);
        [
            numbers("samples", crate::gpu::sides::numbers("samples", &x)),
            numbers("labels", crate::gpu::sides::numbers("labels", &labels)),
        ]
        .into()
    });
}
