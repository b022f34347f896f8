//! Recurrent layers.

use crate::device::Device;
use crate::element::Float;
use crate::error::{Error, Result};
use crate::functional::{self, Nonlinearity, Recurrent, RecurrentWeights, WithCell};
use crate::nn::dynamic::attention::probability;
use crate::nn::dynamic::{Member, Module, fresh};
use crate::nn::{Builder, Chance, Init, Mode, Parameter, Trainable, Walk};
use crate::random::seed::Seed;
use crate::shape::Dynamic;
use crate::tensors::Tensor;

/// The options of [`Rnn`], [`Lstm`] and [`Gru`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RecurrentOptions {
    /// How many layers lie one above the other. 1.
    pub num_layers: usize,
    /// Whether there are biases. Yes.
    pub bias: bool,
    /// Whether the first axis of input and output is that of the sequences and not that of the steps. No.
    pub batch_first: bool,
    /// With which probability what goes from layer to layer is dropped in training. 0.
    pub dropout: f64,
    /// Whether each layer goes through the steps in both directions. No.
    pub bidirectional: bool,
}

impl Default for RecurrentOptions {
    fn default() -> Self {
        Self {
            num_layers: 1,
            bias: true,
            batch_first: false,
            dropout: 0.0,
            bidirectional: false,
        }
    }
}

/// The parameters of a layer in one direction. `gates` is 1 for a plain layer, 4 for an LSTM and 3 for a GRU.
#[derive(Clone, Debug)]
pub struct RecurrentLayer<T: Float = f32> {
    /// `[gates * hidden, inputs]`.
    pub weight_ih: Parameter<Dynamic, T>,
    /// `[gates * hidden, hidden]`, or `[gates * hidden, projected]`.
    pub weight_hh: Parameter<Dynamic, T>,
    /// `[gates * hidden]`.
    pub bias_ih: Option<Parameter<Dynamic, T>>,
    /// `[gates * hidden]`.
    pub bias_hh: Option<Parameter<Dynamic, T>>,
    /// `[projected, hidden]`, where an LSTM has a projection.
    pub weight_hr: Option<Parameter<Dynamic, T>>,
}

impl<T: Float> RecurrentLayer<T> {
    /// All of them uniform in `[-1 / sqrt(hidden), 1 / sqrt(hidden))`; `suffix` is what stands behind their names.
    pub(super) fn built(
        builder: &mut Builder<'_>,
        suffix: &str,
        [inputs, hidden, gates]: [usize; 3],
        projected: Option<usize>,
        bias: bool,
    ) -> Self {
        let init = Init::linear(hidden);
        let (rows, outputs) = (gates.saturating_mul(hidden), projected.unwrap_or(hidden));
        let mut part = |name: &str, sizes: &[usize]| builder.parameter(format!("{name}{suffix}"), sizes, init);
        Self {
            weight_ih: part("weight_ih", &[rows, inputs]),
            weight_hh: part("weight_hh", &[rows, outputs]),
            bias_ih: bias.then(|| part("bias_ih", &[rows])),
            bias_hh: bias.then(|| part("bias_hh", &[rows])),
            weight_hr: projected.map(|projected| part("weight_hr", &[projected, hidden])),
        }
    }

    fn weights(&self) -> RecurrentWeights<'_, T> {
        RecurrentWeights {
            input: &self.weight_ih,
            hidden: &self.weight_hh,
            bias: match (&self.bias_ih, &self.bias_hh) {
                (Some(input), Some(hidden)) => Some([input, hidden]),
                _ => None,
            },
            projection: self.weight_hr.as_deref(),
        }
    }

    /// Walks the parameters under PyTorch's names with `suffix` behind them.
    fn walk(&self, suffix: &str, walk: &mut Walk<'_>) {
        let optional = [
            ("bias_ih", &self.bias_ih),
            ("bias_hh", &self.bias_hh),
            ("weight_hr", &self.weight_hr),
        ];
        let required = [("weight_ih", &self.weight_ih), ("weight_hh", &self.weight_hh)];
        let optional = optional
            .into_iter()
            .filter_map(|(name, part)| Some((name, part.as_ref()?)));
        for (name, parameter) in required.into_iter().chain(optional) {
            walk.parameter(&*format!("{name}{suffix}"), parameter);
        }
    }

    fn relocate(&mut self, device: Device) -> Result<()> {
        self.weight_ih.relocate(device)?;
        self.weight_hh.relocate(device)?;
        for part in [&mut self.bias_ih, &mut self.bias_hh, &mut self.weight_hr] {
            Member::relocate(part, device)?;
        }
        Ok(())
    }
}

