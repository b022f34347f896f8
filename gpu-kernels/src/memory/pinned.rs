//! Pinned memory of the host: what a device copies to and from while the host goes on.

use std::collections::VecDeque;
use std::ptr::NonNull;
use std::sync::{Mutex, MutexGuard, PoisonError};

use cust::sys;

use crate::error::Result;
use crate::event::Event;
use crate::health::Health;
use crate::stream::Stream;

/// The most that goes through one piece; more goes in several.
pub(crate) const LARGE: usize = 4 << 20;

/// Sizes of pieces, with how many of each there may be before a copy waits for the oldest: 18 MiB of all together. Where so many are
/// in hand at once, reads that nobody has finished above all, there are more.
const CLASSES: [(usize, usize); 3] = [(64, 64), (64 << 10, 32), (LARGE, 4)];

/// What every piece has room for besides.
pub(crate) const TAIL: usize = 64;

/// Pinned memory with the event of its copies.
#[derive(Debug)]
struct Pinned {
    start: NonNull<u8>,
    class: usize,
    /// Behind the last copy that used it.
    passed: Event,
}

// SAFETY: it is memory of the host that one owner has.
unsafe impl Send for Pinned {}

/// A piece of pinned memory, in the hands of one copy. Where it is dropped it goes back to the others.
#[derive(Debug)]
pub(crate) struct Piece {
    /// There until the drop.
    pinned: Option<Pinned>,
    class: usize,
    start: NonNull<u8>,
    home: &'static Staging,
    /// Whether a copy uses it that no event is behind.
    is_open: bool,
}

// SAFETY: it is memory of the host that one owner has.
unsafe impl Send for Piece {}

impl Piece {
    fn new(pinned: Pinned, home: &'static Staging) -> Self {
        Self {
            class: pinned.class,
            start: pinned.start,
            pinned: Some(pinned),
            home,
            is_open: false,
        }
    }

    /// Its first byte.
    pub(crate) fn start(&self) -> *mut u8 {
        self.start.as_ptr()
    }

    /// Where its tail begins.
    pub(crate) fn tail(&self) -> *mut u8 {
        // SAFETY: the tail is behind the bytes of its class.
        unsafe { self.start.as_ptr().add(CLASSES[self.class].0) }
    }

    /// Has its first bytes copied to the device.
    ///
    /// # Safety
    /// It has so many bytes; so many from `to` on are of a block of the device.
    pub(crate) unsafe fn send(&mut self, stream: &Stream, to: u64, bytes: usize) -> Result<()> {
        self.is_open = true;
        // SAFETY: the piece is nobody else's until its event is passed; the caller promises the rest.
        unsafe { stream.copy_from_host(to, self.start(), bytes) }
    }

    /// Has its first bytes copied from the device.
    ///
    /// # Safety
    /// It has so many bytes; so many from `from` on are of a block of the device.
    pub(crate) unsafe fn fetch(&mut self, stream: &Stream, from: u64, bytes: usize) -> Result<()> {
        self.is_open = true;
        // SAFETY: as in `send`.
        unsafe { stream.copy_to_host(self.start(), from, bytes) }
    }

    /// Has its tail copied from the device.
    ///
    /// # Safety
    /// The tail has so many bytes; so many from `from` on are of a block of the device.
    pub(crate) unsafe fn fetch_tail(&mut self, stream: &Stream, from: u64, bytes: usize) -> Result<()> {
        self.is_open = true;
        // SAFETY: as in `send`.
        unsafe { stream.copy_to_host(self.tail(), from, bytes) }
    }

    /// Marks the end of the copies that use it.
    pub(crate) fn record(&mut self, stream: &Stream) -> Result<()> {
        if let Some(pinned) = &self.pinned {
            pinned.passed.record(stream)?;
        }
        self.is_open = false;
        Ok(())
    }

    /// Waits for the copies that use it.
    pub(crate) fn wait(&self) -> Result<()> {
        self.pinned.as_ref().map_or(Ok(()), |pinned| pinned.passed.wait())
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        if let Some(pinned) = self.pinned.take() {
            self.home.take_back(pinned, self.is_open);
        }
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
    pieces: VecDeque<Pinned>,
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
    pub(crate) fn take(&'static self, bytes: usize) -> Result<Piece> {
        let class = CLASSES
            .iter()
            .position(|(size, _)| bytes <= *size)
            .unwrap_or(CLASSES.len() - 1);
        let (oldest, passed) = {
            let mut kept = self.kept(class);
            let passed = kept.pieces.front().map(|piece| piece.passed.is_passed()).transpose()?;
            if passed == Some(true) || (kept.count >= CLASSES[class].1 && passed.is_some()) {
                (kept.pieces.pop_front(), passed == Some(true))
            } else {
                kept.count += 1;
                (None, false)
            }
        };
        let piece = match oldest {
            Some(pinned) => Piece::new(pinned, self),
            None => match self.new_pinned(class) {
                Ok(pinned) => return Ok(Piece::new(pinned, self)),
                Err(error) => {
                    self.kept(class).count -= 1;
                    return Err(error);
                }
            },
        };
        // It may be in use still; the wait is without the lock.
        if !passed {
            piece.wait()?;
        }
        Ok(piece)
    }

    fn kept(&self, class: usize) -> MutexGuard<'_, Kept> {
        self.kept[class].lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn new_pinned(&self, class: usize) -> Result<Pinned> {
        let passed = Event::new(self.health)?;
        let mut start = std::ptr::null_mut();
        // SAFETY: the driver writes the address.
        let answer = unsafe { sys::cuMemAllocHost_v2(&mut start, CLASSES[class].0 + TAIL) };
        self.health.check("cuMemAllocHost", answer)?;
        let Some(start) = NonNull::new(start.cast()) else {
            unreachable!("the driver answered that there is memory")
        };
        Ok(Pinned { start, class, passed })
    }

    /// Takes a piece back. One that a copy may use for nobody knows how long is never used again.
    fn take_back(&self, pinned: Pinned, is_open: bool) {
        let mut kept = self.kept(pinned.class);
        if is_open {
            kept.count -= 1;
        } else {
            kept.pieces.push_back(pinned);
        }
    }
}
