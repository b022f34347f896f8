//! Programs to start from, and what they share: the option `--device`, architectures, and the workloads of the
//! benchmark.

pub mod bench;
pub mod models;
mod place;

pub use place::Place;
