//! Linear algebra on the last two axes, `[.., M, N]`; all others are batches.
//!
//! A factorization is one node on the tape, whatever it consists of: its results lie side by side in one value ([`parts`]), of
//! which each is a view. Its rule is written in operations, so that derivatives of every order are there. `f32` is computed in
//! double precision and rounded once.

pub(crate) mod batch;
pub(crate) mod cholesky;
pub(crate) mod determinant;
pub(crate) mod eigh;
pub(crate) mod exponential;
pub(crate) mod lstsq;
pub(crate) mod lu;
pub(crate) mod norms;
pub(crate) mod parts;
pub(crate) mod pinv;
pub(crate) mod qr;
pub(crate) mod shapes;
pub(crate) mod solve;
pub(crate) mod svd;
pub(crate) mod triangular;
