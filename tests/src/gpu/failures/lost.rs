//! Devices that are lost, and kernels that fail: once it happened, everything that needs the device says so, and nothing panics.

use tensor::prelude::*;
use tensor::{Error, cuda};

use super::{Check, Small, a_program, batch, device, parameters, sure, turn};
use crate::gpu::check::{counter, in_child, needs_emulator};

pub(super) fn checks() -> Vec<Check> {
    macro_rules! list {
        ($($name:ident)*) => {
            vec![$(Check { name: concat!("failures::lost::", stringify!($name)), run: $name }),*]
        };
    }
    list! { a_lost_device a_kernel_fault at_any_call at_any_launch }
}

const LOST: &str = "cuda:0 was lost: uncorrectable ECC error encountered; it cannot be used any more in this process";
const FAULT: &str =
    "a kernel failed on cuda:0: an illegal memory access was encountered; it cannot be used any more in this process";

/// What was there before the end, and what is asked of it afterwards.
fn everything_says(expected: &str, end: impl FnOnce()) {
    let (x, labels) = batch::<f32>(device(), 5, 1);
    let mut model = Small::<f32>::new_as(&device(), Seed(1));
    let mut step = model.clone().compile(cross_entropy, Adam::new(0.01));
    let here = sure("a model", model.clone().to(Device::cpu()));
    sure("a step", step.run(&x, &labels));
    let loss = cross_entropy(&model.forward(&x), &labels);
    end();
    let errors = [
        device().synchronize(),
        x.to_vec().map(drop),
        x.to(Device::cpu()).map(drop),
        tensor![1.0, 2.0].to(device()).map(drop),
        Tensor::<Dynamic>::on(device(), &[1.0], &[1])
            .and_then(|x| x.to_vec())
            .map(drop),
        x.square().sum().item().map(drop),
        x.matmul(&x.t()).to_vec().map(drop),
        labels.to_vec().map(drop),
        loss.item().map(drop),
        step.run(&x, &labels).map(drop),
        step.model().infer(&x).to_vec().map(drop),
        model.save(std::env::temp_dir().join("not to be written")),
        here.clone().to(device()).map(drop),
        cuda::empty_cache(0),
        a_program(),
    ];
    for (index, error) in errors.into_iter().enumerate() {
        let error = error.map(|()| index).expect_err("the device is no more");
        assert_eq!(error.to_string(), expected, "number {index}");
    }
    loss.backward();
    let error = Sgd::new(0.1).step(&mut model).and_then(|()| device().synchronize());
    assert_eq!(error.expect_err("the device is no more").to_string(), expected);
    assert_eq!(x.to_string(), format!("tensor(error: {expected})"));
    assert_eq!(device().to_string(), "cuda:0");
    // The processor knows nothing of it.
    let (x, labels) = batch::<f32>(Device::cpu(), 5, 1);
    sure("a step", here.compile(cross_entropy, Adam::new(0.01)).run(&x, &labels));
}

fn a_lost_device() {
    needs_emulator();
    in_child("failures::lost::a_lost_device", &[], || {
        everything_says(LOST, || {
            turn("lose_with", 214);
            turn("lose_in", 1);
        });
    });
}

fn a_kernel_fault() {
    needs_emulator();
    in_child("failures::lost::a_kernel_fault", &[], || {
        everything_says(FAULT, || {
            turn("fault_in", 1);
            // The launch succeeds; the fault is found by whoever waits next.
            let sum = Tensor::<Dynamic>::on(device(), &[1.0, 2.0], &[2])
                .expect("a tensor")
                .sum();
            assert_eq!(sum.item().expect_err("the kernel failed").to_string(), FAULT);
        });
    });
}

/// So many places of a program are tried, spread over all of it.
const PLACES: u64 = 24;

/// The device is lost at one call after the other: whatever was asked, an error comes out, and it is this one.
fn at_any_call() {
    needs_emulator();
    let name = "failures::lost::at_any_call";
    // So many calls that none of them is the last.
    let many = (1_u64 << 40).to_string();
    let left: u64 = in_child(name, &[("EMU_LOSE_IN", &many)], part)
        .trim()
        .parse()
        .expect("a number of calls");
    let calls = (1 << 40) - left;
    assert!(calls > 100, "{calls} calls");
    for place in 0..PLACES {
        let call = (1 + place * calls / PLACES).to_string();
        in_child(name, &[("EMU_LOSE_WITH", "214"), ("EMU_LOSE_IN", &call)], part);
    }

    fn part() {
        if std::env::var_os("EMU_LOSE_WITH").is_none() {
            sure("the program", a_program());
            eprintln!("{}", counter("lose_in"));
            return;
        }
        let error = a_program().expect_err("the device is lost on the way");
        assert_eq!(error.to_string(), LOST);
        let again = a_program().expect_err("and stays so").to_string();
        assert_eq!(again, LOST);
    }
}

fn at_any_launch() {
    needs_emulator();
    let name = "failures::lost::at_any_launch";
    let launches: u64 = in_child(name, &[], part).trim().parse().expect("a number of launches");
    assert!(launches > 50, "{launches} launches");
    for place in 0..PLACES {
        let launch = (1 + place * launches / PLACES).to_string();
        in_child(name, &[("EMU_FAULT_IN", &launch)], part);
    }

    fn part() {
        if std::env::var_os("EMU_FAULT_IN").is_none() {
            sure("the program", a_program());
            eprintln!("{}", counter("launches"));
            return;
        }
        let error = a_program().expect_err("a kernel fails on the way");
        assert!(matches!(error, Error::KernelFault { .. }), "{error}");
        assert_eq!(error.to_string(), FAULT);
        assert_eq!(parameters_or_error().expect_err("likewise"), FAULT);
    }

    fn parameters_or_error() -> Result<(), String> {
        let model = Small::<f32>::new_as(&Device::cuda(0).map_err(|error| error.to_string())?, Seed(1));
        let weight = model.fc1.weight.to_vec().map_err(|error| error.to_string())?;
        panic!(
            "{} weights after the end of the device, {} parameters",
            weight.len(),
            parameters(&model).len()
        )
    }
}
