//! Files that cannot be read, are something else, or cannot be written: an error that names file, expected and found, and
//! nothing changed.

use std::fs;
use std::path::{Path, PathBuf};

use safetensors::SafeTensors;
use tempfile::TempDir;
use tensor::prelude::*;

use crate::{Small, batch, weights};

net! { type Other = fc1: linear(6, 16) >> relu >> fc2: linear(16, 5) >> tanh >> fc3: linear(5, 4) }

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder for files")
}

fn model() -> Small {
    Small::new(&Device::cpu(), Seed(1))
}

/// What loading a file says; the model must be as it was.
#[track_caller]
fn refused(path: &Path) -> String {
    let mut model = model();
    let before = weights(&model);
    let error = model.load(path).expect_err("not a file of this model").to_string();
    assert_eq!(weights(&model), before, "nothing changes after an error");
    assert!(
        error.contains(&path.display().to_string()),
        "the file is named: {error}"
    );
    assert!(!error.contains('\n'), "one line: {error}");
    error
}

/// A whole file of a model.
fn saved(folder: &TempDir) -> (PathBuf, Vec<u8>) {
    let path = folder.path().join("model.safetensors");
    model().save(&path).expect("the folder can be written to");
    let bytes = fs::read(&path).expect("written in the line above");
    (path, bytes)
}

#[test]
fn there_and_back() {
    let folder = folder();
    let (path, bytes) = saved(&folder);
    let mut loaded = Small::new(&Device::cpu(), Seed(2));
    loaded.load(&path).expect("a file of this model");
    assert_eq!(weights(&loaded), weights(&model()));
    let file = SafeTensors::deserialize(&bytes).expect("a safetensors file");
    let mut names = file.names();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "fc1.bias",
            "fc1.weight",
            "fc2.bias",
            "fc2.weight",
            "norm.bias",
            "norm.weight"
        ]
    );
    assert_eq!(
        file.tensor("fc1.weight").expect("a name of the list").shape(),
        [16, 6],
        "laid out as PyTorch's"
    );
    assert_eq!(
        fs::read_dir(folder.path()).expect("a folder").count(),
        1,
        "nothing stays beside it"
    );
}

#[test]
fn another_model() {
    let folder = folder();
    let path = folder.path().join("other.safetensors");
    Other::new(&Device::cpu(), Seed(1))
        .save(&path)
        .expect("the folder can be written to");
    let error = refused(&path);
    for part in [
        "`Small`",
        "missing `norm.weight`, `norm.bias`",
        "unexpected `fc3.bias`, `fc3.weight`",
        "`fc2.weight` is [5, 16] and not [4, 16]",
        "`fc2.bias` is [5] and not [4]",
    ] {
        assert!(error.contains(part), "{part} in: {error}");
    }
    assert!(!error.contains("fc1"), "what fits is not listed: {error}");
}

#[test]
fn another_element_type() {
    let folder = folder();
    let path = folder.path().join("double.safetensors");
    Small::<f64>::new_as(&Device::cpu(), Seed(1))
        .save(&path)
        .expect("the folder can be written to");
    let error = refused(&path);
    assert!(error.contains("`fc1.weight` is f64 and not f32"), "{error}");
}

#[test]
fn truncated_anywhere() {
    let folder = folder();
    let (path, bytes) = saved(&folder);
    for len in [0, 1, 7, 8, 9, 100, bytes.len() / 2, bytes.len() - 1] {
        fs::write(&path, &bytes[..len]).expect("the folder can be written to");
        let error = refused(&path);
        assert!(error.contains("safetensors"), "{error}");
    }
}

#[test]
fn oversized() {
    let folder = folder();
    let (path, mut bytes) = saved(&folder);
    bytes.extend([0; 4]);
    fs::write(&path, &bytes).expect("the folder can be written to");
    refused(&path);
}

#[test]
fn not_safetensors() {
    let folder = folder();
    let path = folder.path().join("text");
    for bytes in [
        &b"a line of text, no tensors"[..],
        &[0xFF; 64],
        &[0; 64],
        b"\x02\0\0\0\0\0\0\0[]",
    ] {
        fs::write(&path, bytes).expect("the folder can be written to");
        let error = refused(&path);
        assert!(error.contains("expected a safetensors file"), "{error}");
    }
}

#[test]
fn no_file_and_a_folder() {
    let folder = folder();
    refused(&folder.path().join("nowhere.safetensors"));
    refused(folder.path());
}

#[test]
fn paths_that_cannot_be_written() {
    let folder = folder();
    let file = folder.path().join("file");
    fs::write(&file, "what was there").expect("the folder can be written to");
    let taken = folder.path().join("taken");
    fs::create_dir(&taken).expect("the folder can be written to");
    for path in [
        folder.path().join("no/such/folder/model"),
        file.join("below a file"),
        taken,
        "/".into(),
        "".into(),
    ] {
        let error = model().save(&path).expect_err("no place for a file").to_string();
        assert!(
            error.contains(&path.display().to_string()) && !error.contains('\n'),
            "{error}"
        );
    }
    assert_eq!(fs::read_to_string(&file).expect("still there"), "what was there");
    assert_eq!(
        fs::read_dir(folder.path()).expect("a folder").count(),
        2,
        "nothing half-written stays"
    );
}

#[test]
fn saving_over_a_file_replaces_it() {
    let folder = folder();
    let (path, bytes) = saved(&folder);
    let mut trained = model();
    let (x, labels) = batch(4, 1);
    cross_entropy(&trained.forward(&x), &labels).backward();
    Sgd::new(0.1).step(&mut trained).expect("there are gradients");
    trained.save(&path).expect("the folder can be written to");
    assert_ne!(fs::read(&path).expect("still there"), bytes);
    let mut loaded = model();
    loaded.load(&path).expect("a file of this model");
    assert_eq!(weights(&loaded), weights(&trained));
}

#[test]
fn the_state_of_another_optimizer_or_model() {
    let folder = folder();
    let path = folder.path().join("state");
    let mut trained = model();
    let mut adam = Adam::new(0.1);
    let (x, labels) = batch(4, 1);
    cross_entropy(&trained.forward(&x), &labels).backward();
    adam.step(&mut trained).expect("there are gradients");
    adam.save(&trained, &path).expect("the folder can be written to");
    let error = Sgd::new(0.1)
        .load(&trained, &path)
        .expect_err("the state of Adam")
        .to_string();
    assert!(error.contains("`sgd`") && error.contains("`adam`"), "{error}");
    let other = Other::new(&Device::cpu(), Seed(1));
    let error = Adam::new(0.1)
        .load(&other, &path)
        .expect_err("the state of another model")
        .to_string();
    assert!(
        error.contains("`norm.weight.exp_avg`") && error.contains("fc2.weight.exp_avg"),
        "{error}"
    );
    let bytes = fs::read(&path).expect("written above");
    fs::write(&path, &bytes[..bytes.len() - 3]).expect("the folder can be written to");
    assert!(Adam::new(0.1).load(&trained, &path).is_err());
    let (model_file, _) = saved(&folder);
    let error = Adam::new(0.1)
        .load(&trained, &model_file)
        .expect_err("a model")
        .to_string();
    assert!(error.contains("`adam`"), "{error}");
    assert!(adam.save(&trained, folder.path().join("no/such/folder")).is_err());
}
