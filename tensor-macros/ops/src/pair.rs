//! The functions of two numbers that only the tape knows: no layer is one, their gradients are written in operations.

/// A function of two numbers that only the tape knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pair {
    /// The angle of the point `(b, a)`, in radians.
    Atan2,
    /// `sqrt(a^2 + b^2)` without overflow.
    Hypot,
    /// The remainder of the division, with the sign of `a`.
    Fmod,
    /// The remainder of the division, with the sign of `b`.
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
    /// Hurwitz' zeta function: the sum of `(b + k)^-a`.
    Zeta,
    /// The lower incomplete gamma function of `a`, regularized, up to `b`.
    Igamma,
    /// The upper incomplete gamma function of `a`, regularized, from `b` on.
    Igammac,
    /// The bits that both have.
    BitAnd,
    /// The bits that one has.
    BitOr,
    /// The bits that one alone has.
    BitXor,
    /// The bits of `a`, `b` places up.
    ShiftLeft,
    /// The bits of `a`, `b` places down; the sign stays.
    ShiftRight,
    /// The greatest common divisor.
    Gcd,
    /// The least common multiple.
    Lcm,
}

/// What elements a [`Pair`] is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Floats; others are made such.
    Floats,
    /// Floats and whole numbers.
    Numbers,
    /// Whole numbers.
    Whole,
    /// Whole numbers and truth values.
    Bits,
}

impl Pair {
    /// One of each.
    pub const ALL: [Self; 26] = [
        Self::Atan2,
        Self::Hypot,
        Self::Fmod,
        Self::Remainder,
        Self::FloorDivide,
        Self::TruncDivide,
        Self::Fmax,
        Self::Fmin,
        Self::Copysign,
        Self::Nextafter,
        Self::Ldexp,
        Self::Heaviside,
        Self::Logaddexp,
        Self::Logaddexp2,
        Self::Xlogy,
        Self::Xlog1py,
        Self::Zeta,
        Self::Igamma,
        Self::Igammac,
        Self::BitAnd,
        Self::BitOr,
        Self::BitXor,
        Self::ShiftLeft,
        Self::ShiftRight,
        Self::Gcd,
        Self::Lcm,
    ];

    /// What people call it: the name of the method.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Atan2 => "atan2",
            Self::Hypot => "hypot",
            Self::Fmod => "fmod",
            Self::Remainder => "remainder",
            Self::FloorDivide => "floor_divide",
            Self::TruncDivide => "trunc_divide",
            Self::Fmax => "fmax",
            Self::Fmin => "fmin",
            Self::Copysign => "copysign",
            Self::Nextafter => "nextafter",
            Self::Ldexp => "ldexp",
            Self::Heaviside => "heaviside",
            Self::Logaddexp => "logaddexp",
            Self::Logaddexp2 => "logaddexp2",
            Self::Xlogy => "xlogy",
            Self::Xlog1py => "xlog1py",
            Self::Zeta => "zeta",
            Self::Igamma => "igamma",
            Self::Igammac => "igammac",
            Self::BitAnd => "bitwise_and",
            Self::BitOr => "bitwise_or",
            Self::BitXor => "bitwise_xor",
            Self::ShiftLeft => "bitwise_left_shift",
            Self::ShiftRight => "bitwise_right_shift",
            Self::Gcd => "gcd",
            Self::Lcm => "lcm",
        }
    }

    /// What elements it is for.
    pub const fn takes(&self) -> Takes {
        match self {
            Self::Atan2
            | Self::Hypot
            | Self::Copysign
            | Self::Nextafter
            | Self::Zeta
            | Self::Igamma
            | Self::Igammac => Takes::Floats,
            Self::Logaddexp | Self::Logaddexp2 | Self::Xlogy | Self::Xlog1py | Self::Ldexp => Takes::Floats,
            Self::Fmod | Self::Remainder | Self::FloorDivide | Self::TruncDivide => Takes::Numbers,
            Self::Fmax | Self::Fmin | Self::Heaviside => Takes::Numbers,
            Self::ShiftLeft | Self::ShiftRight | Self::Gcd | Self::Lcm => Takes::Whole,
            Self::BitAnd | Self::BitOr | Self::BitXor => Takes::Bits,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pair;

    #[test]
    fn all_are_in_all() {
        for (place, op) in Pair::ALL.into_iter().enumerate() {
            assert_eq!(op as usize, place);
        }
        assert_eq!(Pair::Lcm as usize + 1, Pair::ALL.len());
    }
}
