//! Programs to start from, and what they share: the option `--device`, and the workloads of the benchmark.

pub mod bench;
mod place;

pub use place::Place;
