//! Keeping writers away from what an operation reads.
//!
//! Only the parameters of models are written while others may hold them; all other buffers have one writer, before their
//! first reader. So most operations take no guard at all.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use smallvec::SmallVec;

use crate::device::Buffer;

/// What the buffer of a model's parameters has: a lock, and who was written when.
#[derive(Debug)]
pub(crate) struct Guard {
    lock: RwLock<()>,
    version: AtomicU64,
    parts: Box<[Part]>,
}

/// A parameter in a buffer.
#[derive(Debug)]
struct Part {
    name: String,
    offset: usize,
    /// The version that it was last written in.
    written: AtomicU64,
}

impl Guard {
    /// For parameters that begin at these offsets, in order.
    pub(crate) fn new(parts: impl Iterator<Item = (String, usize)>) -> Self {
        let part = |(name, offset)| Part {
            name,
            offset,
            written: AtomicU64::new(0),
        };
        Self {
            lock: RwLock::new(()),
            version: AtomicU64::new(0),
            parts: parts.map(part).collect(),
        }
    }

    /// How often anything was written.
    pub(crate) fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// The name of the parameter at this offset, if it was written after this version.
    pub(crate) fn written_after(&self, offset: usize, version: u64) -> Option<&str> {
        let index = self
            .parts
            .partition_point(|part| part.offset <= offset)
            .checked_sub(1)?;
        let part = &self.parts[index];
        (part.written.load(Ordering::Acquire) > version).then_some(part.name.as_str())
    }

    fn read(&self) -> RwLockReadGuard<'_, ()> {
        self.lock.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The right to write some neighbouring parameters, for as long as it lives.
    pub(crate) fn write(&self, parts: Range<usize>) -> RwLockWriteGuard<'_, ()> {
        let guard = self.lock.write().unwrap_or_else(PoisonError::into_inner);
        let version = self.version.fetch_add(1, Ordering::AcqRel) + 1;
        for part in &self.parts[parts] {
            part.written.store(version, Ordering::Release);
        }
        guard
    }
}

thread_local! {
    /// The guards that this thread has taken: the backward of a body inside a model's runs operations of its own, which read what the
    /// model's holds already, and a second read of a lock may wait for a writer that waits for the first.
    static TAKEN: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// While it lives, nobody writes what it was made for.
pub(crate) struct Reading<'a> {
    guards: SmallVec<[RwLockReadGuard<'a, ()>; 2]>,
}

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        if !self.guards.is_empty() {
            // They are let go in the reverse of the order in which they were taken.
            TAKEN.with_borrow_mut(|taken| taken.truncate(taken.len().saturating_sub(self.guards.len())));
        }
    }
}

fn address(guard: &Guard) -> usize {
    std::ptr::from_ref(guard).addr()
}

/// Keeps writers away from those of the buffers that are parameters.
///
/// All that an operation reads is named in one call: guards are taken in the order of the buffers' addresses and once each, so
/// that two operations, or an operation and an optimizer, never wait for each other.
pub(crate) fn reading<'a>(buffers: impl IntoIterator<Item = &'a Buffer>) -> Reading<'a> {
    let mut guards: SmallVec<[&Guard; 2]> = buffers.into_iter().filter_map(Buffer::guard).collect();
    if guards.is_empty() {
        return Reading {
            guards: SmallVec::new(),
        };
    }
    guards.sort_unstable_by_key(|guard| address(guard));
    guards.dedup_by_key(|guard| address(guard));
    TAKEN.with_borrow_mut(|taken| {
        guards.retain(|guard| !taken.contains(&address(guard)));
        taken.extend(guards.iter().map(|guard| address(guard)));
    });
    Reading {
        guards: guards.into_iter().map(Guard::read).collect(),
    }
}