/// What [`Rnn`], [`Lstm`] and [`Gru`] are made of.
#[derive(Clone, Debug)]
struct Stack<T: Float> {
    layers: Vec<RecurrentLayer<T>>,
    options: RecurrentOptions,
    mode: Mode,
    chance: Chance,
}

/// What stands behind the names of a layer in one direction: `_l0`, `_l0_reverse`.
fn suffix(index: usize, directions: usize) -> String {
    let reverse = if index % directions == 1 { "_reverse" } else { "" };
    format!("_l{}{reverse}", index / directions)
}

/// That there is a state.
pub(super) fn hidden_size(hidden: usize) -> Result<()> {
    match hidden {
        0 => Err(Error::argument("hidden", "a number from 1 on", hidden)),
        _ => Ok(()),
    }
}

impl<T: Float> Stack<T> {
    fn new(
        device: &Device,
        seed: Seed,
        [inputs, hidden, gates]: [usize; 3],
        projected: Option<usize>,
        options: RecurrentOptions,
    ) -> Result<Self> {
        hidden_size(hidden)?;
        if options.num_layers == 0 {
            return Err(Error::argument("num_layers", "a number from 1 on", 0));
        }
        probability("dropout", options.dropout)?;
        let directions = 1 + usize::from(options.bidirectional);
        let count = options.num_layers.saturating_mul(directions);
        let above = directions.saturating_mul(projected.unwrap_or(hidden));
        fresh::<T, Self>(device, seed, &|builder| {
            let mut layer = |index: usize| {
                let inputs = if index < directions { inputs } else { above };
                let suffix = suffix(index, directions);
                RecurrentLayer::built(builder, &suffix, [inputs, hidden, gates], projected, options.bias)
            };
            Self {
                layers: (0..count).map(&mut layer).collect(),
                options,
                mode: Mode::default(),
                chance: Chance::new(seed),
            }
        })
    }

    fn weights(&self) -> Vec<RecurrentWeights<'_, T>> {
        self.layers.iter().map(RecurrentLayer::weights).collect()
    }

    /// The options of a call.
    fn call(&self) -> Recurrent {
        let drops = self.mode.is_training() && self.options.dropout > 0.0 && self.options.num_layers > 1;
        Recurrent {
            bidirectional: self.options.bidirectional,
            batch_first: self.options.batch_first,
            dropout: drops.then(|| (self.options.dropout, self.chance.next())),
        }
    }
}

impl<T: Float> Trainable for Stack<T> {
    fn walk(&self, walk: &mut Walk<'_>) {
        let directions = 1 + usize::from(self.options.bidirectional);
        for (index, layer) in self.layers.iter().enumerate() {
            layer.walk(&suffix(index, directions), walk);
        }
        walk.mode(&self.mode);
    }
}

