//! Several axes by number, and what becomes of a shape without them, or with its axes in their order.

use std::ops::BitOr;

use typenum::{B0, B1};

use crate::shape::dim::Dim;
use crate::shape::shape::{Ranked, Shape};
use crate::shape::size::One;

/// The number of an axis that is not there: what an [`Axes`] of fewer axes is filled up with.
const NONE: isize = isize::MIN;

/// Up to six axes by number, in some order: `x.permute::<Axes<2, 0, 1>>()`, `x.sum_axes::<Axes<0, -1>>()`. Negative ones count from the
/// end.
#[derive(Clone, Copy, Debug)]
#[rustfmt::skip]
pub struct Axes<
    const A: isize, const B: isize = NONE, const C: isize = NONE,
    const D: isize = NONE, const E: isize = NONE, const F: isize = NONE,
>;

/// Up to six axes that stay with size 1 where a reduction goes over them: `x.var_axes::<KeptAxes<-1>>(1.)`.
#[derive(Clone, Copy, Debug)]
#[rustfmt::skip]
pub struct KeptAxes<
    const A: isize, const B: isize = NONE, const C: isize = NONE,
    const D: isize = NONE, const E: isize = NONE, const F: isize = NONE,
>;

/// Axes as run-time calls take them.
#[derive(Clone, Copy, Debug)]
pub struct Listed {
    axes: [isize; 6],
    count: usize,
}

impl Listed {
    const fn of(axes: [isize; 6]) -> Self {
        let mut count = 0;
        while count < 6 && axes[count] != NONE {
            count += 1;
        }
        Self { axes, count }
    }

    /// How many there are.
    pub(crate) const fn count(&self) -> usize {
        self.count
    }

    /// The axes.
    ///
    /// ```
    /// assert_eq!(tensor::prelude::Axes::<0, -1>::LISTED.axes(), [0, -1]);
    /// ```
    pub fn axes(&self) -> &[isize] {
        &self.axes[..self.count]
    }
}

#[rustfmt::skip]
impl<const A: isize, const B: isize, const C: isize, const D: isize, const E: isize, const F: isize>
    Axes<A, B, C, D, E, F>
{
    /// The axes as values.
    pub const LISTED: Listed = Listed::of([A, B, C, D, E, F]);
}

/// The shape has an axis `AXIS`, or none was asked for.
#[diagnostic::on_unimplemented(
    message = "there is no axis {AXIS} in the shape `{Self}`",
    label = "axis {AXIS} is out of range",
    note = "axes count from 0 at the front and from -1 at the end"
)]
pub trait NamesAxis<const AXIS: isize>: Ranked {
    /// A bit for each axis of the shape: 1 for this one.
    type Mask;
    /// Its size.
    type Axis: Dim;
}

/// Two sets of axes have none in common: a tuple of bits for each.
pub trait JoinMask<Other> {
    /// The bits of both.
    type Output;
}

/// Two sets of axes that may have some in common: a tuple of bits for each.
pub trait EitherMask<Other> {
    /// The bits of both.
    type Output;
}

/// One bit of [`JoinMask`]: whether an axis is in either, and not in both.
#[diagnostic::on_unimplemented(
    message = "an axis is named twice",
    label = "the axes have to differ",
    note = "axes count from 0 at the front and from -1 at the end: in a shape of 2 axes, 1 and -1 are the same"
)]
pub trait JoinBit<Other> {
    /// Whether it is in one of them.
    type Output;
}

#[diagnostic::do_not_recommend]
impl JoinBit<B0> for B0 {
    type Output = B0;
}

#[diagnostic::do_not_recommend]
impl JoinBit<B1> for B0 {
    type Output = B1;
}

#[diagnostic::do_not_recommend]
impl JoinBit<B0> for B1 {
    type Output = B1;
}

/// A shape without some axes, which a tuple of bits tells.
pub trait WithoutMask<Mask>: Ranked {
    /// The shape without them.
    type Output: Ranked;
    /// The shape with these axes as 1.
    type Kept: Ranked;
}

