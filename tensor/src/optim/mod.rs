//! Optimizers: how parameters follow their gradients.

mod adam;
mod average;
mod clip;
mod files;
mod groups;
pub mod schedule;
mod sgd;
mod state;

use std::path::Path;

pub use adam::{Adam, AdamW};
pub use average::Ema;
pub use clip::{clip_grad_norm, clip_grad_value};
pub use files::Progress;
pub use sgd::Sgd;

use crate::error::{Error, Result};
use crate::nn::Trainable;

/// An optimizer. Its state is its own; the parameters and gradients are the model's.
///
/// All parameters have the options that it is made with, but for those of groups: `.group(..)` and `.part(..)` of an optimizer give
/// some parameters others. Groups are numbered in the order in which they were added, from 1 on; 0 is all the rest.
///
/// ```
/// use tensor::prelude::*;
/// net! { type Mlp = hidden: linear(2, 8) >> relu >> norm: layer_norm(8) >> head: linear(8, 2) }
///
/// let mut model = Mlp::new(&Device::cpu(), Seed(0));
/// let mut adam = AdamW::new(1e-3)
///     .group(|parameter| parameter.sizes.len() < 2, |group| group.weight_decay(0.0))
///     .part("head", |group| group.learning_rate(1e-2));
/// assert_eq!(adam.rates(2)?.lr, 1e-2);
/// cross_entropy(&model.forward(&tensor![[1., 2.]]), &tensor![0]).backward();
/// adam.step(&mut model)?;
/// # Ok::<(), tensor::Error>(())
/// ```
pub trait Optimizer {
    /// Moves every parameter that has a gradient, and uses the gradients up. A parameter that no backward reached stays as
    /// it is, and so does one that is frozen.
    ///
    /// # Errors
    /// An option that makes no sense (a negative learning rate), a group that no parameter is in, what a backward ended with, or that
    /// there is no gradient at all. The parameters are then as they were.
    fn step<M: Trainable>(&mut self, model: &mut M) -> Result<()>;

    /// The number of groups: one, and those that were added.
    fn groups(&self) -> usize;

    /// What schedules change, as it is now, of a group.
    ///
    /// # Errors
    /// Where there is no such group.
    fn rates(&self, group: usize) -> Result<Rates>;

    /// Sets that, from the next step on.
    ///
    /// # Errors
    /// Where there is no such group.
    fn set_rates(&mut self, group: usize, rates: Rates) -> Result<()>;

    /// The learning rate, of the parameters that are in no group of their own.
    fn lr(&self) -> f64;

    /// Sets the learning rate of all groups, from the next step on.
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

    /// Writes the state with that of a schedule, and the rates that it has set.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::StepLr;
    /// let path = std::env::temp_dir().join(format!("schedule-{}.safetensors", std::process::id()));
    /// let model = Linear::<dim![2], dim![1]>::new(&Device::cpu(), Seed(0));
    /// let start = || -> Result<_, tensor::Error> {
    ///     let mut adam = Adam::new(1.0);
    ///     let schedule = StepLr::new(2).gamma(0.5).on(&mut adam)?;
    ///     Ok((adam, schedule))
    /// };
    /// let (mut adam, mut schedule) = start()?;
    /// (0..3).try_for_each(|_| schedule.step(&mut adam))?;
    /// adam.save_with(&model, &schedule, &path)?;
    ///
    /// let (mut adam, mut schedule) = start()?;
    /// adam.load_with(&model, &mut schedule, &path)?;
    /// assert_eq!((adam.lr(), schedule.steps()), (0.5, 3));
    /// # std::fs::remove_file(&path).expect("just written");
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the file cannot be written, by name.
    fn save_with<M: Trainable>(&self, model: &M, schedule: &impl Progress, path: impl AsRef<Path>) -> Result<()>;

    /// Reads the state back with that of a schedule, and sets the rates: a resumed run goes on bit for bit.
    ///
    /// # Errors
    /// As [`Optimizer::load`], and where the file has no schedule, or another one, or other groups. Nothing is changed then.
    fn load_with<M: Trainable>(
        &mut self,
        model: &M,
        schedule: &mut impl Progress,
        path: impl AsRef<Path>,
    ) -> Result<()>;
}

/// What a schedule changes of a group of parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    /// The learning rate.
    pub lr: f64,
    /// The momentum of SGD, the first beta of Adam.
    pub momentum: f64,
}

/// Whether an option is a number from 0 on.
fn from_zero(name: &'static str, value: f64) -> Result<()> {
    if value >= 0.0 && value.is_finite() {
        return Ok(());
    }
    Err(Error::argument(name, "a number from 0 on", value))
}