macro_rules! stacked {
    ($($Name:ident)*) => {
        $(
            impl<T: Float> Trainable for $Name<T> {
                fn walk(&self, walk: &mut Walk<'_>) {
                    self.stack.walk(walk);
                }
            }

            impl<T: Float> Module for $Name<T> {
                fn relocate(&mut self, device: Device) -> Result<()> {
                    self.stack.layers.iter_mut().try_for_each(|layer| layer.relocate(device))
                }
            }

            impl<T: Float> $Name<T> {
                /// The parameters, layer by layer, and in each those of the forward direction first.
                ///
                /// ```
                /// use tensor::prelude::*;
                #[doc = concat!("let layer = tensor::dynamic::", stringify!($Name), "::<f32>::new(&Device::cpu(), Seed(0), 3, 4)?;")]
                /// assert_eq!((layer.layers().len(), &layer.layers()[0].weight_hh.sizes()[1..]), (1, &[4][..]));
                /// # Ok::<(), tensor::Error>(())
                /// ```
                pub fn layers(&self) -> &[RecurrentLayer<T>] {
                    &self.stack.layers
                }

                /// The same, to change.
                ///
                /// ```
                /// use tensor::prelude::*;
                #[doc = concat!("let mut layer = tensor::dynamic::", stringify!($Name), "::<f32>::new(&Device::cpu(), Seed(0), 3, 4)?;")]
                /// let weight = layer.layers()[0].weight_hh.zeros_like();
                /// layer.layers_mut()[0].weight_hh.set(&weight)?;
                /// assert_eq!(*layer.layers()[0].weight_hh, weight);
                /// # Ok::<(), tensor::Error>(())
                /// ```
                pub fn layers_mut(&mut self) -> &mut [RecurrentLayer<T>] {
                    &mut self.stack.layers
                }

                /// What it was made with.
                ///
                /// ```
                /// use tensor::prelude::*;
                #[doc = concat!("let layer = tensor::dynamic::", stringify!($Name), "::<f32>::new(&Device::cpu(), Seed(0), 3, 4)?;")]
                /// assert_eq!(layer.options(), Default::default());
                /// # Ok::<(), tensor::Error>(())
                /// ```
                pub fn options(&self) -> RecurrentOptions {
                    self.stack.options
                }
            }
        )*
    };
}

stacked!(Rnn Lstm Gru);

/// `h' = f(W_ih x + b_ih + W_hh h + b_hh)` in each step, with tanh or relu as `f`. PyTorch's `RNN`.
///
/// The input is `[steps, batch, inputs]`, or `[steps, inputs]`; the output has the states of the last layer, `[steps, batch, directions *
/// hidden]`. Parameters start uniform in `[-1 / sqrt(hidden), 1 / sqrt(hidden))` and have PyTorch's names: `weight_ih_l0`, `weight_hh_l0`, `bias_ih_l0`,
/// `bias_hh_l0`, then those of `l0_reverse` and `l1`.
///
/// J. L. Elman, *Finding structure in time*, 1990.
///
/// ```
/// use tensor::dynamic::Rnn;
/// use tensor::prelude::*;
/// let layer = Rnn::new(&Device::cpu(), Seed(0), 3, 4)?;
/// let (states, last) = layer.forward(&Tensor::<Dynamic>::randn(&[5, 2, 3], 1)?, None)?;
/// assert_eq!((states.sizes(), last.sizes()), (&[5, 2, 4][..], &[1, 2, 4][..]));
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Rnn<T: Float = f32> {
    stack: Stack<T>,
    /// What the sums are bent with.
    pub nonlinearity: Nonlinearity,
}

impl<T: Float> Rnn<T> {
    /// One layer, with tanh.
    ///
    /// # Errors
    /// Where the device has no room, or `hidden` is 0.
    pub fn new(device: &Device, seed: Seed, inputs: usize, hidden: usize) -> Result<Self> {
        let options = RecurrentOptions::default();
        Self::with(device, seed, inputs, hidden, Nonlinearity::Tanh, options)
    }

    /// The same with options.
    ///
    /// ```
    /// use tensor::dynamic::{RecurrentOptions, Rnn};
    /// use tensor::functional::Nonlinearity;
    /// use tensor::prelude::*;
    /// let options = RecurrentOptions { num_layers: 2, batch_first: true, ..Default::default() };
    /// let layer = Rnn::with(&Device::cpu(), Seed(0), 3, 4, Nonlinearity::Relu, options)?;
    /// let (states, last) = layer.forward(&Tensor::<Dynamic>::randn(&[2, 5, 3], 1)?, None)?;
    /// assert_eq!((states.sizes(), last.sizes()), (&[2, 5, 4][..], &[2, 2, 4][..]));
    /// assert!(states.min().item()? >= 0.);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device has no room, there is no layer, `hidden` is 0, or `dropout` is no probability.
    pub fn with(
        device: &Device,
        seed: Seed,
        inputs: usize,
        hidden: usize,
        nonlinearity: Nonlinearity,
        options: RecurrentOptions,
    ) -> Result<Self> {
        let stack = Stack::new(device, seed, [inputs, hidden, 1], None, options)?;
        Ok(Self { stack, nonlinearity })
    }

