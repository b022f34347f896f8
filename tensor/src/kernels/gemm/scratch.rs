//! Packing space: one buffer a thread, grown when needed and kept.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::cell::Cell;
use std::ptr::{NonNull, null_mut};

/// A cache line.
const ALIGN: usize = 64;

struct Buffer {
    start: *mut u8,
    bytes: usize,
}

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
    static BUFFER: Cell<Buffer> = const { Cell::new(Buffer { start: null_mut(), bytes: 0 }) };
}

/// Calls `body` with space for `count` numbers, aligned to a cache line; what it holds is whatever was there.
pub(super) fn with_space<T, R>(count: usize, body: impl FnOnce(NonNull<T>) -> R) -> R {
    let bytes = count * size_of::<T>();
    BUFFER.with(|cell| {
        // Taken out while it is used: a product inside a product gets space of its own.
        let mut buffer = cell.replace(Buffer {
            start: null_mut(),
            bytes: 0,
        });
        if buffer.bytes < bytes {
            buffer = grown(bytes);
        }
        let start = NonNull::new(buffer.start.cast::<T>()).unwrap_or(NonNull::dangling());
        let result = body(start);
        cell.set(buffer);
        result
    })
}

#[cold]
fn grown(bytes: usize) -> Buffer {
    let Some(layout) = layout(bytes.next_multiple_of(1 << 16)) else {
        return Buffer {
            start: null_mut(),
            bytes: 0,
        };
    };
    // SAFETY: the layout is not empty.
    let start = unsafe { alloc(layout) };
    if start.is_null() {
        handle_alloc_error(layout);
    }
    Buffer {
        start,
        bytes: layout.size(),
    }
}
