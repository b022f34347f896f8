//! Events: places in streams that others can wait for.

use std::time::Duration;

use cust::sys::{self, CUevent_flags, CUresult};

use crate::error::Result;
use crate::health::Health;
use crate::stream::Stream;

/// A place in a stream. One that was never recorded counts as passed.
#[derive(Debug)]
pub struct Event {
    raw: sys::CUevent,
    health: &'static Health,
}

// SAFETY: the driver's events may be used by any thread.
unsafe impl Send for Event {}
// SAFETY: as above.
unsafe impl Sync for Event {}

impl Event {
    /// An event of the current context, for waiting only.
    pub(crate) fn new(health: &'static Health) -> Result<Self> {
        Self::with(CUevent_flags::CU_EVENT_DISABLE_TIMING, health)
    }

    /// An event of the current context that notes when it is passed.
    pub(crate) fn timed(health: &'static Health) -> Result<Self> {
        Self::with(CUevent_flags::CU_EVENT_DEFAULT, health)
    }

    fn with(flags: CUevent_flags, health: &'static Health) -> Result<Self> {
        let mut raw = std::ptr::null_mut();
        // SAFETY: the driver writes the handle.
        health.check("cuEventCreate", unsafe { sys::cuEventCreate(&mut raw, flags as u32) })?;
        Ok(Self { raw, health })
    }

    /// Puts it behind all that is in the stream.
    ///
    /// # Errors
    /// The device is lost.
    pub fn record(&self, stream: &Stream) -> Result<()> {
        // SAFETY: both live.
        let answer = unsafe { sys::cuEventRecord(self.raw, stream.raw()) };
        self.health.check("cuEventRecord", answer)
    }

    /// Whether it is passed.
    ///
    /// # Errors
    /// The device is lost.
    pub fn is_passed(&self) -> Result<bool> {
        // SAFETY: it lives.
        match unsafe { sys::cuEventQuery(self.raw) } {
            CUresult::CUDA_ERROR_NOT_READY => Ok(false),
            answer => self.health.check("cuEventQuery", answer).map(|()| true),
        }
    }

    /// Waits until it is passed.
    ///
    /// # Errors
    /// The device is lost.
    pub fn wait(&self) -> Result<()> {
        // SAFETY: it lives.
        let answer = unsafe { sys::cuEventSynchronize(self.raw) };
        self.health.check("cuEventSynchronize", answer)
    }

    /// The time from another event to this one, both timed and passed.
    pub(crate) fn since(&self, start: &Self) -> Result<Duration> {
        let mut milliseconds = 0.0;
        // SAFETY: both live; the driver writes a number.
        let answer = unsafe { sys::cuEventElapsedTime(&mut milliseconds, start.raw, self.raw) };
        self.health.check("cuEventElapsedTime", answer)?;
        Ok(Duration::from_secs_f64(f64::from(milliseconds.max(0.0)) / 1e3))
    }
}

impl Stream {
    /// Has what comes next in this stream wait until the event is passed.
    ///
    /// # Errors
    /// The device is lost.
    pub fn wait_for(&self, event: &Event) -> Result<()> {
        // SAFETY: both live.
        let answer = unsafe { sys::cuStreamWaitEvent(self.raw(), event.raw, 0) };
        event.health.check("cuStreamWaitEvent", answer)
    }
}

impl Drop for Event {
    fn drop(&mut self) {
        // SAFETY: nobody has it any more; the driver keeps what a stream still needs of it.
        let _ = unsafe { sys::cuEventDestroy_v2(self.raw) };
    }
}
