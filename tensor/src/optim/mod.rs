//! Optimizers: how parameters follow their gradients.

mod adam;
mod clip;
mod files;
mod sgd;
mod state;

pub use adam::{Adam, AdamW};
pub use clip::clip_grad_norm;
pub use sgd::Sgd;
pub(crate) use state::State;

use std::path::Path;

use crate::error::{Error, Result};
use crate::nn::Trainable;

/// An optimizer. Its state is its own; the parameters and gradients are the model's.
pub trait Optimizer {
    /// Moves every parameter that has a gradient, and uses the gradients up. A parameter that no backward reached stays as
    /// it is.
    ///
    /// # Errors
    /// An option that makes no sense (a negative learning rate), what a backward ended with, or that there is no gradient at all.
    /// The parameters are then as they were.
    fn step<M: Trainable>(&mut self, model: &mut M) -> Result<()>;

    /// The learning rate.
    fn lr(&self) -> f64;

    /// Sets the learning rate, from the next step on.
    fn set_lr(&mut self, lr: f64);

    /// Writes the state (moments, step counts) to a safetensors file, under the names of the parameters.
    ///
    /// # Errors
    /// Where the file cannot be written, by name.
    fn save<M: Trainable>(&self, model: &M, path: impl AsRef<Path>) -> Result<()>;

    /// Reads the state back: a resumed run goes on bit for bit. Options such as the learning rate are the caller's.
    ///
    /// # Errors
    /// Where the file cannot be read, is not safetensors, or is the state of another optimizer or model.
    fn load<M: Trainable>(&mut self, model: &M, path: impl AsRef<Path>) -> Result<()>;
}

/// Whether an option is a number from 0 on.
fn from_zero(name: &'static str, value: f64) -> Result<()> {
    if value >= 0.0 && value.is_finite() {
        return Ok(());
    }
    Err(Error::argument(name, "a number from 0 on", value))
}
