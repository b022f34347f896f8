//! Dense factorizations of one row-major matrix; callers loop over batches.
//!
//! Everything is computed in double precision, `f32` included: matrices come in as `T`, are converted, and results are rounded
//! once. `m, n` are the rows and columns of `A`, `k` those of a right-hand side. The methods are LAPACK's, so signs that are
//! conventions (the diagonal of `R`, the pivots) are its too.
//!
//! From the bottom up: [`vectors`], [`matrix`], [`reflector`] (Householder); [`triangular`], [`lu`], [`cholesky`], [`qr`]; the
//! iterations [`eigh`] and [`svd`]; [`lstsq`] and [`exponential`], made of these.

#![allow(clippy::many_single_char_names, clippy::needless_range_loop)] // The literature's letters, several arrays at once.

pub mod cholesky;
pub mod eigh;
pub mod exponential;
pub mod lstsq;
pub mod lu;
mod matrix;
pub mod qr;
mod reflector;
pub mod svd;
pub mod triangular;
mod vectors;

use thiserror::Error;

/// Why there is no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Failure {
    /// The diagonal element number `at` (from 1) of a triangular factor is exactly zero.
    #[error("the matrix is singular: element {at} of the diagonal of its triangular factor is zero")]
    Singular {
        /// From 1, as LAPACK counts.
        at: usize,
    },
    /// The leading minor of order `order` is not positive.
    #[error("the matrix is not positive definite: its leading minor of order {order} is not positive")]
    NotPositiveDefinite {
        /// From 1, as LAPACK counts.
        order: usize,
    },
    /// An iteration did not come to an end.
    #[error("the iteration did not converge")]
    NoConvergence,
    /// The matrix holds an infinity or NaN.
    #[error("the matrix holds an infinite number or NaN")]
    NotFinite,
}

#[cfg(test)]
mod tests;
