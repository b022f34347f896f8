//! Single elements that are on their way to the host while it goes on.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::pinned::Piece;
use super::transfer::read_fault;
use crate::error::{Error, Result};
use crate::gpu::Gpu;

/// The most bytes that one of them has.
const MOST: usize = 8;

/// What is on its way, by number.
#[derive(Debug, Default)]
pub(crate) struct Reads {
    pending: Mutex<(u64, HashMap<u64, Piece>)>,
}

impl Gpu {
    /// Begins to read up to 8 bytes, as they are after what is in the stream, and does not wait. The number is for
    /// [`Gpu::finish_read`], which takes it once.
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
        let piece = unsafe { self.begin_download(from, bytes, true) }?;
        let mut pending = self.reads.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let (last, pieces) = &mut *pending;
        *last += 1;
        pieces.insert(*last, piece);
        Ok(*last)
    }

    /// Waits for what [`Gpu::begin_read`] began, and for nothing that came after it. Bytes beyond those asked for are arbitrary.
    ///
    /// # Errors
    /// What kernels noted up to there; the device is lost; the number is of no read.
    pub fn finish_read(&self, ticket: u64) -> Result<[u8; 8]> {
        self.enter()?;
        let piece = {
            let mut pending = self.reads.pending.lock().unwrap_or_else(PoisonError::into_inner);
            pending.1.remove(&ticket)
        };
        let piece = piece.ok_or_else(|| Error::Driver {
            call: "finish_read",
            code: 400,
            what: format!("{ticket} is no read that was begun"),
        })?;
        piece.wait()?;
        // SAFETY: every piece has so many bytes, and any bytes are bytes.
        let element = unsafe { piece.start().cast::<[u8; MOST]>().read() };
        let fault = read_fault(&piece);
        self.staging.give_back(piece);
        self.report(fault).map(|()| element)
    }
}
