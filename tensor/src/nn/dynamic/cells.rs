//! Steps of recurrent layers.

use crate::device::Device;
use crate::element::Float;
use crate::error::Result;
use crate::functional::{self, Nonlinearity, RecurrentWeights};
use crate::nn::Parameter;
use crate::nn::dynamic::recurrent::{RecurrentLayer, hidden_size};
use crate::nn::dynamic::{fresh, members};
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
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("let cell = tensor::dynamic::", stringify!($Name), "::<f32>::without_bias(&Device::cpu(), Seed(0), 3, 4)?;")]
            /// assert!(cell.bias_ih.is_none() && cell.bias_hh.is_none());
            /// # Ok::<(), tensor::Error>(())
            /// ```
            ///
            /// # Errors
            /// Where the device has no room, or `hidden` is 0.
            pub fn without_bias(device: &Device, seed: Seed, inputs: usize, hidden: usize) -> Result<Self> {
                Self::fresh(device, seed, inputs, hidden, false)
            }

            fn fresh(device: &Device, seed: Seed, inputs: usize, hidden: usize, bias: bool) -> Result<Self> {
                hidden_size(hidden)?;
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
    /// use tensor::dynamic::RnnCell;
    /// use tensor::functional::Nonlinearity;
    /// use tensor::prelude::*;
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
    /// ```
    /// use tensor::dynamic::RnnCell;
    /// use tensor::prelude::*;
    /// let mut cell = RnnCell::without_bias(&Device::cpu(), Seed(0), 1, 1)?;
    /// cell.weight_ih.set(&tensor![[1.]].into_dynamic())?;
    /// cell.weight_hh.set(&tensor![[2.]].into_dynamic())?;
    /// let (x, state) = (tensor![[0.5]].into_dynamic(), tensor![[0.25]].into_dynamic());
    /// tensor::testing::assert_close(&cell.forward(&x, Some(&state))?, &tensor![[1f32.tanh()]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where sizes do not fit.
    pub fn forward(&self, x: &Tensor<Dynamic, T>, state: Option<&Tensor<Dynamic, T>>) -> Result<Tensor<Dynamic, T>> {
        functional::rnn_cell(x, state, self.weights(), self.nonlinearity)
    }
}

impl<T: Float> GruCell<T> {
    /// The next state, after `state` or zeros.
    ///
    /// ```
    /// use tensor::dynamic::GruCell;
    /// use tensor::prelude::*;
    /// let mut cell = GruCell::without_bias(&Device::cpu(), Seed(0), 1, 1)?;
    /// cell.weight_ih.set(&Tensor::zeros_of(&[3, 1])?)?;
    /// cell.weight_hh.set(&Tensor::zeros_of(&[3, 1])?)?;
    /// let (x, state) = (tensor![[5.]].into_dynamic(), tensor![[4.]].into_dynamic());
    /// assert_eq!(cell.forward(&x, Some(&state))?.to_vec()?, [2.]); // Half of the state stays.
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where sizes do not fit.
    pub fn forward(&self, x: &Tensor<Dynamic, T>, state: Option<&Tensor<Dynamic, T>>) -> Result<Tensor<Dynamic, T>> {
        functional::gru_cell(x, state, self.weights())
    }
}

impl<T: Float> LstmCell<T> {
    /// The next state and cell, after `state` or zeros.
    ///
    /// ```
    /// use tensor::dynamic::LstmCell;
    /// use tensor::prelude::*;
    /// let mut cell = LstmCell::without_bias(&Device::cpu(), Seed(0), 1, 1)?;
    /// cell.weight_ih.set(&Tensor::zeros_of(&[4, 1])?)?;
    /// cell.weight_hh.set(&Tensor::zeros_of(&[4, 1])?)?;
    /// let (x, one) = (tensor![[5.]].into_dynamic(), tensor![[1.]].into_dynamic());
    /// let (h, c) = cell.forward(&x, Some((&one, &one)))?;
    /// assert_eq!(c.to_vec()?, [0.5]); // Half of the cell stays.
    /// tensor::testing::assert_close(&h, &tensor![[0.5 * 0.5f32.tanh()]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where sizes do not fit.
    pub fn forward(
        &self,
        x: &Tensor<Dynamic, T>,
        state: Option<(&Tensor<Dynamic, T>, &Tensor<Dynamic, T>)>,
    ) -> Result<(Tensor<Dynamic, T>, Tensor<Dynamic, T>)> {
        functional::lstm_cell(x, state, self.weights())
    }
}
