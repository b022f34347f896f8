//! Every optimizer with its options, compiled and on the tape, and what it keeps in files.

use tensor::prelude::*;

use super::course::{Small, batch, parameters};
use crate::gpu::Check;
use crate::gpu::sides::{Numbers, Tolerance, device, near, same, sure};

macro_rules! checks {
    ($($name:ident $make:expr;)*) => {
        /// The checks of this file.
        pub fn checks() -> Vec<Check> {
            vec![
                $(Check {
                    name: concat!("training::optimizers::", stringify!($name)),
                    run: || {
                        hold::<f32, _>(|| $make);
                        hold::<f64, _>(|| $make);
                    },
                },)*
                Check { name: "training::optimizers::clipped", run: clipped },
                Check { name: "training::optimizers::parameters_of_their_own", run: parameters_of_their_own },
                Check { name: "training::optimizers::parts_that_are_skipped", run: parts_that_are_skipped },
            ]
        }
    };
}

// Adam's eps is so large in these checks that rounding, where a gradient is all but zero, does not decide on a step.
checks! {
    sgd Sgd::new(0.05);
    sgd_with_decay Sgd::new(0.05).weight_decay(0.01).maximize();
    momentum Sgd::new(0.05).momentum(0.9);
    momentum_with_everything Sgd::new(0.05).momentum(0.9).dampening(0.3).weight_decay(0.01);
    nesterov Sgd::new(0.05).momentum(0.9).weight_decay(0.01).nesterov();
    adam Adam::new(0.01).eps(1e-3);
    adam_with_everything Adam::new(0.01).betas(0.8, 0.95).eps(1e-3).weight_decay(0.05).maximize();
    amsgrad Adam::new(0.01).eps(1e-3).amsgrad();
    adamw AdamW::new(0.01).eps(1e-3);
    adamw_with_amsgrad AdamW::new(0.01).eps(1e-3).weight_decay(0.1).amsgrad();
}

/// So many steps, each on a batch of another size.
const STEPS: u64 = 8;

fn compiled<T: Float>(device: Device, optimizer: impl Optimizer) -> Numbers {
    let mut step = Small::<T>::new_as(&device, Seed(8)).compile(cross_entropy, optimizer);
    let mut losses = Vec::new();
    for seed in 0..STEPS {
        let (x, labels) = batch::<T>(device, 3 + 7 * seed as usize, seed);
        if seed == STEPS / 2 {
            let lr = step.optimizer().lr();
            step.optimizer_mut().set_lr(lr / 2.0);
        }
        losses.push(sure("a step", step.run(&x, &labels)).as_f64());
    }
    let mut all = parameters(step.model());
    all.insert("losses".to_owned(), losses);
    all
}

fn taped<T: Float>(device: Device, mut optimizer: impl Optimizer) -> Numbers {
    let mut model = Small::<T>::new_as(&device, Seed(8));
    let mut losses = Vec::new();
    for seed in 0..STEPS {
        let (x, labels) = batch::<T>(device, 3 + 7 * seed as usize, seed);
        if seed == STEPS / 2 {
            let lr = optimizer.lr();
            optimizer.set_lr(lr / 2.0);
        }
        let loss = cross_entropy(&model.forward(&x), &labels);
        loss.backward();
        sure("a step", optimizer.step(&mut model));
        losses.push(sure("a loss", loss.item()).as_f64());
    }
    let mut all = parameters(&model);
    all.insert("losses".to_owned(), losses);
    all
}

fn hold<T: Float, O: Optimizer>(make: impl Fn() -> O) {
    same::<T>("compiled steps", Tolerance::of(1e-4, 1e-11), |device| {
        compiled::<T>(device, make())
    });
    let expected = compiled::<T>(device(), make());
    for (part, found) in taped::<T>(device(), make()) {
        near(&format!("steps on the tape, {part}"), &found, &expected[&part], 0.0);
    }
}

fn clipped() {
    for max_norm in [0.1, 1e3] {
        same::<f64>("a clipped step", Tolerance::of(0.0, 1e-12), |device| {
            let mut model = Small::<f64>::new_as(&device, Seed(3));
            let mut sgd = Sgd::new(0.1);
            let norms = (0..3).map(|seed| {
                let (x, labels) = batch::<f64>(device, 9, seed);
                cross_entropy(&model.forward(&x), &labels).backward();
                let norm = sure("clip_grad_norm", clip_grad_norm(&mut model, max_norm));
                sure("a step", sgd.step(&mut model));
                norm
            });
            let norms: Vec<f64> = norms.collect();
            let mut all = parameters(&model);
            all.insert("norms".to_owned(), norms);
            all
        });
    }
}

/// What is no model has parameters too.
fn parameters_of_their_own() {
    same::<f64>("a parameter", Tolerance::of(0.0, 1e-13), |device| {
        let start: Tensor<dims![3], f64> = sure("a tensor", Tensor::on(device, &[5.0, -3.0, 0.5], &[3]));
        let mut x = sure("a parameter", Parameter::from_tensor(&start));
        let mut adam = Adam::new(0.1);
        for _ in 0..20 {
            (x.square() * &*x).sum().backward();
            sure("a step", adam.step(&mut x));
        }
        Numbers::from([("x".to_owned(), sure("x", x.to_vec()))])
    });
}

/// Parameters without a gradient stay as they are, and their step counts with them.
fn parts_that_are_skipped() {
    same::<f64>("steps of parts", Tolerance::of(0.0, 1e-11), |device| {
        let mut model = Small::<f64>::new_as(&device, Seed(3));
        let mut adam = Adam::new(0.01);
        for seed in 0..6 {
            let (x, labels) = batch::<f64>(device, 4, seed);
            match seed % 3 {
                0 => model.fc2.weight.square().sum().backward(),
                1 => (model.fc1.bias.sum() + model.norm.weight.square().sum() + model.fc3.bias.sum()).backward(),
                _ => cross_entropy(&model.forward(&x), &labels).backward(),
            }
            sure("a step", adam.step(&mut model));
        }
        parameters(&model)
    });
}
