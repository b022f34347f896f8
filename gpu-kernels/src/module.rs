//! Modules: the PTX of a family, compiled by the driver for its card.

use std::ffi::{CStr, CString, c_void};

use cust::sys::{self, CUjit_option};

use crate::driver::check;
use crate::error::{Error, Result};

include!(concat!(env!("OUT_DIR"), "/ptx.rs"));

/// The PTX of a family, as it was made of `kernels/<family>.cu`.
pub fn ptx(family: &str) -> Option<&'static str> {
    let (_, text) = PTX.iter().find(|(name, _)| *name == family)?;
    Some(text)
}

/// A loaded family.
#[derive(Debug)]
pub(crate) struct Module {
    raw: sys::CUmodule,
}

// SAFETY: the driver's modules may be used by any thread.
unsafe impl Send for Module {}
// SAFETY: as above.
unsafe impl Sync for Module {}

/// A kernel of a loaded module. Modules are never unloaded, so it is always good.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Function {
    raw: sys::CUfunction,
}

// SAFETY: the driver's functions may be used by any thread.
unsafe impl Send for Function {}
// SAFETY: as above.
unsafe impl Sync for Function {}

/// What the driver's compiler says at most.
const LOG_BYTES: usize = 8192;

impl Module {
    /// Loads the PTX of a family into the current context; it stays for good.
    pub(crate) fn load(family: &str) -> Result<&'static Self> {
        let text = ptx(family).ok_or_else(|| invalid(format!("there is no PTX of the family `{family}`")))?;
        Self::load_text(family, text)
    }

    /// Loads PTX; errors name it so.
    pub(crate) fn load_text(family: &str, text: &str) -> Result<&'static Self> {
        let text = CString::new(text).map_err(|_| invalid(format!("the PTX of `{family}` has a zero in it")))?;
        let mut log = vec![0u8; LOG_BYTES];
        let mut options = [
            CUjit_option::CU_JIT_ERROR_LOG_BUFFER,
            CUjit_option::CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES,
        ];
        // The driver takes numbers in place of pointers where an option is a number.
        let mut values = [
            log.as_mut_ptr().cast::<c_void>(),
            std::ptr::without_provenance_mut(LOG_BYTES),
        ];
        let mut raw = std::ptr::null_mut();
        // SAFETY: the driver reads the text up to its zero and so many options, and writes the handle and the log.
        let answer = unsafe {
            sys::cuModuleLoadDataEx(
                &mut raw,
                text.as_ptr().cast::<c_void>(),
                options.len() as u32,
                options.as_mut_ptr(),
                values.as_mut_ptr(),
            )
        };
        check("cuModuleLoadDataEx", answer).map_err(|error| explained(error, family, &log))?;
        Ok(Box::leak(Box::new(Self { raw })))
    }

    /// The kernel of this name.
    pub(crate) fn function(&'static self, name: &str) -> Result<Function> {
        let text = CString::new(name).map_err(|_| invalid(format!("the name `{name}` has a zero in it")))?;
        let mut raw = std::ptr::null_mut();
        // SAFETY: the driver reads the name up to its zero, and writes the handle.
        let answer = unsafe { sys::cuModuleGetFunction(&mut raw, self.raw, text.as_ptr()) };
        check("cuModuleGetFunction", answer).map_err(|error| explained(error, name, &[]))?;
        Ok(Function { raw })
    }
}

/// PTX or a name that the driver need not even see.
fn invalid(what: String) -> Error {
    Error::Driver {
        call: "cuModuleLoadDataEx",
        code: sys::CUresult::CUDA_ERROR_INVALID_PTX as u32,
        what,
    }
}

/// The error with what it was about, and with what the driver's compiler said.
fn explained(error: Error, subject: &str, log: &[u8]) -> Error {
    let log = CStr::from_bytes_until_nul(log)
        .map(CStr::to_string_lossy)
        .unwrap_or_default();
    match error {
        Error::Driver { call, code, what } if log.trim().is_empty() => Error::Driver {
            call,
            code,
            what: format!("`{subject}`: {what}"),
        },
        Error::Driver { call, code, what } => Error::Driver {
            call,
            code,
            what: format!("`{subject}`: {what}: {}", log.trim()),
        },
        other => other,
    }
}

impl Function {
    pub(crate) fn raw(self) -> sys::CUfunction {
        self.raw
    }
}
