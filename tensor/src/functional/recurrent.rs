//! Recurrent layers: a state that goes from step to step.

use crate::element::Differentiable;
use crate::error::{Error, Result};
use crate::functional::dropout::dropped_at;
use crate::functional::linear::{apply as linear, dense};
use crate::kernels::cells::Cell;
use crate::layout::describe;
use crate::ops::cast::wide;
use crate::ops::join::{cat, stack};
use crate::ops::recurrent::{Recurrence, recurrence};
use crate::random::seed::Seed;
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;

/// What a plain recurrent layer bends its sums with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Nonlinearity {
    /// `tanh(x)`.
    #[default]
    Tanh,
    /// `max(x, 0)`.
    Relu,
}

impl From<Nonlinearity> for Cell {
    fn from(nonlinearity: Nonlinearity) -> Self {
        match nonlinearity {
            Nonlinearity::Tanh => Self::Tanh,
            Nonlinearity::Relu => Self::Relu,
        }
    }
}

/// The options of [`rnn`], [`lstm`] and [`gru`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Recurrent {
    /// Whether each layer goes through the steps in both directions, with weights for each. No.
    pub bidirectional: bool,
    /// Whether the first axis of input and output is that of the sequences and not that of the steps. No.
    pub batch_first: bool,
    /// With which probability what goes from layer to layer is dropped, and from which seed. Nothing is.
    pub dropout: Option<(f64, Seed)>,
}

/// The weights of a layer in one direction. `gates` is 1 for a plain layer, 4 for an LSTM (in the order input, forget, cell, output) and 3
/// for a GRU (reset, update, new).
#[derive(Clone, Copy, Debug)]
pub struct RecurrentWeights<'a, T: Differentiable> {
    /// `[gates * hidden, inputs]`; PyTorch's `weight_ih`.
    pub input: &'a Tensor<Dynamic, T>,
    /// `[gates * hidden, hidden]`, or `[gates * hidden, projected]`; PyTorch's `weight_hh`.
    pub hidden: &'a Tensor<Dynamic, T>,
    /// What is added to the products with `input` and `hidden`, each `[gates * hidden]`; PyTorch's `bias_ih` and `bias_hh`.
    pub bias: Option<[&'a Tensor<Dynamic, T>; 2]>,
    /// `[projected, hidden]`, for an LSTM alone; PyTorch's `weight_hr`.
    pub projection: Option<&'a Tensor<Dynamic, T>>,
}

/// The same without types.
struct Weights {
    input: Value,
    hidden: Value,
    bias: Option<[Value; 2]>,
    projection: Option<Value>,
}

impl<T: Differentiable> RecurrentWeights<'_, T> {
    fn values(&self) -> Weights {
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
struct Call<'a> {
    name: &'static str,
    kind: Cell,
    layers: &'a [Weights],
    options: Recurrent,
}

