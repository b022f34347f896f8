//! Each thing that can go wrong on a device, and what is said then. Most of it happens once in a process.

use gpu_kernels::{Epilogue, Error, Gpu, Operand, Ptr, is_available};

use crate::gpu::check::{Check, gpu, in_child, needs_emulator};
use crate::gpu::naive::Array;

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check {
            name: "runtime::errors::no_driver",
            run: no_driver,
        },
        Check {
            name: "runtime::errors::an_old_driver",
            run: an_old_driver,
        },
        Check {
            name: "runtime::errors::the_oldest_driver_that_will_do",
            run: the_oldest_driver_that_will_do,
        },
        Check {
            name: "runtime::errors::an_empty_variable_names_no_driver",
            run: an_empty_variable_names_no_driver,
        },
        Check {
            name: "runtime::errors::an_old_device",
            run: an_old_device,
        },
        Check {
            name: "runtime::errors::kernels_that_find_no_memory",
            run: kernels_that_find_no_memory,
        },
        Check {
            name: "runtime::errors::a_fault_is_not_cleared_for_another",
            run: a_fault_is_not_cleared_for_another,
        },
        Check {
            name: "runtime::errors::no_device",
            run: no_device,
        },
        Check {
            name: "runtime::errors::no_such_device",
            run: no_such_device,
        },
        Check {
            name: "runtime::errors::a_kernel_fault_is_the_end",
            run: a_kernel_fault_is_the_end,
        },
        Check {
            name: "runtime::errors::a_lost_device_stays_lost",
            run: a_lost_device_stays_lost,
        },
        Check {
            name: "runtime::errors::memory_errors_lose_the_device",
            run: memory_errors_lose_the_device,
        },
        Check {
            name: "runtime::errors::a_bad_label_is_reported_once",
            run: a_bad_label_is_reported_once,
        },
        Check {
            name: "runtime::errors::a_pending_read_reports_too",
            run: a_pending_read_reports_too,
        },
        Check {
            name: "runtime::errors::errors_read_well",
            run: errors_read_well,
        },
    ]
}

fn no_driver() {
    let elsewhere = [("CUDA_DRIVER_LIB", "/nowhere/libcuda.so")];
    in_child("runtime::errors::no_driver", &elsewhere, || {
        assert!(!is_available());
        let error = Gpu::open(0).expect_err("there is none");
        assert!(matches!(error, Error::NoDriver(_)));
        let text = error.to_string();
        assert!(
            text.starts_with("no CUDA driver found: /nowhere/libcuda.so: cannot open"),
            "{text}"
        );
    });
}

fn an_old_driver() {
    needs_emulator();
    in_child(
        "runtime::errors::an_old_driver",
        &[("EMU_DRIVER_VERSION", "10020")],
        || {
            let error = Gpu::open(0).expect_err("it is old");
            let (found, needed) = (10_020, 11_000);
            assert_eq!(error, Error::OldDriver { found, needed });
            let text = "the CUDA driver is too old: it is for CUDA 10.2, and 11.0 is needed";
            assert_eq!(error.to_string(), text);
        },
    );
}

fn the_oldest_driver_that_will_do() {
    needs_emulator();
    let name = "runtime::errors::the_oldest_driver_that_will_do";
    in_child(name, &[("EMU_DRIVER_VERSION", "11000")], || {
        assert_eq!(gpu().info().driver_version, 11_000);
    });
}

fn an_empty_variable_names_no_driver() {
    needs_emulator();
    let name = "runtime::errors::an_empty_variable_names_no_driver";
    in_child(name, &[("CUDA_DRIVER_LIB", "")], || {
        assert_eq!(gpu().info().name, "emulated device");
    });
}

fn an_old_device() {
    needs_emulator();
    in_child("runtime::errors::an_old_device", &[("EMU_CAPABILITY", "75")], || {
        let error = Gpu::open(0).expect_err("it is old");
        let text = "`emulated device` has compute capability 7.5; 8.0 (Ampere) or newer is needed";
        assert_eq!(error.to_string(), text);
        assert!(matches!(error, Error::OldDevice { found: (7, 5), .. }), "{error:?}");
    });
}

