//! A device, opened.

use std::sync::{Mutex, PoisonError};

use cust::sys::{self, CUdevice_attribute as Attribute};

use crate::driver::{self, check};
use crate::error::{Error, Result};
use crate::launch::{Kernels, Launch};
use crate::stream::Stream;

/// What is known of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    /// What its maker calls it.
    pub name: String,
    /// Its memory in bytes.
    pub total_memory: usize,
    /// The generation: (9, 0) is Hopper.
    pub compute_capability: (u32, u32),
    /// How many blocks can run at once, a few times over.
    pub multiprocessors: u32,
    /// As CUDA writes it: 12040 is 12.4.
    pub driver_version: i32,
    /// The most shared memory that a kernel may ask for, in bytes.
    pub shared_memory_per_block_optin: u32,
}

/// What a device's memory is used for, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MemoryUse {
    /// In blocks that were not released.
    pub in_use: usize,
    /// Taken from the driver, in use or kept for later.
    pub reserved: usize,
    /// The most that was ever in use.
    pub peak: usize,
}

/// A device, opened: its context, its stream, its memory and its kernels. The launchers are methods of it.
#[derive(Debug)]
pub struct Gpu {
    index: usize,
    info: Info,
    context: sys::CUcontext,
    pub(crate) stream: Stream,
    #[allow(dead_code)]
    pub(crate) kernels: Kernels,
    fault: u64,
}

// SAFETY: the driver's context may be used by any thread; everything else is `Send` itself.
unsafe impl Send for Gpu {}
// SAFETY: as above.
unsafe impl Sync for Gpu {}

/// Whether there is a driver and a device.
pub fn is_available() -> bool {
    driver::device_count().is_ok_and(|count| count > 0)
}

const FAULT_BYTES: usize = 32;

