//! Spectra of real signals: the half that does not mirror the other one.

use std::ops::{Add, Div};

use typenum::{Quot, Sum, U1, U2};

use super::same::SameSize;
use super::windows::Windows;
use crate::shape::decimal::ToDecimal;
use crate::shape::dim::{Dim, StaticDim};
use crate::shape::shape::{Ranked, Shape};
use crate::shape::size::SizeOf;

/// So many real numbers: their transform has `n / 2 + 1` that do not mirror others.
#[diagnostic::on_unimplemented(
    message = "half of the transform of `{Self}` numbers is not known when compiling",
    label = "expected a static size"
)]
pub trait Spectrum: StaticDim {
    /// `n / 2`.
    type Half: StaticDim;
    /// `n / 2 + 1`.
    type Output: StaticDim;
}

#[diagnostic::do_not_recommend]
impl<N: StaticDim> Spectrum for N
where
    N::Number: Div<U2>,
    Quot<N::Number, U2>: Add<U1> + ToDecimal,
    Sum<Quot<N::Number, U2>, U1>: ToDecimal,
{
    type Half = SizeOf<Quot<N::Number, U2>>;
    type Output = SizeOf<Sum<Quot<N::Number, U2>, U1>>;
}

/// A signal, or a batch of signals, which falls into frames of `N` numbers, every `Hop`, with their middles on its numbers.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not fall into frames of `{N}` numbers",
    label = "expected `[length]` or `[batch, length]` with a static length"
)]
pub trait Frames<N, Hop>: Shape {
    /// `[.., n / 2 + 1, frames]`.
    type Output: Ranked;
}

impl<N, Hop, Length> Frames<N, Hop> for (Length,)
where
    N: Spectrum,
    Length: Windows<N, Hop, N::Half>,
{
    type Output = (N::Output, <Length as Windows<N, Hop, N::Half>>::Output);
}

impl<N, Hop, Batch: Dim, Length> Frames<N, Hop> for (Batch, Length)
where
    N: Spectrum,
    Length: Windows<N, Hop, N::Half>,
{
    type Output = (Batch, N::Output, <Length as Windows<N, Hop, N::Half>>::Output);
}

/// The frames of signals of a length.
#[diagnostic::on_unimplemented(
    message = "`{Self}` are no frames of signals of `{Length}` numbers",
    label = "expected `[frequency, frame]` or `[batch, frequency, frame]`"
)]
pub trait FramesOf<N, Hop, Length>: Shape {
    /// The signals.
    type Output: Ranked;
}

impl<N, Hop, Length, Frequency, Frame> FramesOf<N, Hop, Length> for (Frequency, Frame)
where
    N: Spectrum,
    Length: Windows<N, Hop, N::Half>,
    Frequency: SameSize<N::Output>,
    Frame: SameSize<<Length as Windows<N, Hop, N::Half>>::Output>,
{
    type Output = (Length,);
}

impl<N, Hop, Length, Batch: Dim, Frequency, Frame> FramesOf<N, Hop, Length> for (Batch, Frequency, Frame)
where
    N: Spectrum,
    Length: Windows<N, Hop, N::Half>,
    Frequency: SameSize<N::Output>,
    Frame: SameSize<<Length as Windows<N, Hop, N::Half>>::Output>,
{
    type Output = (Batch, Length);
}