fn kernels_that_find_no_memory() {
    needs_emulator();
    in_child("runtime::errors::kernels_that_find_no_memory", &[], || {
        let x = Array::new(gpu(), &[1.0f32; 100]);
        drop(Array::<f32>::uninitialized(gpu(), 10 << 20));
        let reserved = gpu().memory().reserved;
        // SAFETY: the array is so long.
        let softmax = || unsafe { gpu().softmax(x.ptr(), x.ptr(), 10, 10) };
        no_memory_for_kernels(2);
        let error = softmax().expect_err("there is no memory twice");
        assert!(matches!(error, Error::OutOfMemory { .. }), "{error}");
        assert!(gpu().memory().reserved < reserved, "what was kept went back");
        no_memory_for_kernels(1);
        softmax().expect("there is memory the second time");
        assert_eq!(x.read(), vec![0.1; 100]);
    });
}

/// Has the emulated driver load so many kernels less.
fn no_memory_for_kernels(loads: u64) {
    #[cfg(feature = "emu")]
    gpu_kernels::emu::set("full_loads", loads);
    #[cfg(not(feature = "emu"))]
    unreachable!("`needs_emulator` ends the check before {loads} loads fail")
}

fn no_device() {
    needs_emulator();
    in_child("runtime::errors::no_device", &[("EMU_DEVICES", "0")], || {
        assert!(!is_available());
        let error = Gpu::open(0).expect_err("there is none");
        assert_eq!(error, Error::NoDevice { index: 0, count: 0 });
    });
}

fn no_such_device() {
    let count = gpu_kernels::device_count().expect("there is a driver");
    let error = Gpu::open(count).expect_err("they are counted from 0");
    assert_eq!(error, Error::NoDevice { index: count, count });
}

/// Everything that a program may do with a device, on one that is lost: all of it answers with the same error.
fn assert_all_say(error: &Error) {
    let gpu = gpu();
    let mut bytes = [0; 4];
    assert_eq!(gpu.synchronize().as_ref(), Err(error));
    assert_eq!(gpu.allocate(4).as_ref(), Err(error));
    assert_eq!(gpu.release_unused().as_ref(), Err(error));
    assert_eq!(gpu.new_stream().map(|_| ()).as_ref(), Err(error));
    assert_eq!(gpu.time(|| Ok(())).map(|_| ()).as_ref(), Err(error));
    // SAFETY: nothing is launched and nothing is copied any more.
    unsafe {
        let nowhere = Ptr::<f32>::new(1 << 20);
        assert_eq!(gpu.upload(&bytes, 1 << 20).as_ref(), Err(error));
        assert_eq!(gpu.download(1 << 20, &mut bytes).as_ref(), Err(error));
        assert_eq!(gpu.begin_read(1 << 20, 4).map(|_| ()).as_ref(), Err(error));
        assert_eq!(gpu.add(nowhere, nowhere, nowhere, 100).as_ref(), Err(error));
        let operand = Operand {
            ptr: nowhere,
            row: 4,
            col: 1,
        };
        let product = gpu.gemm(operand, operand, nowhere, 4, 4, 4, false, Epilogue::default());
        assert_eq!(product.as_ref(), Err(error));
        gpu.release(1 << 20);
    }
}

fn a_kernel_fault_is_the_end() {
    needs_emulator();
    in_child(
        "runtime::errors::a_kernel_fault_is_the_end",
        &[("EMU_FAULT_IN", "1")],
        || {
            let x = Array::new(gpu(), &[1.0f32; 100]);
            // SAFETY: the array is so long. The launch itself succeeds; it fails later, on the device.
            unsafe { gpu().add(x.ptr(), x.ptr(), x.ptr(), 100) }.expect("the launch itself");
            let error = gpu().synchronize().expect_err("the kernel failed");
            let what = "an illegal memory access was encountered".to_owned();
            assert_eq!(error, Error::KernelFault { what });
            assert_all_say(&error);
        },
    );
}

fn a_lost_device_stays_lost() {
    needs_emulator();
    in_child("runtime::errors::a_lost_device_stays_lost", &[], || {
        let x = Array::new(gpu(), &[1.0f32; 100]);
        gpu().synchronize().expect("it is still there");
        lose(1, 46);
        let error = gpu().synchronize().expect_err("it is lost");
        // cust does not know this answer; the shim keeps its number.
        assert!(matches!(error, Error::Lost { .. }), "{error}");
        assert_all_say(&error);
        drop(x);
    });
}

fn memory_errors_lose_the_device() {
    needs_emulator();
    in_child("runtime::errors::memory_errors_lose_the_device", &[], || {
        gpu().synchronize().expect("it is still there");
        lose(3, 214);
        let error = (0..10).find_map(|_| gpu().synchronize().err()).expect("it is lost");
        let what = "uncorrectable ECC error encountered".to_owned();
        assert_eq!(error, Error::Lost { what });
        assert_all_say(&error);
    });
}

