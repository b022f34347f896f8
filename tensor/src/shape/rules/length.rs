//! Parts of an axis: as long as they fit into it.

use std::ops::{Add, Div, Rem, Sub};

use typenum::{B1, Diff, Eq, IsEqual, IsLessOrEqual, LeEq, Quot, Sum, U0};

use crate::shape::decimal::ToDecimal;
use crate::shape::dim::{Dim, Fixed, Known, StaticDim};
use crate::shape::size::SizeOf;

/// An axis that has `Len` indices from `Start` on: both are sizes, and so is what is left behind them.
#[diagnostic::on_unimplemented(
    message = "`{Len}` indices from `{Start}` on are out of range for an axis of `{Self}`",
    label = "the axis has `{Self}` indices"
)]
pub trait Within<Start, Len>: Dim {
    /// What is left behind.
    type Rest: StaticDim;
}

impl<Size, Start, Len> Within<Start, Len> for Size
where
    Size: Known,
    Size::Kind: HasPart<Size, Start, Len>,
{
    type Rest = <Size::Kind as HasPart<Size, Start, Len>>::Rest;
}

/// The rule of [`Within`], told apart by the kind of the size.
#[diagnostic::on_unimplemented(
    message = "`{Size}` is known only at run time, and a part of it is taken when compiling",
    label = "the size `{Size}` has no static value",
    note = "parts of it are taken through `Tensor<Dynamic>`"
)]
pub trait HasPart<Size, Start, Len> {
    /// What is left behind.
    type Rest: StaticDim;
}

impl<Size, Start, Len> HasPart<Size, Start, Len> for Fixed
where
    Size: StaticDim,
    Start: StaticDim,
    Len: StaticDim,
    Start::Number: Add<Len::Number>,
    Sum<Start::Number, Len::Number>: IsLessOrEqual<Size::Number>,
    Size: Reaches<Start, Len, LeEq<Sum<Start::Number, Len::Number>, Size::Number>>,
{
    type Rest = <Size as Reaches<Start, Len, LeEq<Sum<Start::Number, Len::Number>, Size::Number>>>::Rest;
}

/// What [`Within`] comes down to: `Fits` is 1.
#[diagnostic::on_unimplemented(
    message = "`{Len}` indices from `{Start}` on are out of range for an axis of `{Self}`",
    label = "the axis has `{Self}` indices"
)]
pub trait Reaches<Start, Len, Fits> {
    /// What is left behind.
    type Rest: StaticDim;
}

#[diagnostic::do_not_recommend]
impl<Size, Start, Len> Reaches<Start, Len, B1> for Size
where
    Size: StaticDim,
    Start: StaticDim,
    Len: StaticDim,
    Start::Number: Add<Len::Number>,
    Size::Number: Sub<Sum<Start::Number, Len::Number>>,
    Diff<Size::Number, Sum<Start::Number, Len::Number>>: ToDecimal,
{
    type Rest = SizeOf<Diff<Size::Number, Sum<Start::Number, Len::Number>>>;
}

/// An axis that falls into `Parts` equal parts.
#[diagnostic::on_unimplemented(
    message = "an axis of `{Self}` does not fall into `{Parts}` equal parts",
    label = "`{Self}` is no multiple of `{Parts}`",
    note = "cut it with `split`, or use `Tensor<Dynamic>`, whose last part may be smaller"
)]
pub trait DividedBy<Parts>: StaticDim {
    /// The size of a part.
    type Output: StaticDim;
}

impl<Size, Parts> DividedBy<Parts> for Size
where
    Size: StaticDim,
    Parts: StaticDim,
    Size::Number: Rem<Parts::Number> + Div<Parts::Number>,
    <Size::Number as Rem<Parts::Number>>::Output: IsEqual<U0>,
    Size: Divides<Parts, Eq<<Size::Number as Rem<Parts::Number>>::Output, U0>>,
    Quot<Size::Number, Parts::Number>: ToDecimal,
{
    type Output = SizeOf<Quot<Size::Number, Parts::Number>>;
}

/// What [`DividedBy`] comes down to: nothing is left over.
#[diagnostic::on_unimplemented(
    message = "an axis of `{Self}` does not fall into `{Parts}` equal parts",
    label = "`{Self}` is no multiple of `{Parts}`",
    note = "cut it with `split`, or use `Tensor<Dynamic>`, whose last part may be smaller"
)]
pub trait Divides<Parts, Nothing> {}

#[diagnostic::do_not_recommend]
impl<Size, Parts> Divides<Parts, B1> for Size {}

/// A number of arrays as a size: of `[T; 3]` the size 3, up to 32.
#[diagnostic::on_unimplemented(
    message = "the number of tensors is not known as a size",
    label = "expected an array of 1 to 32 tensors"
)]
pub trait ArrayLen {
    /// The length.
    type Size: StaticDim;
}

macro_rules! array_len {
    ($($len:literal $number:ident)*) => {
        $(impl ArrayLen for [(); $len] {
            type Size = SizeOf<typenum::$number>;
        })*
    };
}

array_len!(1 U1 2 U2 3 U3 4 U4 5 U5 6 U6 7 U7 8 U8 9 U9 10 U10 11 U11 12 U12 13 U13 14 U14 15 U15 16 U16);
array_len!(17 U17 18 U18 19 U19 20 U20 21 U21 22 U22 23 U23 24 U24 25 U25 26 U26 27 U27 28 U28 29 U29 30 U30 31 U31 32 U32);
