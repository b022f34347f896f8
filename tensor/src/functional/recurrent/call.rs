//! A call of a recurrent layer: its checks, layer by layer and direction by direction.

use super::{Recurrent, RecurrentWeights};
use crate::element::Differentiable;
use crate::error::{Error, Result};
use crate::functional::dropout::dropped_at;
use crate::functional::linear::{apply as linear, dense};
use crate::kernels::cells::Cell;
use crate::layout::describe;
use crate::ops::cast::wide;
use crate::ops::join::{cat, stack};
use crate::ops::recurrent::{Recurrence, recurrence};
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;

/// The same without types.
pub(super) struct Weights {
    input: Value,
    hidden: Value,
    bias: Option<[Value; 2]>,
    projection: Option<Value>,
}

impl<T: Differentiable> RecurrentWeights<'_, T> {
    pub(super) fn values(&self) -> Weights {
        let of = |x: &Tensor<Dynamic, T>| wide(x.value());
        Weights {
            input: of(self.input),
            hidden: of(self.hidden),
            bias: self.bias.map(|bias| bias.map(of)),
            projection: self.projection.map(of),
        }
    }
}

impl Weights {
    fn hidden_size(&self, kind: Cell) -> usize {
        self.input.sizes().first().map_or(0, |rows| rows / kind.gates())
    }

    /// How wide the state is.
    fn outputs(&self, kind: Cell) -> usize {
        match &self.projection {
            Some(projection) => projection.sizes().first().copied().unwrap_or(0),
            None => self.hidden_size(kind),
        }
    }

    /// That the sizes fit each other and an input of `inputs` features.
    fn check(&self, name: &'static str, kind: Cell, inputs: usize, device: &Value) -> Result<()> {
        let gates = kind.gates();
        let hidden = self.hidden_size(kind);
        let outputs = self.outputs(kind);
        let wrong = |expected: String, found: &Value| Err(Error::shape(name, expected, describe(found.sizes())));
        if hidden == 0 || self.input.sizes() != [gates * hidden, inputs] {
            let rows = if gates == 1 {
                "hidden".to_owned()
            } else {
                format!("{gates} * hidden")
            };
            return wrong(format!("a weight of [{rows}, {inputs}] for the input"), &self.input);
        }
        if self.hidden.sizes() != [gates * hidden, outputs] {
            return wrong(
                format!("a weight of [{}, {outputs}] for the state", gates * hidden),
                &self.hidden,
            );
        }
        if let Some(projection) = &self.projection {
            if kind != Cell::Lstm {
                return wrong("no projection, which only an lstm has".to_owned(), projection);
            }
            if projection.sizes() != [outputs, hidden] || outputs == 0 {
                return wrong(format!("a projection of [projected, {hidden}]"), projection);
            }
        }
        for bias in self.bias.iter().flatten() {
            if bias.sizes() != [gates * hidden] {
                return wrong(format!("a bias of [{}]", gates * hidden), bias);
            }
        }
        let all = [Some(&self.input), Some(&self.hidden), self.projection.as_ref()];
        for x in all.into_iter().flatten().chain(self.bias.iter().flatten()) {
            device.same_device(name, x)?;
        }
        Ok(())
    }
}

/// A call after its checks, with sequences.
pub(super) struct Call<'a> {
    pub(super) name: &'static str,
    pub(super) kind: Cell,
    pub(super) layers: &'a [Weights],
    pub(super) options: Recurrent,
}

/// States, of all steps and the last ones, and the last cells of an LSTM; others have the last states there again.
pub(super) struct Outcome {
    pub(super) states: Value,
    pub(super) last: Value,
    pub(super) cells: Value,
}

