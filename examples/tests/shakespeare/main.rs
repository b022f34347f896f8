//! The program that learns a text, as its user sees it.

#![allow(missing_docs)]

#[path = "../ran/mod.rs"]
mod ran;

use std::path::Path;

use ran::Ran;
use tempfile::TempDir;

fn shakespeare(folder: &Path, options: &[&str]) -> Ran {
    ran::run(env!("CARGO_BIN_EXE_shakespeare"), folder, options, &[])
}

fn folder() -> TempDir {
    TempDir::new().expect("a folder")
}

/// A few steps, and a few words.
const SHORT: [&str; 6] = ["--steps", "2", "--batch", "1", "--length", "5"];

#[test]
fn learns_and_goes_on_from_a_prompt() {
    let folder = folder();
    let options = [
        "--steps",
        "12",
        "--batch",
        "2",
        "--length",
        "40",
        "--prompt",
        "ROMEO:",
        "--save",
        "gpt.safetensors",
    ];
    let out = shakespeare(folder.path(), &options).well();
    let losses: Vec<f64> = out
        .lines()
        .filter(|line| line.starts_with("step "))
        .map(|line| {
            line.rsplit(' ')
                .next()
                .and_then(|loss| loss.parse().ok())
                .expect("a loss")
        })
        .collect();
    assert_eq!(losses.len(), 12, "{out}");
    assert!(losses[11] < losses[0] && losses[0] < 7.0, "{losses:?}");
    let held_out = out
        .lines()
        .find(|line| line.starts_with("held out "))
        .expect("a loss of what is held out");
    assert!(held_out.contains("nats a character, over "), "{held_out}");
    assert!(out.contains("\nROMEO:"), "{out}");

    // The file says the same, and goes on from anywhere.
    let again = [
        "--steps",
        "0",
        "--load",
        "gpt.safetensors",
        "--length",
        "40",
        "--prompt",
        "ROMEO:",
    ];
    let said = shakespeare(folder.path(), &again).well();
    assert_eq!(
        out.split_once("ROMEO:").map(|(_, said)| said),
        said.strip_prefix("ROMEO:")
    );
    let bold = |temperature: &'static str, seed: &'static str| {
        let options = [&again[..], &["--temperature", temperature, "--seed", seed]].concat();
        shakespeare(folder.path(), &options).well()
    };
    assert_eq!(bold("0", "1"), bold("0", "2"), "the likeliest is the likeliest");
    assert_ne!(bold("1", "1"), bold("1", "2"));
}

#[test]
fn the_same_seed_gives_the_same_on_any_number_of_threads() {
    let folder = folder();
    let with = |more: &[&str]| shakespeare(folder.path(), &[&SHORT, more].concat()).well();
    let first = with(&["--seed", "7", "--threads", "1"]);
    assert_eq!(first, with(&["--seed", "7", "--threads", "3"]));
    assert_ne!(first, with(&["--seed", "8"]));
}

#[test]
fn says_more_than_it_sees_at_once() {
    let folder = folder();
    let long = "all the world's a stage, ".repeat(8);
    let options = [
        "--steps",
        "0",
        "--length",
        "300",
        "--temperature",
        "0",
        "--prompt",
        &long,
    ];
    let said = shakespeare(folder.path(), &options).well();
    assert!(
        said.starts_with(&long) && said.chars().count() > long.len() + 100,
        "{said:?}"
    );
}

#[test]
fn texts_of_no_use() {
    let folder = folder();
    let file = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).expect("written");
    let run = |name: &str| {
        let ran = shakespeare(folder.path(), &[&SHORT[..], &["--data", name]].concat());
        assert_eq!(ran.out, "", "{name}");
        ran
    };
    run("none.txt").badly(&["none.txt: "]);
    run(".").badly(&[".: "]);
    file("empty.txt", b"");
    run("empty.txt").badly(&["empty.txt: expected a text of 1290 bytes or more, found none"]);
    file("short.txt", "so short".repeat(161).as_bytes());
    run("short.txt").badly(&["short.txt: expected a text of 1290 bytes or more, found 1288"]);
    file("wrong.txt", &[b"abc".repeat(500), vec![0xFF]].concat());
    run("wrong.txt").badly(&["wrong.txt: expected UTF-8, found the byte 255 at place 1500"]);
    file("least.txt", "so very short".repeat(100).as_bytes());
    let out = shakespeare(
        folder.path(),
        &[&SHORT[..], &["--data", "least.txt", "--prompt", "so"]].concat(),
    )
    .well();
    assert!(out.contains("over 130\n"), "{out}");
}

#[test]
fn options_of_no_use() {
    let folder = folder();
    let run = |options: &[&str]| {
        let ran = shakespeare(folder.path(), &[&SHORT[..], options].concat());
        assert_eq!(ran.out, "", "{options:?}");
        ran
    };
    run(&["--prompt", "To bé"]).badly(&["--prompt: expected characters that are in the text, found `é`"]);
    run(&["--prompt", ""]).badly(&["--prompt: expected a character or more, found none"]);
    run(&["--temperature=-1"]).badly(&["--temperature: expected a number from 0 on, found -1"]);
    run(&["--temperature", "nan"]).badly(&["--temperature: expected", "found NaN"]);
    run(&["--lr", "0"]).badly(&["--lr: expected a learning rate above 0, found 0"]);
    run(&["--threads", "0"]).badly(&["--threads: expected", "found 0"]);
    run(&["--save", "."]).badly(&["--save: expected a file that can be written, found the folder ."]);
    run(&["--load", "none.safetensors"]).badly(&["none.safetensors: "]);
    let ran = shakespeare(folder.path(), &["--batch", "0"]);
    assert_eq!(ran.out, "");
    ran.badly(&["--batch: expected a number of windows from 1 on, found 0"]);
}

#[test]
fn help_lists_the_options() {
    let out = shakespeare(folder().path(), &["--help"]).well();
    for option in [
        "--data",
        "--steps",
        "--prompt",
        "--temperature",
        "--save",
        "--load",
        "--seed",
    ] {
        assert!(out.contains(option), "{out}");
    }
}
