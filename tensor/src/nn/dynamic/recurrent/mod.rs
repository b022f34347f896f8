//! Recurrent layers.

mod cells;
mod layers;
mod stack;

pub use cells::{GruCell, LstmCell, RnnCell};
pub use layers::{Gru, Lstm, Rnn};
pub use stack::RecurrentOptions;

pub use crate::nn::recurrent::RecurrentLayer;
