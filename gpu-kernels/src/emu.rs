//! The emulated driver: which driver a build with it opens, its counters and its knobs, and kernels that do what they must not.
//!
//! Counters: `mem_alloc`, `mem_free`, `live_bytes`, `host_alloc`, `sync`, `launches`, `copies_h2d`, `copies_d2h`. Knobs, which
//! processes also take from the environment as `EMU_MEMORY` and so on: `memory` in bytes, `driver_version`, `devices`; `fault_in`, the
//! launch that fails, counted from 1; `lose_in`, the call that the device is lost at, and `lose_with`, the driver's
//! answer from then on; `capability`, 90 for 9.0; `full_loads`, how many of the next modules find no memory.

use std::ffi::{CString, c_char};
use std::process::Command;

use crate::driver;
pub use crate::driver::{LIBRARY, is_wanted};
use crate::error::Result;
use crate::launch::{self, Gpu, Launch};
use crate::module::Module;
use crate::ptr::Ptr;

/// The folder of what the library is linked of: `kernels_<family>.o`, and the driver's own objects.
pub const OBJECTS: &str = env!("CUDA_EMU_OBJECTS");

/// The compiler with the options that kernels were compiled with.
pub fn compiler() -> Command {
    let mut words = env!("CUDA_EMU_COMPILER").split('\t');
    let mut command = Command::new(words.next().unwrap_or("c++"));
    command.args(words);
    command
}

/// A counter or a knob; 0 where another driver is open.
pub fn get(name: &str) -> u64 {
    driver::choose();
    let Some((symbol, name)) = cuda_shim::symbol(c"cuEmuGet").zip(CString::new(name).ok()) else {
        return 0;
    };
    // SAFETY: this is the signature in emu/driver.cpp.
    let get: unsafe extern "C" fn(*const c_char) -> u64 = unsafe { std::mem::transmute(symbol) };
    // SAFETY: the name ends with a zero.
    unsafe { get(name.as_ptr()) }
}

/// Turns a knob; does nothing where another driver is open.
pub fn set(name: &str, value: u64) {
    driver::choose();
    let Some((symbol, name)) = cuda_shim::symbol(c"cuEmuSet").zip(CString::new(name).ok()) else {
        return;
    };
    // SAFETY: this is the signature in emu/driver.cpp.
    let set: unsafe extern "C" fn(*const c_char, u64) = unsafe { std::mem::transmute(symbol) };
    // SAFETY: the name ends with a zero.
    unsafe { set(name.as_ptr(), value) }
}

/// Launches one block of a kernel of `emu/planted.cu`.
///
/// # Safety
/// The memory is there until the launch is done; what the kernel does to it is what it is for.
///
/// # Errors
/// There is no such kernel; the device is lost.
pub unsafe fn plant(gpu: &Gpu, kernel: &str, threads: u32, shared: u32, out: Ptr<f32>, n: i64) -> Result<()> {
    let at: Launch<'_> = gpu.launch((1, 1, 1), (threads, 1, 1), shared)?;
    // All that the emulator reads of PTX.
    let text = format!(".version 7.0\n.visible .entry {kernel}()\n");
    let function = Module::load_text(gpu, kernel, &text)?.function(gpu, kernel)?;
    let (mut out, mut n) = (out.address(), n);
    let mut arguments = [(&raw mut out).cast(), (&raw mut n).cast()];
    // SAFETY: these are the arguments of all kernels there; the caller promises the memory.
    unsafe { launch::launch(function, at, &mut arguments) }
}