/// Has the emulated device lost after so many calls.
fn lose(calls: u64, answer: u64) {
    #[cfg(feature = "emu")]
    {
        gpu_kernels::emu::set("lose_with", answer);
        gpu_kernels::emu::set("lose_in", calls);
    }
    #[cfg(not(feature = "emu"))]
    unreachable!("`needs_emulator` ends the check before {calls} calls answer {answer}")
}

/// Launches a loss of which the third label is no class.
fn launch_bad_labels(loss: &Array<f32>) {
    let logits = Array::new(gpu(), &[0.0f32; 4 * 5]);
    let labels = Array::new(gpu(), &[0i64, 4, 7, -1]);
    // SAFETY: the arrays are of 4 rows and 5 classes.
    unsafe { gpu().cross_entropy(logits.ptr(), labels.ptr(), loss.ptr(), None, 4, 5) }.expect("the launch itself");
}

/// Either of the two bad labels may be found first.
fn assert_bad_label(error: &Error) {
    let expected = [(2, 7), (3, -1)].map(|(row, label)| Error::BadLabel { row, label, classes: 5 });
    assert!(expected.contains(error), "{error}");
}

fn a_bad_label_is_reported_once() {
    // The record is the whole device's: no other check may find it.
    in_child("runtime::errors::a_bad_label_is_reported_once", &[], || {
        let loss = Array::new(gpu(), &[0.0f32]);
        launch_bad_labels(&loss);
        assert_bad_label(&gpu().synchronize().expect_err("a label is no class"));
        gpu().synchronize().expect("the device goes on");
        assert!(loss.read()[0].is_nan());
        launch_bad_labels(&loss);
        let mut bytes = [0; 4];
        // SAFETY: the array is so long.
        let download = unsafe { gpu().download(loss.ptr().address(), &mut bytes) };
        assert_bad_label(&download.expect_err("a label is no class"));
        assert!(f32::from_ne_bytes(bytes).is_nan());
    });
}

fn a_pending_read_reports_too() {
    in_child("runtime::errors::a_pending_read_reports_too", &[], || {
        let loss = Array::new(gpu(), &[0.0f32]);
        // SAFETY: the array is so long.
        let read = || unsafe { gpu().begin_read(loss.ptr().address(), 4) }.expect("a read");
        let before = read();
        launch_bad_labels(&loss);
        let after = read();
        let element = gpu().finish_read(before).expect("what came later is not seen");
        assert_eq!(element[..4], [0; 4]);
        assert_bad_label(&gpu().finish_read(after).expect_err("a label is no class"));
        gpu().synchronize().expect("the device goes on");
    });
}

fn a_fault_is_not_cleared_for_another() {
    in_child("runtime::errors::a_fault_is_not_cleared_for_another", &[], || {
        let loss = Array::new(gpu(), &[0.0f32]);
        // SAFETY: the array is so long.
        let read = || unsafe { gpu().begin_read(loss.ptr().address(), 4) }.expect("a read");
        launch_bad_labels(&loss);
        let (first, second) = (read(), read());
        assert_bad_label(&gpu().finish_read(first).expect_err("a label is no class"));
        launch_bad_labels(&loss);
        assert_bad_label(&gpu().finish_read(second).expect_err("it saw the first fault too"));
        assert_bad_label(&gpu().synchronize().expect_err("the second fault stands"));
        gpu().synchronize().expect("the device goes on");
        assert_eq!(gpu().finish_read(first), Err(Error::NoRead { ticket: first }));
    });
}

fn errors_read_well() {
    let said = [
        (
            Error::NoDevice { index: 2, count: 2 },
            "there is no CUDA device 2: they are 0 to 1",
        ),
        (
            Error::NoDevice { index: 1, count: 1 },
            "there is no CUDA device 1: the only one is 0",
        ),
        (
            Error::OutOfMemory {
                bytes: 100,
                free: 10,
                total: 50,
            },
            "out of device memory: 100 bytes asked for, 10 of 50 free",
        ),
        (
            Error::BadLabel {
                row: 3,
                label: 12,
                classes: 10,
            },
            "label 12 in row 3 is not one of 10 classes",
        ),
        (
            Error::Driver {
                call: "cuMemFree",
                code: 1,
                what: "invalid argument".to_owned(),
            },
            "cuMemFree: invalid argument (CUDA error 1)",
        ),
    ];
    for (error, text) in said {
        assert_eq!(error.to_string(), text);
    }
}
