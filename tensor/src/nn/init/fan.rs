//! How many elements of a layer's input make one of its output, and the other way round; how much an activation shrinks them.

use crate::error::{Error, Result};
use crate::layout::{describe, len};

/// What follows a layer. Each has a gain: by how much its output must be scaled up to have the variance of its input.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Nonlinearity {
    /// Nothing, or a convolution.
    Linear,
    /// `1 / (1 + exp(-x))`.
    Sigmoid,
    /// The hyperbolic tangent.
    Tanh,
    /// `max(x, 0)`.
    Relu,
    /// `x` where positive, a multiple of `x` elsewhere.
    LeakyRelu(f64),
    /// Klambauer et al., *Self-Normalizing Neural Networks*, 2017.
    Selu,
}

/// Which of the two variances stays: that of the values going forwards, or that of the gradients going backwards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fan {
    /// Forwards: elements of the input.
    #[default]
    In,
    /// Backwards: elements of the output.
    Out,
}

/// The gain of what follows: 1, `sqrt(2)` for relu, 5/3 for tanh, `sqrt(2 / (1 + slope^2))` for a leaky relu, 3/4 for selu.
///
/// ```
/// use tensor::init::{Nonlinearity, calculate_gain};
/// assert_eq!(calculate_gain(Nonlinearity::LeakyRelu(1.0)), 1.0);
/// assert_eq!(calculate_gain(Nonlinearity::Relu), 2f64.sqrt());
/// ```
pub fn calculate_gain(nonlinearity: Nonlinearity) -> f64 {
    match nonlinearity {
        Nonlinearity::Linear | Nonlinearity::Sigmoid => 1.0,
        Nonlinearity::Tanh => 5.0 / 3.0,
        Nonlinearity::Relu => 2f64.sqrt(),
        Nonlinearity::LeakyRelu(slope) => (2.0 / (1.0 + slope * slope)).sqrt(),
        Nonlinearity::Selu => 0.75,
    }
}

/// Elements of the input and of the output behind one another, for a weight `[out, in, ..]`.
pub(super) fn fans(operation: &'static str, sizes: &[usize]) -> Result<[f64; 2]> {
    let [out, input, window @ ..] = sizes else {
        return Err(Error::shape(operation, "two axes or more", describe(sizes)));
    };
    let window = len(window) as f64;
    Ok([*input as f64 * window, *out as f64 * window])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_counts_for_both() {
        assert_eq!(fans("test", &[8, 4, 3, 5]).unwrap(), [60.0, 120.0]);
        assert_eq!(fans("test", &[8, 4]).unwrap(), [4.0, 8.0]);
        assert!(fans("test", &[8]).is_err());
    }
}
