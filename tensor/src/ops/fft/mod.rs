//! Fourier transforms. Complex numbers are pairs along a last axis of size 2, so that gradients are those of real operations.
//!
//! A transform is linear: its gradient is the transform with the other sign in the exponent, times the same factor.

pub(crate) mod axes;
pub(crate) mod frames;
pub(crate) mod rows;
