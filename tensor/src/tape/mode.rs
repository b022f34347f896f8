//! Whether operations are recorded, a thread at a time.

use std::cell::Cell;

thread_local! {
    static RECORDING: Cell<bool> = const { Cell::new(true) };
}

/// Whether operations of this thread leave nodes.
pub(crate) fn recording() -> bool {
    RECORDING.get()
}

/// Runs `body` without recording: what it computes has no gradient.
///
/// ```
/// use tensor::prelude::*;
/// let x = tensor![1., 2.].requires_grad();
/// let y = no_grad(|| &x * &x);
/// assert!(!y.is_tracked());
/// ```
pub fn no_grad<R>(body: impl FnOnce() -> R) -> R {
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            RECORDING.set(self.0);
        }
    }
    let _restore = Restore(RECORDING.replace(false));
    body()
}
