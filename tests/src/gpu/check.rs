//! A check, and how checks are run.

use std::ffi::OsString;
use std::panic;
use std::process::{Command, ExitCode};

use gpu_kernels::Gpu;
use libtest_mimic::{Arguments, Completion, Failed, Trial};

/// Something that must hold. It panics where it does not.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// Where it belongs and what it says: `kernels::softmax::random_sizes`.
    pub name: &'static str,
    /// Does it.
    pub run: fn(),
}

/// The name of the device that checks run on: the first card, or what TEST_DEVICE says.
pub fn device_name() -> String {
    std::env::var("TEST_DEVICE").unwrap_or_else(|_| "cuda:0".to_owned())
}

/// The device that checks of kernels run on; the first card where the name is of none.
pub fn gpu() -> &'static Gpu {
    let name = device_name();
    let index = name.strip_prefix("cuda:").and_then(|index| index.parse().ok());
    Gpu::open(index.unwrap_or(0)).expect("a device to run the checks on")
}

/// What a check that was not run panics with.
struct Skipped(&'static str);

/// Ends the check, which is then counted as ignored, for this reason.
pub fn skip(reason: &'static str) -> ! {
    panic::resume_unwind(Box::new(Skipped(reason)))
}

/// Goes on only where the driver is the emulated one.
pub fn needs_emulator() {
    if !is_emulated() {
        skip("only the emulated driver can do that");
    }
}

/// Whether the driver is the emulated one.
pub fn is_emulated() -> bool {
    #[cfg(feature = "emu")]
    return gpu_kernels::emu::is_wanted();
    #[cfg(not(feature = "emu"))]
    false
}

/// A counter of the emulated driver.
pub fn counter(name: &str) -> u64 {
    needs_emulator();
    #[cfg(feature = "emu")]
    return gpu_kernels::emu::get(name);
    #[cfg(not(feature = "emu"))]
    unreachable!("`needs_emulator` ends the check of {name}")
}

/// Runs the checks that the arguments choose, as a test program does.
pub fn run(checks: Vec<Check>, arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    if let Some(name) = chosen() {
        return run_alone(&checks, &name);
    }
    let mut arguments = Arguments::from_iter(arguments);
    // One after the other: they share the device, and what one check has it report is no other's.
    arguments.test_threads.get_or_insert(1);
    let trial = |check: Check| Trial::ignorable_test(check.name, move || outcome(check));
    libtest_mimic::run(&arguments, checks.into_iter().map(trial).collect()).exit_code()
}

fn outcome(check: Check) -> Result<Completion, Failed> {
    match panic::catch_unwind(check.run) {
        Ok(()) => Ok(Completion::Completed),
        Err(panic) => match panic.downcast::<Skipped>() {
            Ok(skipped) => Ok(Completion::ignored_with(skipped.0)),
            Err(panic) => {
                let text = panic.downcast_ref::<String>().map(String::as_str);
                let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
                Err(Failed::from(text.unwrap_or("a panic without words")))
            }
        },
    }
}

/// The variable that names the one check of a child process.
const CHILD: &str = "GPU_CHECK";

fn chosen() -> Option<String> {
    std::env::var(CHILD).ok()
}

fn run_alone(checks: &[Check], name: &str) -> ExitCode {
    let check = checks.iter().find(|check| check.name == name);
    (check.unwrap_or_else(|| panic!("there is no check {name}")).run)();
    ExitCode::SUCCESS
}

/// Runs a part of a check in a process of its own, with these variables: for what a process can do only once, such as losing its
/// device, and for what other checks must not be counted in. It is for the check of this name; the words that the process left on
/// its standard error come back.
pub fn in_child(name: &str, variables: &[(&str, &str)], part: fn()) -> String {
    if chosen().as_deref() == Some(name) {
        part();
        // The rest of the check is the parent's.
        std::process::exit(0);
    }
    let mut command = Command::new(std::env::current_exe().expect("a program knows its own file"));
    // The program `gpu` has the suite behind a word.
    command.args(std::env::args().skip(1).take(1).filter(|word| word == "test"));
    command.env(CHILD, name).envs(variables.iter().copied());
    let output = command.output().expect("the program can be started again");
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.success(),
        "in a process of its own: {}\n{words}",
        output.status
    );
    words
}
