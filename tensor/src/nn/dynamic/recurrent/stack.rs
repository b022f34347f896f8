//! Layers one above the other, in one direction or both.

use crate::device::Device;
use crate::element::Float;
use crate::error::Result;
use crate::functional::{Recurrent, RecurrentWeights};
use crate::nn::dynamic::arguments::{self, probability};
use crate::nn::dynamic::{Member, fresh};
use crate::nn::{Builder, Chance, Init, Mode, Parameter, Trainable, Walk};
use crate::random::seed::Seed;
use crate::shape::Dynamic;

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

/// What stands behind the names of a layer in one direction: `_l0`, `_l0_reverse`.
fn suffix(index: usize, directions: usize) -> String {
    let reverse = if index % directions == 1 { "_reverse" } else { "" };
    format!("_l{}{reverse}", index / directions)
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