macro_rules! marks {
    // One 1 among the axes of a shape: its number from the front, from the back, the bits in front of it and behind it.
    ($all:tt: $($front:literal $back:literal $at:ident [$($bit:ident)*];)*) => {
        $(marks!(@impl $all $front $at [$($bit)*]);)*
        $(marks!(@impl $all $back $at [$($bit)*]);)*
        marks!(@none $all);
        marks!(@join $all);
        marks!(@without $all [] [] [] $all);
    };
    (@impl [$($axis:ident)*] $number:literal $at:ident [$($bit:ident)*]) => {
        #[diagnostic::do_not_recommend]
        impl<$($axis: Dim),*> NamesAxis<$number> for ($($axis,)*) {
            type Mask = ($($bit,)*);
            type Axis = $at;
        }
    };
    (@none [$($axis:ident)*]) => {
        #[diagnostic::do_not_recommend]
        impl<$($axis: Dim),*> NamesAxis<NONE> for ($($axis,)*) {
            type Mask = ($(marks!(@zero $axis),)*);
            type Axis = One;
        }
    };
    (@zero $axis:ident) => { B0 };
    (@join []) => {
        impl JoinMask<()> for () {
            type Output = ();
        }
    };
    (@join [$a:ident]) => { marks!(@joined $a U); };
    (@join [$a:ident $b:ident]) => { marks!(@joined $a U, $b V); };
    (@join [$a:ident $b:ident $c:ident]) => { marks!(@joined $a U, $b V, $c W); };
    (@join [$a:ident $b:ident $c:ident $d:ident]) => { marks!(@joined $a U, $b V, $c W, $d X); };
    (@join [$a:ident $b:ident $c:ident $d:ident $e:ident]) => { marks!(@joined $a U, $b V, $c W, $d X, $e Y); };
    (@join [$a:ident $b:ident $c:ident $d:ident $e:ident $f:ident]) => {
        marks!(@joined $a U, $b V, $c W, $d X, $e Y, $f Z);
    };
    (@joined $($a:ident $b:ident),*) => {
        impl<$($a, $b),*> EitherMask<($($b,)*)> for ($($a,)*)
        where
            $($a: BitOr<$b>),*
        {
            type Output = ($($a::Output,)*);
        }

        impl<$($a, $b),*> JoinMask<($($b,)*)> for ($($a,)*)
        where
            $($a: JoinBit<$b>),*
        {
            type Output = ($($a::Output,)*);
        }
    };
    // Every choice of axes: for each the bits, what is left, and what is kept.
    (@without [$($all:ident)*] [$($bits:ident)*] [$($left:ident)*] [$($kept:ident)*] []) => {
        #[diagnostic::do_not_recommend]
        impl<$($all: Dim),*> WithoutMask<($($bits,)*)> for ($($all,)*) {
            type Output = ($($left,)*);
            type Kept = ($($kept,)*);
        }
    };
    (@without $all:tt [$($bits:ident)*] [$($left:ident)*] [$($kept:ident)*] [$next:ident $($rest:ident)*]) => {
        marks!(@without $all [$($bits)* B0] [$($left)* $next] [$($kept)* $next] [$($rest)*]);
        marks!(@without $all [$($bits)* B1] [$($left)*] [$($kept)* One] [$($rest)*]);
    };
}

