//! Copies between the host and a device, and the record of faults that comes along.

use std::collections::VecDeque;
use std::ops::Range;

use cust::sys;

use super::pinned::{LARGE, Piece};
use crate::error::{Error, Result};
use crate::gpu::Gpu;

/// The bytes of `Fault` in kernels/common.cuh: `{ u32 kind, u32 unused, i64 row, i64 label, i64 classes }`.
pub(crate) const FAULT_BYTES: usize = 32;

/// How many pieces of one download are on the way at once.
const ON_THE_WAY: usize = 2;

impl Gpu {
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
            let piece = self.staging.take(part.len())?;
            let at = to + (index * LARGE) as u64;
            // SAFETY: the piece is so long and nobody else's until its event is passed; the caller promises the device's side.
            unsafe {
                piece.start().copy_from_nonoverlapping(part.as_ptr(), part.len());
                self.stream.copy_from_host(at, piece.start(), part.len())?;
            }
            piece.record(self.stream)?;
            self.staging.give_back(piece);
        }
        Ok(())
    }

    /// As [`Gpu::upload`], of bytes that `write` writes: where they are few, right to where the device reads them. `write` is called
    /// once, with bytes that are all set to something.
    ///
    /// # Safety
    /// As [`Gpu::upload`].
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
        let piece = self.staging.take(bytes)?;
        // SAFETY: the piece is so long and nobody else's until its event is passed; the caller promises the device's side.
        unsafe {
            piece.start().write_bytes(0, bytes);
            write(std::slice::from_raw_parts_mut(piece.start(), bytes));
            self.stream.copy_from_host(to, piece.start(), bytes)?;
        }
        piece.record(self.stream)?;
        self.staging.give_back(piece);
        Ok(())
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
        let mut on_the_way: VecDeque<(Piece, Range<usize>)> = VecDeque::with_capacity(ON_THE_WAY);
        let mut asked = 0;
        loop {
            if asked < bytes.len() && on_the_way.len() < ON_THE_WAY {
                let end = bytes.len().min(asked + LARGE);
                let last = end == bytes.len();
                // SAFETY: the caller promises it.
                let piece = unsafe { self.begin_download(from + asked as u64, end - asked, last) }?;
                on_the_way.push_back((piece, asked..end));
                asked = end;
                continue;
            }
            let Some((piece, range)) = on_the_way.pop_front() else {
                // Nothing was to be copied, but faults are reported all the same.
                return if bytes.is_empty() { self.synchronize() } else { Ok(()) };
            };
            piece.wait()?;
            let last = range.end == bytes.len();
            // SAFETY: the piece is so long, and its copy is done.
            bytes[range.clone()].copy_from_slice(unsafe { std::slice::from_raw_parts(piece.start(), range.len()) });
            let fault = last.then(|| read_fault(&piece));
            self.staging.give_back(piece);
            if let Some(fault) = fault {
                return self.report(fault);
            }
        }
    }

    /// Asks for bytes, and for the record of faults if these are the last.
    ///
    /// # Safety
    /// As [`Gpu::download`].
    pub(super) unsafe fn begin_download(&self, from: u64, bytes: usize, with_fault: bool) -> Result<Piece> {
        let piece = self.staging.take(bytes)?;
        // SAFETY: the piece is so long with its tail, and waited for before it is read; the caller promises the device's side.
        unsafe {
            self.stream.copy_to_host(piece.start(), from, bytes)?;
            if with_fault {
                self.stream.copy_to_host(piece.tail(), self.fault(), FAULT_BYTES)?;
            }
        }
        piece.record(self.stream)?;
        Ok(piece)
    }

    /// Waits for all that was asked of the device.
    ///
    /// # Errors
    /// What kernels noted since the last wait; the device is lost.
    pub fn synchronize(&self) -> Result<()> {
        self.enter()?;
        let piece = self.staging.take(0)?;
        // SAFETY: the tail is so long, and waited for before it is read.
        unsafe { self.stream.copy_to_host(piece.tail(), self.fault(), FAULT_BYTES) }?;
        piece.record(self.stream)?;
        // SAFETY: it takes nothing.
        let answer = unsafe { sys::cuCtxSynchronize() };
        self.health.check("cuCtxSynchronize", answer)?;
        let fault = read_fault(&piece);
        self.staging.give_back(piece);
        self.report(fault)
    }

    /// Turns a record of a fault into its error, and has kernels go on.
    pub(super) fn report(&self, [kind, row, label, classes]: [i64; 4]) -> Result<()> {
        // The other half of the word is not used.
        if kind as u32 == 0 {
            return Ok(());
        }
        // SAFETY: the record is so long.
        unsafe { self.stream.fill(self.fault(), 0, FAULT_BYTES) }?;
        Err(Error::BadLabel { row, label, classes })
    }
}

/// The record of faults in the tail of a piece whose copy is done.
pub(super) fn read_fault(piece: &Piece) -> [i64; 4] {
    // SAFETY: the tail is long enough, and any bytes are numbers.
    unsafe { piece.tail().cast::<[i64; 4]>().read_unaligned() }
}
