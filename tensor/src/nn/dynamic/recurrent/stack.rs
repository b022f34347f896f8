//! Layers one above the other, in one direction or both.

use crate::device::Device;
use crate::element::Float;
use crate::error::Result;
use crate::functional::{Recurrent, RecurrentWeights};
use crate::nn::dynamic::arguments::{self, probability};
use crate::nn::dynamic::{Member, fresh};
use crate::nn::recurrent::{RecurrentLayer, suffix};
use crate::nn::{Chance, Mode, Trainable, Walk};
use crate::random::seed::Seed;

/// The options of [`Rnn`](super::Rnn), [`Lstm`](super::Lstm) and [`Gru`](super::Gru).
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

impl<T: Float> RecurrentLayer<T> {
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

    pub(super) fn relocate(&mut self, device: Device) -> Result<()> {
        self.weight_ih.relocate(device)?;
        self.weight_hh.relocate(device)?;
        for part in [&mut self.bias_ih, &mut self.bias_hh, &mut self.weight_hr] {
            Member::relocate(part, device)?;
        }
        Ok(())
    }
}

/// What [`Rnn`](super::Rnn), [`Lstm`](super::Lstm) and [`Gru`](super::Gru) are made of.
#[derive(Clone, Debug)]
pub(super) struct Stack<T: Float> {
    pub(super) layers: Vec<RecurrentLayer<T>>,
    pub(super) options: RecurrentOptions,
    mode: Mode,
    chance: Chance,
}

impl<T: Float> Stack<T> {
    pub(super) fn new(
        device: &Device,
        seed: Seed,
        [inputs, hidden, gates]: [usize; 3],
        projected: Option<usize>,
        options: RecurrentOptions,
    ) -> Result<Self> {
        arguments::state(hidden)?;
        arguments::layers("num_layers", options.num_layers)?;
        probability("dropout", options.dropout)?;
        let directions = 1 + usize::from(options.bidirectional);
        let count = options.num_layers * directions;
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

    pub(super) fn weights(&self) -> Vec<RecurrentWeights<'_, T>> {
        self.layers.iter().map(RecurrentLayer::weights).collect()
    }

    /// The options of a call.
    pub(super) fn call(&self) -> Recurrent {
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
