//! CUDA kernels for the library `tensor`, and what runs them.
//!
//! CUDA C++ lies in `kernels/`, one file a family; its PTX in `ptx/`, committed with a checksum of its sources that the build
//! compares; typed launchers in `launch/`, as methods of `Gpu`. With the feature `cuda` off the crate is empty. With it on, the
//! build needs no CUDA, and a program starts where there is no driver: `Gpu::open` says so then.
//!
//! The modules are a ladder, on which each uses those before it and no other:
//!
//! 1. `operation`, `error`, `ptr`, `ptx`: what they say of themselves; `chain`, `geometry`, `operand`: operations and operands as kernels
//!    take them;
//! 2. `driver`, `info`, `health`: the driver opened, a device described, a device's end remembered;
//! 3. `stream`, `event`: queues of work, and places in them;
//! 4. `memory`: blocks of a device, and pinned memory of the host;
//! 5. `device`: a device, opened, with all of these; copies, reads, and the record of faults;
//! 6. `module`, `blas`: kernels loaded, and products by cuBLASLt;
//! 7. `launch`: `Gpu`, a device with its kernels, and the launchers;
//! 8. `emu`: the emulated driver's counters and knobs.
//!
//! The feature `emu` adds a driver over host memory, on which every kernel is tested where there is no card.
#![cfg(feature = "cuda")]

mod blas;
mod chain;
mod device;
mod driver;
#[cfg(feature = "emu")]
pub mod emu;
mod error;
mod event;
mod geometry;
mod health;
mod info;
mod launch;
mod memory;
mod module;
mod operand;
mod operation;
mod ptr;
mod ptx;
mod stream;

pub use chain::{Code, Reads, Saved, Step};
pub use device::Device;
pub use driver::{device_count, is_available};
pub use error::{Error, Result};
pub use event::Event;
pub use info::Info;
pub use launch::{
    Adam, Binary, Epilogue, Extreme, Gpu, LayerNormGrads, Linear, Reduce, SHARED_WITH_KERNELS, SIGNATURES, Sgd, Tiles,
    Typed,
};
pub use memory::MemoryUse;
pub use operand::{Operand, Strided};
pub use operation::{Compare, Fold, Function, Pair, Scatter, Special, Type, Whole};
pub use ptr::{Element, Float, Ptr};
pub use ptx::ptx;
pub use stream::Stream;
