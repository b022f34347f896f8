//! No driver, one that is too old, no device, no such device.

use tensor::prelude::*;
use tensor::{Error, cuda};

use super::Check;
use crate::gpu::check::{in_child, needs_emulator};

pub(super) fn checks() -> Vec<Check> {
    macro_rules! list {
        ($($name:ident)*) => {
            vec![$(Check { name: concat!("failures::drivers::", stringify!($name)), run: $name }),*]
        };
    }
    list! { no_driver an_old_driver no_device no_such_device several_devices what_is_known_of_a_device }
}

/// Everything that names a device says the same.
fn all_say(expected: &str) {
    assert!(!cuda::is_available());
    let errors = [
        Device::cuda(0).map(drop),
        "cuda".parse::<Device>().map(drop),
        "cuda:0".parse::<Device>().map(drop),
        cuda::name(0).map(drop),
        cuda::memory(0).map(drop),
        cuda::empty_cache(0),
    ];
    for error in errors {
        assert_eq!(error.expect_err("there is no device").to_string(), expected);
    }
}

fn no_driver() {
    let elsewhere = [("CUDA_DRIVER_LIB", "/nowhere/libcuda.so")];
    in_child("failures::drivers::no_driver", &elsewhere, || {
        let why = "/nowhere/libcuda.so: cannot open shared object file: No such file or directory";
        all_say(&format!("no CUDA driver found: {why}"));
        let count = cuda::device_count().expect_err("nobody to ask");
        assert_eq!(count.to_string(), format!("no CUDA driver found: {why}"));
        assert_eq!(tensor![1., 2.].sum().item().expect("the processor computes"), 3.0);
    });
}

fn an_old_driver() {
    needs_emulator();
    in_child(
        "failures::drivers::an_old_driver",
        &[("EMU_DRIVER_VERSION", "10020")],
        || {
            all_say("the CUDA driver is too old: expected CUDA 11.0 or newer, found 10.2");
        },
    );
}

fn no_device() {
    needs_emulator();
    in_child("failures::drivers::no_device", &[("EMU_DEVICES", "0")], || {
        assert_eq!(cuda::device_count().expect("a driver"), 0);
        all_say("there is no cuda:0: this machine has no CUDA device");
    });
}

fn no_such_device() {
    let count = cuda::device_count().expect("a driver");
    let error = Device::cuda(count).expect_err("they are counted from 0");
    assert!(matches!(error, Error::NoDevice { .. }));
    let there_are = match count {
        1 => "one CUDA device, cuda:0".to_owned(),
        count => format!("{count} CUDA devices, cuda:0 to cuda:{}", count - 1),
    };
    assert_eq!(
        error.to_string(),
        format!("there is no cuda:{count}: this machine has {there_are}")
    );
    assert_eq!(
        format!("cuda:{count}")
            .parse::<Device>()
            .expect_err("likewise")
            .to_string(),
        error.to_string()
    );
}

/// Two devices are two: what is on one is not on the other, and copies go from one to the other.
fn several_devices() {
    needs_emulator();
    in_child("failures::drivers::several_devices", &[("EMU_DEVICES", "3")], || {
        assert_eq!(cuda::device_count().expect("a driver"), 3);
        let error = Device::cuda(5).expect_err("there are three").to_string();
        assert_eq!(
            error,
            "there is no cuda:5: this machine has 3 CUDA devices, cuda:0 to cuda:2"
        );
        let [first, second] = [0, 2].map(|index| Device::cuda(index).expect("one of three"));
        assert_ne!(first, second);
        let x: Tensor<dims![3]> = Tensor::on(first, &[1.0, 2.0, 3.0], &[3]).expect("a tensor");
        let there = x.to(second).expect("a copy");
        let said = x.to_string().replace("cuda:0", "cuda:2");
        assert_eq!((there.device(), there.to_string()), (second, said));
        let error = (&x + &there).error().expect("two devices").to_string();
        assert_eq!(
            error,
            "`add`: one operand is on cuda:0, the other on cuda:2; move one of them with `.to(device)`"
        );
        assert_eq!((&there + &there).to_vec().expect("one device"), [2.0, 4.0, 6.0]);
        let model = Linear::<dim![3], dim![2]>::new(&second, Seed(0));
        let moved = model.clone().to(first).expect("a copy");
        let rows = |x: &Tensor<dims![3]>| x.reshape::<dims![1, 3]>();
        assert_eq!(moved.forward(&rows(&x)), model.forward(&rows(&there)));
    });
}

fn what_is_known_of_a_device() {
    assert!(cuda::is_available());
    assert!(!cuda::name(0).expect("a device").is_empty());
    let x = Tensor::<Dynamic>::on(Device::cuda(0).expect("a device"), &[0.0; 1 << 20], &[1 << 20]).expect("a tensor");
    let memory = cuda::memory(0).expect("a device");
    assert!(memory.in_use >= 4 << 20 && memory.peak >= memory.in_use, "{memory:?}");
    assert!(
        memory.reserved >= memory.in_use && memory.total >= memory.reserved,
        "{memory:?}"
    );
    drop(x);
    let after = cuda::memory(0).expect("a device");
    assert!(after.in_use + (4 << 20) <= memory.in_use, "{memory:?}, then {after:?}");
    cuda::empty_cache(0).expect("a device");
    let emptied = cuda::memory(0).expect("a device");
    assert!(
        emptied.reserved <= after.reserved && emptied.in_use == after.in_use,
        "{after:?}, then {emptied:?}"
    );
}
