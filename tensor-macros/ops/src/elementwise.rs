//! The elementwise operations: one number in, one out ([`Unary`]); two in, one out ([`Binary`]).

/// An operation on every element by itself. Attributes are part of the operation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Unary {
    /// `max(x, 0)`; the gradient at 0 is 0.
    Relu,
    /// `x` where positive, `slope * x` elsewhere.
    LeakyRelu {
        /// The factor below zero.
        slope: f64,
    },
    /// The hyperbolic tangent.
    Tanh,
    /// `1 / (1 + exp(-x))`.
    Sigmoid,
    /// `x * Phi(x)` with the normal distribution's `Phi`, by `erf`.
    Gelu,
    /// The tanh form: `0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))`.
    GeluTanh,
    /// `x * sigmoid(x)`.
    Silu,
    /// `x` where positive, `alpha * (exp(x) - 1)` elsewhere.
    Elu {
        /// The negated limit at minus infinity.
        alpha: f64,
    },
    /// `log(1 + exp(beta * x)) / beta`, and `x` where `beta * x > threshold`.
    Softplus {
        /// The sharpness.
        beta: f64,
        /// Where it becomes the identity.
        threshold: f64,
    },
    /// `-x`.
    Neg,
    /// `|x|`; the gradient at 0 is 0.
    Abs,
    /// `x * x`.
    Square,
    /// The square root.
    Sqrt,
    /// `1 / x`.
    Recip,
    /// `e` to the power of `x`.
    Exp,
    /// The natural logarithm.
    Log,
    /// The sine, in radians.
    Sin,
    /// The cosine, in radians.
    Cos,
    /// The error function.
    Erf,
    /// -1, 0 or 1. It has no gradient that would teach anything, so it has none.
    Sign,
    /// `scale * x + shift`.
    Affine {
        /// The factor.
        scale: f64,
        /// What is added to the product.
        shift: f64,
    },
    /// `x` to a fixed power.
    Powf {
        /// The power.
        exponent: f64,
    },
    /// Keeps each element with probability `1 - p`, scaled by `1 / (1 - p)`; the mask is the `layer`-th stream of the pass.
    /// The identity in evaluation.
    Dropout {
        /// The probability with which an element becomes 0.
        p: f64,
        /// Which stream of random numbers.
        layer: u32,
    },
}

/// An operation on two elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binary {
    /// `a + b`.
    Add,
    /// `a - b`.
    Sub,
    /// `a * b`.
    Mul,
    /// `a / b`.
    Div,
    /// `a` to the power of `b`.
    Pow,
    /// The larger; NaN wins; at a tie each operand takes half of the gradient.
    Maximum,
    /// The smaller; NaN wins; at a tie each operand takes half of the gradient.
    Minimum,
}

/// A comparison of two elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// `a == b`.
    Eq,
    /// `a != b`.
    Ne,
    /// `a < b`.
    Lt,
    /// `a <= b`.
    Le,
    /// `a > b`.
    Gt,
    /// `a >= b`.
    Ge,
}

/// What a reduction makes of the elements along its axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reduce {
    /// The sum; of nothing 0.
    Sum,
    /// The mean; of nothing NaN.
    Mean,
    /// The largest; NaN wins.
    Max,
    /// The smallest; NaN wins.
    Min,
    /// The product; of nothing 1.
    Prod,
}

/// What the backward of an operation needs of its forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saves {
    /// Nothing: the derivative is the same everywhere, or its mask is computed again.
    Nothing,
    /// The output: the derivative is known from it.
    Output,
    /// The input.
    Input,
}

impl Unary {
    /// One of each, with some attributes where an operation has any.
    pub const ALL: [Self; 23] = [
        Self::Relu,
        Self::LeakyRelu { slope: 0.01 },
        Self::Tanh,
        Self::Sigmoid,
        Self::Gelu,
        Self::GeluTanh,
        Self::Silu,
        Self::Elu { alpha: 1.0 },
        Self::Softplus {
            beta: 1.0,
            threshold: 20.0,
        },
        Self::Neg,
        Self::Abs,
        Self::Square,
        Self::Sqrt,
        Self::Recip,
        Self::Exp,
        Self::Log,
        Self::Sin,
        Self::Cos,
        Self::Erf,
        Self::Sign,
        Self::Affine { scale: 2.0, shift: 1.0 },
        Self::Powf { exponent: 1.5 },
        Self::Dropout { p: 0.5, layer: 0 },
    ];

