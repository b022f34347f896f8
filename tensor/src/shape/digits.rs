//! The ten digits as types, and what halving and doubling a decimal number asks of each.

use typenum::{B0, B1, Bit, U0, U1, U2, U3, U4, U5, U6, U7, U8, U9, Unsigned};

use super::decimal::Decimal;

/// A decimal digit as a type: [`_0`] to [`_9`].
pub trait Digit: 'static + Copy + Send + Sync {
    /// The digit as a number.
    const VALUE: usize;
    /// Whether it is 1.
    type IsOne: Choice;
    /// The digit in binary.
    type Binary: Unsigned;
    /// `2 d mod 10`.
    type Doubled: Digit;
    /// `(2 d + 1) mod 10`: doubled, with a carry from the digit to the right.
    type DoubledPlusOne: Digit;
    /// Whether doubling carries into the digit to the left: `d >= 5`.
    type Carries: Choice;
    /// `d / 2`, rounded down.
    type Halved: Digit;
    /// `5 + d / 2`: halved, with a remainder from the digit to the left.
    type HalvedPlusFive: Digit;
    /// Whether halving leaves a remainder for the digit to the right: `d` is odd.
    type IsOdd: Choice;
    /// Whether halving leaves something: `d >= 2`.
    type OutlivesHalving: Choice;
}

/// A bit that chooses. All its answers exist whatever the arguments are, so code over any number needs no where-clause.
pub trait Choice: Bit {
    /// `Yes` for 1, `No` for 0.
    type Choose<Yes: Decimal, No: Decimal>: Decimal;
    /// The digit doubled, plus this bit.
    type Double<D: Digit>: Digit;
    /// The digit halved, with this bit as the remainder of the digit to its left.
    type Halve<D: Digit>: Digit;
    /// Whether both are 1.
    type And<Other: Choice>: Choice;
}

impl Choice for B0 {
    type Choose<Yes: Decimal, No: Decimal> = No;
    type Double<D: Digit> = D::Doubled;
    type Halve<D: Digit> = D::Halved;
    type And<Other: Choice> = B0;
}

impl Choice for B1 {
    type Choose<Yes: Decimal, No: Decimal> = Yes;
    type Double<D: Digit> = D::DoubledPlusOne;
    type Halve<D: Digit> = D::HalvedPlusFive;
    type And<Other: Choice> = Other;
}

macro_rules! digits {
    ($($digit:ident = $value:literal $binary:ident $one:ident: double $doubled:ident $plus_one:ident $carries:ident, halve $halved:ident $plus_five:ident $odd:ident $outlives:ident;)*) => {$(
        #[doc = concat!("The digit ", $value, ".")]
        #[allow(non_camel_case_types)]
        #[derive(Clone, Copy, Debug)]
        pub struct $digit;

        impl Digit for $digit {
            const VALUE: usize = $value;
            type IsOne = $one;
            type Binary = $binary;
            type Doubled = $doubled;
            type DoubledPlusOne = $plus_one;
            type Carries = $carries;
            type Halved = $halved;
            type HalvedPlusFive = $plus_five;
            type IsOdd = $odd;
            type OutlivesHalving = $outlives;
        }
    )*};
}

digits! {
    _0 = 0 U0 B0: double _0 _1 B0, halve _0 _5 B0 B0;
    _1 = 1 U1 B1: double _2 _3 B0, halve _0 _5 B1 B0;
    _2 = 2 U2 B0: double _4 _5 B0, halve _1 _6 B0 B1;
    _3 = 3 U3 B0: double _6 _7 B0, halve _1 _6 B1 B1;
    _4 = 4 U4 B0: double _8 _9 B0, halve _2 _7 B0 B1;
    _5 = 5 U5 B0: double _0 _1 B1, halve _2 _7 B1 B1;
    _6 = 6 U6 B0: double _2 _3 B1, halve _3 _8 B0 B1;
    _7 = 7 U7 B0: double _4 _5 B1, halve _3 _8 B1 B1;
    _8 = 8 U8 B0: double _6 _7 B1, halve _4 _9 B0 B1;
    _9 = 9 U9 B0: double _8 _9 B1, halve _4 _9 B1 B1;
}

/// The one digit of a number of more than 12 digits. It has no value: a program that asks for it does not compile.
#[derive(Clone, Copy, Debug)]
pub struct TooLarge;

impl Digit for TooLarge {
    const VALUE: usize = panic!("a size has more than 12 digits");
    type IsOne = B0;
    type Binary = U0;
    type Doubled = TooLarge;
    type DoubledPlusOne = TooLarge;
    type Carries = B0;
    type Halved = TooLarge;
    type HalvedPlusFive = TooLarge;
    type IsOdd = B0;
    type OutlivesHalving = B0;
}
