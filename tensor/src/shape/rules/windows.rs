//! How many windows fit on an axis: convolution and pooling.

use std::ops::{Add, Div, Mul, Sub};

use typenum::{B1, Diff, IsLess, IsLessOrEqual, Le, LeEq, Max, Maximum, Prod, Quot, Sum, U1, Unsigned};

use crate::shape::decimal::ToDecimal;
use crate::shape::dim::{Dim, Known, StaticDim};
use crate::shape::shape::{Ranked, Shape};
use crate::shape::size::{One, SizeOf, Zero};

/// An axis of n elements, padded by p at both ends, has floor((n + 2p - d(k - 1) - 1) / s) + 1 windows of k elements, d apart, every s.
#[diagnostic::on_unimplemented(
    message = "no window of `{Kernel}`, `{Dilation}` apart, fits on an axis of `{Self}`, padded by `{Padding}`",
    label = "the window is larger than the axis"
)]
pub trait Windows<Kernel, Stride = One, Padding = Zero, Dilation = One>: StaticDim {
    /// How many.
    type Output: StaticDim;
    /// How many where one that begins in the axis or its padding in front may reach over the end: PyTorch's `ceil_mode`.
    type Ceil: StaticDim;
}

/// What a window covers: d(k - 1) + 1 elements.
#[diagnostic::on_unimplemented(
    message = "there is no window of `{Self}` elements, `{Dilation}` apart",
    label = "a window has 1 element or more"
)]
pub trait Spans<Dilation> {
    /// The number.
    type Number: Unsigned;
}

#[diagnostic::do_not_recommend]
impl<Kernel, Dilation> Spans<Dilation> for Kernel
where
    Kernel: StaticDim,
    Dilation: StaticDim,
    Kernel::Number: Sub<U1>,
    Diff<Kernel::Number, U1>: Mul<Dilation::Number>,
    Prod<Diff<Kernel::Number, U1>, Dilation::Number>: Add<U1>,
    Sum<Prod<Diff<Kernel::Number, U1>, Dilation::Number>, U1>: Unsigned,
{
    type Number = Sum<Prod<Diff<Kernel::Number, U1>, Dilation::Number>, U1>;
}

/// An axis with padding: p + n, and p + n + p elements.
pub trait Padded<Padding> {
    /// With the padding in front.
    type Front: Unsigned;
    /// With both.
    type Number: Unsigned;
}

#[diagnostic::do_not_recommend]
impl<Size, Padding> Padded<Padding> for Size
where
    Size: StaticDim,
    Padding: StaticDim,
    Size::Number: Add<Padding::Number>,
    Sum<Size::Number, Padding::Number>: Add<Padding::Number> + Unsigned,
    Sum<Sum<Size::Number, Padding::Number>, Padding::Number>: Unsigned,
{
    type Front = Sum<Size::Number, Padding::Number>;
    type Number = Sum<Sum<Size::Number, Padding::Number>, Padding::Number>;
}

type Span<Kernel, Dilation> = <Kernel as Spans<Dilation>>::Number;
type Whole<Size, Padding> = <Size as Padded<Padding>>::Number;
type Fits<Size, Kernel, Padding, Dilation> = LeEq<Span<Kernel, Dilation>, Whole<Size, Padding>>;

impl<Size, Kernel, Stride, Padding, Dilation> Windows<Kernel, Stride, Padding, Dilation> for Size
where
    Size: StaticDim + Padded<Padding>,
    Kernel: Spans<Dilation>,
    Span<Kernel, Dilation>: IsLessOrEqual<Whole<Size, Padding>>,
    Size: CountsWindows<Kernel, Stride, Padding, Dilation, Fits<Size, Kernel, Padding, Dilation>>,
{
    type Output =
        <Size as CountsWindows<Kernel, Stride, Padding, Dilation, Fits<Size, Kernel, Padding, Dilation>>>::Output;
    type Ceil = <Size as CountsWindows<Kernel, Stride, Padding, Dilation, Fits<Size, Kernel, Padding, Dilation>>>::Ceil;
}

