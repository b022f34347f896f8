//! The operations: one file each, with the typed and the dynamic method, the forward and the backward rule.
//!
//! The functions that take a `Value` are the plain core: shapes have been checked when they run.

pub(crate) mod activation;
mod assign;
pub(crate) mod axes;
pub(crate) mod binary;
pub(crate) mod blend;
pub(crate) mod border;
pub(crate) mod cast;
pub(crate) mod clamp;
pub(crate) mod combine;
pub(crate) mod compare;
pub(crate) mod convolution;
pub(crate) mod diagonal;
pub(crate) mod expand;
pub(crate) mod flip;
pub(crate) mod formula;
pub(crate) mod gather;
pub(crate) mod host;
pub(crate) mod index;
pub(crate) mod join;
pub(crate) mod layer_norm;
pub(crate) mod linalg;
pub(crate) mod linear;
pub(crate) mod logical;
pub(crate) mod loss;
pub(crate) mod math;
pub(crate) mod matmul;
mod names;
pub(crate) mod pad;
pub(crate) mod pair;
pub(crate) mod permute;
pub(crate) mod products;
pub(crate) mod reduce;
pub(crate) mod reduction;
pub(crate) mod rows;
pub(crate) mod select;
pub(crate) mod sizes;
pub(crate) mod softmax;
pub(crate) mod sorting;
pub(crate) mod split;
pub(crate) mod transfer;
pub(crate) mod triangle;
pub(crate) mod unary;
pub(crate) mod view;
pub(crate) mod windows;
