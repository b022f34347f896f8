//! CUDA kernels for the library `tensor`, and what runs them.
//!
//! CUDA C++ lies in `kernels/`, one file a family; its PTX in `ptx/`, committed with a checksum of its sources that the build
//! compares; typed launchers in `launch/`, as methods of [`Gpu`]. With the feature `cuda` off the crate is empty. With it on, the
//! build needs no CUDA, and a program starts where there is no driver: [`Gpu::open`] says so then.
//!
//! The feature `emu` adds a driver over host memory, on which every kernel is tested where there is no card.
#![cfg(feature = "cuda")]

mod blas;
mod chain;
mod driver;
#[cfg(feature = "emu")]
pub mod emu;
mod error;
mod event;
mod geometry;
mod gpu;
mod health;
mod info;
mod launch;
mod memory;
mod module;
mod ptr;
mod ptx;
mod stream;

pub use chain::{Code, Reads, Saved, Step};
pub use driver::device_count;
pub use error::{Error, Result};
pub use event::Event;
pub use geometry::Strided;
pub use gpu::{Gpu, is_available};
pub use info::Info;
pub use launch::{Adam, Binary, Epilogue, Extreme, LayerNormGrads, Linear, Operand, Reduce, SIGNATURES, Sgd, Tiles};
pub use memory::MemoryUse;
pub use ptr::{Element, Float, Ptr};
pub use ptx::ptx;
pub use stream::Stream;