    /// What its backward needs.
    pub fn saves(&self) -> Saves {
        match self {
            Unary::Neg | Unary::Affine { .. } | Unary::Sign | Unary::Dropout { .. } => Saves::Nothing,
            Unary::Relu | Unary::Tanh | Unary::Sigmoid | Unary::Exp | Unary::Sqrt => Saves::Output,
            // Only while the output has the input's sign.
            Unary::LeakyRelu { slope } if *slope > 0.0 => Saves::Output,
            Unary::LeakyRelu { .. } => Saves::Input,
            // The output is near `-alpha` where the derivative is small: what is left of it there would be noise.
            Unary::Elu { .. } => Saves::Input,
            Unary::Gelu | Unary::GeluTanh | Unary::Silu | Unary::Softplus { .. } => Saves::Input,
            Unary::Abs | Unary::Square | Unary::Recip | Unary::Log | Unary::Sin | Unary::Cos => Saves::Input,
            Unary::Erf | Unary::Powf { .. } => Saves::Input,
        }
    }
}

impl Binary {
    /// One of each.
    pub const ALL: [Self; 7] = [
        Self::Add,
        Self::Sub,
        Self::Mul,
        Self::Div,
        Self::Pow,
        Self::Maximum,
        Self::Minimum,
    ];
}

impl Compare {
    /// One of each.
    pub const ALL: [Self; 6] = [Self::Eq, Self::Ne, Self::Lt, Self::Le, Self::Gt, Self::Ge];
}

impl Reduce {
    /// One of each.
    pub const ALL: [Self; 5] = [Self::Sum, Self::Mean, Self::Max, Self::Min, Self::Prod];
}

#[cfg(test)]
mod tests {
    use super::{Binary, Compare, Reduce, Saves, Unary};

    #[test]
    fn all_are_in_all() {
        // Each variant once: as many different ones as the last one's place says.
        let different = |names: &[&str]| names.iter().enumerate().all(|(i, name)| !names[..i].contains(name));
        assert!(different(&Unary::ALL.map(|op| op.name())));
        for (place, op) in Unary::ALL.into_iter().enumerate() {
            // A new operation has the compiler stop here: give it its place in `ALL`, and then here.
            let expected = match op {
                Unary::Relu => 0,
                Unary::LeakyRelu { .. } => 1,
                Unary::Tanh => 2,
                Unary::Sigmoid => 3,
                Unary::Gelu => 4,
                Unary::GeluTanh => 5,
                Unary::Silu => 6,
                Unary::Elu { .. } => 7,
                Unary::Softplus { .. } => 8,
                Unary::Neg => 9,
                Unary::Abs => 10,
                Unary::Square => 11,
                Unary::Sqrt => 12,
                Unary::Recip => 13,
                Unary::Exp => 14,
                Unary::Log => 15,
                Unary::Sin => 16,
                Unary::Cos => 17,
                Unary::Erf => 18,
                Unary::Sign => 19,
                Unary::Affine { .. } => 20,
                Unary::Powf { .. } => 21,
                Unary::Dropout { .. } => 22,
            };
            assert_eq!(place, expected);
        }
        assert!(different(&Binary::ALL.map(|op| op.name())));
        assert!(different(&Reduce::ALL.map(|op| op.name())));
        assert!(different(&Compare::ALL.map(|op| op.name())));
        assert_eq!(Compare::Ge as usize + 1, Compare::ALL.len());
        assert_eq!(Binary::Minimum as usize + 1, Binary::ALL.len());
        assert_eq!(Reduce::Prod as usize + 1, Reduce::ALL.len());
    }

    #[test]
    fn the_sign_of_the_rate_decides() {
        assert_eq!(Unary::LeakyRelu { slope: 0.01 }.saves(), Saves::Output);
        assert_eq!(Unary::LeakyRelu { slope: -0.5 }.saves(), Saves::Input);
    }
}
