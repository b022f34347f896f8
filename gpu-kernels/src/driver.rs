//! The driver: opened once, asked for its version and its devices; what its answers mean.

use std::sync::OnceLock;

use cust::sys::{self, CUresult};

use crate::error::{Error, Result};

/// The oldest driver that takes the kernels: PTX 7.0 came with CUDA 11.0.
const NEEDED: i32 = 11_000;

/// Opens the driver, once; later calls get the first one's answer.
pub(crate) fn load() -> Result<()> {
    static LOADED: OnceLock<Result<()>> = OnceLock::new();
    LOADED.get_or_init(open).clone()
}

fn open() -> Result<()> {
    #[cfg(feature = "emu")]
    choose();
    cuda_shim::load().map_err(|why| Error::NoDriver(why.to_owned()))?;
    let mut version = 0;
    // SAFETY: the driver writes a number.
    check("cuDriverGetVersion", unsafe { sys::cuDriverGetVersion(&mut version) })?;
    if version < NEEDED {
        return Err(Error::OldDriver {
            found: version,
            needed: NEEDED,
        });
    }
    // SAFETY: it takes no pointer.
    match unsafe { sys::cuInit(0) } {
        // A driver without a card says so here already; the count will be 0.
        CUresult::CUDA_ERROR_NO_DEVICE => Ok(()),
        code => check("cuInit", code),
    }
}

/// The emulated driver that the build made.
#[cfg(feature = "emu")]
pub const LIBRARY: &str = env!("CUDA_EMU_LIB");

/// Has the emulated driver opened, unless another is asked for.
#[cfg(feature = "emu")]
pub(crate) fn choose() {
    if is_wanted() {
        cuda_shim::use_library(LIBRARY);
    }
}

/// Whether this process runs on the emulated driver: not where a card (`TEST_GPU=1`) or another driver (`CUDA_DRIVER_LIB=path`) is
/// asked for.
#[cfg(feature = "emu")]
pub fn is_wanted() -> bool {
    std::env::var_os("TEST_GPU").is_none_or(|value| value != "1") && cuda_shim::driver_variable().is_none()
}

/// The driver's version, as CUDA writes it: 12040 is 12.4.
pub(crate) fn version() -> Result<i32> {
    load()?;
    let mut version = 0;
    // SAFETY: the driver writes a number.
    check("cuDriverGetVersion", unsafe { sys::cuDriverGetVersion(&mut version) })?;
    Ok(version)
}

/// How many devices there are: none where the driver finds no card.
///
/// # Errors
/// There is no driver, or an old one.
pub fn device_count() -> Result<usize> {
    load()?;
    let mut count = 0;
    // SAFETY: the driver writes a number.
    match unsafe { sys::cuDeviceGetCount(&mut count) } {
        CUresult::CUDA_ERROR_NO_DEVICE | CUresult::CUDA_ERROR_NOT_INITIALIZED => Ok(0),
        code => check("cuDeviceGetCount", code).map(|()| usize::try_from(count).unwrap_or(0)),
    }
}

/// Whether there is a driver and a device.
pub fn is_available() -> bool {
    device_count().is_ok_and(|count| count > 0)
}

/// The error that the driver's answer stands for.
pub(crate) fn check(call: &'static str, answer: CUresult) -> Result<()> {
    if answer == CUresult::CUDA_SUCCESS {
        return Ok(());
    }
    let known = answer as u32;
    // cust cannot name answers that came after CUDA 11.4; the shim keeps their number.
    let code = if answer == CUresult::CUDA_ERROR_UNKNOWN {
        cuda_shim::last_unnamed_status().unwrap_or(known)
    } else {
        known
    };
    let what = cuda_shim::text(code).to_string_lossy().into_owned();
    Err(match code {
        // Illegal address, time-out, assertion, stack, instruction, alignment, address space, program counter, any other.
        700 | 702 | 710 | 714..=719 | 721 => Error::KernelFault { what },
        // The driver is shut down; the device is unavailable, has bad memory or a bad link; its context is gone.
        4 | 46 | 214 | 220 | 226 | 709 | 999 => Error::Lost { what },
        222 => Error::OldDriver {
            found: version().unwrap_or(0),
            needed: NEEDED,
        },
        code => Error::Driver { call, code, what },
    })
}
