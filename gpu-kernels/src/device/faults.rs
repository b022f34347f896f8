//! What kernels note of their data, and when the note is taken away.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::{Error, Result};
use crate::memory::{Allocator, Piece};
use crate::operation::{Scatter, Whole};
use crate::stream::Stream;

/// The bytes of `Fault` in kernels/common.cuh: `{ u32 kind, u32 operation, i64 row, i64 found, i64 size }`.
const FAULT_BYTES: usize = 32;

/// The record of faults of one device. The first fault stands until a read has reported it.
#[derive(Debug)]
pub(super) struct Faults {
    address: u64,
    stream: &'static Stream,
    /// How often the stream was asked to clear the record. The lock is held from the copy or the clearing on until its place among the
    /// others is known.
    clears: Mutex<u64>,
}

/// Which state of the record a copy has: how often it had been cleared before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seen(u64);

impl Faults {
    pub(super) fn new(allocator: &Allocator, stream: &'static Stream) -> Result<Self> {
        let address = allocator.allocate(FAULT_BYTES, stream)?;
        // SAFETY: the block is so long.
        unsafe { stream.fill(address, 0, FAULT_BYTES) }?;
        Ok(Self {
            address,
            stream,
            clears: Mutex::default(),
        })
    }

    pub(super) fn address(&self) -> u64 {
        self.address
    }

    fn clears(&self) -> MutexGuard<'_, u64> {
        self.clears.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has the record copied to the piece's tail, as it is after what is in the stream.
    pub(super) fn fetch(&self, piece: &mut Piece) -> Result<Seen> {
        let clears = self.clears();
        // SAFETY: the record is so long.
        unsafe { piece.fetch_tail(self.stream, self.address, FAULT_BYTES) }?;
        Ok(Seen(*clears))
    }

    /// Turns a record whose copy is done into its error, and has kernels go on. Where another read has reported it meanwhile, what
    /// stands in the record is a later fault, or none: it stays.
    pub(super) fn report(&self, piece: &Piece, seen: Seen) -> Result<()> {
        // SAFETY: the tail is long enough, and any bytes are numbers.
        let [word, row, found, size] = unsafe { piece.tail().cast::<[i64; 4]>().read_unaligned() };
        let (kind, operation) = (word as u32, (word >> 32) as usize);
        if kind == 0 {
            return Ok(());
        }
        let mut clears = self.clears();
        if *clears == seen.0 {
            // SAFETY: the record is so long.
            unsafe { self.stream.fill(self.address, 0, FAULT_BYTES) }?;
            *clears += 1;
        }
        Err(match (kind, Scatter::ALL.get(operation), Whole::ALL.get(operation)) {
            (2, Some(&operation), _) => Error::BadIndex {
                operation,
                index: found,
                size,
            },
            (3, _, Some(&operation)) => Error::ByZero { operation },
            _ => Error::BadLabel {
                row,
                label: found,
                classes: size,
            },
        })
    }
}
