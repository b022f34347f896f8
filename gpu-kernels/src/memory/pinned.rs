//! Pinned memory of the host: what a device copies to and from while the host goes on.

use std::collections::VecDeque;
use std::ptr::NonNull;
use std::sync::{Mutex, PoisonError};

use cust::sys;

use crate::error::Result;
use crate::event::Event;
use crate::health::Health;
use crate::stream::Stream;

/// The most that goes through one piece; more goes in several.
pub(crate) const LARGE: usize = 4 << 20;

/// Sizes of pieces, with how many of each are kept. So all of them together stay below 20 MiB.
const CLASSES: [(usize, usize); 3] = [(64, 64), (64 << 10, 32), (LARGE, 4)];

/// What every piece has room for besides.
pub(crate) const TAIL: usize = 64;

/// A piece of pinned memory, in the hands of one copy.
#[derive(Debug)]
pub(crate) struct Piece {
    start: NonNull<u8>,
    class: usize,
    /// Behind the last copy that used it.
    passed: Event,
}

// SAFETY: it is memory of the host that one owner has.
unsafe impl Send for Piece {}

impl Piece {
    /// Its first byte.
    pub(crate) fn start(&self) -> *mut u8 {
        self.start.as_ptr()
    }

    /// Where its tail begins.
    pub(crate) fn tail(&self) -> *mut u8 {
        // SAFETY: the tail is behind the bytes of its class.
        unsafe { self.start.as_ptr().add(CLASSES[self.class].0) }
    }

    /// Marks the end of the copies that use it.
    pub(crate) fn record(&self, stream: &Stream) -> Result<()> {
        self.passed.record(stream)
    }

    /// Waits for the copies that use it.
    pub(crate) fn wait(&self) -> Result<()> {
        self.passed.wait()
    }
}

/// The pieces of one device. Callers have made its context current.
#[derive(Debug)]
pub(crate) struct Staging {
    health: &'static Health,
    kept: [Mutex<Kept>; CLASSES.len()],
}

#[derive(Debug, Default)]
struct Kept {
    /// Oldest use first.
    pieces: VecDeque<Piece>,
    /// How many there are, those in use among them.
    count: usize,
}

impl Staging {
    pub(crate) fn new(health: &'static Health) -> Self {
        Self {
            health,
            kept: Default::default(),
        }
    }

    /// A piece for so many bytes, at most [`LARGE`]. Waits for the oldest copy where there are as many pieces as there may be.
    pub(crate) fn take(&self, bytes: usize) -> Result<Piece> {
        let class = CLASSES
            .iter()
            .position(|(size, _)| bytes <= *size)
            .unwrap_or(CLASSES.len() - 1);
        let (oldest, passed) = {
            let mut kept = self.kept[class].lock().unwrap_or_else(PoisonError::into_inner);
            let passed = kept.pieces.front().map(|piece| piece.passed.is_passed()).transpose()?;
            if passed == Some(true) || (kept.count >= CLASSES[class].1 && passed.is_some()) {
                (kept.pieces.pop_front(), passed == Some(true))
            } else {
                kept.count += 1;
                (None, false)
            }
        };
        match oldest {
            Some(piece) if passed => Ok(piece),
            // It is in use still; the wait is without the lock.
            Some(piece) => piece.wait().map(|()| piece),
            None => self.new_piece(class),
        }
    }

    fn new_piece(&self, class: usize) -> Result<Piece> {
        let mut start = std::ptr::null_mut();
        // SAFETY: the driver writes the address.
        let answer = unsafe { sys::cuMemAllocHost_v2(&mut start, CLASSES[class].0 + TAIL) };
        self.health.check("cuMemAllocHost", answer)?;
        let Some(start) = NonNull::new(start.cast()) else {
            unreachable!("the driver answered that there is memory")
        };
        Ok(Piece {
            start,
            class,
            passed: Event::new(self.health)?,
        })
    }

    /// Takes a piece back, once its last copy is recorded.
    pub(crate) fn give_back(&self, piece: Piece) {
        let mut kept = self.kept[piece.class].lock().unwrap_or_else(PoisonError::into_inner);
        kept.pieces.push_back(piece);
    }
}
