//! Recurrent layers: a state that goes from step to step.

mod call;

use call::{Call, Weights};

use crate::element::Differentiable;
use crate::error::{Error, Result};
use crate::kernels::cells::Cell;
use crate::layout::describe;
use crate::ops::cast::wide;
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

/// The state and the cell of an LSTM.
pub type StateAndCell<'a, T> = (&'a Tensor<Dynamic, T>, &'a Tensor<Dynamic, T>);

/// What an LSTM gives: the states of all steps, and the last state and cell.
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
    state: Option<StateAndCell<'_, T>>,
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
    state: Option<StateAndCell<'_, T>>,
    weights: RecurrentWeights<'_, T>,
) -> Result<(Tensor<Dynamic, T>, Tensor<Dynamic, T>)> {
    let starts = [state.map(|state| state.0), state.map(|state| state.1)];
    one_step(("lstm_cell", Cell::Lstm), x, starts, weights)
}
