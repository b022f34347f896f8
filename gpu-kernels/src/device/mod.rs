//! A device, opened: what everything that runs on it goes through.

mod faults;
mod reads;
mod transfer;

use std::cell::Cell;
use std::fmt;
use std::time::Duration;

use cust::sys;

use self::faults::Faults;
use self::reads::Reads;
use crate::driver::{self, check};
use crate::error::{Error, Result};
use crate::event::Event;
use crate::health::Health;
use crate::info::Info;
use crate::memory::{Allocator, MemoryUse, Staging};
use crate::stream::Stream;

/// A device, opened: its context, its stream and its memory. `Gpu` has the kernels besides.
pub struct Device {
    index: usize,
    info: Info,
    context: Context,
    pub(crate) health: &'static Health,
    pub(crate) stream: &'static Stream,
    allocator: Allocator,
    staging: &'static Staging,
    reads: Reads,
    faults: Faults,
}

/// A device's primary context, which is never released.
#[derive(Clone, Copy, Debug)]
struct Context(sys::CUcontext);

// SAFETY: the driver's contexts may be used by any thread.
unsafe impl Send for Context {}
// SAFETY: as above.
unsafe impl Sync for Context {}

impl Context {
    fn of(device: sys::CUdevice) -> Result<Self> {
        let mut context = std::ptr::null_mut();
        // SAFETY: the driver writes the handle.
        let answer = unsafe { sys::cuDevicePrimaryCtxRetain(&mut context, device) };
        check("cuDevicePrimaryCtxRetain", answer).map(|()| Self(context))
    }

    /// Has the calling thread speak to the device.
    fn enter(self) -> Result<()> {
        // SAFETY: the context lives.
        check("cuCtxSetCurrent", unsafe { sys::cuCtxSetCurrent(self.0) })
    }
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Device")
            .field("index", &self.index)
            .field("name", &self.info.name)
            .finish_non_exhaustive()
    }
}

thread_local! {
    /// Which device the thread speaks to.
    static CURRENT: Cell<usize> = const { Cell::new(usize::MAX) };
}

impl Device {
    /// Opens the device of this index. The calling thread speaks to it afterwards.
    pub(crate) fn open(index: usize) -> Result<Self> {
        let count = driver::device_count()?;
        let ordinal = i32::try_from(index).ok().filter(|_| index < count);
        let ordinal = ordinal.ok_or(Error::NoDevice { index, count })?;
        let mut device = 0;
        // SAFETY: the driver writes the handle.
        check("cuDeviceGet", unsafe { sys::cuDeviceGet(&mut device, ordinal) })?;
        let info = Info::of(device)?;
        info.suffices()?;
        let context = Context::of(device)?;
        context.enter()?;
        CURRENT.set(index);
        let health: &'static Health = Box::leak(Box::default());
        let stream: &'static Stream = Box::leak(Box::new(Stream::new(health)?));
        let allocator = Allocator::new(health);
        Ok(Self {
            index,
            info,
            context,
            health,
            stream,
            faults: Faults::new(&allocator, stream)?,
            allocator,
            staging: Box::leak(Box::new(Staging::new(health))),
            reads: Reads::default(),
        })
    }

    /// Its number.
    pub fn index(&self) -> usize {
        self.index
    }

    /// What is known of it.
    pub fn info(&self) -> &Info {
        &self.info
    }

    /// Has the calling thread speak to this device, if it is not lost.
    pub(crate) fn enter(&self) -> Result<()> {
        self.health.good()?;
        if CURRENT.get() != self.index {
            self.health.keep(self.context.enter())?;
            CURRENT.set(self.index);
        }
        Ok(())
    }

    /// Where kernels note what was wrong with their data: `Fault` in kernels/common.cuh.
    pub(crate) fn fault(&self) -> u64 {
        self.faults.address()
    }

    /// The stream that all work goes to.
    pub fn stream(&self) -> &'static Stream {
        self.stream
    }

    /// A further stream. Like the device it stays for the whole process.
    ///
    /// # Errors
    /// The device is lost.
    pub fn new_stream(&self) -> Result<&'static Stream> {
        self.enter()?;
        Ok(Box::leak(Box::new(Stream::new(self.health)?)))
    }

    /// A new event.
    ///
    /// # Errors
    /// The device is lost.
    pub fn new_event(&self) -> Result<Event> {
        self.enter()?;
        Event::new(self.health)
    }

    /// Memory for the work of the device's stream, at an address that 256 divides. What is in it is arbitrary.
    ///
    /// # Errors
    /// The device's memory is full, or the device is lost.
    pub fn allocate(&self, bytes: usize) -> Result<u64> {
        self.allocate_on(bytes, self.stream)
    }

    /// As [`Self::allocate`], for the work of another stream of the device.
    ///
    /// # Errors
    /// As [`Self::allocate`].
    pub fn allocate_on(&self, bytes: usize, stream: &'static Stream) -> Result<u64> {
        debug_assert!(bytes > 0, "a block of no bytes");
        self.enter()?;
        self.allocator.allocate(bytes, stream)
    }

    /// Notes that work of a stream uses a block that was allocated for another: it will not be given out again before the stream is
    /// past what it has been asked for by the time of the release.
    pub fn note_use(&self, address: u64, stream: &'static Stream) {
        self.allocator.note_use(address, stream);
    }

    /// Takes memory back. It does not wait.
    ///
    /// # Safety
    /// It came from [`Self::allocate`], nobody uses it after this call, and work that still uses it is in its own stream, or in
    /// those that [`Self::note_use`] was told.
    pub unsafe fn release(&self, address: u64) {
        // A lost device gives nothing out any more, so nothing need come back.
        if self.enter().is_ok() {
            self.allocator.release(address);
        }
    }

    /// Gives the driver what is in no use. Waits for the device.
    ///
    /// # Errors
    /// The device is lost.
    pub fn release_unused(&self) -> Result<()> {
        self.enter()?;
        self.allocator.release_unused()
    }

    /// The error of a request for so many bytes that nothing is left for.
    pub(crate) fn full(&self, bytes: usize) -> Error {
        self.allocator.full(bytes)
    }

    /// What its memory is used for.
    pub fn memory(&self) -> MemoryUse {
        self.allocator.memory()
    }

    /// How long the device takes for what `work` asks of it, by its own clock. Waits for it.
    ///
    /// # Errors
    /// Those of the work; the device is lost.
    pub fn time(&self, work: impl FnOnce() -> Result<()>) -> Result<Duration> {
        self.enter()?;
        let (start, end) = (Event::timed(self.health)?, Event::timed(self.health)?);
        start.record(self.stream)?;
        work()?;
        end.record(self.stream)?;
        end.wait()?;
        end.since(&start)
    }
}