/// States, of all steps and the last ones, and the last cells of an LSTM; others have the last states there again.
struct Outcome {
    states: Value,
    last: Value,
    cells: Value,
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
            states: course.states,
            cells: course.cell.unwrap_or_else(|| course.last.clone()),
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
    fn of(&self, x: &Value, state: Option<&Value>, cell: Option<&Value>) -> Result<Outcome> {
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

/// An [`Outcome`], typed.
struct Typed<T: Differentiable> {
    states: Tensor<Dynamic, T>,
    last: Tensor<Dynamic, T>,
    cells: Tensor<Dynamic, T>,
}

fn call<T: Differentiable>(
    (name, kind): (&'static str, Cell),
    x: &Tensor<Dynamic, T>,
    [state, cell]: [Option<&Tensor<Dynamic, T>>; 2],
    weights: &[RecurrentWeights<'_, T>],
    options: Recurrent,
) -> Result<Typed<T>> {
    let layers: Vec<Weights> = weights.iter().map(RecurrentWeights::values).collect();
    let call = Call {
        name,
        kind,
        layers: &layers,
        options,
    };
    let [state, cell] = [state, cell].map(|start| start.map(|start| wide(start.value())));
    let out = call.of(&wide(x.value()), state.as_ref(), cell.as_ref())?;
    let narrow = |value: Value| Tensor::of(value.cast(T::DTYPE));
    Ok(Typed {
        states: narrow(out.states),
        last: narrow(out.last),
        cells: narrow(out.cells),
    })
}

/// A step of one layer, of `[batch, inputs]` or `[inputs]`.
fn one_step<T: Differentiable>(
    (name, kind): (&'static str, Cell),
    x: &Tensor<Dynamic, T>,
    starts: [Option<&Tensor<Dynamic, T>>; 2],
    weights: RecurrentWeights<'_, T>,
) -> Result<(Tensor<Dynamic, T>, Tensor<Dynamic, T>)> {
    if !matches!(x.sizes().len(), 1 | 2) {
        return Err(Error::shape(
            name,
            "an input of [batch, features] or [features]",
            describe(x.sizes()),
        ));
    }
    let as_one = |x: &Tensor<Dynamic, T>| -> Tensor<Dynamic, T> { Tensor::of(x.value().unsqueeze(0)) };
    let [state, cell] = starts.map(|start| start.map(as_one));
    for (start, given) in [(&state, starts[0]), (&cell, starts[1])] {
        if let (Some(start), Some(given)) = (start, given)
            && start.sizes().len() != x.sizes().len() + 1
        {
            let expected = format!("a state of as many axes as the input {}", describe(x.sizes()));
            return Err(Error::shape(name, expected, describe(given.sizes())));
        }
    }
    let out = call(
        (name, kind),
        &as_one(x),
        [state.as_ref(), cell.as_ref()],
        &[weights],
        Recurrent::default(),
    )?;
    let alone = |x: Tensor<Dynamic, T>| Tensor::of(x.value().squeeze(0));
    Ok((alone(out.last), alone(out.cells)))
}

/// The plain recurrent layer: `h' = f(W_ih x + b_ih + W_hh h + b_hh)` in each step, with `f` as tanh or relu.
///
/// `x` is `[steps, batch, inputs]` (`[batch, steps, inputs]` with `batch_first`) or `[steps, inputs]`, `state` and the second result
/// `[layers * directions, batch, hidden]`, without a state zeros; the first result has the states of the last layer in all steps,
/// `[steps, batch, directions * hidden]`. The weights go layer by layer, within a layer forward and reverse.
///
/// J. L. Elman, "Finding structure in time", 1990.
///
/// # Errors
/// Where sizes do not fit, there is no step, or the device has no kernel for it.
///
/// ```
/// use tensor::functional::{Nonlinearity, Recurrent, RecurrentWeights, rnn};
/// use tensor::prelude::*;
/// let one = Tensor::<Dynamic>::from_vec(vec![1.], &[1, 1])?;
/// let weights = RecurrentWeights { input: &one, hidden: &one, bias: None, projection: None };
/// let x = Tensor::from_vec(vec![1., 2., 3.], &[3, 1])?;
/// let (states, last) = rnn(&x, None, &[weights], Nonlinearity::Relu, Recurrent::default())?;
/// assert_eq!((states.to_vec()?, last.to_vec()?), (vec![1., 3., 6.], vec![6.]));
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn rnn<T: Differentiable>(
    x: &Tensor<Dynamic, T>,
    state: Option<&Tensor<Dynamic, T>>,
    weights: &[RecurrentWeights<'_, T>],
    nonlinearity: Nonlinearity,
    options: Recurrent,
) -> Result<(Tensor<Dynamic, T>, Tensor<Dynamic, T>)> {
    let out = call(("rnn", nonlinearity.into()), x, [state, None], weights, options)?;
    Ok((out.states, out.last))
}

/// The gated recurrent unit: `r = s(W_ir x + b_ir + W_hr h + b_hr)`, `z` likewise, `n = tanh(W_in x + b_in + r (W_hn h + b_hn))`,
/// `h' = (1 - z) n + z h` in each step.
///
/// Sizes are those of [`rnn`]; the gates lie in the order `r z n`.
///
/// K. Cho et al., "Learning phrase representations using RNN encoder-decoder for statistical machine translation", 2014, with the bias of
/// `W_hn` inside the product, as PyTorch has it.
///
/// # Errors
/// Where sizes do not fit, there is no step, or the device has no kernel for it.
///
/// ```
/// use tensor::functional::{Recurrent, RecurrentWeights, gru};
/// use tensor::prelude::*;
/// let zeros = Tensor::<Dynamic>::zeros_of(&[3, 1])?;
/// let weights = RecurrentWeights { input: &zeros, hidden: &zeros, bias: None, projection: None };
/// let (x, state) = (Tensor::from_vec(vec![1., 2.], &[2, 1])?, Tensor::from_vec(vec![8.], &[1, 1])?);
/// let (states, last) = gru(&x, Some(&state), &[weights], Recurrent::default())?;
/// assert_eq!((states.to_vec()?, last.to_vec()?), (vec![4., 2.], vec![2.])); // z is 1/2, n is 0
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn gru<T: Differentiable>(
    x: &Tensor<Dynamic, T>,
    state: Option<&Tensor<Dynamic, T>>,
    weights: &[RecurrentWeights<'_, T>],
    options: Recurrent,
) -> Result<(Tensor<Dynamic, T>, Tensor<Dynamic, T>)> {
    let out = call(("gru", Cell::Gru), x, [state, None], weights, options)?;
    Ok((out.states, out.last))
}

/// A tensor, and the state and cell of an LSTM.
pub type WithCell<T> = (Tensor<Dynamic, T>, (Tensor<Dynamic, T>, Tensor<Dynamic, T>));

/// Long short-term memory: with `s` the sigmoid, `i = s(W_ii x + b_ii + W_hi h + b_hi)`, `f` and `o` likewise, `g` likewise with tanh,
/// `c' = f c + i g`, `h' = o tanh(c')` in each step; with a projection `h' = W_hr (o tanh(c'))`.
///
/// `x` and the first result are as in [`rnn`]; state and cell come and go as `(h, c)`, of `[layers * directions, batch, hidden]`, the
/// state with a projection `[.., projected]`. The gates lie in the order `i f g o`.
///
/// S. Hochreiter and J. Schmidhuber, "Long short-term memory", 1997, with the forget gate of F. A. Gers et al., 2000.
///
/// # Errors
/// Where sizes do not fit, there is no step, or the device has no kernel for it.
///
/// ```
/// use tensor::functional::{Recurrent, RecurrentWeights, lstm};
/// use tensor::prelude::*;
/// let zeros = Tensor::<Dynamic>::zeros_of(&[4, 1])?;
/// let weights = RecurrentWeights { input: &zeros, hidden: &zeros, bias: None, projection: None };
/// let (x, one) = (Tensor::from_vec(vec![1., 2.], &[2, 1])?, Tensor::from_vec(vec![8.], &[1, 1])?);
/// let (states, (_, cell)) = lstm(&x, Some((&one, &one)), &[weights], Recurrent::default())?;
/// assert_eq!((states.sizes(), cell.to_vec()?), (&[2, 1][..], vec![2.])); // all gates are 1/2
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn lstm<T: Differentiable>(
    x: &Tensor<Dynamic, T>,
    state: Option<(&Tensor<Dynamic, T>, &Tensor<Dynamic, T>)>,
    weights: &[RecurrentWeights<'_, T>],
    options: Recurrent,
) -> Result<WithCell<T>> {
    let starts = [state.map(|state| state.0), state.map(|state| state.1)];
    let out = call(("lstm", Cell::Lstm), x, starts, weights, options)?;
    Ok((out.states, (out.last, out.cells)))
}

/// One step of [`rnn`]: `x` of `[batch, inputs]` or `[inputs]`, state and result of `[batch, hidden]` or `[hidden]`.
///
/// # Errors
/// Where sizes do not fit.
///
/// ```
/// use tensor::functional::{Nonlinearity, RecurrentWeights, rnn_cell};
/// use tensor::prelude::*;
/// let one = Tensor::<Dynamic>::from_vec(vec![1.], &[1, 1])?;
/// let weights = RecurrentWeights { input: &one, hidden: &one, bias: None, projection: None };
/// let state = rnn_cell(&Tensor::from(vec![1.]), Some(&Tensor::from(vec![2.])), weights, Nonlinearity::Relu)?;
/// assert_eq!(state.to_vec()?, [3.]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn rnn_cell<T: Differentiable>(
    x: &Tensor<Dynamic, T>,
    state: Option<&Tensor<Dynamic, T>>,
    weights: RecurrentWeights<'_, T>,
    nonlinearity: Nonlinearity,
) -> Result<Tensor<Dynamic, T>> {
    Ok(one_step(("rnn_cell", nonlinearity.into()), x, [state, None], weights)?.0)
}

/// One step of [`gru`]: `x` of `[batch, inputs]` or `[inputs]`, state and result of `[batch, hidden]` or `[hidden]`.
///
/// # Errors
/// Where sizes do not fit.
///
/// ```
/// use tensor::functional::{RecurrentWeights, gru_cell};
/// use tensor::prelude::*;
/// let zeros = Tensor::<Dynamic>::zeros_of(&[3, 1])?;
/// let weights = RecurrentWeights { input: &zeros, hidden: &zeros, bias: None, projection: None };
/// let state = gru_cell(&Tensor::from(vec![1.]), Some(&Tensor::from(vec![8.])), weights)?;
/// assert_eq!(state.to_vec()?, [4.]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn gru_cell<T: Differentiable>(
    x: &Tensor<Dynamic, T>,
    state: Option<&Tensor<Dynamic, T>>,
    weights: RecurrentWeights<'_, T>,
) -> Result<Tensor<Dynamic, T>> {
    Ok(one_step(("gru_cell", Cell::Gru), x, [state, None], weights)?.0)
}

/// One step of [`lstm`]: `x` of `[batch, inputs]` or `[inputs]`, state and cell of `[batch, hidden]` or `[hidden]`.
///
/// # Errors
/// Where sizes do not fit.
///
/// ```
/// use tensor::functional::{RecurrentWeights, lstm_cell};
/// use tensor::prelude::*;
/// let zeros = Tensor::<Dynamic>::zeros_of(&[4, 1])?;
/// let weights = RecurrentWeights { input: &zeros, hidden: &zeros, bias: None, projection: None };
/// let (one, eight) = (Tensor::from(vec![1.]), Tensor::from(vec![8.]));
/// let (_, cell) = lstm_cell(&one, Some((&one, &eight)), weights)?;
/// assert_eq!(cell.to_vec()?, [4.]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn lstm_cell<T: Differentiable>(
    x: &Tensor<Dynamic, T>,
    state: Option<(&Tensor<Dynamic, T>, &Tensor<Dynamic, T>)>,
    weights: RecurrentWeights<'_, T>,
) -> Result<(Tensor<Dynamic, T>, Tensor<Dynamic, T>)> {
    let starts = [state.map(|state| state.0), state.map(|state| state.1)];
    one_step(("lstm_cell", Cell::Lstm), x, starts, weights)
}
