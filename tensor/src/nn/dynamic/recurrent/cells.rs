//! Steps of recurrent layers.

use crate::device::Device;
use crate::element::Float;
use crate::error::Result;
use crate::functional::{self, Nonlinearity, RecurrentWeights, StateAndCell};
use crate::nn::Parameter;
use crate::nn::dynamic::{arguments, fresh, members};
use crate::nn::recurrent::RecurrentLayer;
use crate::random::seed::Seed;
use crate::shape::Dynamic;
use crate::tensors::Tensor;

macro_rules! cell {
    ($(#[$doc:meta])* $Name:ident, $gates:literal, { $($field:ident: $Field:ty),* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $Name<T: Float = f32> {
            /// `[gates * hidden, inputs]`.
            pub weight_ih: Parameter<Dynamic, T>,
            /// `[gates * hidden, hidden]`.
            pub weight_hh: Parameter<Dynamic, T>,
            /// `[gates * hidden]`.
            pub bias_ih: Option<Parameter<Dynamic, T>>,
            /// `[gates * hidden]`.
            pub bias_hh: Option<Parameter<Dynamic, T>>,
            $(
                /// What the sums are bent with.
                pub $field: $Field,
            )*
        }

        members!([T: Float] $Name<T> { weight_ih, weight_hh, bias_ih, bias_hh });

        impl<T: Float> $Name<T> {
            /// A cell with fresh parameters, uniform in `[-1 / sqrt(hidden), 1 / sqrt(hidden))`.
            ///
            /// # Errors
            /// Where the device has no room, or `hidden` is 0.
            pub fn new(device: &Device, seed: Seed, inputs: usize, hidden: usize) -> Result<Self> {
                Self::fresh(device, seed, inputs, hidden, true)
            }

            /// A cell without biases.
            ///
            /// # Errors
            /// Where the device has no room, or `hidden` is 0.
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("let cell = tensor::dynamic::", stringify!($Name), "::<f32>::without_bias(&Device::cpu(), Seed(0), 3, 4)?;")]
            /// assert!(cell.bias_ih.is_none());
            /// # Ok::<(), tensor::Error>(())
            /// ```
            pub fn without_bias(device: &Device, seed: Seed, inputs: usize, hidden: usize) -> Result<Self> {
                Self::fresh(device, seed, inputs, hidden, false)
            }

            fn fresh(device: &Device, seed: Seed, inputs: usize, hidden: usize, bias: bool) -> Result<Self> {
                arguments::state(hidden)?;
                fresh::<T, Self>(device, seed, &|builder| {
                    let RecurrentLayer {
                        weight_ih,
                        weight_hh,
                        bias_ih,
                        bias_hh,
                        weight_hr: _,
                    } = RecurrentLayer::built(builder, "", [inputs, hidden, $gates], None, bias);
                    Self {
                        weight_ih,
                        weight_hh,
                        bias_ih,
                        bias_hh,
                        $($field: Default::default(),)*
                    }
                })
            }

            fn weights(&self) -> RecurrentWeights<'_, T> {
                RecurrentWeights {
                    input: &self.weight_ih,
                    hidden: &self.weight_hh,
                    bias: match (&self.bias_ih, &self.bias_hh) {
                        (Some(input), Some(hidden)) => Some([input, hidden]),
                        _ => None,
                    },
                    projection: None,
                }
            }
        }
    };
}

cell! {
    /// One step of [`Rnn`](super::Rnn): `h' = f(W_ih x + b_ih + W_hh h + b_hh)`, with `x` of `[batch, inputs]` or `[inputs]`. PyTorch's `RNNCell`.
    ///
    /// ```
    /// use tensor::dynamic::RnnCell;
    /// use tensor::prelude::*;
    /// let cell = RnnCell::new(&Device::cpu(), Seed(0), 3, 4)?;
    /// let x = Tensor::<Dynamic>::randn(&[2, 3], 1)?;
    /// let state = cell.forward(&x, None)?;
    /// assert_eq!(cell.forward(&x, Some(&state))?.sizes(), [2, 4]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    RnnCell, 1, { nonlinearity: Nonlinearity }
}

