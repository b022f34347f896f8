//! What recurrent layers have learned.

use std::marker::PhantomData;

use crate::element::Float;
use crate::nn::recurrent::{RecurrentLayer, suffix};
use crate::nn::{Builder, Module, Walk};
use crate::shape::{Dim, settled};

macro_rules! recurrent {
    ($($Name:ident $name:literal $gates:literal $rows:literal $formula:literal $source:literal $call:literal;)*) => {
        $(
            #[doc = concat!("What `", $name, "` has learned: ", $formula, " in each step.")]
            ///
            /// `[batch, seq, In]` becomes the states of the last layer, `[batch, seq, Hidden]`, or `2 Hidden` in both directions. Every layer and
            /// direction has parameters of its own, uniform in `[-1 / sqrt(Hidden), 1 / sqrt(Hidden))` and under PyTorch's names: `weight_ih_l0`,
            #[doc = concat!("`weight_hh_l0`, `bias_ih_l0`, `bias_hh_l0`, then those of `l0_reverse` and `l1`, each with ", $rows, ".")]
            #[doc = concat!($source, ".")]
            ///
            #[doc = concat!("In a forward `", $call, "` takes what it begins with and gives what it ends with, each `[num_layers * directions, Hidden]` behind")]
            /// the batch, which is PyTorch's order of axes with the batch in front; `x` alone begins with zeros.
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("net! { #[input(9, 3)] type Net = ", $name, "(3, 4, bidirectional = true) }")]
            /// let net = Net::new(&Device::cpu(), Seed(0));
            #[doc = concat!("assert_eq!(net.0.layers()[1].weight_hh.sizes(), [", $gates, " * 4, 4]);")]
            /// assert_eq!(net.infer(&Tensor::<dims![2, 9, 3]>::zeros()).sizes(), [2, 9, 8]);
            /// ```
            #[derive(Clone, Debug)]
            pub struct $Name<
                In: Dim,
                Hidden: Dim,
                T: Float = f32,
                const LAYERS: usize = 1,
                const BOTH: bool = false,
                const BIAS: bool = true,
            > {
                layers: Vec<RecurrentLayer<T>>,
                types: PhantomData<fn() -> (In, Hidden)>,
            }

            impl<In: Dim, Hidden: Dim, T: Float, const LAYERS: usize, const BOTH: bool, const BIAS: bool>
                $Name<In, Hidden, T, LAYERS, BOTH, BIAS>
            {
                const DIRECTIONS: usize = if BOTH { 2 } else { 1 };

                /// The parameters, layer by layer, and in each those of the forward direction first.
                ///
                /// ```
                /// use tensor::prelude::*;
                #[doc = concat!("net! { #[input(9, 3)] type Net = ", $name, "(3, 4, num_layers = 2) }")]
                /// let net = Net::new(&Device::cpu(), Seed(0));
                #[doc = concat!("assert_eq!(net.0.layers()[1].weight_ih.sizes(), [", $gates, " * 4, 4]);")]
                /// ```
                pub fn layers(&self) -> &[RecurrentLayer<T>] {
                    &self.layers
                }

                /// The same, to change.
                ///
                /// ```
                /// use tensor::prelude::*;
                #[doc = concat!("net! { #[input(9, 3)] type Net = ", $name, "(3, 4) }")]
                /// let mut net = Net::new(&Device::cpu(), Seed(0));
                #[doc = concat!("net.0.layers_mut()[0].weight_hh.set(&Tensor::zeros_of(&[", $gates, " * 4, 4])?)?;")]
                /// assert_eq!(net.0.layers()[0].weight_hh.max().item()?, 0.);
                /// # Ok::<(), tensor::Error>(())
                /// ```
                pub fn layers_mut(&mut self) -> &mut [RecurrentLayer<T>] {
                    &mut self.layers
                }
            }

            impl<In: Dim, Hidden: Dim, T: Float, const LAYERS: usize, const BOTH: bool, const BIAS: bool>
                Module<T> for $Name<In, Hidden, T, LAYERS, BOTH, BIAS>
            {
                fn build(builder: &mut Builder<'_>) -> Self {
                    let directions = Self::DIRECTIONS;
                    let mut layer = |index: usize| {
                        let (first, hidden) = const { (settled::<In>(), settled::<Hidden>()) };
                        let inputs = if index < directions { first } else { directions * hidden };
                        let sizes = [inputs, hidden, $gates];
                        RecurrentLayer::built(builder, &suffix(index, directions), sizes, None, BIAS)
                    };
                    Self {
                        layers: (0..LAYERS * directions).map(&mut layer).collect(),
                        types: PhantomData,
                    }
                }

                fn visit(&self, walk: &mut Walk<'_>) {
                    for (index, layer) in self.layers.iter().enumerate() {
                        layer.walk(&suffix(index, Self::DIRECTIONS), walk);
                    }
                }
            }
        )*
    };
}

recurrent! {
    Rnn "rnn" 1 "`Hidden` rows" "`h' = tanh(W_ih x + b_ih + W_hh h + b_hh)`, or with `relu`," "J. L. Elman, *Finding structure in time*, 1990" "let (y, h) = rnn(x, h);";
    Lstm "lstm" 4 "the rows of the gates in the order `i f g o`" "`c' = f c + i g`, `h' = o tanh(c')` with `i = sigmoid(W_ii x + b_ii + W_hi h + b_hi)`, `f` and `o` likewise, `g` likewise with tanh," "S. Hochreiter and J. Schmidhuber, *Long short-term memory*, 1997" "let (y, h, c) = lstm(x, h, c);";
    Gru "gru" 3 "the rows of the gates in the order `r z n`" "`h' = (1 - z) n + z h` with `r = sigmoid(W_ir x + b_ir + W_hr h + b_hr)`, `z` likewise, `n = tanh(W_in x + b_in + r (W_hn h + b_hn))`" "K. Cho et al., *Learning phrase representations using RNN encoder-decoder for statistical machine translation*, 2014" "let (y, h) = gru(x, h);";
}
