//! The tour of the dynamic side as its user sees it.

use std::process::{Command, Output};

fn autograd(options: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_autograd"))
        .args(options)
        .env_remove("RUST_BACKTRACE")
        .output()
        .expect("the program was built")
}

#[test]
fn fits_the_flights_and_checks_its_jacobian() {
    let Output { status, stdout, stderr } = autograd(&["--steps", "240"]);
    let (out, err) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(status.success() && err.is_empty(), "{err}{out}");
    let losses: Vec<f64> = out
        .lines()
        .skip(1)
        .map_while(|line| line.split_whitespace().nth(1)?.parse().ok())
        .collect();
    let (first, last) = (losses[0], losses[losses.len() - 1]);
    assert!(first > 1. && last < 6e-4, "{out}");
    for words in [
        "largest relative difference",
        "a minimum",
        "gradcheck of the loss: passed",
    ] {
        assert!(out.contains(words), "{words}: {out}");
    }
    // The loops of high and low starts are of different length.
    let steps: Vec<&str> = out
        .lines()
        .skip_while(|line| !line.starts_with("height"))
        .skip(1)
        .take(7)
        .filter_map(|line| line.split_whitespace().last())
        .collect();
    assert_ne!(steps.first(), steps.last(), "{out}");
}

#[test]
fn a_tick_that_is_no_time_is_refused() {
    for tick in ["0", "NaN", "1000"] {
        let Output { status, stdout, stderr } = autograd(&["--tick", tick]);
        let err = String::from_utf8_lossy(&stderr);
        assert_eq!((status.code(), stdout.as_slice()), (Some(1), &b""[..]), "{err}");
        assert!(
            err.starts_with("error: `--tick`: expected 0.1 to 100 milliseconds, found"),
            "{err}"
        );
    }
}

#[test]
fn a_rate_that_diverges_is_an_end_in_words() {
    let Output { status, stderr, .. } = autograd(&["--steps", "40", "--lr", "1000"]);
    let err = String::from_utf8_lossy(&stderr);
    assert_eq!(status.code(), Some(1), "{err}");
    assert!(err.starts_with("error: ") && err.lines().count() == 1, "{err}");
}
