//! Running averages of parameters.

use std::path::Path;

use crate::device::{Buffer, Matrix, reading};
use crate::error::{Error, Result};
use crate::files::Table;
use crate::kernels::optimizers::SgdRule;
use crate::nn::{Trainable, Walk};
use crate::optim::files::Form;
use crate::optim::state::{Run, Runs, Slots, State, join};

const FORM: Form = Form {
    kind: "ema",
    names: ["ema", "", ""],
};
const SLOTS: Slots = [true, false, false];
/// The runs of parameters that are met for the first time.
const FIRST: usize = 1;

/// The exponential moving average of a model's parameters, which often does better than the parameters themselves.
///
/// ```text
/// average = decay * average + (1 - decay) * parameter
/// ```
///
/// at each [`update`](Ema::update); the first takes the parameters over as they are, as PyTorch's `AveragedModel` with `get_ema_multi_avg_fn`
/// does. Polyak, Juditsky, *Acceleration of Stochastic Approximation by Averaging*, 1992.
///
/// ```
/// use tensor::prelude::*;
/// let mut layer = Linear::<dim![1], dim![1]>::new(&Device::cpu(), Seed(0));
/// let mut ema = Ema::new(0.75)?;
/// for weight in [1., 2.] {
///     layer.weight.set(&tensor![[weight]])?; // in place of an optimizer's step
///     ema.update(&layer)?;
/// }
/// ema.swap(&mut layer)?;
/// assert_eq!(*layer.weight, tensor![[1.25]]);
/// ema.swap(&mut layer)?;
/// assert_eq!(*layer.weight, tensor![[2.]]);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Debug)]
pub struct Ema {
    decay: f64,
    state: State,
    /// The runs of the last update, for their memory.
    runs: Runs,
}

impl Ema {
    /// An average of which this share stays at each update: 0.999, say.
    ///
    /// # Errors
    /// Where the decay is not from 0 to 1.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert!(Ema::new(0.999).is_ok() && Ema::new(1.5).is_err());
    /// ```
    pub fn new(decay: f64) -> Result<Self> {
        if !(0.0..=1.0).contains(&decay) {
            return Err(Error::argument("decay", "a number from 0 to 1", decay));
        }
        Ok(Self {
            decay,
            state: State::default(),
            runs: Runs::new(),
        })
    }

