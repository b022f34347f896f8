//! Recurrent layers over all steps.

use super::stack::{RecurrentOptions, Stack};
use crate::device::Device;
use crate::element::Float;
use crate::error::{Error, Result};
use crate::functional::{self, Nonlinearity, StateAndCell, WithCell};
use crate::nn::dynamic::Module;
use crate::nn::recurrent::RecurrentLayer;
use crate::nn::{Trainable, Walk};
use crate::random::seed::Seed;
use crate::shape::Dynamic;
use crate::tensors::Tensor;

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
                /// let layer = tensor::dynamic::Gru::<f32>::new(&Device::cpu(), Seed(0), 3, 4)?;
                /// assert_eq!(layer.layers()[0].weight_ih.sizes(), [12, 3]);
                /// # Ok::<(), tensor::Error>(())
                /// ```
                pub fn layers(&self) -> &[RecurrentLayer<T>] {
                    &self.stack.layers
                }

                /// The same, to change.
                ///
                /// ```
                /// use tensor::prelude::*;
                /// let mut layer = tensor::dynamic::Gru::<f32>::new(&Device::cpu(), Seed(0), 3, 4)?;
                /// layer.layers_mut()[0].weight_hh.set(&Tensor::zeros_of(&[12, 4])?)?;
                /// assert_eq!(layer.layers()[0].weight_hh.max().item()?, 0.);
                /// # Ok::<(), tensor::Error>(())
                /// ```
                pub fn layers_mut(&mut self) -> &mut [RecurrentLayer<T>] {
                    &mut self.stack.layers
                }

                /// What it was made with.
                ///
                /// ```
                /// use tensor::prelude::*;
                /// let layer = tensor::dynamic::Gru::<f32>::new(&Device::cpu(), Seed(0), 3, 4)?;
                /// assert_eq!(layer.options().num_layers, 1);
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
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let layer = tensor::dynamic::Rnn::<f32>::new(&Device::cpu(), Seed(0), 3, 4)?;
    /// assert_eq!(layer.layers()[0].weight_hh.sizes(), [4, 4]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn new(device: &Device, seed: Seed, inputs: usize, hidden: usize) -> Result<Self> {
        let options = RecurrentOptions::default();
        Self::with(device, seed, inputs, hidden, Nonlinearity::Tanh, options)
    }

    /// The same with options.
    ///
    /// # Errors
    /// Where the device has no room, there is no layer, `hidden` is 0, or `dropout` is no probability.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::dynamic::{RecurrentOptions, Rnn};
    /// use tensor::functional::Nonlinearity;
    /// let options = RecurrentOptions { num_layers: 2, dropout: 0.1, ..Default::default() };
    /// let layer = Rnn::<f32>::with(&Device::cpu(), Seed(0), 3, 4, Nonlinearity::Relu, options)?;
    /// assert_eq!(layer.layers()[1].weight_ih.sizes(), [4, 4]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
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
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let layer = tensor::dynamic::Rnn::new(&Device::cpu(), Seed(0), 3, 4)?;
    /// let (x, state) = (Tensor::<Dynamic>::randn(&[5, 2, 3], 1)?, Tensor::zeros_of(&[1, 2, 4])?);
    /// let (states, last) = layer.forward(&x, Some(&state))?;
    /// assert_eq!(states.select(0, -1)?, last.select(0, 0)?);
    /// # Ok::<(), tensor::Error>(())
    /// ```
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
    /// # Errors
    /// Where the device has no room, or `hidden` is 0.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let layer = tensor::dynamic::Gru::<f32>::new(&Device::cpu(), Seed(0), 3, 4)?;
    /// assert_eq!(layer.layers()[0].weight_hh.sizes(), [12, 4]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn new(device: &Device, seed: Seed, inputs: usize, hidden: usize) -> Result<Self> {
        Self::with(device, seed, inputs, hidden, RecurrentOptions::default())
    }

    /// The same with options.
    ///
    /// # Errors
    /// Where the device has no room, there is no layer, `hidden` is 0, or `dropout` is no probability.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::dynamic::{Gru, RecurrentOptions};
    /// let options = RecurrentOptions { num_layers: 2, dropout: 0.1, ..Default::default() };
    /// let layer = Gru::<f32>::with(&Device::cpu(), Seed(0), 3, 4, options)?;
    /// assert_eq!(layer.layers()[1].weight_ih.sizes(), [12, 4]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn with(device: &Device, seed: Seed, inputs: usize, hidden: usize, options: RecurrentOptions) -> Result<Self> {
        let stack = Stack::new(device, seed, [inputs, hidden, 3], None, options)?;
        Ok(Self { stack })
    }

    /// The states of the last layer in all steps, and the last states of all layers, `[layers * directions, batch, hidden]`. It begins
    /// with `state`, or with zeros.
    ///
    /// # Errors
    /// Where sizes do not fit, or there is no step.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let layer = tensor::dynamic::Gru::new(&Device::cpu(), Seed(0), 3, 4)?;
    /// let (x, state) = (Tensor::<Dynamic>::randn(&[5, 2, 3], 1)?, Tensor::zeros_of(&[1, 2, 4])?);
    /// let (states, last) = layer.forward(&x, Some(&state))?;
    /// assert_eq!(states.select(0, -1)?, last.select(0, 0)?);
    /// # Ok::<(), tensor::Error>(())
    /// ```
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
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let layer = tensor::dynamic::Lstm::<f32>::new(&Device::cpu(), Seed(0), 3, 4)?;
    /// assert_eq!(layer.layers()[0].weight_hh.sizes(), [16, 4]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn new(device: &Device, seed: Seed, inputs: usize, hidden: usize) -> Result<Self> {
        Self::with(device, seed, inputs, hidden, RecurrentOptions::default())
    }

    /// The same with options.
    ///
    /// # Errors
    /// Where the device has no room, there is no layer, `hidden` is 0, or `dropout` is no probability.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::dynamic::{Lstm, RecurrentOptions};
    /// let options = RecurrentOptions { num_layers: 2, dropout: 0.1, ..Default::default() };
    /// let layer = Lstm::<f32>::with(&Device::cpu(), Seed(0), 3, 4, options)?;
    /// assert_eq!(layer.layers()[1].weight_ih.sizes(), [16, 4]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn with(device: &Device, seed: Seed, inputs: usize, hidden: usize, options: RecurrentOptions) -> Result<Self> {
        let stack = Stack::new(device, seed, [inputs, hidden, 4], None, options)?;
        Ok(Self { stack })
    }

    /// The same with a state of `projected` features, which are made of the `hidden` ones; the cell keeps these. PyTorch's `proj_size`.
    ///
    /// H. Sak et al., *Long short-term memory based recurrent neural network architectures for large vocabulary speech recognition*, 2014.
    ///
    /// # Errors
    /// As [`with`](Self::with), or where `projected` is not from 1 to `hidden - 1`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::dynamic::{Lstm, RecurrentOptions};
    /// let layer = Lstm::projected(&Device::cpu(), Seed(0), 3, 8, 2, RecurrentOptions::default())?;
    /// let (states, (_, c)) = layer.forward(&Tensor::<Dynamic>::randn(&[5, 1, 3], 1)?, None)?;
    /// assert_eq!((states.sizes(), c.sizes()), (&[5, 1, 2][..], &[1, 1, 8][..]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
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
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let layer = tensor::dynamic::Lstm::new(&Device::cpu(), Seed(0), 3, 4)?;
    /// let x = Tensor::<Dynamic>::randn(&[6, 2, 3], 1)?;
    /// let (whole, _) = layer.forward(&x, None)?;
    /// let (_, (h, c)) = layer.forward(&x.narrow(0, 0, 4)?, None)?;
    /// let (rest, _) = layer.forward(&x.narrow(0, 4, 2)?, Some((&h, &c)))?;
    /// assert!(rest.sub(&whole.narrow(0, 4, 2)?)?.abs().max().item()? < 1e-6);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn forward(&self, x: &Tensor<Dynamic, T>, state: Option<StateAndCell<'_, T>>) -> Result<WithCell<T>> {
        functional::lstm(x, state, &self.stack.weights(), self.stack.call())
    }
}
