//! How kernels are laid over their work: what all families share.

use super::{Gpu, Launch};
use crate::error::Result;
use crate::ptr::Float;

/// Threads of a block: `BLOCK` of `common.cuh`.
pub(super) const BLOCK: usize = 256;
/// Warps of a block.
pub(super) const WARPS: usize = BLOCK / 32;
/// Threads of a block that has a row: `ROW_BLOCK` of `rows.cuh`.
pub(super) const ROW_BLOCK: usize = 512;
/// Bytes of a row that a lane of a warp keeps: `KEPT` elements of `rows.cuh`.
const KEPT_BYTES: usize = 128;
/// The most blocks that share the inputs of an output, whose parts one block joins.
pub(super) const PARTS: usize = 1024;
/// The most blocks a multiprocessor of kernels that go over elements: eight times what it can hold at once, so that none waits long
/// for the last, and a block has more to do than to begin.
const BLOCKS_A_MULTIPROCESSOR: usize = 64;

/// The numbers that the kernels have too, by their names there: a check of the suite compares.
pub const SHARED_WITH_KERNELS: [(&str, usize); 3] = [("BLOCK", BLOCK), ("ROW_BLOCK", ROW_BLOCK), ("KEPT", KEPT_BYTES)];

/// How a kernel goes over the rows of a matrix.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows {
    /// Lanes of a warp that keep a row, where they can; else a block goes over it.
    pub(super) width: Option<i32>,
    /// Blocks.
    pub(super) blocks: u32,
    /// Threads of a block.
    pub(super) threads: u32,
}

impl Gpu {
    /// A launch that goes over `n > 0` elements, four a thread, stepping by the whole grid where they are many.
    pub(super) fn over(&self, n: usize) -> Result<Launch<'_>> {
        let blocks = n
            .div_ceil(4 * BLOCK)
            .min(self.info().multiprocessors as usize * BLOCKS_A_MULTIPROCESSOR);
        self.launch((blocks.max(1) as u32, 1, 1), (BLOCK as u32, 1, 1), 0)
    }

    /// How kernels go over rows of so many columns.
    pub(super) fn rows<T: Float>(&self, rows: usize, cols: usize) -> Rows {
        if cols > KEPT_BYTES / size_of::<T>() * 32 {
            return Rows {
                width: None,
                blocks: self.blocks_for(rows),
                threads: ROW_BLOCK as u32,
            };
        }
        let width = cols.next_power_of_two().clamp(1, 32);
        Rows {
            width: Some(width as i32),
            blocks: self.blocks_for(rows.div_ceil(BLOCK / width)),
            threads: BLOCK as u32,
        }
    }

    /// Blocks for a loop that steps by the whole grid and has work for so many.
    pub(super) fn blocks_for(&self, most: usize) -> u32 {
        most.clamp(1, self.info().multiprocessors as usize * 16) as u32
    }

    /// Calls `run` with memory that is its own while it runs, and until what it put in the stream is done.
    pub(super) fn with_scratch(&self, bytes: usize, run: impl FnOnce(u64) -> Result<()>) -> Result<()> {
        let address = self.allocate(bytes)?;
        let result = run(address);
        // SAFETY: it is this device's, and all its uses are in the stream.
        unsafe { self.release(address) };
        result
    }
}
