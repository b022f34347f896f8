//! Facts of several elementwise operations in a row, which run as one loop.

use crate::{Saves, Unary};

/// What the backward of the whole chain needs.
///
/// The output is enough where one operation's derivative is known from it and only dropout follows, whose mask is computed
/// again. Any longer chain keeps its input, from which the values between are computed again block by block.
pub fn saves(chain: &[Unary]) -> Saves {
    let is_dropout = |op: &Unary| matches!(op, Unary::Dropout { .. });
    match chain {
        [op] => op.saves(),
        // It divides by its output, which a dropout makes 0.
        [Unary::Sqrt, dropouts @ ..] if dropouts.iter().all(is_dropout) => Saves::Input,
        [op, dropouts @ ..] if dropouts.iter().all(is_dropout) => op.saves(),
        _ if chain.iter().all(|op| op.saves() == Saves::Nothing) => Saves::Nothing,
        _ => Saves::Input,
    }
}

/// The chain as the printed graph names it: `relu + dropout(0.5)`.
pub fn text(chain: &[Unary]) -> String {
    chain.iter().map(name).collect::<Vec<_>>().join(" + ")
}

fn name(op: &Unary) -> String {
    match op {
        Unary::Relu => "relu".to_owned(),
        Unary::LeakyRelu { slope } => format!("leaky_relu({slope:?})"),
        Unary::Tanh => "tanh".to_owned(),
        Unary::Sigmoid => "sigmoid".to_owned(),
        Unary::Gelu => "gelu".to_owned(),
        Unary::GeluTanh => "gelu(approximate = tanh)".to_owned(),
        Unary::Silu => "silu".to_owned(),
        Unary::Elu { alpha } => format!("elu({alpha:?})"),
        Unary::Softplus { beta, threshold } => format!("softplus({beta:?}, {threshold:?})"),
        Unary::Neg => "neg".to_owned(),
        Unary::Abs => "abs".to_owned(),
        Unary::Square => "square".to_owned(),
        Unary::Sqrt => "sqrt".to_owned(),
        Unary::Recip => "recip".to_owned(),
        Unary::Exp => "exp".to_owned(),
        Unary::Log => "log".to_owned(),
        Unary::Sin => "sin".to_owned(),
        Unary::Cos => "cos".to_owned(),
        Unary::Erf => "erf".to_owned(),
        Unary::Sign => "sign".to_owned(),
        Unary::Affine { scale, shift } => format!("affine({scale:?}, {shift:?})"),
        Unary::Powf { exponent } => format!("powf({exponent:?})"),
        Unary::Dropout { p, .. } => format!("dropout({p:?})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DROPOUT: Unary = Unary::Dropout { p: 0.5, layer: 0 };

    #[test]
    fn a_chain_keeps_no_more_than_it_must() {
        assert_eq!(saves(&[Unary::Relu]), Saves::Output);
        assert_eq!(saves(&[Unary::Relu, DROPOUT]), Saves::Output);
        assert_eq!(saves(&[Unary::Sqrt]), Saves::Output);
        assert_eq!(saves(&[Unary::Sqrt, DROPOUT]), Saves::Input);
        assert_eq!(saves(&[DROPOUT, Unary::Relu]), Saves::Input);
        assert_eq!(saves(&[Unary::Tanh, Unary::Sigmoid]), Saves::Input);
        assert_eq!(saves(&[Unary::Gelu, DROPOUT]), Saves::Input);
        assert_eq!(saves(&[DROPOUT, DROPOUT]), Saves::Nothing);
    }
}