    /// The share that stays.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(Ema::new(0.5)?.decay(), 0.5);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn decay(&self) -> f64 {
        self.decay
    }

    /// Sets the share that stays, from the next update on.
    ///
    /// # Errors
    /// Where the decay is not from 0 to 1. The old one stays then.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let mut ema = Ema::new(0.5)?;
    /// ema.set_decay(0.75)?;
    /// assert_eq!(ema.decay(), 0.75);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn set_decay(&mut self, decay: f64) -> Result<()> {
        self.decay = Self::new(decay)?.decay;
        Ok(())
    }

    /// Takes the parameters of a model into the average; call it after each step of the optimizer.
    ///
    /// # Errors
    /// Where the device has no room, or fails.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let mut x = Parameter::from_tensor(&tensor![1.])?;
    /// let mut ema = Ema::new(0.5)?;
    /// ema.update(&x)?;
    /// x.set(&tensor![3.])?;
    /// ema.update(&x)?;
    /// ema.copy_to(&mut x)?;
    /// assert_eq!(*x, tensor![2.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn update(&mut self, model: &impl Trainable) -> Result<()> {
        let mut runs = std::mem::take(&mut self.runs);
        let outcome = self.update_runs(model, &mut runs);
        runs.clear();
        self.runs = runs;
        outcome
    }

    fn update_runs(&mut self, model: &impl Trainable, runs: &mut Runs) -> Result<()> {
        self.state.meet(model, |_, met, kept| {
            join(runs, met, if kept.steps[met.index] == 0 { FIRST } else { 0 });
            kept.set_group(met.index, 0);
        });
        for run in &*runs {
            self.state.kept(&run.flat).make_room(&run.flat, SLOTS)?;
        }
        // A step of descent on half the squared distance from the parameters: its gradient is `average - parameter`.
        let rule = SgdRule {
            lr: 1.0 - self.decay,
            momentum: 0.0,
            dampening: 0.0,
            nesterov: false,
            weight_decay: 1.0,
            maximize: true,
        };
        for run in &*runs {
            let Some(average) = self.average(run) else { continue };
            let backend = run.flat.device().backend();
            {
                let _reading = reading([run.flat.values()]);
                if run.group == FIRST {
                    backend.chain(&[], None, run.values(), average);
                } else {
                    backend.sgd(average, run.values(), None, false, rule)?;
                }
            }
            average.buffer.check()?;
            let kept = self.state.kept(&run.flat);
            run.parameters().for_each(|index| kept.steps[index] += 1);
        }
        Ok(())
    }

    /// Exchanges the parameters of a model with their averages: before an evaluation, and again after it.
    ///
    /// # Errors
    /// Where a parameter has no average yet, or the device has no room. Nothing is changed then.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let mut x = Parameter::from_tensor(&tensor![1.])?;
    /// let mut ema = Ema::new(0.5)?;
    /// ema.update(&x)?;
    /// x.set(&tensor![3.])?;
    /// ema.swap(&mut x)?;
    /// assert_eq!(*x, tensor![1.]);
    /// ema.swap(&mut x)?;
    /// assert_eq!(*x, tensor![3.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn swap(&mut self, model: &mut impl Trainable) -> Result<()> {
        for run in &self.averaged(model)? {
            let Some(average) = self.average(run) else { continue };
            let (flat, backend) = (&run.flat, run.flat.device().backend());
            let room = Buffer::new(flat.device(), flat.dtype(), run.len);
            room.check()?;
            let before = Matrix::new(&room, 0, 1, run.len);
            let _writing = flat.write_some(run.parameters());
            backend.chain(&[], None, run.values(), before);
            backend.chain(&[], None, average, run.values());
            backend.chain(&[], None, before, average);
        }
        Ok(())
    }

    /// Sets the parameters of a model to their averages.
    ///
    /// # Errors
    /// Where a parameter has no average yet. Nothing is changed then.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let mut x = Parameter::from_tensor(&tensor![1.])?;
    /// let mut ema = Ema::new(0.5)?;
    /// ema.update(&x)?;
    /// x.set(&tensor![3.])?;
    /// ema.copy_to(&mut x)?;
    /// assert_eq!(*x, tensor![1.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn copy_to(&self, model: &mut impl Trainable) -> Result<()> {
        for run in &self.averaged(model)? {
            let Some(average) = self.average(run) else { continue };
            let _writing = run.flat.write_some(run.parameters());
            run.flat.device().backend().chain(&[], None, average, run.values());
        }
        Ok(())
    }

    /// All parameters of a model, which have averages.
    fn averaged(&self, model: &impl Trainable) -> Result<Runs> {
        let mut runs = Runs::new();
        let mut outcome = Ok(());
        model.walk(&mut Walk::new(&mut |path, met| {
            join(&mut runs, &met, 0);
            let updates = self.state.find(met.flat).map_or(0, |kept| kept.steps[met.index]);
            if updates == 0 && outcome.is_ok() {
                outcome = Err(Error::argument(
                    "model",
                    "averages of all parameters",
                    format!("none of `{path}`"),
                ));
            }
        }));
        outcome.map(|()| runs)
    }

    fn average(&self, run: &Run) -> Option<Matrix<'_>> {
        let buffer = self.state.find(&run.flat)?.slots[0].as_ref()?;
        Some(Matrix::new(buffer, run.offset, 1, run.len))
    }

    /// Writes the averages to a safetensors file, under the names of the parameters. To have them as a model's file, swap them in and
    /// save the model.
    ///
    /// # Errors
    /// Where the file cannot be written, by name.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let path = std::env::temp_dir().join(format!("ema-save-{}.safetensors", std::process::id()));
    /// let mut x = Parameter::from_tensor(&tensor![1.])?;
    /// let mut ema = Ema::new(0.5)?;
    /// ema.update(&x)?;
    /// ema.save(&x, &path)?;
    /// let mut resumed = Ema::new(0.5)?;
    /// resumed.load(&x, &path)?;
    /// x.set(&tensor![3.])?;
    /// resumed.copy_to(&mut x)?;
    /// assert_eq!(*x, tensor![1.]);
    /// # std::fs::remove_file(&path).expect("just written");
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn save(&self, model: &impl Trainable, path: impl AsRef<Path>) -> Result<()> {
        self.state.write(model, &FORM, |_| SLOTS)?.write(path.as_ref())
    }

    /// Reads the averages back: a resumed run goes on bit for bit.
    ///
    /// # Errors
    /// Where the file cannot be read, is not safetensors, or has the averages of another model. Nothing is changed then.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let path = std::env::temp_dir().join(format!("ema-load-{}.safetensors", std::process::id()));
    /// let mut x = Parameter::from_tensor(&tensor![1.])?;
    /// let mut ema = Ema::new(0.5)?;
    /// ema.update(&x)?;
    /// ema.save(&x, &path)?;
    /// let mut resumed = Ema::new(0.5)?;
    /// resumed.load(&x, &path)?;
    /// x.set(&tensor![3.])?;
    /// resumed.copy_to(&mut x)?;
    /// assert_eq!(*x, tensor![1.]);
    /// # std::fs::remove_file(&path).expect("just written");
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn load(&mut self, model: &impl Trainable, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        let table = Table::read(path)?;
        let mut state = State::default();
        state.meet(model, |_, met, kept| kept.set_group(met.index, 0));
        state.read(model, &table, path, &FORM, |_| SLOTS)?;
        self.state = state;
        Ok(())
    }
}
