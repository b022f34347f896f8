//! Fourier transforms of contiguous rows; complex numbers are pairs (real, imaginary) side by side.
//!
//! Forward, `X[k] = factor * sum over j of x[j] exp(-2 pi i j k / n)`, inverse with `+` in the exponent; any length, primes included.
//! The transforms are the crate `rustfft`'s, with its plans kept; rows are spread over threads. They are computed in double precision,
//! `f32` included: the crate is compiled anew for each type with each build of this one, and its kernels for AVX take longer than all else.

mod plans;
mod rows;

pub use rows::{fft, irfft, rfft};

#[cfg(test)]
mod tests;