    /// The states of the last layer in all steps, and the last states of all layers, `[layers * directions, batch, hidden]`. It begins
    /// with `state`, or with zeros.
    ///
    /// # Errors
    /// Where sizes do not fit, or there is no step.
    pub fn forward(
        &self,
        x: &Tensor<Dynamic, T>,
        state: Option<&Tensor<Dynamic, T>>,
    ) -> Result<(Tensor<Dynamic, T>, Tensor<Dynamic, T>)> {
        functional::rnn(x, state, &self.stack.weights(), self.nonlinearity, self.stack.call())
    }
}

/// The gated recurrent unit: `r = s(W_ir x + b_ir + W_hr h + b_hr)`, `z` likewise, `n = tanh(W_in x + b_in + r (W_hn h + b_hn))`,
/// `h' = (1 - z) n + z h` in each step. PyTorch's `GRU`.
///
/// Sizes and names are those of [`Rnn`]; each parameter has the rows of the gates in the order `r z n`.
///
/// K. Cho et al., *Learning phrase representations using RNN encoder-decoder for statistical machine translation*, 2014.
///
/// ```
/// use tensor::dynamic::{Gru, RecurrentOptions};
/// use tensor::prelude::*;
/// let options = RecurrentOptions { bidirectional: true, ..Default::default() };
/// let layer = Gru::with(&Device::cpu(), Seed(0), 3, 4, options)?;
/// let (states, last) = layer.forward(&Tensor::<Dynamic>::randn(&[5, 2, 3], 1)?, None)?;
/// assert_eq!((states.sizes(), last.sizes()), (&[5, 2, 8][..], &[2, 2, 4][..]));
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Gru<T: Float = f32> {
    stack: Stack<T>,
}

impl<T: Float> Gru<T> {
    /// One layer.
    ///
    /// ```
    /// use tensor::dynamic::Gru;
    /// use tensor::prelude::*;
    /// let layer = Gru::<f32>::new(&Device::cpu(), Seed(0), 3, 4)?;
    /// assert_eq!(layer.layers()[0].weight_ih.sizes(), [12, 3]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device has no room, or `hidden` is 0.
    pub fn new(device: &Device, seed: Seed, inputs: usize, hidden: usize) -> Result<Self> {
        Self::with(device, seed, inputs, hidden, RecurrentOptions::default())
    }

    /// The same with options.
    ///
    /// # Errors
    /// Where the device has no room, there is no layer, `hidden` is 0, or `dropout` is no probability.
    pub fn with(device: &Device, seed: Seed, inputs: usize, hidden: usize, options: RecurrentOptions) -> Result<Self> {
        let stack = Stack::new(device, seed, [inputs, hidden, 3], None, options)?;
        Ok(Self { stack })
    }

    /// The states of the last layer in all steps, and the last states of all layers, `[layers * directions, batch, hidden]`. It begins
    /// with `state`, or with zeros.
    ///
    /// # Errors
    /// Where sizes do not fit, or there is no step.
    pub fn forward(
        &self,
        x: &Tensor<Dynamic, T>,
        state: Option<&Tensor<Dynamic, T>>,
    ) -> Result<(Tensor<Dynamic, T>, Tensor<Dynamic, T>)> {
        functional::gru(x, state, &self.stack.weights(), self.stack.call())
    }
}

