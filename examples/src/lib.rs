//! Programs to start from, and what they share: how they end, the option `--device`, architectures, text, and the workloads of the
//! benchmark.

pub mod bench;
pub mod models;
mod place;
pub mod program;
pub mod text;

pub use place::Place;
