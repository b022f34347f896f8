//! What cells of recurrent layers have learned.

use std::marker::PhantomData;

use crate::element::Float;
use crate::nn::recurrent::RecurrentLayer;
use crate::nn::{Builder, Module, Parameter, Walk};
use crate::shape::{Dim, Dynamic, settled};

macro_rules! cell {
    ($($Name:ident $name:literal $torch:literal $layer:literal $gates:literal $call:literal $states:literal;)*) => {
        $(
            #[doc = concat!("What `", $name, "` has learned: one step of [`", $layer, "`](super::", $layer, "). PyTorch's `", $torch, "`.")]
            ///
            #[doc = concat!("`[batch, In]` becomes the state `[batch, Hidden]`; in a forward `", $call, "`, with ", $states, " of `[Hidden]` each, zeros where none is given.")]
            /// Parameters are uniform in `[-1 / sqrt(Hidden), 1 / sqrt(Hidden))` and under PyTorch's names.
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("net! { type Net = ", $name, "(3, 4) }")]
            /// let net = Net::new(&Device::cpu(), Seed(0));
            #[doc = concat!("assert_eq!(net.0.weight_hh.sizes(), [", $gates, " * 4, 4]);")]
            /// assert_eq!(net.infer(&Tensor::<dims![2, 3]>::zeros()).sizes(), [2, 4]);
            /// ```
            #[derive(Clone, Debug)]
            pub struct $Name<In: Dim, Hidden: Dim, T: Float = f32, const BIAS: bool = true> {
                #[doc = concat!("`[", $gates, " * Hidden, In]`.")]
                pub weight_ih: Parameter<Dynamic, T>,
                #[doc = concat!("`[", $gates, " * Hidden, Hidden]`.")]
                pub weight_hh: Parameter<Dynamic, T>,
                #[doc = concat!("`[", $gates, " * Hidden]`.")]
                pub bias_ih: Option<Parameter<Dynamic, T>>,
                #[doc = concat!("`[", $gates, " * Hidden]`.")]
                pub bias_hh: Option<Parameter<Dynamic, T>>,
                types: PhantomData<fn() -> (In, Hidden)>,
            }

            impl<In: Dim, Hidden: Dim, T: Float, const BIAS: bool> Module<T> for $Name<In, Hidden, T, BIAS> {
                fn build(builder: &mut Builder<'_>) -> Self {
                    let (inputs, hidden) = const { (settled::<In>(), settled::<Hidden>()) };
                    let layer = RecurrentLayer::built(builder, "", [inputs, hidden, $gates], None, BIAS);
                    Self {
                        weight_ih: layer.weight_ih,
                        weight_hh: layer.weight_hh,
                        bias_ih: layer.bias_ih,
                        bias_hh: layer.bias_hh,
                        types: PhantomData,
                    }
                }

                fn visit(&self, walk: &mut Walk<'_>) {
                    walk.parameter("weight_ih", &self.weight_ih);
                    walk.parameter("weight_hh", &self.weight_hh);
                    let biases = [("bias_ih", &self.bias_ih), ("bias_hh", &self.bias_hh)];
                    for (name, bias) in biases {
                        bias.iter().for_each(|bias| walk.parameter(name, bias));
                    }
                }
            }
        )*
    };
}

cell! {
    RnnCell "rnn_cell" "RNNCell" "Rnn" 1 "let h = cell(x, h);" "a state";
    LstmCell "lstm_cell" "LSTMCell" "Lstm" 4 "let (h, c) = cell(x, h, c);" "state and cell";
    GruCell "gru_cell" "GRUCell" "Gru" 3 "let h = cell(x, h);" "a state";
}
