//! What the tests of the whole library share.
//!
//! [`Chance`] draws sizes and data, [`assert_close`] compares, [`mod@eager`] holds generated code against its eager form, [`differences`] and [`model_differences`] hold gradients against finite
//! differences, [`orders`] those of second order, [`model_inputs`] draws what models take, [`mod@reference`] reads values that PyTorch made, [`conformance`] is the program that reports on whole folders of these,
//! [`nets`] writes models of random structure,
//! [`Outside`] is a package of a user's.

mod chance;
mod close;
pub mod conformance;
pub mod differences;
pub mod eager;
#[cfg(feature = "cuda")]
pub mod gpu;
pub mod held;
pub mod model_differences;
pub mod model_inputs;
pub mod nets;
pub mod orders;
mod outside;
pub mod reference;

/// The example of the page is tested.
#[cfg(doctest)]
#[doc = include_str!("../../docs/gpu.md")]
struct Page;

pub use chance::Chance;
pub use close::{assert_close, largest};
pub use outside::Outside;
