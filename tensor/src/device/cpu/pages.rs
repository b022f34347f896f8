//! Blocks of zeros from the process, on large pages where the system has them.
//!
//! A pass over 32 MiB goes through 8,192 pages of 4 KiB, more than a processor keeps the addresses of, and through 16 of 2 MiB.

use std::alloc::{Layout, alloc, dealloc};
use std::ptr::NonNull;

/// The alignment of the widest vectors.
const ALIGN: usize = 64;
/// A large page.
const PAGE: usize = 2 << 20;
/// Blocks from here on lie on large pages.
const LARGE: usize = 2 * PAGE;

/// A block of zeros: no read of it is ever undefined. `bytes` is more than none.
pub fn allocate(bytes: usize) -> Option<NonNull<u8>> {
    let layout = layout(bytes)?;
    // SAFETY: `bytes` is more than none.
    let start = NonNull::new(unsafe { alloc(layout) })?;
    if layout.align() == PAGE {
        prefer_large_pages(start, bytes / PAGE * PAGE);
    }
    // SAFETY: allocated a moment ago with this size.
    unsafe { start.as_ptr().write_bytes(0, bytes) };
    Some(start)
}

/// Gives a block back.
///
/// # Safety
/// It came from [`allocate`] with the same `bytes`, and nobody uses it any more.
pub unsafe fn release(start: NonNull<u8>, bytes: usize) {
    if let Some(layout) = layout(bytes) {
        // SAFETY: allocated with this layout, which depends on `bytes` alone.
        unsafe { dealloc(start.as_ptr(), layout) }
    }
}

fn layout(bytes: usize) -> Option<Layout> {
    Layout::from_size_align(bytes, if bytes < LARGE { ALIGN } else { PAGE }).ok()
}

/// A wish: where the system does not grant it, the block is on small pages and as right.
#[cfg(all(target_os = "linux", not(miri)))]
fn prefer_large_pages(start: NonNull<u8>, bytes: usize) {
    // SAFETY: the range lies in a block of ours, and what it holds is not changed by this.
    unsafe { libc::madvise(start.as_ptr().cast(), bytes, libc::MADV_HUGEPAGE) };
}

#[cfg(not(all(target_os = "linux", not(miri))))]
fn prefer_large_pages(_: NonNull<u8>, _: usize) {}

#[cfg(test)]
mod tests {
    use super::{LARGE, PAGE, allocate, release};

    #[test]
    fn blocks_of_all_sizes_are_zeros() {
        for bytes in [1, 63, PAGE, LARGE - 1, LARGE, LARGE + 1, 3 * PAGE + 5] {
            let start = allocate(bytes).unwrap();
            // SAFETY: allocated a line above.
            let block = unsafe { std::slice::from_raw_parts(start.as_ptr(), bytes) };
            assert!(block.iter().all(|&byte| byte == 0), "{bytes} bytes");
            assert_eq!(start.as_ptr().addr() % 64, 0);
            // SAFETY: as allocated, and not used any more.
            unsafe { release(start, bytes) };
        }
    }

    #[test]
    fn more_than_there_is_gives_none() {
        assert!(allocate(isize::MAX as usize).is_none());
        assert!(allocate(usize::MAX).is_none());
    }
}
