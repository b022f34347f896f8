//! [`Recurrent`]: all steps of a recurrent layer in one direction.

use super::family::Family;
use super::{Features, Made, Needs};
use crate::{Misfit, Poly, Shape};

/// All steps of a recurrent layer in one direction: what the input gives to the gates becomes the states, `[batch, seq, gates hidden]` to
/// `[batch, seq, hidden]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recurrent {
    /// What a step does.
    pub cell: Cell,
    /// From the last step to the first.
    pub reverse: bool,
    /// Whether a number is added to what the state gives to each gate.
    pub bias: bool,
    /// Whether it begins with states that it is given, and of an LSTM cells, `[batch, hidden]` each, and not with zeros.
    pub starts: bool,
    /// Of an LSTM: whether it makes the cells too, `[batch, seq, 2, hidden]`.
    pub cells: bool,
}

/// What a recurrent layer does in a step. `a` is what the input gives to a gate, `b` what the state gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// `h' = tanh(a + b)` (Elman, "Finding structure in time", 1990).
    Tanh,
    /// `h' = max(a + b, 0)`.
    Relu,
    /// `c' = s(a_f + b_f) c + s(a_i + b_i) tanh(a_g + b_g)`, `h' = s(a_o + b_o) tanh(c')`, gates in the order `i f g o` (Hochreiter and
    /// Schmidhuber, "Long short-term memory", 1997).
    Lstm,
    /// `n = tanh(a_n + s(a_r + b_r) b_n)`, `h' = n + s(a_z + b_z) (h - n)`, gates in the order `r z n` (Cho et al., 2014).
    Gru,
}

impl Cell {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Tanh, Self::Relu, Self::Lstm, Self::Gru];

    /// The name that messages and tables have for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tanh => "rnn_tanh",
            Self::Relu => "rnn_relu",
            Self::Lstm => "lstm",
            Self::Gru => "gru",
        }
    }

    /// The number of gates.
    pub const fn gates(self) -> usize {
        match self {
            Self::Tanh | Self::Relu => 1,
            Self::Lstm => 4,
            Self::Gru => 3,
        }
    }

    /// How many numbers a feature keeps for the backward, beside the states.
    pub const fn kept(self) -> usize {
        match self {
            Self::Tanh | Self::Relu => 0,
            Self::Lstm | Self::Gru => 4,
        }
    }

    /// How many more numbers a feature has than its state.
    pub const fn cells(self) -> usize {
        match self {
            Self::Lstm => 1,
            Self::Tanh | Self::Relu | Self::Gru => 0,
        }
    }
}

impl Recurrent {
    /// How many numbers a feature has of what it makes for a step.
    pub const fn made_beside(&self) -> usize {
        if self.cells { 1 + self.cell.cells() } else { 1 }
    }

    fn hidden(&self, x: &Shape) -> Poly {
        x.features().divided(self.cell.gates() as u64).unwrap_or_default()
    }
}

impl Family for Recurrent {
    fn name(&self) -> &'static str {
        match self.cell {
            Cell::Tanh => "rnn_tanh_layer",
            Cell::Relu => "rnn_relu_layer",
            Cell::Lstm => "lstm_layer",
            Cell::Gru => "gru_layer",
        }
    }

    fn features(&self) -> Features {
        Features::Last
    }

    fn check_axes(&self, x: &Shape) -> Result<(), Misfit> {
        match x.axes().len() {
            3 => Ok(()),
            _ => Err(Misfit::Axes {
                needs: "[batch, seq, features]",
                found: x.clone(),
            }),
        }
    }

    fn inputs(&self) -> usize {
        let starts = if self.starts { 1 + self.cell.cells() } else { 0 };
        1 + starts
    }

    fn parameters(&self) -> &'static [&'static str] {
        if self.bias { &["weight", "bias"] } else { &["weight"] }
    }

    fn keeps(&self) -> bool {
        self.cell.kept() > 0
    }

    fn kept(&self, x: &Shape) -> Option<(&'static str, Shape)> {
        let numbers = (self.cell.kept() + self.cell.cells()) as u64;
        let shape = || Shape::new([x.rows(), &Poly::number(numbers) * &self.hidden(x)]);
        self.keeps().then(|| ("gates", shape()))
    }

    fn needs(&self) -> Needs {
        Needs {
            inputs: self.starts,
            output: true,
            parameters: true,
        }
    }

    fn made(&self, inputs: &[&Shape], _: &[&Shape]) -> Result<Made, Misfit> {
        self.check_axes(inputs[0])?;
        let states = inputs[0].with_features(self.hidden(inputs[0]));
        Ok(Made::plain(match self.made_beside() {
            1 => states,
            numbers => {
                let mut axes = states.axes().to_vec();
                axes.insert(2, Poly::number(numbers as u64));
                Shape::new(axes)
            }
        }))
    }

    fn flops(&self, inputs: &[&Shape], _: &[&Shape], made: &Shape) -> Poly {
        let (products, each) = (&Poly::number(2) * &made.features(), Poly::number(4));
        &(&products + &each) * &inputs[0].elements()
    }
}