marks!([]:);
marks!([A]: 0 -1 A [B1];);
marks!([A B]: 0 -2 A [B1 B0]; 1 -1 B [B0 B1];);
marks!([A B C]: 0 -3 A [B1 B0 B0]; 1 -2 B [B0 B1 B0]; 2 -1 C [B0 B0 B1];);
marks!([A B C D]: 0 -4 A [B1 B0 B0 B0]; 1 -3 B [B0 B1 B0 B0]; 2 -2 C [B0 B0 B1 B0]; 3 -1 D [B0 B0 B0 B1];);
marks!([A B C D E]:
    0 -5 A [B1 B0 B0 B0 B0]; 1 -4 B [B0 B1 B0 B0 B0]; 2 -3 C [B0 B0 B1 B0 B0]; 3 -2 D [B0 B0 B0 B1 B0];
    4 -1 E [B0 B0 B0 B0 B1];
);
marks!([A B C D E F]:
    0 -6 A [B1 B0 B0 B0 B0 B0]; 1 -5 B [B0 B1 B0 B0 B0 B0]; 2 -4 C [B0 B0 B1 B0 B0 B0]; 3 -3 D [B0 B0 B0 B1 B0 B0];
    4 -2 E [B0 B0 B0 B0 B1 B0]; 5 -1 F [B0 B0 B0 B0 B0 B1];
);

type Mask<S, const AXIS: isize> = <S as NamesAxis<AXIS>>::Mask;

/// The shape has these axes, each once.
pub trait NamesAxes<Which>: Ranked {
    /// A bit for each axis of the shape.
    type Mask;
}

/// The axes that are named once or more.
pub trait CoversAxes<Which>: Ranked {
    /// A bit for each axis of the shape.
    type Mask;
}

macro_rules! together {
    // The bits of six axes, joined one after the other.
    ($all:ident by $join:ident) => {
#[rustfmt::skip]
        impl<
            S, Two, Three, Four, Five, Six,
            const A: isize, const B: isize, const C: isize, const D: isize, const E: isize, const F: isize,
        > $all<Axes<A, B, C, D, E, F>> for S
        where
            S: NamesAxis<A> + NamesAxis<B> + NamesAxis<C> + NamesAxis<D> + NamesAxis<E> + NamesAxis<F>,
            Mask<S, A>: $join<Mask<S, B>, Output = Two>,
            Two: $join<Mask<S, C>, Output = Three>,
            Three: $join<Mask<S, D>, Output = Four>,
            Four: $join<Mask<S, E>, Output = Five>,
            Five: $join<Mask<S, F>, Output = Six>,
        {
            type Mask = Six;
        }
    };
}

together!(NamesAxes by JoinMask);
together!(CoversAxes by EitherMask);

/// The shape that a reduction over several axes leaves: [`Axes`] go, [`KeptAxes`] stay with size 1.
#[diagnostic::on_unimplemented(
    message = "these are not axes of `{Self}`",
    label = "expected `Axes<..>`, which go, or `KeptAxes<..>`, which stay with size 1",
    note = "axes count from 0 at the front and from -1 at the end"
)]
pub trait ReduceAxes<Which>: Shape {
    /// The shape of the result.
    type Output: Ranked;
    /// The axes.
    const WHICH: Listed;
    /// Whether they stay.
    const KEEP: bool;
}

macro_rules! reduces {
    ($which:ident leaves $left:ident, keep: $keep:literal) => {
        impl<S, const A: isize, const B: isize, const C: isize, const D: isize, const E: isize, const F: isize>
            ReduceAxes<$which<A, B, C, D, E, F>> for S
        where
            S: NamesAxes<Axes<A, B, C, D, E, F>>,
            S: WithoutMask<<S as NamesAxes<Axes<A, B, C, D, E, F>>>::Mask>,
        {
            type Output = <S as WithoutMask<<S as NamesAxes<Axes<A, B, C, D, E, F>>>::Mask>>::$left;
            const WHICH: Listed = Axes::<A, B, C, D, E, F>::LISTED;
            const KEEP: bool = $keep;
        }
    };
}

reduces!(Axes leaves Output, keep: false);
reduces!(KeptAxes leaves Kept, keep: true);

/// Axes that go, which may stay with size 1 instead.
pub trait Kept {
    /// The same axes as [`KeptAxes`].
    type Kept;
}

#[rustfmt::skip]
impl<const A: isize, const B: isize, const C: isize, const D: isize, const E: isize, const F: isize> Kept
    for Axes<A, B, C, D, E, F>
{
    type Kept = KeptAxes<A, B, C, D, E, F>;
}
