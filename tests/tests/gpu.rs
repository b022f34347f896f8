//! The suite of the CUDA kernels: on the emulated driver with the feature `emu`, on a card with `cuda` and TEST_GPU=1.

#[cfg(feature = "cuda")]
fn main() -> std::process::ExitCode {
    tests::gpu::run(std::env::args_os())
}

#[cfg(not(feature = "cuda"))]
fn main() {
    println!("skipped: the suite of the CUDA kernels needs the feature `cuda` or `emu`");
}
