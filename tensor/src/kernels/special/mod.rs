//! Special functions and the arithmetic of IEEE 754 that has corners, of one number or two at a time, in double precision.
//!
//! Single precision converts: what is right to a few units of the last place of an `f64` is right after rounding to an
//! `f32`. Where the answer depends on the format (the remainder, the neighbour of a number, decimals) there is a twin
//! whose name ends in `_f32`.
//!
//! At poles, infinities and NaN the answers are PyTorch's, also where a limit exists and it gives none: `i0(inf)` and
//! `zeta(s, inf)` are NaN. Two of its rounding errors are not copied: `sinc` is 0 at integers, and `polygamma(1, x)`
//! infinite at the poles.
//!
//! Not here, since the standard library's are exact enough and agree at the corners: `exp2`, `exp_m1`, `ln_1p`, `log2`,
//! `log10`, `hypot`, `atan2`, `copysign`, `round_ties_even`.
//!
//! From the bottom up: [`tables`] (coefficients) and [`series`], [`hyperbolic`], [`sinus`], [`logarithm`], [`error`],
//! [`normal`], [`gamma`], [`digamma`], [`zeta`], [`incomplete`], [`bessel`], [`modified`], [`rounding`], [`float`],
//! [`integer`].

pub mod bessel;
pub mod digamma;
pub mod error;
pub mod float;
pub mod gamma;
pub mod hyperbolic;
pub mod incomplete;
pub mod integer;
pub mod logarithm;
pub mod modified;
pub mod normal;
pub mod rounding;
pub mod series;
pub mod sinus;
pub mod tables;
pub mod zeta;

#[cfg(test)]
mod tests;
