//! What a build has in it: without the feature `cuda` nothing of CUDA.

use std::path::Path;
use std::process::Command;

/// The crates that a build of the whole workspace compiles, its tests included.
fn crates(options: &[&str]) -> Vec<String> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["tree", "--workspace", "--edges", "normal,build,dev"])
        .args(["--prefix", "none", "--offline"])
        .args(options)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .output()
        .expect("cargo, which built this");
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "cargo tree: {err}");
    let names = out.lines().filter_map(|line| line.split_whitespace().next());
    names.map(str::to_owned).collect()
}

/// The crates that need a driver, speak to one, or look for CUDA.
fn of_cuda(name: &str) -> bool {
    name.contains("cuda") || name == "cust" || name.starts_with("cust_")
}

#[test]
fn without_cuda() {
    let crates = crates(&[]);
    assert!(crates.iter().any(|name| name == "tensor"), "{crates:?}");
    let found: Vec<&String> = crates.iter().filter(|name| of_cuda(name)).collect();
    assert!(found.is_empty(), "a plain build compiles {found:?}");
}

/// So that the test above cannot look for the wrong names.
#[cfg(feature = "cuda")]
#[test]
fn with_cuda() {
    let crates = crates(&["--features", "tensor/cuda"]);
    for name in ["cust", "cudarc", "cuda-shim", "find_cuda_helper"] {
        assert!(crates.iter().any(|found| found == name) && of_cuda(name), "{name}");
    }
}