impl Gpu {
    /// The device of this index. It is opened once and stays for the whole process.
    ///
    /// # Errors
    /// No driver, an old one, no such device; whatever the driver says on the way.
    pub fn open(index: usize) -> Result<&'static Self> {
        static OPENED: Mutex<Vec<(usize, &'static Gpu)>> = Mutex::new(Vec::new());
        let mut opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, gpu)) = opened.iter().find(|(at, _)| *at == index) {
            return Ok(gpu);
        }
        let gpu: &'static Self = Box::leak(Box::new(Self::new(index)?));
        opened.push((index, gpu));
        Ok(gpu)
    }

    fn new(index: usize) -> Result<Self> {
        let count = driver::device_count()?;
        let ordinal = i32::try_from(index).ok().filter(|_| index < count);
        let ordinal = ordinal.ok_or(Error::NoDevice { index, count })?;
        let mut device = 0;
        // SAFETY: the driver writes the handle.
        check("cuDeviceGet", unsafe { sys::cuDeviceGet(&mut device, ordinal) })?;
        let info = Info::of(device)?;
        let mut context = std::ptr::null_mut();
        // SAFETY: the driver writes the handle.
        check("cuDevicePrimaryCtxRetain", unsafe {
            sys::cuDevicePrimaryCtxRetain(&mut context, device)
        })?;
        // SAFETY: the context was just retained, and is never released.
        check("cuCtxSetCurrent", unsafe { sys::cuCtxSetCurrent(context) })?;
        let stream = Stream::new()?;
        let kernels = Kernels::load()?;
        let mut fault = 0;
        // SAFETY: the driver writes the address.
        check("cuMemAlloc", unsafe { sys::cuMemAlloc_v2(&mut fault, FAULT_BYTES) })?;
        // SAFETY: the memory is so long.
        check("cuMemsetD8", unsafe { sys::cuMemsetD8_v2(fault, 0, FAULT_BYTES) })?;
        Ok(Self {
            index,
            info,
            context,
            stream,
            kernels,
            fault,
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

    /// Has the calling thread speak to this device.
    pub(crate) fn enter(&self) -> Result<()> {
        thread_local! {
            static CURRENT: std::cell::Cell<usize> = const { std::cell::Cell::new(usize::MAX) };
        }
        if CURRENT.get() != self.index {
            // SAFETY: the context is never released.
            check("cuCtxSetCurrent", unsafe { sys::cuCtxSetCurrent(self.context) })?;
            CURRENT.set(self.index);
        }
        Ok(())
    }

    /// How a kernel is laid out on the device's stream. The calling thread speaks to this device afterwards.
    #[allow(dead_code)]
    pub(crate) fn launch(&self, grid: (u32, u32, u32), block: (u32, u32, u32), shared: u32) -> Result<Launch<'_>> {
        self.enter()?;
        Ok(Launch {
            grid,
            block,
            shared,
            stream: &self.stream,
        })
    }

    /// Where kernels note what was wrong with their data: `{ u32 kind, u32 pad, i64 row, i64 label, i64 classes }`.
    #[allow(dead_code)]
    pub(crate) fn fault(&self) -> u64 {
        self.fault
    }

    /// Device memory, at an address that 256 divides; what is in it is arbitrary.
    ///
    /// # Errors
    /// The device's memory is full, or the device is lost.
    pub fn allocate(&self, bytes: usize) -> Result<u64> {
        self.enter()?;
        let mut address = 0;
        // SAFETY: the driver writes the address.
        match unsafe { sys::cuMemAlloc_v2(&mut address, bytes) } {
            sys::CUresult::CUDA_ERROR_OUT_OF_MEMORY => Err(Error::OutOfMemory {
                bytes,
                free: 0,
                total: self.info.total_memory,
            }),
            answer => check("cuMemAlloc", answer).map(|()| address),
        }
    }

    /// Gives memory back.
    ///
    /// # Safety
    /// It came from [`Gpu::allocate`], and only work that is in the stream already uses it.
    pub unsafe fn release(&self, address: u64) {
        if self.enter().is_ok() {
            // SAFETY: the caller promises it.
            let _ = unsafe { sys::cuMemFree_v2(address) };
        }
    }

    /// Gives cached memory back to the driver.
    ///
    /// # Errors
    /// The device is lost.
    pub fn release_unused(&self) -> Result<()> {
        self.enter()
    }

    /// What its memory is used for.
    pub fn memory(&self) -> MemoryUse {
        MemoryUse::default()
    }

    /// Copies to the device, in the order of its stream. `bytes` may be changed once it returns.
    ///
    /// # Safety
    /// So many bytes from `to` on are of a block of this device.
    ///
    /// # Errors
    /// The device is lost.
    pub unsafe fn upload(&self, bytes: &[u8], to: u64) -> Result<()> {
        self.enter()?;
        if bytes.is_empty() {
            return Ok(());
        }
        // SAFETY: the caller promises it of the device's side.
        check("cuMemcpyHtoDAsync", unsafe {
            sys::cuMemcpyHtoDAsync_v2(to, bytes.as_ptr().cast(), bytes.len(), self.stream.raw())
        })?;
        self.stream.synchronize()
    }

    /// Copies from the device, after what is in its stream.
    ///
    /// # Safety
    /// So many bytes from `from` on are of a block of this device.
    ///
    /// # Errors
    /// What kernels noted since the last wait; the device is lost.
    pub unsafe fn download(&self, from: u64, bytes: &mut [u8]) -> Result<()> {
        self.enter()?;
        if !bytes.is_empty() {
            // SAFETY: the caller promises it of the device's side.
            check("cuMemcpyDtoHAsync", unsafe {
                sys::cuMemcpyDtoHAsync_v2(bytes.as_mut_ptr().cast(), from, bytes.len(), self.stream.raw())
            })?;
        }
        self.synchronize()
    }

    /// Waits for all that was asked of the device.
    ///
    /// # Errors
    /// What kernels noted since the last wait; the device is lost.
    pub fn synchronize(&self) -> Result<()> {
        self.enter()?;
        let mut record = [0u64; FAULT_BYTES / 8];
        // SAFETY: both are so long, and the stream is waited for.
        check("cuMemcpyDtoHAsync", unsafe {
            sys::cuMemcpyDtoHAsync_v2(record.as_mut_ptr().cast(), self.fault, FAULT_BYTES, self.stream.raw())
        })?;
        self.stream.synchronize()?;
        let [kind, row, label, classes] = record;
        if kind as u32 == 0 {
            return Ok(());
        }
        // SAFETY: the record is so long.
        check("cuMemsetD8Async", unsafe {
            sys::cuMemsetD8Async(self.fault, 0, FAULT_BYTES, self.stream.raw())
        })?;
        Err(Error::BadLabel {
            row: row as i64,
            label: label as i64,
            classes: classes as i64,
        })
    }
}

impl Info {
    fn of(device: sys::CUdevice) -> Result<Self> {
        let attribute = |attribute: Attribute| -> Result<u32> {
            let mut value = 0;
            // SAFETY: the driver writes a number.
            check("cuDeviceGetAttribute", unsafe {
                sys::cuDeviceGetAttribute(&mut value, attribute, device)
            })?;
            Ok(u32::try_from(value).unwrap_or(0))
        };
        let mut name = [0u8; 256];
        // SAFETY: the driver writes so many bytes at most.
        check("cuDeviceGetName", unsafe {
            sys::cuDeviceGetName(name.as_mut_ptr().cast(), name.len() as i32, device)
        })?;
        let end = name.iter().position(|byte| *byte == 0).unwrap_or(name.len());
        let mut total_memory = 0;
        // SAFETY: the driver writes a number.
        check("cuDeviceTotalMem", unsafe {
            sys::cuDeviceTotalMem_v2(&mut total_memory, device)
        })?;
        Ok(Self {
            name: String::from_utf8_lossy(&name[..end]).into_owned(),
            total_memory,
            compute_capability: (
                attribute(Attribute::CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)?,
                attribute(Attribute::CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR)?,
            ),
            multiprocessors: attribute(Attribute::CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT)?,
            driver_version: driver::version()?,
            shared_memory_per_block_optin: attribute(Attribute::CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN)?,
        })
    }
}
