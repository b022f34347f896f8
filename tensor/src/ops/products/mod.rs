//! Products of tensors: of matrices with sums ([`matrix`]), over any axes ([`contract`]), by an equation ([`einsum`]).

pub(crate) mod contract;
pub(crate) mod einsum;
pub(crate) mod matrix;
mod methods;

pub use methods::einsum;