/// Long short-term memory: with `s` the sigmoid, `i = s(W_ii x + b_ii + W_hi h + b_hi)`, `f` and `o` likewise, `g` likewise with tanh,
/// `c' = f c + i g`, `h' = o tanh(c')` in each step; with a projection `h' = W_hr (o tanh(c'))`. PyTorch's `LSTM`.
///
/// Sizes and names are those of [`Rnn`]; each parameter has the rows of the gates in the order `i f g o`, and a projection is `weight_hr_l0`.
///
/// S. Hochreiter and J. Schmidhuber, *Long short-term memory*, 1997.
///
/// ```
/// use tensor::dynamic::Lstm;
/// use tensor::prelude::*;
/// let layer = Lstm::new(&Device::cpu(), Seed(0), 3, 4)?;
/// let x = Tensor::<Dynamic>::randn(&[5, 2, 3], 1)?;
/// let (states, (h, c)) = layer.forward(&x, None)?;
/// assert_eq!((states.sizes(), c.sizes()), (&[5, 2, 4][..], &[1, 2, 4][..]));
/// let (more, _) = layer.forward(&x, Some((&h, &c)))?; // goes on from there
/// assert_eq!(more.sizes(), [5, 2, 4]);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Lstm<T: Float = f32> {
    stack: Stack<T>,
}

impl<T: Float> Lstm<T> {
    /// One layer.
    ///
    /// # Errors
    /// Where the device has no room, or `hidden` is 0.
    pub fn new(device: &Device, seed: Seed, inputs: usize, hidden: usize) -> Result<Self> {
        Self::with(device, seed, inputs, hidden, RecurrentOptions::default())
    }

    /// The same with options.
    ///
    /// ```
    /// use tensor::dynamic::{Lstm, RecurrentOptions};
    /// use tensor::prelude::*;
    /// let options = RecurrentOptions { bias: false, ..Default::default() };
    /// let layer = Lstm::<f32>::with(&Device::cpu(), Seed(0), 3, 4, options)?;
    /// assert!(layer.layers()[0].bias_ih.is_none());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device has no room, there is no layer, `hidden` is 0, or `dropout` is no probability.
    pub fn with(device: &Device, seed: Seed, inputs: usize, hidden: usize, options: RecurrentOptions) -> Result<Self> {
        let stack = Stack::new(device, seed, [inputs, hidden, 4], None, options)?;
        Ok(Self { stack })
    }

    /// The same with a state of `projected` features, which are made of the `hidden` ones; the cell keeps these. PyTorch's `proj_size`.
    ///
    /// H. Sak et al., *Long short-term memory based recurrent neural network architectures for large vocabulary speech recognition*, 2014.
    ///
    /// ```
    /// use tensor::dynamic::{Lstm, RecurrentOptions};
    /// use tensor::prelude::*;
    /// let layer = Lstm::projected(&Device::cpu(), Seed(0), 3, 4, 2, RecurrentOptions::default())?;
    /// let (states, (h, c)) = layer.forward(&Tensor::<Dynamic>::randn(&[5, 1, 3], 1)?, None)?;
    /// assert_eq!((states.sizes(), h.sizes(), c.sizes()), (&[5, 1, 2][..], &[1, 1, 2][..], &[1, 1, 4][..]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`with`](Self::with), or where `projected` is not from 1 to `hidden - 1`.
    pub fn projected(
        device: &Device,
        seed: Seed,
        inputs: usize,
        hidden: usize,
        projected: usize,
        options: RecurrentOptions,
    ) -> Result<Self> {
        if projected == 0 || projected >= hidden {
            let expected = format!("a number from 1 to less than {hidden}");
            return Err(Error::argument("projected", expected, projected));
        }
        let stack = Stack::new(device, seed, [inputs, hidden, 4], Some(projected), options)?;
        Ok(Self { stack })
    }

    /// The states of the last layer in all steps, and `(h, c)`, the last states and cells of all layers, each `[layers * directions, batch,
    /// ..]`. It begins with `state`, or with zeros.
    ///
    /// # Errors
    /// Where sizes do not fit, or there is no step.
    pub fn forward(
        &self,
        x: &Tensor<Dynamic, T>,
        state: Option<(&Tensor<Dynamic, T>, &Tensor<Dynamic, T>)>,
    ) -> Result<WithCell<T>> {
        functional::lstm(x, state, &self.stack.weights(), self.stack.call())
    }
}
