//! The emulator sees what kernels do wrong, says which kernel did it where, and fails the device as a card would.

use crate::gpu::check::Check;
#[cfg(feature = "emu")]
use crate::gpu::check::{gpu, in_child, needs_emulator};

/// A kernel of `emu/planted.cu`, how it is launched, and what the emulator says of it.
#[cfg(feature = "emu")]
struct Planted {
    kernel: &'static str,
    threads: u32,
    shared: u32,
    n: i64,
    says: &'static str,
}

#[cfg(feature = "emu")]
const PLANTED: [Planted; 11] = [
    planted(
        "planted_write_past_end",
        32,
        100,
        "wrote 0 bytes past the end of the 400 bytes",
    ),
    planted("planted_write_far_off", 32, 100, "a write to 0x"),
    planted("planted_read_far_off", 32, 100, "a read of 0x"),
    planted("planted_misaligned", 32, 100, "is not aligned as"),
    planted("planted_static_shared", 32, 1, "index 32 of an array"),
    Planted {
        shared: 128,
        ..planted(
            "planted_dynamic_shared",
            32,
            100,
            "past the end of dynamic shared memory",
        )
    },
    planted(
        "planted_missing_barrier",
        64,
        0,
        "deadlock: not all threads reach the same barrier",
    ),
    planted(
        "planted_divergent_barrier",
        64,
        100,
        "threads of one block wait at different barriers",
    ),
    planted("planted_bad_mask", 32, 100, "deadlock"),
    planted(
        "planted_forgotten_copy",
        32,
        100,
        "a copy to shared memory that the block never waited for",
    ),
    planted("planted_divided_by_zero", 32, 0, "division by zero"),
];

#[cfg(feature = "emu")]
const fn planted(kernel: &'static str, threads: u32, n: i64, says: &'static str) -> Planted {
    Planted {
        kernel,
        threads,
        shared: 0,
        n,
        says,
    }
}

#[cfg(not(feature = "emu"))]
pub(super) fn checks() -> Vec<Check> {
    Vec::new()
}

#[cfg(feature = "emu")]
pub(super) fn checks() -> Vec<Check> {
    vec![
        Check {
            name: "runtime::violations::planted_faults_are_found",
            run: planted_faults_are_found,
        },
        Check {
            name: "runtime::violations::what_is_right_passes",
            run: what_is_right_passes,
        },
        Check {
            name: "runtime::violations::a_race_reads_nan",
            run: a_race_reads_nan,
        },
        Check {
            name: "runtime::violations::ptx_that_is_refused_says_why",
            run: ptx_that_is_refused_says_why,
        },
        Check {
            name: "runtime::violations::released_memory_is_watched",
            run: released_memory_is_watched,
        },
    ]
}

/// Which planted kernel a child process launches.
#[cfg(feature = "emu")]
const CHOICE: &str = "GPU_PLANTED";

#[cfg(feature = "emu")]
fn planted_faults_are_found() {
    needs_emulator();
    for (index, planted) in PLANTED.iter().enumerate() {
        let choice = [(CHOICE, index.to_string())];
        let choice = [(CHOICE, choice[0].1.as_str())];
        let words = in_child(
            "runtime::violations::planted_faults_are_found",
            &choice,
            launch_the_chosen,
        );
        assert!(words.contains(planted.says), "{}: {words}", planted.kernel);
        assert!(words.contains(planted.kernel), "{}: {words}", planted.kernel);
    }
}

#[cfg(feature = "emu")]
fn launch_the_chosen() {
    let choice = std::env::var(CHOICE).expect("the parent sets it");
    let planted = &PLANTED[choice.parse::<usize>().expect("the parent writes a number")];
    let block = gpu().allocate(400).expect("memory");
    // SAFETY: what it does is what the check is for.
    let launched = unsafe {
        let out = gpu_kernels::Ptr::new(block);
        gpu_kernels::emu::plant(gpu(), planted.kernel, planted.threads, planted.shared, out, planted.n)
    };
    launched.expect("the launch itself");
    let error = gpu().synchronize().expect_err(planted.kernel);
    assert!(matches!(error, gpu_kernels::Error::KernelFault { .. }), "{error}");
    assert_eq!(gpu().synchronize(), Err(error));
}

#[cfg(feature = "emu")]
fn what_is_right_passes() {
    needs_emulator();
    let out = crate::gpu::naive::Array::<f32>::uninitialized(gpu(), 100);
    // SAFETY: the array is so long.
    unsafe { gpu_kernels::emu::plant(gpu(), "planted_nothing", 64, 0, out.ptr(), 100) }.expect("a launch");
    assert!(
        out.read()
            .iter()
            .enumerate()
            .all(|(index, value)| *value == index as f32)
    );
}

#[cfg(feature = "emu")]
fn a_race_reads_nan() {
    needs_emulator();
    let out = crate::gpu::naive::Array::<f32>::uninitialized(gpu(), 64);
    // SAFETY: the array is so long.
    unsafe { gpu_kernels::emu::plant(gpu(), "planted_race", 64, 0, out.ptr(), 64) }.expect("a launch");
    assert!(out.read().iter().any(|value| value.is_nan()));
}

#[cfg(feature = "emu")]
fn released_memory_is_watched() {
    needs_emulator();
    super::memory::needs_cache();
    let name = "runtime::violations::released_memory_is_watched";
    let words = in_child(name, &[], || {
        let block = gpu().allocate(4000).expect("memory");
        // SAFETY: that it is used after its release is what the check is for.
        unsafe {
            gpu().release(block);
            let out = gpu_kernels::Ptr::new(block);
            gpu_kernels::emu::plant(gpu(), "planted_nothing", 64, 0, out, 1000).expect("the launch itself");
        }
        gpu().synchronize().expect_err("nobody may write there");
    });
    assert!(words.contains("in a free block"), "{words}");
}

#[cfg(feature = "emu")]
fn ptx_that_is_refused_says_why() {
    needs_emulator();
    // SAFETY: there is no such kernel.
    let launched = unsafe { gpu_kernels::emu::plant(gpu(), "planted_absent", 1, 0, gpu_kernels::Ptr::null(), 0) };
    let error = launched.expect_err("no such kernel").to_string();
    let text = "cuModuleLoadDataEx: `planted_absent`: device kernel image is invalid: no host build of the kernel planted_absent";
    assert!(error.starts_with(text), "{error}");
}