/// What [`Windows`] comes down to: `Fits` is 1.
#[diagnostic::on_unimplemented(
    message = "no window of `{Kernel}`, `{Dilation}` apart, fits on an axis of `{Self}`, padded by `{Padding}`",
    label = "the window is larger than the axis"
)]
pub trait CountsWindows<Kernel, Stride, Padding, Dilation, Fits> {
    /// [`Windows::Output`].
    type Output: StaticDim;
    /// [`Windows::Ceil`].
    type Ceil: StaticDim;
}

/// Where the last window can begin.
type Room<Size, Kernel, Padding, Dilation> = Diff<Whole<Size, Padding>, Span<Kernel, Dilation>>;
/// How many steps there are to it, rounded up.
type Up<Size, Kernel, Stride, Padding, Dilation> =
    Quot<Diff<Sum<Room<Size, Kernel, Padding, Dilation>, <Stride as Known>::Number>, U1>, <Stride as Known>::Number>;

#[diagnostic::do_not_recommend]
impl<Size, Kernel, Stride, Padding, Dilation> CountsWindows<Kernel, Stride, Padding, Dilation, B1> for Size
where
    Stride: StaticDim,
    Size: Padded<Padding>,
    Kernel: Spans<Dilation>,
    Whole<Size, Padding>: Sub<Span<Kernel, Dilation>>,
    Room<Size, Kernel, Padding, Dilation>: Div<Stride::Number> + Add<Stride::Number>,
    Quot<Room<Size, Kernel, Padding, Dilation>, Stride::Number>: Add<U1>,
    Sum<Quot<Room<Size, Kernel, Padding, Dilation>, Stride::Number>, U1>: ToDecimal,
    Sum<Room<Size, Kernel, Padding, Dilation>, Stride::Number>: Sub<U1>,
    Diff<Sum<Room<Size, Kernel, Padding, Dilation>, Stride::Number>, U1>: Div<Stride::Number>,
    Up<Size, Kernel, Stride, Padding, Dilation>: Mul<Stride::Number>,
    Prod<Up<Size, Kernel, Stride, Padding, Dilation>, Stride::Number>: IsLess<<Size as Padded<Padding>>::Front>,
    Up<Size, Kernel, Stride, Padding, Dilation>:
        Add<Le<Prod<Up<Size, Kernel, Stride, Padding, Dilation>, Stride::Number>, <Size as Padded<Padding>>::Front>>,
    Sum<
        Up<Size, Kernel, Stride, Padding, Dilation>,
        Le<Prod<Up<Size, Kernel, Stride, Padding, Dilation>, Stride::Number>, <Size as Padded<Padding>>::Front>,
    >: ToDecimal,
{
    type Output = SizeOf<Sum<Quot<Room<Size, Kernel, Padding, Dilation>, Stride::Number>, U1>>;
    type Ceil = SizeOf<
        Sum<
            Up<Size, Kernel, Stride, Padding, Dilation>,
            Le<Prod<Up<Size, Kernel, Stride, Padding, Dilation>, Stride::Number>, <Size as Padded<Padding>>::Front>,
        >,
    >;
}

/// The other way: n windows of k elements, d apart, every s, cover (n - 1) s + d(k - 1) + 1 elements; q more stand behind them, and p are
/// cut off at both ends. What a transposed convolution makes of an axis.
#[diagnostic::on_unimplemented(
    message = "windows on an axis of `{Self}` leave nothing with a padding of `{Padding}`",
    label = "the sizes of this transposed convolution do not fit"
)]
pub trait Covered<Kernel, Stride = One, Padding = Zero, Dilation = One, Behind = Zero>: StaticDim {
    /// How many elements.
    type Output: StaticDim;
}

type Steps<Size, Stride> = Prod<Diff<<Size as Known>::Number, U1>, <Stride as Known>::Number>;
type Uncut<Size, Kernel, Stride, Dilation, Behind> =
    Sum<Sum<Steps<Size, Stride>, Span<Kernel, Dilation>>, <Behind as Known>::Number>;
