//! Copies between the host and a device, with which the record of faults comes along.

use std::collections::VecDeque;
use std::ops::Range;

use cust::sys;

use super::Device;
use super::faults::Seen;
use crate::error::Result;
use crate::memory::{LARGE, Piece};

/// How many pieces of one download are on the way at once.
const ON_THE_WAY: usize = 2;

/// Bytes on their way to the host, and the record of faults if it comes with them.
#[derive(Debug)]
pub(super) struct Fetched {
    pub(super) piece: Piece,
    seen: Option<Seen>,
}

impl Device {
    /// Copies to the device, in the order of its stream. `bytes` may be changed once it returns.
    ///
    /// # Safety
    /// So many bytes from `to` on are of a block of this device.
    ///
    /// # Errors
    /// The device is lost.
    pub unsafe fn upload(&self, bytes: &[u8], to: u64) -> Result<()> {
        self.enter()?;
        for (index, part) in bytes.chunks(LARGE).enumerate() {
            let mut piece = self.staging.take(part.len())?;
            let at = to + (index * LARGE) as u64;
            // SAFETY: the piece is so long; the caller promises the device's side.
            unsafe {
                piece.start().copy_from_nonoverlapping(part.as_ptr(), part.len());
                piece.send(self.stream, at, part.len())?;
            }
            piece.record(self.stream)?;
        }
        Ok(())
    }

    /// As [`Self::upload`], of bytes that `write` writes: where they are few, right to where the device reads them. `write` is called
    /// once, with bytes that are all set to something.
    ///
    /// # Safety
    /// As [`Self::upload`].
    ///
    /// # Errors
    /// The device is lost.
    pub unsafe fn upload_with(&self, bytes: usize, to: u64, write: &mut dyn FnMut(&mut [u8])) -> Result<()> {
        if bytes == 0 || bytes > LARGE {
            let mut host = vec![0; bytes];
            write(&mut host);
            // SAFETY: the caller promises it.
            return unsafe { self.upload(&host, to) };
        }
        self.enter()?;
        let mut piece = self.staging.take(bytes)?;
        // SAFETY: the piece is so long and nobody else's, and all of it is set to something.
        unsafe {
            piece.start().write_bytes(0, bytes);
            write(std::slice::from_raw_parts_mut(piece.start(), bytes));
        }
        // `write` may have spoken to another device.
        self.enter()?;
        // SAFETY: the piece is so long; the caller promises the device's side.
        unsafe { piece.send(self.stream, to, bytes)? };
        piece.record(self.stream)
    }

    /// Copies from the device, after what is in its stream, and waits for it.
    ///
    /// # Safety
    /// So many bytes from `from` on are of a block of this device.
    ///
    /// # Errors
    /// What kernels noted since the last wait; the device is lost.
    pub unsafe fn download(&self, from: u64, bytes: &mut [u8]) -> Result<()> {
        self.enter()?;
        let mut on_the_way: VecDeque<(Fetched, Range<usize>)> = VecDeque::with_capacity(ON_THE_WAY);
        let mut asked = 0;
        loop {
            if asked < bytes.len() && on_the_way.len() < ON_THE_WAY {
                let end = bytes.len().min(asked + LARGE);
                let last = end == bytes.len();
                // SAFETY: the caller promises it.
                let fetched = unsafe { self.fetch(from + asked as u64, end - asked, last) }?;
                on_the_way.push_back((fetched, asked..end));
                asked = end;
                continue;
            }
            let Some((fetched, range)) = on_the_way.pop_front() else {
                // Nothing was to be copied, but faults are reported all the same.
                return if bytes.is_empty() { self.synchronize() } else { Ok(()) };
            };
            fetched.piece.wait()?;
            let start = fetched.piece.start();
            // SAFETY: the piece is so long, and its copy is done.
            bytes[range.clone()].copy_from_slice(unsafe { std::slice::from_raw_parts(start, range.len()) });
            self.report(&fetched)?;
        }
    }

    /// Asks for bytes, and for the record of faults if they come with it.
    ///
    /// # Safety
    /// As [`Self::download`].
    pub(super) unsafe fn fetch(&self, from: u64, bytes: usize, with_faults: bool) -> Result<Fetched> {
        let mut piece = self.staging.take(bytes)?;
        // SAFETY: the piece is so long; the caller promises the device's side.
        unsafe { piece.fetch(self.stream, from, bytes)? };
        let seen = with_faults.then(|| self.faults.fetch(&mut piece)).transpose()?;
        piece.record(self.stream)?;
        Ok(Fetched { piece, seen })
    }

    /// Waits for all that was asked of the device.
    ///
    /// # Errors
    /// What kernels noted since the last wait; the device is lost.
    pub fn synchronize(&self) -> Result<()> {
        self.enter()?;
        let mut piece = self.staging.take(0)?;
        let seen = Some(self.faults.fetch(&mut piece)?);
        piece.record(self.stream)?;
        // SAFETY: it takes nothing.
        let answer = unsafe { sys::cuCtxSynchronize() };
        self.health.check("cuCtxSynchronize", answer)?;
        self.report(&Fetched { piece, seen })
    }

    /// The error of what kernels noted, if that came along; the copy is done.
    pub(super) fn report(&self, fetched: &Fetched) -> Result<()> {
        match fetched.seen {
            Some(seen) => self.faults.report(&fetched.piece, seen),
            None => Ok(()),
        }
    }
}
