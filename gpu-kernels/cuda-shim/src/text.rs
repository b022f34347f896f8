//! What the driver's answers mean, in its own words.

use std::ffi::{CStr, c_char, c_void};
use std::sync::atomic::{AtomicPtr, Ordering};

use crate::driver::driver;
use crate::forward::resolve;

/// What an answer means; for want of the driver's words, that nobody knows.
pub fn text(code: u32) -> &'static CStr {
    static SLOT: AtomicPtr<c_void> = AtomicPtr::new(std::ptr::null_mut());
    const UNKNOWN: &CStr = c"an error that the driver has no words for";
    if let Err(why) = driver() {
        return why;
    }
    let mut found = SLOT.load(Ordering::Acquire);
    if found.is_null() {
        match resolve(&SLOT, c"cuGetErrorString") {
            Ok(address) => found = address,
            Err(_) => return UNKNOWN,
        }
    }
    // SAFETY: this is the driver's signature of the function.
    let function: unsafe extern "C" fn(u32, *mut *const c_char) -> u32 = unsafe { std::mem::transmute(found) };
    let mut words = std::ptr::null();
    // SAFETY: the driver writes the address of a text of its own.
    let answer = unsafe { function(code, &mut words) };
    if answer != 0 || words.is_null() {
        return UNKNOWN;
    }
    // SAFETY: the driver's texts end with a zero and stay.
    unsafe { CStr::from_ptr(words) }
}

/// The driver's function, but one that always has words: `Display` of `cust`'s errors panics where it has none.
///
/// # Safety
/// `out` is the address of a pointer that may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuGetErrorString(code: u32, out: *mut *const c_char) -> u32 {
    // SAFETY: the caller promises it.
    unsafe { *out = text(code).as_ptr() };
    0
}

/// Names the function above, as `forward::keep` names the others.
pub(crate) fn keep() {
    std::hint::black_box(cuGetErrorString as *const ());
}
