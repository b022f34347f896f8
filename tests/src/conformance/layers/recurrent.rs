//! Recurrent layers and their cells.

use tensor::functional::Nonlinearity;
use tensor::{Dynamic, Float, Seed, Tensor, dynamic};

use super::{Made, New, module};
use crate::conformance::any::Listed;
use crate::conformance::{Call, IntoAnswer, Refusal};

/// Makes a layer of this family.
pub fn build<T: Float + Listed>(new: &New<'_>) -> Result<Box<dyn Made>, Refusal> {
    let (call, device, seed) = (&new.call, &new.device, Seed(0));
    let class = new.class();
    if !["RNN", "LSTM", "GRU", "RNNCell", "LSTMCell", "GRUCell"].contains(&class) {
        return Err(Refusal::Unknown);
    }
    let (inputs, hidden) = (call.size(0, "input_size")?, call.size(1, "hidden_size")?);
    // `LSTM` and `GRU` have something else there.
    let place = if class.starts_with("RNN") { 3 } else { usize::MAX };
    let nonlinearity = match call.text_or(place, "nonlinearity", "tanh")? {
        "relu" => Nonlinearity::Relu,
        _ => Nonlinearity::Tanh,
    };
    if !class.ends_with("Cell") {
        return layers::<T>(new, [inputs, hidden], nonlinearity);
    }
    let bias = call.bool_or(2, "bias", true)?;
    match class {
        "RNNCell" => {
            let made = match bias {
                true => dynamic::RnnCell::new(device, seed, inputs, hidden)?,
                false => dynamic::RnnCell::without_bias(device, seed, inputs, hidden)?,
            };
            module::<T, _, _>(new, made.nonlinearity(nonlinearity), |layer, call| {
                let (x, state) = (call.tensor(0, "input")?, state::<T>(call)?);
                layer.forward(x.typed::<T>()?, state.first()).into_answer()
            })
        }
        "GRUCell" => {
            let made = match bias {
                true => dynamic::GruCell::new(device, seed, inputs, hidden)?,
                false => dynamic::GruCell::without_bias(device, seed, inputs, hidden)?,
            };
            module::<T, _, _>(new, made, |layer, call| {
                let (x, state) = (call.tensor(0, "input")?, state::<T>(call)?);
                layer.forward(x.typed::<T>()?, state.first()).into_answer()
            })
        }
        _ => {
            let made = match bias {
                true => dynamic::LstmCell::new(device, seed, inputs, hidden)?,
                false => dynamic::LstmCell::without_bias(device, seed, inputs, hidden)?,
            };
            module::<T, _, _>(new, made, |layer, call| {
                let (x, state) = (call.tensor(0, "input")?, state::<T>(call)?);
                layer.forward(x.typed::<T>()?, both(&state)).into_answer()
            })
        }
    }
}

fn layers<T: Float + Listed>(
    new: &New<'_>,
    [inputs, hidden]: [usize; 2],
    nonlinearity: Nonlinearity,
) -> Result<Box<dyn Made>, Refusal> {
    let (call, device, seed) = (&new.call, &new.device, Seed(0));
    let first = if new.class() == "RNN" { 4 } else { 3 };
    let options = dynamic::RecurrentOptions {
        num_layers: call.int_or(2, "num_layers", 1)? as usize,
        bias: call.bool_or(first, "bias", true)?,
        batch_first: call.bool_or(first + 1, "batch_first", false)?,
        dropout: call.float_or(first + 2, "dropout", 0.0)?,
        bidirectional: call.bool_or(first + 3, "bidirectional", false)?,
    };
    match new.class() {
        "RNN" => {
            let made = dynamic::Rnn::with(device, seed, inputs, hidden, nonlinearity, options)?;
            module::<T, _, _>(new, made, |layer, call| {
                let (x, state) = (call.tensor(0, "input")?, state::<T>(call)?);
                layer.forward(x.typed::<T>()?, state.first()).into_answer()
            })
        }
        "GRU" => {
            let made = dynamic::Gru::with(device, seed, inputs, hidden, options)?;
            module::<T, _, _>(new, made, |layer, call| {
                let (x, state) = (call.tensor(0, "input")?, state::<T>(call)?);
                layer.forward(x.typed::<T>()?, state.first()).into_answer()
            })
        }
        _ => {
            let made = match call.int_or(7, "proj_size", 0)? {
                0 => dynamic::Lstm::with(device, seed, inputs, hidden, options)?,
                projected => dynamic::Lstm::projected(device, seed, inputs, hidden, projected as usize, options)?,
            };
            module::<T, _, _>(new, made, |layer, call| {
                let (x, state) = (call.tensor(0, "input")?, state::<T>(call)?);
                layer.forward(x.typed::<T>()?, both(&state)).into_answer()
            })
        }
    }
}

/// The state that a call begins with: none, one tensor, or those of an LSTM.
fn state<T: Float + Listed>(call: &Call) -> Result<Vec<Tensor<Dynamic, T>>, Refusal> {
    let tensors = call.tensors(1, "hx")?;
    tensors.iter().map(|any| any.typed::<T>().cloned()).collect()
}

/// State and cell of an LSTM.
type Both<'a, T> = (&'a Tensor<Dynamic, T>, &'a Tensor<Dynamic, T>);

fn both<T: Float>(state: &[Tensor<Dynamic, T>]) -> Option<Both<'_, T>> {
    match state {
        [h, c] => Some((h, c)),
        _ => None,
    }
}