impl Call<'_> {
    fn directions(&self) -> usize {
        1 + usize::from(self.options.bidirectional)
    }

    /// One layer in one direction, over `[steps, rows, inputs]`.
    fn direction(&self, x: &Value, index: usize, start: [Option<Value>; 2]) -> Result<Outcome> {
        let weights = &self.layers[index];
        let (hidden, rows) = (weights.hidden_size(self.kind), x.sizes()[1]);
        let zeros = |width: usize| Value::filled(x.device(), x.dtype(), 0.0, &[rows, width]);
        // In a GRU the one of the state is multiplied by a gate.
        let (outer, inner) = match &weights.bias {
            None => (None, None),
            Some([input, hidden]) if self.kind == Cell::Gru => (Some(input.clone()), Some(dense(hidden))),
            Some([input, hidden]) => (Some(input.add(hidden)?), None),
        };
        let gates = linear(x, &weights.input, outer.as_ref())?;
        let [state, cell] = start;
        let state = state.unwrap_or_else(|| zeros(weights.outputs(self.kind)));
        let cell = (self.kind == Cell::Lstm).then(|| cell.unwrap_or_else(|| zeros(hidden)));
        let course = recurrence(
            &gates,
            Recurrence {
                kind: self.kind,
                reverse: self.options.bidirectional && index % 2 == 1,
                state: &state,
                cell: cell.as_ref(),
                weight: &weights.hidden,
                bias: inner.as_ref(),
                projection: weights.projection.as_ref(),
            },
        )?;
        Ok(Outcome {
            cells: course.cell().unwrap_or_else(|| course.last.clone()),
            states: course.states,
            last: course.last,
        })
    }

    /// All layers over `[steps, rows, inputs]`.
    fn run(&self, x: &Value, state: Option<&Value>, cell: Option<&Value>) -> Result<Outcome> {
        let directions = self.directions();
        let (mut x, mut last, mut cells) = (x.clone(), Vec::new(), Vec::new());
        for (layer, weights) in self.layers.chunks(directions).enumerate() {
            if let Some((p, seed)) = self.options.dropout.filter(|_| layer > 0) {
                x = dropped_at(&x, p, seed, layer as u32)?;
            }
            let inputs = x.sizes()[2];
            let mut states = Vec::new();
            for (direction, weights) in weights.iter().enumerate() {
                let index = layer * directions + direction;
                weights.check(self.name, self.kind, inputs, &x)?;
                let begin = [state, cell].map(|start| start.map(|start| start.index_axis(0, index)));
                let outcome = self.direction(&x, index, begin)?;
                states.push(outcome.states);
                last.push(outcome.last);
                cells.push(outcome.cells);
            }
            x = match &states[..] {
                [one] => one.clone(),
                both => cat(self.name, &both.iter().collect::<Vec<_>>(), 2)?,
            };
        }
        let all = |parts: &[Value]| stack(&parts.iter().collect::<Vec<_>>(), 0);
        let last = all(&last)?;
        Ok(Outcome {
            states: x,
            cells: match self.kind {
                Cell::Lstm => all(&cells)?,
                Cell::Tanh | Cell::Relu | Cell::Gru => last.clone(),
            },
            last,
        })
    }

    /// That there are as many layers as directions want, of one width.
    fn check(&self) -> Result<()> {
        let directions = self.directions();
        if self.layers.is_empty() || !self.layers.len().is_multiple_of(directions) {
            let expected = match directions {
                1 => "weights for one layer or more".to_owned(),
                _ => "two weights for each layer, one for each direction".to_owned(),
            };
            return Err(Error::argument("weights", expected, self.layers.len()));
        }
        let first = &self.layers[0];
        for weights in self.layers {
            let (hidden, outputs) = (first.hidden_size(self.kind), first.outputs(self.kind));
            if (weights.hidden_size(self.kind), weights.outputs(self.kind)) != (hidden, outputs) {
                return Err(Error::shape(
                    self.name,
                    format!("layers of {hidden} features, as the first has"),
                    describe(weights.input.sizes()),
                ));
            }
        }
        Ok(())
    }

    /// The whole call: with or without an axis of sequences, in either order of axes.
    pub(super) fn of(&self, x: &Value, state: Option<&Value>, cell: Option<&Value>) -> Result<Outcome> {
        self.check()?;
        let single = x.layout.rank() == 2;
        if !single && x.layout.rank() != 3 {
            let expected = match self.options.batch_first {
                true => "an input of [batch, steps, features] or [steps, features]",
                false => "an input of [steps, batch, features] or [steps, features]",
            };
            return Err(Error::shape(self.name, expected, describe(x.sizes())));
        }
        let sequences = match (single, self.options.batch_first) {
            (true, _) => x.unsqueeze(1),
            (false, true) => x.transpose(0, 1),
            (false, false) => x.clone(),
        };
        if sequences.sizes()[0] == 0 {
            return Err(Error::shape(self.name, "one step or more", describe(x.sizes())));
        }
        let first = &self.layers[0];
        let widths = [first.outputs(self.kind), first.hidden_size(self.kind)];
        let mut starts = [state, cell].map(|start| start.cloned());
        for (start, width) in starts.iter_mut().zip(widths) {
            let Some(start) = start else { continue };
            let rows = (!single).then_some(sequences.sizes()[1]);
            let expected: Vec<usize> = [self.layers.len()].into_iter().chain(rows).chain([width]).collect();
            if start.sizes() != expected {
                return Err(Error::shape(
                    self.name,
                    format!("a state of {}", describe(&expected)),
                    describe(start.sizes()),
                ));
            }
            x.same_device(self.name, start)?;
            if single {
                *start = start.unsqueeze(1);
            }
        }
        let [state, cell] = &starts;
        let mut out = self.run(&sequences, state.as_ref(), cell.as_ref())?;
        if single {
            out.last = out.last.squeeze(1);
            out.cells = out.cells.squeeze(1);
            out.states = out.states.squeeze(1);
        } else if self.options.batch_first {
            out.states = out.states.transpose(0, 1);
        }
        Ok(out)
    }
}
