//! Modules: the PTX of a family, compiled by the driver for its card.

use std::ffi::{CString, c_void};

use cust::sys;

use crate::driver::check;
use crate::error::{Error, Result};

include!(concat!(env!("OUT_DIR"), "/ptx.rs"));

/// The PTX of a family.
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

impl Module {
    /// Loads the PTX of a family into the current context; it stays for good.
    pub(crate) fn load(family: &'static str) -> Result<&'static Self> {
        let text =
            ptx(family).ok_or_else(|| missing("cuModuleLoadData", &format!("no PTX of the family `{family}`")))?;
        let text = CString::new(text).map_err(|_| missing("cuModuleLoadData", "PTX with a zero in it"))?;
        let mut raw = std::ptr::null_mut();
        // SAFETY: the driver reads the text up to its zero, and writes the handle.
        check("cuModuleLoadData", unsafe {
            sys::cuModuleLoadData(&mut raw, text.as_ptr().cast::<c_void>())
        })?;
        Ok(Box::leak(Box::new(Self { raw })))
    }

    /// The kernel of this name.
    pub(crate) fn function(&'static self, name: &str) -> Result<Function> {
        let name = CString::new(name).map_err(|_| missing("cuModuleGetFunction", "a name with a zero in it"))?;
        let mut raw = std::ptr::null_mut();
        // SAFETY: the driver reads the name up to its zero, and writes the handle.
        check("cuModuleGetFunction", unsafe {
            sys::cuModuleGetFunction(&mut raw, self.raw, name.as_ptr())
        })?;
        Ok(Function { raw })
    }
}

fn missing(call: &'static str, what: &str) -> Error {
    Error::Driver {
        call,
        code: sys::cudaError_enum::CUDA_ERROR_NOT_FOUND as u32,
        what: what.to_owned(),
    }
}

impl Function {
    pub(crate) fn raw(self) -> sys::CUfunction {
        self.raw
    }

    /// Lets blocks of this kernel have so many bytes of shared memory, where that is more than the usual 48 KiB.
    pub(crate) fn allow_shared(self, bytes: u32) -> Result<()> {
        let attribute = sys::CUfunction_attribute::CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES;
        let bytes = i32::try_from(bytes).unwrap_or(i32::MAX);
        // SAFETY: the function lives.
        check("cuFuncSetAttribute", unsafe {
            sys::cuFuncSetAttribute(self.raw, attribute, bytes)
        })
    }
}