type Both<Padding> = Sum<<Padding as Known>::Number, <Padding as Known>::Number>;

impl<Size, Kernel, Stride, Padding, Dilation, Behind> Covered<Kernel, Stride, Padding, Dilation, Behind> for Size
where
    Size: StaticDim,
    Stride: StaticDim,
    Padding: StaticDim,
    Behind: StaticDim,
    Dilation: StaticDim,
    Kernel: Spans<Dilation>,
    Stride::Number: Max<Dilation::Number>,
    Behind::Number: IsLess<Maximum<Stride::Number, Dilation::Number>>,
    Behind: StandsBehind<Stride, Dilation, Le<Behind::Number, Maximum<Stride::Number, Dilation::Number>>>,
    Size::Number: Sub<U1>,
    Diff<Size::Number, U1>: Mul<Stride::Number>,
    Steps<Size, Stride>: Add<Span<Kernel, Dilation>>,
    Sum<Steps<Size, Stride>, Span<Kernel, Dilation>>: Add<Behind::Number>,
    Padding::Number: Add<Padding::Number>,
    Both<Padding>: IsLess<Uncut<Size, Kernel, Stride, Dilation, Behind>>,
    Size: Cut<Kernel, Stride, Padding, Dilation, Behind, Le<Both<Padding>, Uncut<Size, Kernel, Stride, Dilation, Behind>>>,
{
    type Output = <Size as Cut<
        Kernel,
        Stride,
        Padding,
        Dilation,
        Behind,
        Le<Both<Padding>, Uncut<Size, Kernel, Stride, Dilation, Behind>>,
    >>::Output;
}

/// What stands behind is less than the stride or the dilation: `Less` is 1.
#[diagnostic::on_unimplemented(
    message = "`{Self}` elements cannot stand behind windows every `{Stride}`, `{Dilation}` apart",
    label = "the output padding is less than the stride or the dilation"
)]
pub trait StandsBehind<Stride, Dilation, Less> {}

#[diagnostic::do_not_recommend]
impl<Behind, Stride, Dilation> StandsBehind<Stride, Dilation, B1> for Behind {}

/// What [`Covered`] comes down to: something is left.
#[diagnostic::on_unimplemented(
    message = "a padding of `{Padding}` leaves nothing of the windows on an axis of `{Self}`",
    label = "the padding is too large"
)]
pub trait Cut<Kernel, Stride, Padding, Dilation, Behind, Left> {
    /// What is left.
    type Output: StaticDim;
}

#[diagnostic::do_not_recommend]
impl<Size, Kernel, Stride, Padding, Dilation, Behind> Cut<Kernel, Stride, Padding, Dilation, Behind, B1> for Size
where
    Size: StaticDim,
    Stride: StaticDim,
    Padding: StaticDim,
    Behind: StaticDim,
    Kernel: Spans<Dilation>,
    Size::Number: Sub<U1>,
    Diff<Size::Number, U1>: Mul<Stride::Number>,
    Steps<Size, Stride>: Add<Span<Kernel, Dilation>>,
    Sum<Steps<Size, Stride>, Span<Kernel, Dilation>>: Add<Behind::Number>,
    Padding::Number: Add<Padding::Number>,
    Uncut<Size, Kernel, Stride, Dilation, Behind>: Sub<Both<Padding>>,
    Diff<Uncut<Size, Kernel, Stride, Dilation, Behind>, Both<Padding>>: ToDecimal,
{
    type Output = SizeOf<Diff<Uncut<Size, Kernel, Stride, Dilation, Behind>, Both<Padding>>>;
}

/// The windows on the last axes of a shape, as many as `Kernel` has: `[.., h, w]` by `[3, 3]`.
#[diagnostic::on_unimplemented(
    message = "there are no windows of `{Kernel}` over `{Self}`",
    label = "expected a shape with the axes of the window behind others",
    note = "kernel, stride, padding and dilation have one size for each axis that the windows go over: `dims![3, 3]` in an image"
)]
pub trait WindowsOver<Kernel, Stride, Padding, Dilation>: Shape {
    /// The shape with a window in place of an element.
    type Output: Ranked;
    /// The same with PyTorch's `ceil_mode`.
    type Ceil: Ranked;
}

