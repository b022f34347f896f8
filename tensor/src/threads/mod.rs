//! Threads: a small pool of our own, entered in about a microsecond, without allocation.
//!
//! Work is cut into tasks by its size, never by the number of threads, so results do not depend on it.
//! The default is one thread a core, or what `TENSOR_THREADS` says.

mod pool;
mod shared;

use std::sync::atomic::{AtomicUsize, Ordering};

pub(crate) use shared::Shared;

/// The most threads that take part in one region.
const MOST: usize = 256;

/// 0 until it is first asked for.
static COUNT: AtomicUsize = AtomicUsize::new(0);

/// How many threads take part in a region, the caller included.
///
/// ```
/// assert!(tensor::threads::get() >= 1);
/// ```
pub fn get() -> usize {
    match COUNT.load(Ordering::Relaxed) {
        0 => default_count(),
        count => count,
    }
}

/// Lets `count` threads take part from now on, the caller included; 0 means the default.
///
/// ```
/// use tensor::threads;
/// let before = threads::get();
/// threads::set(2);
/// assert_eq!(threads::get(), 2);
/// threads::set(0);
/// assert_eq!(threads::get(), before);
/// ```
pub fn set(count: usize) {
    COUNT.store(count.min(MOST), Ordering::Relaxed);
}

#[cold]
fn default_count() -> usize {
    let asked = std::env::var("TENSOR_THREADS")
        .ok()
        .and_then(|text| text.trim().parse().ok());
    let count = match asked {
        Some(0) | None => std::thread::available_parallelism().map_or(1, |count| count.get()),
        Some(count) => count,
    };
    COUNT.store(count.min(MOST), Ordering::Relaxed);
    count.min(MOST)
}

/// Calls `body` with every number below `tasks`, each once, on this and other threads; returns when all have ended.
///
/// A region inside a region, or while another thread is in one, runs on the calling thread alone.
///
/// # Panics
/// If a task panics, after all others have ended, with the first panic.
#[doc(hidden)]
#[inline]
pub fn parallel(tasks: usize, body: &(dyn Fn(usize) + Sync)) {
    if tasks <= 1 {
        (0..tasks).for_each(body);
    } else if get() == 1 {
        pool::serial(tasks, body);
    } else {
        pool::parallel(tasks, get() - 1, body);
    }
}

/// Calls `body` with consecutive pieces of `0..total` of `piece` each (the last one may be shorter), as [`parallel`] does.
#[inline]
pub(crate) fn parallel_pieces(total: usize, piece: usize, body: impl Fn(usize, usize) + Sync) {
    if total <= piece {
        if total > 0 {
            body(0, total);
        }
        return;
    }
    parallel(total.div_ceil(piece), &|task| {
        let first = task * piece;
        body(first, piece.min(total - first));
    });
}

#[cfg(test)]
pub(crate) mod tests;
