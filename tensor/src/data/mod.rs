//! Data sets and the batches that training takes.

mod batches;
mod dataset;
mod digits;
mod idx;

pub use batches::Batches;
pub use dataset::Dataset;
pub use digits::digits;
pub use idx::{Idx, mnist};
