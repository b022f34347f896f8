//! Space for what kernels put down on the way: a few buffers a thread, grown when needed and kept.

use std::alloc::{Layout, alloc_zeroed, dealloc, handle_alloc_error};
use std::cell::Cell;
use std::ptr::{NonNull, null_mut};
use std::sync::atomic::{AtomicU64, Ordering};

/// A cache line.
const ALIGN: usize = 64;

struct Buffer {
    start: *mut u8,
    bytes: usize,
    /// What it is kept for, and which panels of `A` and of `B` it holds: see [`with_kept_space`].
    keys: [u64; 2],
    held: [Held; 2],
}

/// The most panels of a matrix that are kept.
pub(super) const PANELS: usize = u128::BITS as usize;

/// A set of panels.
#[derive(Clone, Copy)]
pub(super) struct Held(u128);

impl Held {
    /// Whether the panel was not there; now it is.
    #[inline(always)]
    pub fn is_new(&mut self, panel: usize) -> bool {
        let before = self.0;
        self.0 |= 1 << panel;
        self.0 != before
    }
}

/// The last key.
static KEY: AtomicU64 = AtomicU64::new(0);

/// A key that nobody had before.
pub(super) fn new_key() -> u64 {
    KEY.fetch_add(1, Ordering::Relaxed) + 1
}

/// What a thread has before it first asks, and while it uses it.
const NONE: Buffer = Buffer {
    start: null_mut(),
    bytes: 0,
    keys: [0; 2],
    held: [Held(0); 2],
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

/// How deep spaces are nested at most; deeper ones are allocated each time.
const DEPTH: usize = 5;

thread_local! {
    /// The first one that nobody uses.
    static FREE: Cell<usize> = const { Cell::new(0) };
    static BUFFERS: [Cell<Buffer>; DEPTH] = const { [const { Cell::new(NONE) }; DEPTH] };
}

/// What any bits are a value of.
pub trait Plain: Copy {}

impl Plain for f32 {}
impl Plain for f64 {}
impl Plain for i64 {}
impl Plain for i32 {}
impl Plain for u8 {}
impl Plain for usize {}

/// Calls `body` with space for `count` numbers, aligned to a cache line; what it holds is whatever was there. Spaces may be nested.
pub(super) fn with_slice<T: Plain, R>(count: usize, body: impl FnOnce(&mut [T]) -> R) -> R {
    with_space(count, |start| {
        // SAFETY: the space is that long, zeroed when it was allocated, written as plain numbers since, and ours alone.
        body(unsafe { std::slice::from_raw_parts_mut(start.as_ptr(), count) })
    })
}

/// As [`with_slice`], by its first element.
pub(super) fn with_space<T, R>(count: usize, body: impl FnOnce(NonNull<T>) -> R) -> R {
    with_buffer(count * size_of::<T>(), |buffer| {
        // Whatever it holds may be overwritten.
        buffer.keys = [0; 2];
        body(start(buffer))
    })
}

/// As [`with_space`], for several tasks that go by the same keys, one for the panels of `A` and one for those of `B`: what a task wrote
/// is still there for the next one on the same thread. `body` is told which panels that are, and adds its own.
pub(super) fn with_kept_space<T>(keys: [u64; 2], count: usize, body: impl FnOnce(NonNull<T>, &mut [Held; 2])) {
    with_buffer(count * size_of::<T>(), |buffer| {
        for (i, key) in keys.into_iter().enumerate() {
            if buffer.keys[i] != key {
                (buffer.keys[i], buffer.held[i]) = (key, Held(0));
            }
        }
        body(start(buffer), &mut buffer.held)
    })
}

fn start<T>(buffer: &Buffer) -> NonNull<T> {
    NonNull::new(buffer.start.cast::<T>()).unwrap_or(NonNull::dangling())
}

fn with_buffer<R>(bytes: usize, body: impl FnOnce(&mut Buffer) -> R) -> R {
    /// Gives the place back, if `body` panics too.
    struct Nested(usize);
    impl Drop for Nested {
        fn drop(&mut self) {
            FREE.set(self.0);
        }
    }
    let nested = Nested(FREE.get());
    FREE.set(nested.0 + 1);
    BUFFERS.with(|buffers| {
        let cell = buffers.get(nested.0);
        let mut buffer = cell.map_or(NONE, |cell| cell.replace(NONE));
        if buffer.bytes < bytes {
            buffer = grown(bytes);
        }
        let result = body(&mut buffer);
        if let Some(cell) = cell {
            cell.set(buffer);
        }
        result
    })
}

#[cold]
fn grown(bytes: usize) -> Buffer {
    let Some(layout) = layout(bytes.next_multiple_of(1 << 16)) else {
        return NONE;
    };
    // SAFETY: the layout is not empty.
    let start = unsafe { alloc_zeroed(layout) };
    if start.is_null() {
        handle_alloc_error(layout);
    }
    Buffer {
        start,
        bytes: layout.size(),
        ..NONE
    }
}
