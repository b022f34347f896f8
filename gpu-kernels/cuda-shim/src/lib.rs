//! Defines the CUDA driver symbols that `cust` refers to, and forwards each one to
//! the real driver, which is opened with `dlopen` at the first call. A program linked
//! against this crate needs no libcuda to link and none to start.

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicPtr, Ordering};

unsafe extern "C" {
    fn dlopen(name: *const c_char, flags: c_int) -> *mut c_void;
    fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
    fn dlerror() -> *const c_char;
}
const RTLD_NOW: c_int = 2;

const NOT_FOUND: u32 = 500; // CUDA_ERROR_NOT_FOUND: the driver lacks this symbol
const NO_DEVICE: u32 = 100; // CUDA_ERROR_NO_DEVICE: there is no driver at all
const UNKNOWN: u32 = 999;

/// Names the driver library to open in place of libcuda.so.1 (the emulator, say).
pub const DRIVER_ENV: &str = "CUDA_DRIVER_LIB";

static INSTEAD: OnceLock<String> = OnceLock::new();

/// Makes the first call open this library (the emulator, in tests); false if too late.
pub fn use_library(path: &str) -> bool {
    INSTEAD.set(path.to_string()).is_ok()
}

struct Driver(*mut c_void);
unsafe impl Send for Driver {}
unsafe impl Sync for Driver {}

fn driver() -> &'static Result<Driver, CString> {
    static DRIVER: OnceLock<Result<Driver, CString>> = OnceLock::new();
    DRIVER.get_or_init(|| {
        let asked = INSTEAD.get().cloned().ok_or(()).or_else(|()| std::env::var(DRIVER_ENV));
        let names: Vec<String> = match asked {
            Ok(one) => vec![one],
            Err(_) => [
                "libcuda.so.1",
                "/usr/local/nvidia/lib64/libcuda.so.1",
                "/usr/lib/wsl/lib/libcuda.so.1",
            ]
                .map(String::from)
                .to_vec(),
        };
        let mut why = String::new();
        for name in &names {
            let c = CString::new(name.as_str()).unwrap_or_default();
            let handle = unsafe { dlopen(c.as_ptr(), RTLD_NOW) };
            if !handle.is_null() {
                return Ok(Driver(handle));
            }
            let e = unsafe { dlerror() };
            if why.is_empty() && !e.is_null() {
                why = unsafe { CStr::from_ptr(e) }.to_string_lossy().into_owned();
            }
        }
        Err(CString::new(format!("no CUDA driver found: {why}")).unwrap_or_default())
    })
}

/// Opens the driver; the error says why there is none.
pub fn load() -> Result<(), &'static str> {
    // Naming FORCE keeps every forwarder in the link, whatever the linker's order.
    std::hint::black_box(&FORCE);
    match driver() {
        Ok(_) => Ok(()),
        Err(e) => Err(e.to_str().unwrap_or("no CUDA driver found")),
    }
}

/// A driver symbol that cust does not know (cuLaunchKernelEx, cuTensorMapEncodeTiled...).
pub fn symbol(name: &CStr) -> Option<*mut c_void> {
    let d = driver().as_ref().ok()?;
    let p = unsafe { dlsym(d.0, name.as_ptr()) };
    (!p.is_null()).then_some(p)
}

#[cold]
fn resolve(slot: &AtomicPtr<c_void>, name: &CStr) -> Result<*mut c_void, u32> {
    if driver().is_err() {
        return Err(NO_DEVICE);
    }
    let p = symbol(name).ok_or(NOT_FOUND)?;
    slot.store(p, Ordering::Release);
    Ok(p)
}

thread_local! {
    static RAW: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
}

/// The last status on this thread that cust cannot name (46: the device is unavailable...).
pub fn last_unnamed_status() -> Option<u32> {
    Some(RAW.get()).filter(|code| *code != 0)
}

/// cust_raw 0.11.3 reads the status into a Rust enum made from CUDA 11.4's header, so a
/// code that newer drivers added would be undefined behaviour: turn it into UNKNOWN.
#[inline]
fn known(code: u32) -> u32 {
    match code {
        0..=8 | 34 | 100..=102 | 200..=202 | 205..=224 | 300..=304 | 400 | 401 | 500 | 600
        | 700..=705 | 708..=720 | 800..=809 | 900..=911 | UNKNOWN => code,
        _ => {
            RAW.set(code);
            UNKNOWN
        }
    }
}

macro_rules! shim {
    ($($name:ident($($arg:ident: $ty:ty),*);)*) => {
        $(
            #[unsafe(no_mangle)]
            pub unsafe extern "C" fn $name($($arg: $ty),*) -> u32 {
                static SLOT: AtomicPtr<c_void> = AtomicPtr::new(std::ptr::null_mut());
                let mut p = SLOT.load(Ordering::Acquire);
                if p.is_null() {
                    let name = unsafe { CStr::from_bytes_with_nul_unchecked(
                        concat!(stringify!($name), "\0").as_bytes()) };
                    match resolve(&SLOT, name) {
                        Ok(found) => p = found,
                        Err(code) => return code,
                    }
                }
                let f: unsafe extern "C" fn($($ty),*) -> u32 = unsafe { std::mem::transmute(p) };
                known(unsafe { f($($arg),*) })
            }
        )*
        struct Keep(#[allow(dead_code)] *const ());
        unsafe impl Sync for Keep {}
        #[used]
        static FORCE: &[Keep] = &[$(Keep($name as *const ()),)* Keep(cuGetErrorString as *const ())];
        pub const SYMBOLS: &[&str] = &[$(stringify!($name)),*];
    };
}
include!("symbols.rs");

/// By hand, so that cust's `Display` has a text (it panics on a failure here).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuGetErrorString(code: u32, out: *mut *const c_char) -> u32 {
    static SLOT: AtomicPtr<c_void> = AtomicPtr::new(std::ptr::null_mut());
    let text: *const c_char = match driver() {
        Err(why) => why.as_ptr(),
        Ok(_) => {
            if let Ok(p) = resolve(&SLOT, c"cuGetErrorString") {
                let f: unsafe extern "C" fn(u32, *mut *const c_char) -> u32 =
                    unsafe { std::mem::transmute(p) };
                let mut got = std::ptr::null();
                if unsafe { f(code, &mut got) } == 0 && !got.is_null() {
                    unsafe { *out = got };
                    return 0;
                }
            }
            c"unrecognized CUDA error".as_ptr()
        }
    };
    unsafe { *out = text };
    0
}
