//! Fourier transforms: methods of real tensors and of complex ones.

mod frames;
mod half;
mod shift;
mod whole;

use crate::element::Float;
use crate::error::Result;
use crate::ops::complex::Complex;
use crate::shape::{ReduceAxes, ReduceAxis, Shape};

/// A shape with another size of an axis.
type With<S, const AXIS: isize, Size> = <S as ReduceAxis<AXIS>>::With<Size>;

/// What a function made of sizes that a rule has admitted.
fn complex<S: Shape, T: Float>(out: Result<Complex<T>>) -> Result<Complex<T, S>> {
    Ok(Complex::of(out?.value().clone()))
}

/// Some axes, and a last one behind them.
fn and_last<S: ReduceAxes<Others> + ReduceAxis<LAST>, Others, const LAST: isize>() -> Vec<isize> {
    let mut axes = S::WHICH.axes().to_vec();
    axes.push(LAST);
    axes
}
