//! Numbers in decimal as types, and the way to typenum's binary numbers and back.
//!
//! Both ways go bit by bit over the digits: halving a decimal number gives its lowest bit (a number is its half's bits, then
//! that one), doubling it appends one. A digit's half and double are table look-ups (`digits.rs`) and the carry out of a digit does
//! not depend on the carry into it, so a step is one projection a digit and has no where-clause to prove.

use typenum::{B0, UInt, UTerm, Unsigned};

use super::digits::{_0, _1, Choice, Digit, TooLarge};
use super::dim::StaticDim;
use super::size::Size;

/// A size of up to 12 digits, the highest first; [`Size`] without digits is the zero in between steps.
pub trait Decimal: 'static + Copy + Send + Sync {
    /// The number.
    const VALUE: usize;
    /// Whether it is 1.
    type IsOne: Choice;
    /// The number in binary, as typenum has it.
    type Binary: Unsigned;
    /// Half of it, rounded down, without a leading zero.
    type Halved: Decimal;
    /// Twice this, plus a bit.
    type DoubledPlus<C: Choice>: Decimal;
    /// How it is written: without digits as `Size<_0>`, anything else as it is.
    type Written: Decimal + StaticDim;
}

impl Decimal for Size {
    const VALUE: usize = 0;
    type IsOne = B0;
    type Binary = UTerm;
    type Halved = Size;
    type DoubledPlus<Carry: Choice> = Carry::Choose<Size<_1>, Size>;
    type Written = Size<_0>;
}

/// `decimal!(Grow: A B C)` implements [`Decimal`] for `Size<A, B, C>`. The pairs that carries run over are written by walking the
/// list once with the neighbour in hand.
macro_rules! decimal {
    ($growth:ident: $first:ident $($rest:ident)*) => {
        impl<$first: Digit, $($rest: Digit),*> Decimal for Size<$first, $($rest),*> {
            const VALUE: usize = {
                let value = $first::VALUE;
                $(let value = value * 10 + $rest::VALUE;)*
                value
            };
            type IsOne = decimal!(@one $first $($rest)*);
            type Binary = decimal!(@binary $first $($rest)*);
            type Halved = decimal!(@halve $first; $first $($rest)*; []);
            type DoubledPlus<Carry: Choice> = decimal!(@double $growth Carry $first; $first $($rest)*; []);
            type Written = Self;
        }
    };
    (@one $digit:ident) => { $digit::IsOne };
    (@one $($digits:ident)+) => { B0 };
    (@binary $digit:ident) => { $digit::Binary };
    (@binary $($digits:ident)+) => { UInt<<Self::Halved as Decimal>::Binary, decimal!(@last $($digits)+)> };
    (@last $last:ident) => { $last::IsOdd };
    (@last $first:ident $($rest:ident)+) => { decimal!(@last $($rest)+) };
    // Each digit but the first takes the remainder of the one before it; a first digit that halves to zero is dropped.
    (@halve $first:ident; $before:ident $this:ident $($rest:ident)*; [$($done:ty),*]) => {
        decimal!(@halve $first; $this $($rest)*; [$($done,)* <$before::IsOdd as Choice>::Halve<$this>])
    };
    (@halve $first:ident; $last:ident; [$($done:ty),*]) => {
        <$first::OutlivesHalving as Choice>::Choose<Size<$first::Halved, $($done),*>, Size<$($done),*>>
    };
    // Each digit takes the carry of the one after it, the last one the new bit; a carry out of the first is a new digit.
    (@double $growth:ident $carry:ident $first:ident; $this:ident $after:ident $($rest:ident)*; [$($done:ty),*]) => {
        decimal!(@double $growth $carry $first; $after $($rest)*; [$($done,)* <$after::Carries as Choice>::Double<$this>])
    };
    (@double $growth:ident $carry:ident $first:ident; $last:ident; [$($done:ty),*]) => {
        <$first::Carries as Choice>::Choose<decimal!(@$growth $($done,)* $carry::Double<$last>), Size<$($done,)* $carry::Double<$last>>>
    };
    (@Grow $($digits:ty),+) => { Size<_1, $($digits),+> };
    (@Stop $($digits:ty),+) => { Size<TooLarge> };
}

decimal!(Grow: A);
decimal!(Grow: A B);
decimal!(Grow: A B C);
decimal!(Grow: A B C D);
decimal!(Grow: A B C D E);
decimal!(Grow: A B C D E F);
decimal!(Grow: A B C D E F G);
decimal!(Grow: A B C D E F G H);
decimal!(Grow: A B C D E F G H I);
decimal!(Grow: A B C D E F G H I J);
decimal!(Grow: A B C D E F G H I J K);
decimal!(Stop: A B C D E F G H I J K L);

/// The way back: a binary number of typenum's in decimal.
pub trait ToDecimal: Unsigned {
    /// Its digits; none for zero.
    type Digits: Decimal;
}

impl ToDecimal for UTerm {
    type Digits = Size;
}

impl<Higher: ToDecimal, Lowest: Choice> ToDecimal for UInt<Higher, Lowest> {
    type Digits = <Higher::Digits as Decimal>::DoubledPlus<Lowest>;
}
