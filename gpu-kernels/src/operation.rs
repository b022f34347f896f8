//! Operations that kernels know by number. Each enum stands in a header of `kernels/` too, and a check of the suite compares them.

/// An enum whose variants are numbered from 0 on, with a list of them.
macro_rules! numbered {
    ($($(#[$attribute:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident,)* })*) => {$(
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u32)]
        pub enum $name {
            $($(#[$doc])* $variant,)*
        }

        impl $name {
            /// One of each, in the order of their numbers.
            pub const ALL: &[Self] = &[$(Self::$variant),*];
        }
    )*};
}

numbered! {
    /// An element type, by its number in `kernels/elements.cuh`.
    Type {
        /// `f32`.
        F32,
        /// `f64`.
        F64,
        /// Half precision, as 16 bits.
        F16,
        /// The upper half of an `f32`, as 16 bits.
        BF16,
        /// `i64`.
        I64,
        /// `i32`.
        I32,
        /// `u8`.
        U8,
        /// A byte, 0 or 1.
        Bool,
    }
    /// A comparison, by its number in `kernels/elements.cuh`.
    Compare {
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
    /// A function of one number, by its number in `kernels/functions.cuh`.
    Special {
        /// The largest whole number that is not above.
        Floor,
        /// The smallest whole number that is not below.
        Ceil,
        /// The nearest whole number, of two the even one.
        Round,
        /// The nearest number of so many decimals: [`Function::a`] of them, and `b` is 10 to the power of their number's size.
        RoundTo,
        /// The whole number towards 0.
        Trunc,
        /// The tangent.
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
        /// 2 to the power.
        Exp2,
        /// `exp(x) - 1`.
        Expm1,
        /// The logarithm to base 2.
        Log2,
        /// The logarithm to base 10.
        Log10,
        /// `log(1 + x)`.
        Log1p,
        /// `log(1 / (1 + exp(-x)))`.
        LogSigmoid,
        /// `log(x / (1 - x))`.
        Logit,
        /// `sin(pi x) / (pi x)`, 1 at 0.
        Sinc,
        /// `-x log(x)`, 0 at 0.
        Entr,
        /// `1 - erf(x)`.
        Erfc,
        /// `exp(x^2) erfc(x)`.
        Erfcx,
        /// The inverse of the error function.
        Erfinv,
        /// The normal distribution's cumulative function.
        Ndtr,
        /// Its logarithm.
        LogNdtr,
        /// Its inverse.
        Ndtri,
        /// The logarithm of the absolute value of the gamma function.
        Lgamma,
        /// Its derivative.
        Digamma,
        /// The derivative of `digamma` of order [`Function::a`], whose factorial is `b`.
        Polygamma,
        /// The logarithm of the gamma function of [`Function::a`] = `p` dimensions; `b` is `p (p - 1) / 4 log(pi)`.
        Multigamma,
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
        /// `exp(x) k0(x)`.
        K0e,
        /// The modified Bessel function of the second kind, of order 1.
        K1,
        /// `exp(x) k1(x)`.
        K1e,
    }
    /// A function of two numbers with fractions, by its number in `kernels/functions.cuh`.
    Pair {
        /// The angle of the point `(b, a)`.
        Atan2,
        /// `sqrt(a^2 + b^2)`.
        Hypot,
        /// The remainder with the sign of `a`.
        Fmod,
        /// The remainder with the sign of `b`.
        Remainder,
        /// The quotient, rounded down.
        FloorDivide,
        /// The quotient, rounded towards 0.
        TruncDivide,
        /// The larger; a number wins over NaN.
        Fmax,
        /// The smaller; a number wins over NaN.
        Fmin,
        /// The magnitude of `a` with the sign of `b`.
        Copysign,
        /// The number next to `a` in the direction of `b`.
        Nextafter,
        /// `a 2^b`.
        Ldexp,
        /// 0 for `a` below 0, `b` at 0, 1 above.
        Heaviside,
        /// `log(exp(a) + exp(b))`.
        Logaddexp,
        /// `log2(2^a + 2^b)`.
        Logaddexp2,
        /// `a log(b)`, 0 where `a` is 0.
        Xlogy,
        /// `a log(1 + b)`, 0 where `a` is 0.
        Xlog1py,
        /// The sum of `(b + k)^-a` over `k`.
        Zeta,
        /// The lower incomplete gamma function, regularized.
        Igamma,
        /// The upper one.
        Igammac,
    }
    /// An operation on two whole numbers, by its number in `kernels/whole.cuh`; all wrap around.
    Whole {
        /// `a + b`; of truth values `or`.
        Add,
        /// `a - b`.
        Sub,
        /// `a * b`.
        Mul,
        /// `a` to the power of `b`; of a negative power the whole part.
        Pow,
        /// The larger.
        Maximum,
        /// The smaller.
        Minimum,
        /// The remainder with the sign of `a`.
        Fmod,
        /// The remainder with the sign of `b`.
        Remainder,
        /// The quotient, rounded down.
        FloorDivide,
        /// The quotient, rounded towards 0.
        TruncDivide,
        /// 0 for `a` below 0, `b` at 0, 1 above.
        Heaviside,
        /// The bits that both have.
        BitAnd,
        /// The bits that one has.
        BitOr,
        /// The bits that one alone has.
        BitXor,
        /// The bits of `a`, `b` places up; none stay where there are not so many places.
        ShiftLeft,
        /// The bits of `a`, `b` places down; the sign stays.
        ShiftRight,
        /// The greatest common divisor.
        Gcd,
        /// The least common multiple.
        Lcm,
    }
    /// What becomes of many whole numbers, by its number in `kernels/whole.cuh`.
    Fold {
        /// The sum; of nothing 0.
        Sum,
        /// The product; of nothing 1.
        Prod,
        /// The largest; of nothing the least number there is.
        Max,
        /// The smallest; of nothing the largest number there is.
        Min,
    }
    /// What becomes of an element where another comes, by its number in `kernels/places.cuh`.
    Scatter {
        /// The new one takes its place.
        Set,
        /// Their sum.
        Add,
        /// Their product.
        Prod,
        /// The larger; NaN wins.
        Max,
        /// The smaller; NaN wins.
        Min,
        /// Of errors alone: no element comes, one is read.
        Gather,
    }
}

impl Type {
    /// The bytes of an element.
    pub const fn size(self) -> usize {
        match self {
            Self::F64 | Self::I64 => 8,
            Self::F32 | Self::I32 => 4,
            Self::F16 | Self::BF16 => 2,
            Self::U8 | Self::Bool => 1,
        }
    }

    /// Whether it has fractions.
    pub const fn is_float(self) -> bool {
        match self {
            Self::F32 | Self::F64 | Self::F16 | Self::BF16 => true,
            Self::I64 | Self::I32 | Self::U8 | Self::Bool => false,
        }
    }
}

/// A function of one number with its attributes, as kernels take it; the struct of the same name in `kernels/functions.cuh`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct Function {
    /// Which.
    pub op: Special,
    unused: u32,
    /// The first attribute; [`Special`] says of which functions.
    pub a: f64,
    /// The second.
    pub b: f64,
}

impl Function {
    /// One without attributes.
    pub const fn new(op: Special) -> Self {
        Self::with(op, 0.0, 0.0)
    }

    /// One with attributes.
    pub const fn with(op: Special, a: f64, b: f64) -> Self {
        Self { op, unused: 0, a, b }
    }
}
