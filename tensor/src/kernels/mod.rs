//! The arithmetic: plain functions of slices and sizes, generic over [`Real`]. Nothing here knows of tensors.
//!
//! From the bottom up: [`special`] (functions of a number by itself), [`real`] and [`simd`] (the numbers and the instruction sets), [`math`] (exp, log, tanh, erf),
//! [`chain`] (runs of elementwise operations), [`cells`] (steps of recurrent layers), [`strided`] (views of any rank), [`elementwise`] (the other functions and
//! comparisons), [`indexed`] (elements by their places), [`reduce`], [`rows`] (softmax, norms,
//! losses), [`gemm`] (products), [`conv`] and [`attention`] (which are products of pieces), [`pooling`], [`normalise`], [`activation`], [`recurrence`] (all steps of a recurrent layer), [`border`], [`resample`], [`channels`], [`linalg`] (factorizations), [`fft`], [`optimizers`].
//! Work is cut by size and sums run over fixed trees of blocks, so the bits of a result do not depend on the number of threads.

pub mod activation;
pub mod attention;
pub mod border;
pub mod cells;
pub mod chain;
pub mod channels;
pub mod conv;
pub mod elementwise;
pub mod embedding;
pub mod fft;
pub mod gemm;
pub mod indexed;
pub mod linalg;
pub mod math;
pub mod normalise;
pub mod number;
pub mod optimizers;
pub mod pooling;
pub mod random;
pub mod real;
pub mod recurrence;
pub mod reduce;
pub mod resample;
pub mod rows;
mod scratch;
pub mod simd;
pub mod special;
pub mod strided;
pub mod windows;

pub use number::Number;
pub use real::Real;
