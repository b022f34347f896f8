//! The benchmark as its user sees it: a process that prints one JSON object a line.

use std::process::{Command, Output};

fn bench(options: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bench"))
        .args(options)
        .env_remove("RUST_BACKTRACE")
        .output()
        .expect("the program was built")
}

/// What it printed, if all went well.
#[track_caller]
fn well(options: &[&str]) -> String {
    let Output { status, stdout, stderr } = bench(options);
    let (out, err) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(status.success() && err.is_empty(), "{options:?}: {err}{out}");
    out.into_owned()
}

/// That it ended with one line on stderr and nothing else.
#[track_caller]
fn badly(options: &[&str], words: &str) {
    let Output { status, stdout, stderr } = bench(options);
    let err = String::from_utf8_lossy(&stderr);
    assert_eq!(
        (status.code(), stdout.as_slice()),
        (Some(1), &b""[..]),
        "{options:?}: {err}"
    );
    assert!(
        err.starts_with("error: ") && err.contains(words) && err.lines().count() == 1,
        "{err}"
    );
}

#[test]
fn measures_what_it_is_asked_for() {
    let out = well(&["--only", "matmul-64,mlp-tiny-train"]);
    let lines: Vec<&str> = out.lines().collect();
    let [train, matmul] = lines.as_slice() else {
        panic!("two lines were expected:\n{out}");
    };
    for (line, name) in [(train, "mlp-tiny-train"), (matmul, "matmul-64")] {
        let start = format!(r#"{{"impl": "tensor", "workload": "{name}", "device": "cpu", "threads": 2, "seconds": "#);
        assert!(line.starts_with(&start) && line.ends_with('}'), "{line}");
    }
    assert!(
        !train.contains("gflop_per_s") && matmul.contains(r#""gflop_per_s": "#),
        "{out}"
    );
}

#[test]
fn refuses_options_that_make_no_sense() {
    badly(&["--only", "matmul-65"], "--only: expected some of mlp-tiny-forward, ");
    badly(
        &["--only", "upload-256m"],
        "found upload-256m, which needs another device",
    );
    badly(&["--threads", "0"], "--threads: expected");
    badly(&["--device", "gpu"], "--device: expected");
    #[cfg(not(feature = "cuda"))]
    badly(&["--device", "cuda"], "this program was built without CUDA");
}

/// On the emulated driver, or with TEST_GPU=1 on a card.
#[cfg(feature = "emu")]
#[test]
fn measures_on_cuda() {
    let out = well(&["--device", "cuda", "--only", "mlp-tiny-forward,mlp-tiny-train"]);
    assert_eq!(out.matches(r#""device": "cuda:0 "#).count(), 2, "{out}");
}
