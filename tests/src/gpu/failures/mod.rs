//! What goes wrong on a device, as the library's errors: provoked on the emulated driver, each in a process of its own.

mod drivers;
mod lost;
mod memory;

use tensor::prelude::*;

use super::Check;
use super::sides::{device, sure};
use super::training::course::{Small, batch, parameters};

/// The checks of this folder.
pub fn checks() -> Vec<Check> {
    [drivers::checks(), memory::checks(), lost::checks()].concat()
}

/// Turns a knob of the emulated driver.
fn turn(knob: &str, value: u64) {
    #[cfg(feature = "emu")]
    gpu_kernels::emu::set(knob, value);
    #[cfg(not(feature = "emu"))]
    unreachable!("`needs_emulator` ends the checks that turn `{knob}` to {value}")
}

/// A bit of everything that programs do with a device; the first error that comes out of it.
fn a_program() -> tensor::Result<()> {
    let device = Device::cuda(0)?;
    let (x, labels) = batch::<f32>(Device::cpu(), 9, 1);
    let (x, labels) = (x.to(device)?, labels.to(device)?);
    let mut model = Small::<f32>::new_as(&device, Seed(1));
    let mut adam = Adam::new(0.01);
    for _ in 0..2 {
        let loss = cross_entropy(&model.forward(&x), &labels);
        loss.backward();
        clip_grad_norm(&mut model, 1.0)?;
        adam.step(&mut model)?;
        loss.item()?;
    }
    let mut step = model.clone().compile(cross_entropy, Sgd::new(0.01).momentum(0.9));
    for _ in 0..2 {
        step.run(&x, &labels)?;
    }
    step.model().infer(&x).argmax().to_vec()?;
    let leaf = x.detach().requires_grad();
    let product = leaf.matmul(&leaf.t()).softmax();
    product.mean_axis::<0>().max().try_backward()?;
    leaf.grad().map_or(Ok(Vec::new()), |gradient| gradient.to_vec())?;
    let file = tempfile::NamedTempFile::new().expect("a file");
    step.model().save(file.path())?;
    model.load(file.path())?;
    model.to(Device::cpu())?;
    device.synchronize()
}