cell! {
    /// One step of [`Gru`](super::Gru), with `x` of `[batch, inputs]` or `[inputs]`. PyTorch's `GRUCell`.
    ///
    /// ```
    /// use tensor::dynamic::GruCell;
    /// use tensor::prelude::*;
    /// let cell = GruCell::new(&Device::cpu(), Seed(0), 3, 4)?;
    /// assert_eq!(cell.weight_hh.sizes(), [12, 4]);
    /// assert_eq!(cell.forward(&Tensor::<Dynamic>::randn(&[2, 3], 1)?, None)?.sizes(), [2, 4]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    GruCell, 3, {}
}

cell! {
    /// One step of [`Lstm`](super::Lstm), with `x` of `[batch, inputs]` or `[inputs]`. PyTorch's `LSTMCell`.
    ///
    /// ```
    /// use tensor::dynamic::LstmCell;
    /// use tensor::prelude::*;
    /// let cell = LstmCell::new(&Device::cpu(), Seed(0), 3, 4)?;
    /// let (h, c) = cell.forward(&Tensor::<Dynamic>::randn(&[2, 3], 1)?, None)?;
    /// assert_eq!((h.sizes(), c.sizes()), (&[2, 4][..], &[2, 4][..]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    LstmCell, 4, {}
}

impl<T: Float> RnnCell<T> {
    /// The same with another function for the sums.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::dynamic::RnnCell;
    /// use tensor::functional::Nonlinearity;
    /// let cell = RnnCell::new(&Device::cpu(), Seed(0), 3, 4)?.nonlinearity(Nonlinearity::Relu);
    /// let state = cell.forward(&Tensor::<Dynamic>::randn(&[2, 3], 1)?, None)?;
    /// assert!(state.min().item()? >= 0.);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn nonlinearity(self, nonlinearity: Nonlinearity) -> Self {
        Self { nonlinearity, ..self }
    }

    /// The next state, after `state` or zeros.
    ///
    /// # Errors
    /// Where sizes do not fit.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::dynamic::RnnCell;
    /// let cell = RnnCell::new(&Device::cpu(), Seed(0), 3, 4)?;
    /// let x = Tensor::<Dynamic>::randn(&[5, 2, 3], 1)?;
    /// let mut state = Tensor::zeros_of(&[2, 4])?;
    /// for step in 0..5 {
    ///     state = cell.forward(&x.select(0, step)?, Some(&state))?;
    /// }
    /// assert_eq!(state.sizes(), [2, 4]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn forward(&self, x: &Tensor<Dynamic, T>, state: Option<&Tensor<Dynamic, T>>) -> Result<Tensor<Dynamic, T>> {
        functional::rnn_cell(x, state, self.weights(), self.nonlinearity)
    }
}

impl<T: Float> GruCell<T> {
    /// The next state, after `state` or zeros.
    ///
    /// # Errors
    /// Where sizes do not fit.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::dynamic::GruCell;
    /// let cell = GruCell::new(&Device::cpu(), Seed(0), 3, 4)?;
    /// let x = Tensor::<Dynamic>::randn(&[5, 2, 3], 1)?;
    /// let mut state = Tensor::zeros_of(&[2, 4])?;
    /// for step in 0..5 {
    ///     state = cell.forward(&x.select(0, step)?, Some(&state))?;
    /// }
    /// assert_eq!(state.sizes(), [2, 4]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn forward(&self, x: &Tensor<Dynamic, T>, state: Option<&Tensor<Dynamic, T>>) -> Result<Tensor<Dynamic, T>> {
        functional::gru_cell(x, state, self.weights())
    }
}

impl<T: Float> LstmCell<T> {
    /// The next state and cell, after `state` or zeros.
    ///
    /// # Errors
    /// Where sizes do not fit.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::dynamic::LstmCell;
    /// let cell = LstmCell::new(&Device::cpu(), Seed(0), 3, 4)?;
    /// let x = Tensor::<Dynamic>::randn(&[5, 2, 3], 1)?;
    /// let (mut h, mut c) = (Tensor::zeros_of(&[2, 4])?, Tensor::zeros_of(&[2, 4])?);
    /// for step in 0..5 {
    ///     (h, c) = cell.forward(&x.select(0, step)?, Some((&h, &c)))?;
    /// }
    /// assert_eq!(h.sizes(), [2, 4]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn forward(
        &self,
        x: &Tensor<Dynamic, T>,
        state: Option<StateAndCell<'_, T>>,
    ) -> Result<(Tensor<Dynamic, T>, Tensor<Dynamic, T>)> {
        functional::lstm_cell(x, state, self.weights())
    }
}
