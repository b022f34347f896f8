//! The functions of one number that only the tape knows: no layer is one, their gradients are written in operations.

/// A function of one number that only the tape knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Math {
    /// The largest whole number that is not above `x`.
    Floor,
    /// The smallest whole number that is not below `x`.
    Ceil,
    /// The nearest whole number; of two the even one.
    Round,
    /// The nearest number of so many decimals, of two the one that ends in an even digit.
    RoundTo {
        /// How many; negative ones are before the point.
        decimals: i32,
    },
    /// The whole number towards 0.
    Trunc,
    /// The tangent, in radians.
    Tan,
    /// The inverse of the sine.
    Asin,
    /// The inverse of the cosine.
    Acos,
    /// The inverse of the tangent.
    Atan,
    /// The hyperbolic sine.
    Sinh,
    /// The hyperbolic cosine.
    Cosh,
    /// The inverse of the hyperbolic sine.
    Asinh,
    /// The inverse of the hyperbolic cosine.
    Acosh,
    /// The inverse of the hyperbolic tangent.
    Atanh,
    /// 2 to the power of `x`.
    Exp2,
    /// `exp(x) - 1` without cancellation.
    Expm1,
    /// The logarithm to base 2.
    Log2,
    /// The logarithm to base 10.
    Log10,
    /// `log(1 + x)` without cancellation.
    Log1p,
    /// The logarithm of `1 / (1 + exp(-x))`.
    LogSigmoid,
    /// `log(x / (1 - x))`.
    Logit,
    /// `sin(pi x) / (pi x)`, 1 at 0.
    Sinc,
    /// `-x log(x)`, 0 at 0.
    Entr,
    /// The error function's complement, `1 - erf(x)`.
    Erfc,
    /// `exp(x^2) erfc(x)`.
    Erfcx,
    /// The inverse of the error function.
    Erfinv,
    /// The normal distribution's cumulative function.
    Ndtr,
    /// The logarithm of [`Math::Ndtr`].
    LogNdtr,
    /// The inverse of [`Math::Ndtr`].
    Ndtri,
    /// The logarithm of the absolute value of the gamma function.
    Lgamma,
    /// The derivative of the logarithm of the gamma function.
    Digamma,
    /// The derivative of that order of [`Math::Digamma`].
    Polygamma {
        /// The order.
        order: u32,
    },
    /// The logarithm of the gamma function of so many dimensions.
    Multigamma {
        /// The dimensions.
        p: u32,
    },
    /// The modified Bessel function of the first kind, of order 0.
    I0,
    /// `exp(-|x|) i0(x)`.
    I0e,
    /// The modified Bessel function of the first kind, of order 1.
    I1,
    /// `exp(-|x|) i1(x)`.
    I1e,
    /// The Bessel function of the first kind, of order 0.
    BesselJ0,
    /// The Bessel function of the first kind, of order 1.
    BesselJ1,
    /// The Bessel function of the second kind, of order 0.
    BesselY0,
    /// The Bessel function of the second kind, of order 1.
    BesselY1,
    /// The modified Bessel function of the second kind, of order 0.
    K0,
    /// `exp(x)` times [`Math::K0`].
    K0e,
    /// The modified Bessel function of the second kind, of order 1.
    K1,
    /// `exp(x)` times [`Math::K1`].
    K1e,
}

impl Math {
    /// One of each, with some attributes where a function has any.
    pub const ALL: [Self; 45] = [
        Self::Floor,
        Self::Ceil,
        Self::Round,
        Self::RoundTo { decimals: 1 },
        Self::Trunc,
        Self::Tan,
        Self::Asin,
        Self::Acos,
        Self::Atan,
        Self::Sinh,
        Self::Cosh,
        Self::Asinh,
        Self::Acosh,
        Self::Atanh,
        Self::Exp2,
        Self::Expm1,
        Self::Log2,
        Self::Log10,
        Self::Log1p,
        Self::LogSigmoid,
        Self::Logit,
        Self::Sinc,
        Self::Entr,
        Self::Erfc,
        Self::Erfcx,
        Self::Erfinv,
        Self::Ndtr,
        Self::LogNdtr,
        Self::Ndtri,
        Self::Lgamma,
        Self::Digamma,
        Self::Polygamma { order: 1 },
        Self::Multigamma { p: 2 },
        Self::I0,
        Self::I0e,
        Self::I1,
        Self::I1e,
        Self::BesselJ0,
        Self::BesselJ1,
        Self::BesselY0,
        Self::BesselY1,
        Self::K0,
        Self::K0e,
        Self::K1,
        Self::K1e,
    ];

    /// What people call it: the name of the method.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Floor => "floor",
            Self::Ceil => "ceil",
            Self::Round => "round",
            Self::RoundTo { .. } => "round_decimals",
            Self::Trunc => "trunc",
            Self::Tan => "tan",
            Self::Asin => "asin",
            Self::Acos => "acos",
            Self::Atan => "atan",
            Self::Sinh => "sinh",
            Self::Cosh => "cosh",
            Self::Asinh => "asinh",
            Self::Acosh => "acosh",
            Self::Atanh => "atanh",
            Self::Exp2 => "exp2",
            Self::Expm1 => "expm1",
            Self::Log2 => "log2",
            Self::Log10 => "log10",
            Self::Log1p => "log1p",
            Self::LogSigmoid => "logsigmoid",
            Self::Logit => "logit",
            Self::Sinc => "sinc",
            Self::Entr => "entr",
            Self::Erfc => "erfc",
            Self::Erfcx => "erfcx",
            Self::Erfinv => "erfinv",
            Self::Ndtr => "ndtr",
            Self::LogNdtr => "log_ndtr",
            Self::Ndtri => "ndtri",
            Self::Lgamma => "lgamma",
            Self::Digamma => "digamma",
            Self::Polygamma { .. } => "polygamma",
            Self::Multigamma { .. } => "mvlgamma",
            Self::I0 => "i0",
            Self::I0e => "i0e",
            Self::I1 => "i1",
            Self::I1e => "i1e",
            Self::BesselJ0 => "bessel_j0",
            Self::BesselJ1 => "bessel_j1",
            Self::BesselY0 => "bessel_y0",
            Self::BesselY1 => "bessel_y1",
            Self::K0 => "modified_bessel_k0",
            Self::K0e => "scaled_modified_bessel_k0",
            Self::K1 => "modified_bessel_k1",
            Self::K1e => "scaled_modified_bessel_k1",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Math;

    #[test]
    fn all_are_in_all() {
        let names = Math::ALL.map(|op| op.name());
        assert!(names.iter().enumerate().all(|(i, name)| !names[..i].contains(name)));
        let last = Math::ALL.iter().position(|op| *op == Math::K1e);
        // Everything before the last one is there once if its place is the number of variants.
        assert_eq!(last, Some(Math::ALL.len() - 1));
    }
}
