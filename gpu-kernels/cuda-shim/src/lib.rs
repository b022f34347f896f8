//! The symbols of the CUDA driver that `cust` refers to, each forwarded to the driver that is found at run time.
//!
//! A program that is linked against this crate needs no libcuda to link and none to start. The driver is opened with `dlopen` at
//! the first call; where there is none, [`load`] says why, and every call answers `CUDA_ERROR_NO_DEVICE`. For Linux.
//!
//! Name the crate in code (`use cuda_shim as _;`), or call [`load`]: what nobody names is not linked.

mod driver;
mod forward;
mod text;

use std::ffi::{CStr, c_void};

pub use driver::{DRIVER_ENV, driver_variable, is_instead, use_library};
pub use forward::{SYMBOLS, last_unnamed_status};
pub use text::text;

/// Opens the driver.
///
/// # Errors
/// There is none that can be opened; in the words of the dynamic linker.
pub fn load() -> Result<(), &'static str> {
    forward::keep();
    text::keep();
    match driver::driver() {
        Ok(_) => Ok(()),
        Err(why) => Err(why.to_str().unwrap_or("its name cannot be read")),
    }
}

/// A symbol of the driver, for those that `cust` does not know.
pub fn symbol(name: &CStr) -> Option<*mut c_void> {
    driver::driver().as_ref().ok()?.symbol(name)
}
