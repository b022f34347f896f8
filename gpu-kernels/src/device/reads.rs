//! Single elements that are on their way to the host while it goes on.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::Device;
use super::transfer::Fetched;
use crate::error::{Error, Result};

/// The most bytes that one of them has.
const MOST: usize = 8;

/// What is on its way, by number.
#[derive(Debug, Default)]
pub(super) struct Reads {
    pending: Mutex<(u64, HashMap<u64, Fetched>)>,
}

impl Device {
    /// Begins to read up to 8 bytes, as they are after what is in the stream, and does not wait. The number is for
    /// [`Self::finish_read`], which takes it once.
    ///
    /// # Safety
    /// So many bytes from `from` on are of a block of this device.
    ///
    /// # Errors
    /// The device is lost.
    ///
    /// # Panics
    /// If they are more than 8.
    pub unsafe fn begin_read(&self, from: u64, bytes: usize) -> Result<u64> {
        assert!(bytes <= MOST, "{bytes} bytes are more than one element has");
        self.enter()?;
        // SAFETY: the caller promises it.
        let fetched = unsafe { self.fetch(from, bytes, true) }?;
        let mut pending = self.reads.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let (last, reads) = &mut *pending;
        *last += 1;
        reads.insert(*last, fetched);
        Ok(*last)
    }

    /// Waits for what [`Self::begin_read`] began, and for nothing that came after it. Bytes beyond those asked for are arbitrary.
    ///
    /// # Errors
    /// What kernels noted up to there; the device is lost; the number is of no read.
    pub fn finish_read(&self, ticket: u64) -> Result<[u8; 8]> {
        self.enter()?;
        let fetched = {
            let mut pending = self.reads.pending.lock().unwrap_or_else(PoisonError::into_inner);
            pending.1.remove(&ticket)
        };
        let fetched = fetched.ok_or(Error::NoRead { ticket })?;
        fetched.piece.wait()?;
        // SAFETY: every piece has so many bytes, and any bytes are bytes.
        let element = unsafe { fetched.piece.start().cast::<[u8; MOST]>().read() };
        self.report(&fetched).map(|()| element)
    }
}
