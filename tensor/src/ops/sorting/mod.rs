//! Sorting, and what follows from the order of elements. On the processor, row by row.

mod histogram;
mod middle;
mod quantile;
mod search;
mod sort;
mod unique;

pub use quantile::Interpolation;
pub use unique::Unique;