/// What a transposed convolution makes of the last axes of a shape.
#[diagnostic::on_unimplemented(
    message = "there are no windows of `{Kernel}` over `{Self}`",
    label = "expected a shape with the axes of the window behind others",
    note = "kernel, stride, padding, dilation and what stands behind have one size for each axis: `dims![3, 3]` in an image"
)]
pub trait CoveredOver<Kernel, Stride, Padding, Dilation, Behind>: Shape {
    /// The shape of the result.
    type Output: Ranked;
}

macro_rules! over {
    ($($front:ident)*; $($size:ident $k:ident $s:ident $p:ident $d:ident $q:ident),+) => {
        impl<$($front: Dim,)* $($size, $k, $s, $p, $d),+> WindowsOver<($($k,)+), ($($s,)+), ($($p,)+), ($($d,)+)>
            for ($($front,)* $($size,)+)
        where
            $($size: Windows<$k, $s, $p, $d>),+
        {
            type Output = ($($front,)* $(<$size as Windows<$k, $s, $p, $d>>::Output,)+);
            type Ceil = ($($front,)* $(<$size as Windows<$k, $s, $p, $d>>::Ceil,)+);
        }

        impl<$($front: Dim,)* $($size, $k, $s, $p, $d, $q),+>
            CoveredOver<($($k,)+), ($($s,)+), ($($p,)+), ($($d,)+), ($($q,)+)> for ($($front,)* $($size,)+)
        where
            $($size: Covered<$k, $s, $p, $d, $q>),+
        {
            type Output = ($($front,)* $(<$size as Covered<$k, $s, $p, $d, $q>>::Output,)+);
        }
    };
}

/// A padding of at most half of a window, axis by axis: what pooling takes.
#[diagnostic::on_unimplemented(
    message = "a padding of `{Self}` is more than half of a window of `{Kernel}`",
    label = "the padding of a pooling is at most half of its window"
)]
pub trait HalfOf<Kernel> {}

/// What [`HalfOf`] comes down to: `AtMost` is 1.
#[diagnostic::on_unimplemented(
    message = "a padding of `{Self}` is more than half of a window of `{Kernel}`",
    label = "the padding of a pooling is at most half of its window"
)]
pub trait PadsAtMost<Kernel, AtMost> {}

#[diagnostic::do_not_recommend]
impl<Padding, Kernel> PadsAtMost<Kernel, B1> for Padding {}

/// A 1 for each axis of a window, no dilation, and a 0, no padding.
pub trait AllOnes {
    /// The shape of ones.
    type Ones;
    /// The shape of zeros.
    type Zeros;
}

macro_rules! half {
    ($($p:ident $k:ident $one:ident $zero:ident),+) => {
        impl<$($p: StaticDim, $k: StaticDim),+> HalfOf<($($k,)+)> for ($($p,)+)
        where
            $($p::Number: Add<$p::Number>,
            Both<$p>: IsLessOrEqual<$k::Number>,
            $p: PadsAtMost<$k, LeEq<Both<$p>, $k::Number>>,)+
        {
        }

        impl<$($k),+> AllOnes for ($($k,)+) {
            type Ones = ($($one,)+);
            type Zeros = ($($zero,)+);
        }
    };
}

half!(P K One Zero);
half!(P K One Zero, Q L One Zero);
half!(P K One Zero, Q L One Zero, R M One Zero);

over!(C; L K S P D Q);
over!(N C; L K S P D Q);
over!(C; H KH SH PH DH QH, W KW SW PW DW QW);
over!(N C; H KH SH PH DH QH, W KW SW PW DW QW);
over!(C; T KT ST PT DT QT, H KH SH PH DH QH, W KW SW PW DW QW);
over!(N C; T KT ST PT DT QT, H KH SH PH DH QH, W KW SW PW DW QW);
