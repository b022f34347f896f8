//! What one device writes the other reads: models, and the state of optimizers.

use tensor::prelude::*;

use super::course::{Small, batch, parameters};
use crate::gpu::Check;
use crate::gpu::sides::{device, near, sure};

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    vec![
        Check {
            name: "training::files::saved_here_and_loaded_there",
            run: saved_here_and_loaded_there,
        },
        Check {
            name: "training::files::a_run_goes_on_on_the_other_device",
            run: a_run_goes_on_on_the_other_device,
        },
    ]
}

fn saved_here_and_loaded_there() {
    let folder = tempfile::tempdir().expect("a folder for files");
    let (mut files, sides) = (Vec::new(), [Device::cpu(), device()]);
    for (from, to) in [(sides[0], sides[1]), (sides[1], sides[0])] {
        let file = folder.path().join(format!("from {from}"));
        let model = Small::<f32>::new_as(&from, Seed(5));
        sure("save", model.save(&file));
        let mut other = Small::<f32>::new_as(&to, Seed(6));
        sure("load", other.load(&file));
        assert_eq!(other.device(), to, "a file says nothing of devices");
        assert_eq!(parameters(&other), parameters(&model));
        files.push(std::fs::read(file).expect("the file in the line above"));
    }
    assert_eq!(files[0], files[1], "the same bytes from either device");
}

fn train(model: &mut Small<f64>, optimizer: &mut impl Optimizer, steps: std::ops::Range<u64>) {
    for seed in steps {
        let (x, labels) = batch(model.device(), 6, seed);
        cross_entropy(&model.forward(&x), &labels).backward();
        sure("a step", optimizer.step(model));
    }
}

fn a_run_goes_on_on_the_other_device() {
    resumed(|| Sgd::new(0.05).momentum(0.9));
    resumed(|| Adam::new(0.01).amsgrad());
    resumed(|| AdamW::new(0.01));
}

/// A run on one side, against runs that stop and go on: on the same device bit for bit, on the other as near as two devices are.
fn resumed<O: Optimizer>(make: impl Fn() -> O) {
    let folder = tempfile::tempdir().expect("a folder for files");
    let (model_file, optimizer_file) = (folder.path().join("model"), folder.path().join("optimizer"));
    let sides = [Device::cpu(), device()];
    for from in sides {
        let mut unbroken = Small::<f64>::new_as(&from, Seed(11));
        train(&mut unbroken, &mut make(), 0..9);
        let (mut model, mut optimizer) = (Small::<f64>::new_as(&from, Seed(11)), make());
        train(&mut model, &mut optimizer, 0..5);
        sure("save", model.save(&model_file));
        sure("save", optimizer.save(&model, &optimizer_file));
        for to in sides {
            let (mut model, mut optimizer) = (Small::<f64>::new_as(&to, Seed(99)), make());
            sure("load", model.load(&model_file));
            sure("load", optimizer.load(&model, &optimizer_file));
            train(&mut model, &mut optimizer, 5..9);
            let expected = parameters(&unbroken);
            for (name, found) in parameters(&model) {
                let what = format!("{name}, begun on {from}, gone on with on {to}");
                near(&what, &found, &expected[&name], if from == to { 0.0 } else { 1e-9 });
            }
        }
    }
}
