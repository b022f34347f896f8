//! Calls that may panic.

use std::any::Any as Payload;
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs a call whose panic is a result like any other, and prints nothing.
///
/// # Errors
/// Where it panicked: what it said.
pub fn catch<A>(call: impl FnOnce() -> A) -> Result<A, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                before(info);
            }
        }));
    });
    let before = QUIET.replace(true);
    let caught = panic::catch_unwind(AssertUnwindSafe(call));
    QUIET.set(before);
    caught.map_err(|payload| format!("panicked: {}", message(&*payload)))
}

fn message(payload: &(dyn Payload + Send)) -> String {
    if let Some(text) = payload.downcast_ref::<&str>() {
        (*text).to_owned()
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text.clone()
    } else {
        "without a word".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_result() {
        assert_eq!(catch(|| 3), Ok(3));
        assert_eq!(catch(|| panic!("no")), Err::<(), _>("panicked: no".to_owned()));
        assert_eq!(catch(|| panic!("no {}", 2)), Err::<(), _>("panicked: no 2".to_owned()));
    }
}
