//! Packing space: one buffer a thread, grown when needed and kept.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::cell::Cell;
use std::ptr::{NonNull, null_mut};

/// A cache line.
const ALIGN: usize = 64;

struct Buffer {
    start: *mut u8,
    bytes: usize,
    /// For which region it holds something, and which panels: see [`with_kept_space`].
    region: u64,
    packed: u128,
}

/// What a thread has before its first product, and while it is inside one.
const NONE: Buffer = Buffer {
    start: null_mut(),
    bytes: 0,
    region: 0,
    packed: 0,
};

impl Drop for Buffer {
    fn drop(&mut self) {
        if let Some(layout) = layout(self.bytes) {
            // SAFETY: `start` was allocated with this layout.
            unsafe { dealloc(self.start, layout) };
        }
    }
}

fn layout(bytes: usize) -> Option<Layout> {
    (bytes > 0).then(|| Layout::from_size_align(bytes, ALIGN).expect("packing space is a few megabytes"))
}

thread_local! {
    static BUFFER: Cell<Buffer> = const { Cell::new(NONE) };
}

/// Calls `body` with space for `count` numbers, aligned to a cache line; what it holds is whatever was there.
pub(super) fn with_space<T, R>(count: usize, body: impl FnOnce(NonNull<T>) -> R) -> R {
    with_buffer(count * size_of::<T>(), |buffer| {
        // Whatever it held for a region may be overwritten.
        buffer.region = 0;
        body(start(buffer))
    })
}

/// As [`with_space`], for the tasks of one region, which has a number above 0 of its own: what a task wrote is still there for the
/// next one on the same thread. The second argument of `body` says what that is: 0 at first, then what the last task left in it.
pub(super) fn with_kept_space<T>(region: u64, count: usize, body: impl FnOnce(NonNull<T>, &mut u128)) {
    with_buffer(count * size_of::<T>(), |buffer| {
        if buffer.region != region {
            (buffer.region, buffer.packed) = (region, 0);
        }
        body(start(buffer), &mut buffer.packed)
    })
}

fn start<T>(buffer: &Buffer) -> NonNull<T> {
    NonNull::new(buffer.start.cast::<T>()).unwrap_or(NonNull::dangling())
}

fn with_buffer<R>(bytes: usize, body: impl FnOnce(&mut Buffer) -> R) -> R {
    BUFFER.with(|cell| {
        // Taken out while it is used: a product inside a product gets space of its own.
        let mut buffer = cell.replace(NONE);
        if buffer.bytes < bytes {
            buffer = grown(bytes);
        }
        let result = body(&mut buffer);
        cell.set(buffer);
        result
    })
}

#[cold]
fn grown(bytes: usize) -> Buffer {
    let Some(layout) = layout(bytes.next_multiple_of(1 << 16)) else {
        return NONE;
    };
    // SAFETY: the layout is not empty.
    let start = unsafe { alloc(layout) };
    if start.is_null() {
        handle_alloc_error(layout);
    }
    Buffer {
        start,
        bytes: layout.size(),
        ..NONE
    }
}
