//! Several streams, and the waits between them.

use std::time::Duration;

use crate::gpu::check::{Check, gpu, needs_emulator};
use crate::gpu::naive::Array;

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check {
            name: "runtime::streams::a_missing_wait_shows",
            run: a_missing_wait_shows,
        },
        Check {
            name: "runtime::streams::a_wait_orders_streams",
            run: a_wait_orders_streams,
        },
        Check {
            name: "runtime::streams::the_device_has_a_clock",
            run: the_device_has_a_clock,
        },
    ]
}

const BYTES: usize = 8 * 1000;

/// Fills an array on a side stream, and reads it through the device's own, with or without a wait.
fn read_after_fill(wait: bool) -> Vec<i64> {
    let gpu = gpu();
    let array = Array::new(gpu, &[0i64; BYTES / 8]);
    gpu.synchronize().expect("the device is there");
    let side = gpu.new_stream().expect("a stream");
    // SAFETY: the array is so long.
    unsafe { side.fill(array.ptr().address(), 1, BYTES) }.expect("a fill");
    if wait {
        let filled = gpu.new_event().expect("an event");
        filled.record(side).expect("an event");
        gpu.stream().wait_for(&filled).expect("a wait");
    }
    let read = array.read();
    side.synchronize().expect("the device is there");
    read
}

fn a_missing_wait_shows() {
    // On a card the fill may be first by chance.
    needs_emulator();
    assert!(read_after_fill(false).iter().all(|element| *element == 0));
}

fn a_wait_orders_streams() {
    assert!(
        read_after_fill(true)
            .iter()
            .all(|element| *element == 0x0101_0101_0101_0101)
    );
}

fn the_device_has_a_clock() {
    let array = Array::new(gpu(), &[0i64; BYTES / 8]);
    // SAFETY: the array is so long.
    let time = gpu().time(|| unsafe { gpu().stream().fill(array.ptr().address(), 2, BYTES) });
    let time = time.expect("the device is there");
    assert!(time < Duration::from_secs(5), "{time:?}");
    assert!(array.read().iter().all(|element| *element == 0x0202_0202_0202_0202));
}
