//! The operations: one file each, with the typed and the dynamic method, the forward and the backward rule.
//!
//! The functions that take a `Value` are the plain core: shapes have been checked when they run.

pub(crate) mod binary;
pub(crate) mod layer_norm;
pub(crate) mod linear;
pub(crate) mod loss;
pub(crate) mod matmul;
mod names;
pub(crate) mod reduce;
pub(crate) mod softmax;
pub(crate) mod transfer;
pub(crate) mod unary;
pub(crate) mod view;
