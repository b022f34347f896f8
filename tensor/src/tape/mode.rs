//! Whether operations are recorded, a thread at a time.

use std::cell::Cell;
use std::thread::LocalKey;

thread_local! {
    static RECORDING: Cell<bool> = const { Cell::new(true) };
    static WATCHING: Cell<bool> = const { Cell::new(false) };
    static DELIVERING: Cell<bool> = const { Cell::new(false) };
}

/// Whether operations of this thread leave nodes.
pub(crate) fn recording() -> bool {
    RECORDING.get()
}

/// Whether backward passes of this thread look for NaN.
pub(crate) fn watching() -> bool {
    WATCHING.get()
}

/// Whether this thread is in a backward pass whose gradients go to all leaves and parameters.
pub(crate) fn delivering() -> bool {
    DELIVERING.get()
}

/// Notes for the time of `body` whether gradients go to all leaves and parameters.
pub(crate) fn while_delivering<R>(to_all: bool, body: impl FnOnce() -> R) -> R {
    during(&DELIVERING, to_all, body)
}

/// Sets a flag of this thread for the time of a call.
fn during<R>(flag: &'static LocalKey<Cell<bool>>, value: bool, body: impl FnOnce() -> R) -> R {
    struct Restore(&'static LocalKey<Cell<bool>>, bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            self.0.set(self.1);
        }
    }
    let _restore = Restore(flag, flag.replace(value));
    body()
}

/// Runs `body` without recording: what it computes has no gradient. PyTorch's `torch.no_grad`.
///
/// ```
/// use tensor::prelude::*;
/// let x = tensor![1., 2.].requires_grad();
/// let y = no_grad(|| &x * &x);
/// assert!(!y.is_tracked());
/// ```
pub fn no_grad<R>(body: impl FnOnce() -> R) -> R {
    during(&RECORDING, false, body)
}

/// Runs `body` with recording, inside a [`no_grad`]. PyTorch's `torch.enable_grad`.
///
/// ```
/// use tensor::prelude::*;
/// let x = tensor![1., 2.].requires_grad();
/// let y = no_grad(|| tensor::autograd::enable_grad(|| &x * &x));
/// assert!(y.is_tracked());
/// ```
pub fn enable_grad<R>(body: impl FnOnce() -> R) -> R {
    during(&RECORDING, true, body)
}

/// Runs `body` so that a backward pass in it stops at the first operation whose gradient holds a NaN, with an error that names it.
/// Slow: every gradient is read. PyTorch's `torch.autograd.detect_anomaly`.
///
/// ```
/// use tensor::prelude::*;
/// let x = tensor![-1.].requires_grad();
/// let error = tensor::autograd::detect_anomaly(|| x.sqrt().sum().try_backward()).unwrap_err();
/// assert!(error.to_string().contains("`sqrt`"), "{error}");
/// ```
pub fn detect_anomaly<R>(body: impl FnOnce() -> R) -> R {
    during(&WATCHING, true, body)
}
