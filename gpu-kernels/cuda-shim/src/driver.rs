//! The driver's library: found, opened once, and kept.

use std::ffi::{CStr, CString, OsStr, OsString, c_char, c_int, c_void};
use std::os::unix::ffi::OsStrExt;
use std::sync::OnceLock;

unsafe extern "C" {
    fn dlopen(name: *const c_char, flags: c_int) -> *mut c_void;
    fn dlsym(library: *mut c_void, name: *const c_char) -> *mut c_void;
    fn dlerror() -> *const c_char;
}

const RTLD_NOW: c_int = 2;

/// The environment variable that names another library than the driver's usual one.
pub const DRIVER_ENV: &str = "CUDA_DRIVER_LIB";

/// Where drivers are: by the linker's own search first, then where containers and WSL put them.
const USUAL: [&str; 3] = [
    "libcuda.so.1",
    "/usr/local/nvidia/lib64/libcuda.so.1",
    "/usr/lib/wsl/lib/libcuda.so.1",
];

static INSTEAD: OnceLock<String> = OnceLock::new();

/// Has this library opened in the driver's place. Only the first call before the driver is opened has an effect; whether this one
/// had.
pub fn use_library(path: &str) -> bool {
    INSTEAD.set(path.to_owned()).is_ok()
}

/// The library that the variable names; an empty one names none.
pub fn driver_variable() -> Option<OsString> {
    std::env::var_os(DRIVER_ENV).filter(|name| !name.is_empty())
}

/// Whether the driver is another library than the usual one.
pub fn is_instead() -> bool {
    INSTEAD.get().is_some() || driver_variable().is_some()
}

/// An open library.
pub(crate) struct Driver(*mut c_void);

// SAFETY: a handle of `dlopen` may be used by any thread; it is never closed.
unsafe impl Send for Driver {}
// SAFETY: as above.
unsafe impl Sync for Driver {}

impl Driver {
    pub(crate) fn symbol(&self, name: &CStr) -> Option<*mut c_void> {
        // SAFETY: the library is open, and the name ends with a zero.
        let found = unsafe { dlsym(self.0, name.as_ptr()) };
        (!found.is_null()).then_some(found)
    }
}

/// The driver, or why there is none.
pub(crate) fn driver() -> &'static Result<Driver, CString> {
    static DRIVER: OnceLock<Result<Driver, CString>> = OnceLock::new();
    DRIVER.get_or_init(|| {
        let instead = INSTEAD.get().map(OsString::from).or_else(driver_variable);
        let names: Vec<&OsStr> = match &instead {
            Some(name) => vec![name],
            None => USUAL.iter().map(OsStr::new).collect(),
        };
        let mut why: Option<CString> = None;
        for name in names {
            match open(name) {
                Ok(driver) => return Ok(driver),
                // The first name's reason is the one that helps.
                Err(reason) => why = why.or(Some(reason)),
            }
        }
        Err(why.unwrap_or_default())
    })
}

fn open(name: &OsStr) -> Result<Driver, CString> {
    let Ok(name) = CString::new(name.as_bytes()) else {
        return Err(c"the name of the library has a zero in it".to_owned());
    };
    // SAFETY: the name ends with a zero; a driver's initialisers may run in any program.
    let library = unsafe { dlopen(name.as_ptr(), RTLD_NOW) };
    if !library.is_null() {
        return Ok(Driver(library));
    }
    // SAFETY: it takes nothing.
    let reason = unsafe { dlerror() };
    if reason.is_null() {
        return Err(name);
    }
    // SAFETY: the linker's text ends with a zero and stays until the next call, which is not before it is copied.
    Err(unsafe { CStr::from_ptr(reason) }.to_owned())
}
