//! Coefficients, made in 50 digits by `tables.py`.

pub mod bessel;
pub mod error;
pub mod gamma;
pub mod incomplete;
pub mod oscillating;
