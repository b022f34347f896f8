//! Telling an emulated driver which blocks there are.
//!
//! To a driver, all blocks of a segment are one allocation. An emulated one can look after each, if it is told; a card's has no such
//! functions, and is not told.

use std::ffi::c_void;

use crate::stream::Stream;

type Used = unsafe extern "C" fn(address: u64, bytes: usize, place: usize, stream: *mut c_void);
type Freed = unsafe extern "C" fn(address: u64, place: usize, stream: *mut c_void);

/// The driver's functions, where it has them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lifetimes {
    functions: Option<(Used, Freed)>,
}

impl Lifetimes {
    /// Looks for the functions.
    pub(super) fn of_the_driver() -> Self {
        let symbols = cuda_shim::symbol(c"cuEmuBlock").zip(cuda_shim::symbol(c"cuEmuBlockFreed"));
        // SAFETY: these are the signatures in emu/memory.cpp, and nobody else has functions of these names.
        let functions = symbols.map(|(used, freed)| unsafe {
            (
                std::mem::transmute::<*mut c_void, Used>(used),
                std::mem::transmute::<*mut c_void, Freed>(freed),
            )
        });
        Self { functions }
    }

    /// From here on in the stream, these bytes of a place may be used.
    pub(super) fn used(self, address: u64, bytes: usize, place: usize, stream: &Stream) {
        if let Some((used, _)) = self.functions {
            // SAFETY: numbers and a stream that lives.
            unsafe { used(address, bytes, place, stream.raw().cast()) }
        }
    }

    /// From here on in the stream, nobody uses the place.
    pub(super) fn freed(self, address: u64, place: usize, stream: usize) {
        if let Some((_, freed)) = self.functions {
            // SAFETY: numbers and a stream, which all live as long as the process.
            unsafe { freed(address, place, stream as *mut c_void) }
        }
    }
}
