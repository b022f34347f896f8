//! What people call the operations on elements: the names of the methods.

use crate::{Binary, Compare, Reduce, Unary};

impl Unary {
    /// The name, without attributes.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Relu => "relu",
            Self::LeakyRelu { .. } => "leaky_relu",
            Self::Tanh => "tanh",
            Self::Sigmoid => "sigmoid",
            Self::Gelu => "gelu",
            Self::GeluTanh => "gelu_tanh",
            Self::Silu => "silu",
            Self::Elu { .. } => "elu",
            Self::Softplus { .. } => "softplus",
            Self::Neg => "neg",
            Self::Abs => "abs",
            Self::Square => "square",
            Self::Sqrt => "sqrt",
            Self::Recip => "reciprocal",
            Self::Exp => "exp",
            Self::Log => "log",
            Self::Sin => "sin",
            Self::Cos => "cos",
            Self::Erf => "erf",
            Self::Sign => "sign",
            Self::Affine { .. } => "affine",
            Self::Powf { .. } => "pow",
            Self::Dropout { .. } => "dropout",
        }
    }
}

impl Binary {
    /// The name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Sub => "sub",
            Self::Mul => "mul",
            Self::Div => "div",
            Self::Pow => "pow",
            Self::Maximum => "maximum",
            Self::Minimum => "minimum",
        }
    }
}

impl Reduce {
    /// The name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Mean => "mean",
            Self::Max => "max",
            Self::Min => "min",
            Self::Prod => "prod",
        }
    }
}

impl Compare {
    /// The name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Lt => "lt",
            Self::Le => "le",
            Self::Gt => "gt",
            Self::Ge => "ge",
        }
    }
}
