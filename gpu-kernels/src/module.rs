//! Modules: the PTX of a kernel, compiled by the driver for its card.

use std::ffi::{CStr, CString, c_void};
use std::sync::{Arc, OnceLock};

use cust::sys::{self, CUjit_option, CUresult};

use crate::device::Device;
use crate::error::{Error, Result};
use crate::ptx::{Program, ptx};
use crate::stream::Function;

/// A family of kernels, whose PTX is cut when the first of them is launched.
#[derive(Debug)]
pub(crate) struct Family {
    name: &'static str,
    program: OnceLock<Option<Program>>,
}

impl Family {
    pub(crate) fn new(name: &'static str) -> Arc<Self> {
        Arc::new(Self {
            name,
            program: OnceLock::new(),
        })
    }

    fn program(&self) -> Option<&Program> {
        self.program.get_or_init(|| ptx(self.name).map(Program::of)).as_ref()
    }
}

/// A kernel of a family. The driver compiles it for the card when it is first launched, and keeps what it compiled for other
/// processes.
#[derive(Debug)]
pub(crate) struct Kernel {
    family: Arc<Family>,
    name: &'static str,
    function: OnceLock<Function>,
}

impl Kernel {
    pub(crate) fn new(family: &Arc<Family>, name: &'static str) -> Self {
        Self {
            family: Arc::clone(family),
            name,
            function: OnceLock::new(),
        }
    }

    /// The kernel in the current context, which is always the same one.
    pub(crate) fn function(&self, device: &Device) -> Result<Function> {
        match self.function.get() {
            Some(function) => Ok(*function),
            None => self.load(device),
        }
    }

    #[cold]
    fn load(&self, device: &Device) -> Result<Function> {
        let text = self.family.program().and_then(|program| program.kernel(self.name));
        let text = text.ok_or_else(|| invalid(format!("`{}` has no kernel `{}`", self.family.name, self.name)))?;
        let function = Module::load_text(device, self.name, &text)?.function(device, self.name)?;
        // Whoever else loaded it meanwhile has the same.
        Ok(*self.function.get_or_init(|| function))
    }
}

/// Loaded PTX.
#[derive(Debug)]
pub(crate) struct Module {
    raw: sys::CUmodule,
}

// SAFETY: the driver's modules may be used by any thread.
unsafe impl Send for Module {}
// SAFETY: as above.
unsafe impl Sync for Module {}

/// What the driver's compiler says at most.
const LOG_BYTES: usize = 8192;

impl Module {
    /// Loads PTX into the current context, where it stays for good; errors name it so. Where the memory is full, the device gives back
    /// what it keeps for later.
    pub(crate) fn load_text(device: &Device, name: &str, text: &str) -> Result<&'static Self> {
        let text = CString::new(text).map_err(|_| invalid(format!("the PTX of `{name}` has a zero in it")))?;
        let mut log = vec![0u8; LOG_BYTES];
        let (mut raw, mut answer) = load(&text, &mut log);
        if answer == CUresult::CUDA_ERROR_OUT_OF_MEMORY {
            device.release_unused()?;
            (raw, answer) = load(&text, &mut log);
        }
        if answer == CUresult::CUDA_ERROR_OUT_OF_MEMORY {
            return Err(device.full(text.as_bytes().len()));
        }
        let loaded = device.health.check("cuModuleLoadDataEx", answer);
        loaded.map_err(|error| explained(error, name, &log))?;
        Ok(Box::leak(Box::new(Self { raw })))
    }

    /// The kernel of this name.
    pub(crate) fn function(&'static self, device: &Device, name: &str) -> Result<Function> {
        let text = CString::new(name).map_err(|_| invalid(format!("the name `{name}` has a zero in it")))?;
        let mut raw = std::ptr::null_mut();
        // SAFETY: the driver reads the name up to its zero, and writes the handle.
        let answer = unsafe { sys::cuModuleGetFunction(&mut raw, self.raw, text.as_ptr()) };
        let found = device.health.check("cuModuleGetFunction", answer);
        found.map_err(|error| explained(error, name, &[]))?;
        Ok(Function::new(raw))
    }
}

/// Has the driver compile and load PTX; what its compiler says is in the log.
fn load(text: &CStr, log: &mut [u8]) -> (sys::CUmodule, CUresult) {
    let mut options = [
        CUjit_option::CU_JIT_ERROR_LOG_BUFFER,
        CUjit_option::CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES,
    ];
    // The driver takes numbers in place of pointers where an option is a number.
    let mut values = [
        log.as_mut_ptr().cast::<c_void>(),
        std::ptr::without_provenance_mut(log.len()),
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
    (raw, answer)
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
