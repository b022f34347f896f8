//! A check, and how checks are run.

use std::ffi::OsString;
use std::process::ExitCode;

use gpu_kernels::Gpu;
use libtest_mimic::{Arguments, Failed, Trial};

/// Something that must hold. It panics where it does not.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// Where it belongs and what it says: `kernels::softmax::random_sizes`.
    pub name: &'static str,
    /// Does it.
    pub run: fn(),
}

/// The device that checks run on.
pub fn gpu() -> &'static Gpu {
    Gpu::open(0).expect("a device to run the checks on")
}

/// Runs the checks that the arguments choose, as a test program does.
pub fn run(checks: Vec<Check>, arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let mut arguments = Arguments::from_iter(arguments);
    // One after the other: they share the device, and what one check has it report is no other's.
    arguments.test_threads.get_or_insert(1);
    let trial = |check: Check| {
        Trial::test(check.name, move || {
            std::panic::catch_unwind(check.run).map_err(|panic| Failed::from(words(&*panic)))
        })
    };
    libtest_mimic::run(&arguments, checks.into_iter().map(trial).collect()).exit_code()
}

fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without words")
        .to_owned()
}
