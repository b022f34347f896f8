//! The digits program as its user sees it: a process with options, files, two streams and an exit code.

mod bad_data;
mod bad_options;
mod checkpoints;
mod device;
mod files;
#[path = "../ran/mod.rs"]
mod ran;
mod same_bits;

use std::path::Path;

use files::Folder;
use ran::Ran;

/// Runs the program in a folder.
fn digits(folder: &Path, options: &[&str]) -> Ran {
    digits_where(folder, options, &[])
}

/// Runs the program in a folder, with variables of the environment.
fn digits_where(folder: &Path, options: &[&str], variables: &[(&str, &str)]) -> Ran {
    ran::run(env!("CARGO_BIN_EXE_digits"), folder, options, variables)
}

/// The accuracy in the last line that has one.
#[track_caller]
fn accuracy(out: &str) -> f64 {
    let words: Vec<&str> = out.split_whitespace().collect();
    let at = words.iter().rposition(|word| *word == "accuracy").expect("an accuracy");
    words[at + 1].parse().expect("a number")
}

#[test]
fn says_how_each_epoch_went() {
    let folder = Folder::new("says");
    let out = digits(folder.path(), &["--epochs", "2"]).well();
    let epochs: Vec<&str> = out.lines().filter(|line| line.starts_with("epoch ")).collect();
    for (index, line) in epochs.iter().enumerate() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let &["epoch", number, "loss", loss, "accuracy", accuracy, "%"] = words.as_slice() else {
            panic!("{line}");
        };
        assert_eq!(number.parse(), Ok(index + 1));
        assert!(loss.parse::<f64>().is_ok_and(|loss| loss > 0.0), "{line}");
        assert!(
            accuracy
                .parse::<f64>()
                .is_ok_and(|accuracy| (50.0..=100.0).contains(&accuracy)),
            "{line}"
        );
    }
    assert_eq!(epochs.len(), 2, "{out}");
}

#[test]
fn learns_from_a_folder_of_files() {
    let folder = Folder::with_data("learns");
    let out = digits(folder.path(), &["--data", ".", "--epochs", "5", "--batch", "16"]).well();
    assert!(accuracy(&out) > 90.0, "{out}");
}

#[test]
fn every_optimizer_learns() {
    let folder = Folder::new("optimizers");
    for optimizer in ["sgd", "adam", "adamw"] {
        let out = digits(folder.path(), &["--optimizer", optimizer, "--epochs", "3"]).well();
        assert!(accuracy(&out) > 80.0, "{optimizer}: {out}");
    }
}

#[test]
fn convolutions_learn_the_digits() {
    let folder = Folder::new("cnn");
    let out = digits(
        folder.path(),
        &["--model", "cnn", "--epochs", "2", "--save", "cnn.safetensors"],
    )
    .well();
    assert!(out.contains("SmallCnn [batch, 64] → [batch, 10]"), "{out}");
    assert!(out.contains("1: conv2d(1, 16, 3, padding = 1)"), "{out}");
    let percent = out
        .rsplit_once("accuracy ")
        .and_then(|(_, rest)| rest.split(' ').next()?.parse::<f64>().ok());
    assert!(percent.is_some_and(|percent| percent > 90.0), "{out}");
    let again = digits(
        folder.path(),
        &["--model", "cnn", "--epochs", "0", "--load", "cnn.safetensors"],
    )
    .well();
    assert_eq!(
        again
            .rsplit_once("accuracy ")
            .map(|(_, rest)| rest.split(' ').next().map(str::to_owned)),
        Some(percent.map(|percent| format!("{percent:.2}")))
    );
}
