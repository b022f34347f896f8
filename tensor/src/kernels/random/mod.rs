//! Random numbers that are a function of a seed, a stream and an index: the same on any device and any number of threads.

pub mod laws;
pub mod philox;

pub use philox::Stream;
