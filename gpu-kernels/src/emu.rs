//! The emulated driver: which driver a build with it opens, its counters and its knobs.

use std::ffi::{CString, c_char};

/// The library that the build made.
pub const LIBRARY: &str = env!("CUDA_EMU_LIB");

/// Has the emulated driver opened, unless a card (`TEST_GPU=1`) or another driver (`CUDA_DRIVER_LIB=path`) is asked for.
pub(crate) fn choose() {
    if !wanted() {
        return;
    }
    cuda_shim::use_library(LIBRARY);
}

/// Whether this process runs on the emulated driver.
pub fn wanted() -> bool {
    std::env::var_os("TEST_GPU").is_none_or(|value| value != "1") && std::env::var_os(cuda_shim::DRIVER_ENV).is_none()
}

/// A counter or a knob of the emulated driver; 0 where another driver is open.
pub fn get(name: &str) -> u64 {
    let Some((symbol, name)) = cuda_shim::symbol(c"cuEmuGet").zip(CString::new(name).ok()) else {
        return 0;
    };
    // SAFETY: this is the signature in emu/driver.cpp.
    let get: unsafe extern "C" fn(*const c_char) -> u64 = unsafe { std::mem::transmute(symbol) };
    // SAFETY: the name ends with a zero.
    unsafe { get(name.as_ptr()) }
}

/// Turns a knob of the emulated driver.
pub fn set(name: &str, value: u64) {
    let Some((symbol, name)) = cuda_shim::symbol(c"cuEmuSet").zip(CString::new(name).ok()) else {
        return;
    };
    // SAFETY: this is the signature in emu/driver.cpp.
    let set: unsafe extern "C" fn(*const c_char, u64) = unsafe { std::mem::transmute(symbol) };
    // SAFETY: the name ends with a zero.
    unsafe { set(name.as_ptr(), value) }
}
