//! Checkpoints that cannot be read, and places where none can be written.

use std::fs;

use super::digits;
use super::files::Folder;

/// A folder with the checkpoint of a small model, `model.safetensors`.
fn saved(name: &str) -> Folder {
    let folder = Folder::with_data(name);
    digits(folder.path(), &["--epochs", "0", "--save", "model.safetensors"]).well();
    folder
}

/// That a file is rejected, by name.
#[track_caller]
fn rejected(folder: &Folder, words: &[&str]) {
    let before = folder.names();
    let ran = digits(
        folder.path(),
        &[
            "--load",
            "model.safetensors",
            "--epochs",
            "0",
            "--save",
            "new.safetensors",
        ],
    );
    assert_eq!(ran.out, "");
    ran.badly(&[words, &["model.safetensors: expected", "found"]].concat());
    assert_eq!(folder.names(), before, "nothing is left behind");
}

#[test]
fn of_another_model() {
    let folder = saved("another");
    let ran = digits(
        folder.path(),
        &["--data", ".", "--load", "model.safetensors", "--epochs", "0"],
    );
    ran.badly(&[
        "model.safetensors: expected",
        "`Large`",
        "found missing `hidden.weight`, `hidden.bias`; unexpected `narrow.bias`",
    ]);
}

/// Replaces the first `from` in the checkpoint, whose header is text.
fn replace(folder: &Folder, from: &str, to: &str) {
    assert_eq!(from.len(), to.len());
    folder.change("model.safetensors", |bytes| {
        let mut places = bytes.windows(from.len());
        let at = places
            .position(|window| window == from.as_bytes())
            .expect("it is in the header");
        bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
    });
}

#[test]
fn of_a_model_with_other_names_sizes_and_numbers() {
    let folder = saved("other_names");
    replace(&folder, "narrow.weight", "norrow.weight");
    rejected(&folder, &["missing `narrow.weight`", "unexpected `norrow.weight`"]);
    let folder = saved("other_sizes");
    replace(&folder, "[256,64]", "[64,256]");
    rejected(&folder, &["`wide.weight` is [64, 256] and not [256, 64]"]);
    let folder = saved("other_numbers");
    replace(&folder, "\"F32\"", "\"I32\"");
    rejected(&folder, &["is i32 and not f32"]);
    let folder = saved("unknown_numbers");
    replace(&folder, "\"F32\"", "\"U32\"");
    rejected(&folder, &["of f32, f64, f16, bf16, i64, i32, u8, bool", "U32"]);
}

#[test]
fn truncated() {
    let folder = saved("truncated_checkpoint");
    let whole = folder.read("model.safetensors");
    for len in [0, 1, 7, 8, 9, 100, whole.len() / 2, whole.len() - 1] {
        folder.write("model.safetensors", &whole[..len]);
        rejected(&folder, &["safetensors file"]);
    }
    folder.write("model.safetensors", &[&whole[..], &[0]].concat());
    rejected(&folder, &["safetensors file"]);
}

#[test]
fn not_safetensors() {
    let folder = saved("not_safetensors");
    for bytes in [
        &b"PK\x03\x04 this is a zip archive of pickles"[..],
        &[0xff; 64],
        &[0; 64],
        &[b'\n'; 4096],
    ] {
        folder.write("model.safetensors", bytes);
        rejected(&folder, &["safetensors file"]);
    }
}

#[test]
fn not_there() {
    let folder = Folder::new("not_there");
    digits(folder.path(), &["--load", "nothing.safetensors"]).badly(&["nothing.safetensors"]);
    digits(folder.path(), &["--load", "."]).badly(&["."]);
}

#[test]
fn nowhere_to_write() {
    let folder = Folder::new("unwritable");
    folder.write("file", b"what was there");
    fs::create_dir(folder.path().join("folder")).expect("a writable target folder");
    for path in [
        "nowhere/model.safetensors",
        "file/model.safetensors",
        "folder",
        ".",
        "..",
        "/",
        "new/",
        "nowhere/..",
        "file/",
    ] {
        let ran = digits(folder.path(), &["--epochs", "1", "--save", path]);
        assert_eq!(ran.out, "", "{path:?} is known to be wrong before the training");
        ran.badly(&["--save: expected a file that can be written, found", path]);
        assert_eq!(folder.names(), ["file", "folder"], "{path:?}");
    }
    assert_eq!(folder.read("file"), b"what was there");
}

#[test]
fn a_file_that_is_replaced() {
    let folder = Folder::new("replaced");
    folder.write("model.safetensors", b"what was there");
    folder.write("model.probe", b"the user's");
    digits(folder.path(), &["--epochs", "0", "--save", "model.safetensors"]).well();
    assert!(folder.read("model.safetensors").len() > 1000);
    assert_eq!(folder.names(), ["model.probe", "model.safetensors"]);
}

#[test]
fn training_that_fails_replaces_nothing() {
    let folder = Folder::new("kept");
    folder.write("model.safetensors", b"what was there");
    for optimizer in ["sgd", "adam", "adamw"] {
        let options = [
            "--lr",
            "1e30",
            "--optimizer",
            optimizer,
            "--save",
            "model.safetensors",
            "--epochs",
            "3",
        ];
        let ran = digits(folder.path(), &options);
        assert!(!ran.out.contains("saved"), "{}", ran.out);
        ran.badly(&["the loss is ", " at step ", "lower the learning rate"]);
        assert_eq!(folder.read("model.safetensors"), b"what was there");
        assert_eq!(folder.names(), ["model.safetensors"]);
    }
}

#[test]
fn parameters_that_are_not_finite() {
    let folder = saved("not_finite");
    folder.change("model.safetensors", |bytes| {
        let end = bytes.len();
        bytes[end - 4..].copy_from_slice(&f32::NAN.to_le_bytes());
    });
    let ran = digits(folder.path(), &["--load", "model.safetensors", "--epochs", "1"]);
    ran.badly(&["the loss is NaN at step 1"]);
}
