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
    /// ```
    /// use tensor::prelude::*;
    /// let mut x = Parameter::from_tensor(&tensor![1.])?;
    /// let mut sgd = Sgd::new(0.5);
    /// x.sum().backward();
    /// sgd.step(&mut x)?;
    /// assert_eq!(*x, tensor![0.5]);
    /// assert!(sgd.step(&mut x).is_err(), "the gradient is used up");
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// An option that makes no sense (a negative learning rate), a group that no parameter is in, what a backward ended with, or that
    /// there is no gradient at all. The parameters are then as they were.
    fn step<M: Trainable>(&mut self, model: &mut M) -> Result<()>;

    /// The number of groups: one, and those that were added.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(Sgd::new(0.1).groups(), 1);
    /// let two = Sgd::new(0.1).group(|parameter| parameter.sizes.len() < 2, |group| group.learning_rate(0.2));
    /// assert_eq!(two.groups(), 2);
    /// ```
    fn groups(&self) -> usize;

    /// What schedules change, as it is now, of a group.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let sgd = Sgd::new(0.1);
    /// assert_eq!(sgd.rates(0)?.lr, 0.1);
    /// assert!(sgd.rates(1).is_err());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where there is no such group.
    fn rates(&self, group: usize) -> Result<Rates>;

    /// Sets that, from the next step on.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let mut sgd = Sgd::new(0.1);
    /// let rates = sgd.rates(0)?;
    /// sgd.set_rates(0, tensor::Rates { lr: 0.2, ..rates })?;
    /// assert_eq!(sgd.lr(), 0.2);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where there is no such group.
    fn set_rates(&mut self, group: usize, rates: Rates) -> Result<()>;

    /// The learning rate, of the parameters that are in no group of their own.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(Adam::new(1e-3).lr(), 1e-3);
    /// ```
    fn lr(&self) -> f64;

    /// Sets the learning rate of all groups, from the next step on.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let mut sgd = Sgd::new(0.1);
    /// sgd.set_lr(0.01);
    /// assert_eq!(sgd.lr(), 0.01);
    /// ```
    fn set_lr(&mut self, lr: f64);

    /// Writes the state (moments, step counts) to a safetensors file, under the names of the parameters.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let folder = tempfile::tempdir().expect("a folder");
    /// let path = folder.path().join("sgd.safetensors");
    /// let mut x = Parameter::from_tensor(&tensor![1.])?;
    /// let mut sgd = Sgd::new(0.1).momentum(0.9);
    /// x.sum().backward();
    /// sgd.step(&mut x)?;
    /// sgd.save(&x, &path)?;
    /// let state = tensor::files::Archive::load_safetensors(&path)?;
    /// assert_eq!(state.get::<f32>("parameter.momentum_buffer")?.to_vec()?, [1.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the file cannot be written, by name.
    fn save<M: Trainable>(&self, model: &M, path: impl AsRef<Path>) -> Result<()>;

    /// Reads the state back: a resumed run goes on bit for bit. Options such as the learning rate are the caller's.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let folder = tempfile::tempdir().expect("a folder");
    /// let path = folder.path().join("adam.safetensors");
    /// let mut x = Parameter::from_tensor(&tensor![1.])?;
    /// let mut adam = Adam::new(0.1);
    /// x.square().sum().backward();
    /// adam.step(&mut x)?;
    /// adam.save(&x, &path)?;
    /// let (mut copy, mut resumed) = (x.clone(), Adam::new(0.1));
    /// resumed.load(&copy, &path)?;
    /// for (x, adam) in [(&mut x, &mut adam), (&mut copy, &mut resumed)] {
    ///     x.square().sum().backward();
    ///     adam.step(x)?;
    /// }
    /// assert_eq!(*x, *copy);
    /// # Ok::<(), tensor::Error>(())
    /// ```
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
