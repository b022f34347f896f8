//! The same seed gives the same bits, on any number of threads; another seed gives others.

use super::files::{ALL, Folder};
use super::{accuracy, digits};

/// The parameters that training leaves, and what it said.
fn train(folder: &Folder, options: &[&str]) -> (Vec<u8>, String) {
    let out = digits(folder.path(), &[&["--save", "model.safetensors"], options].concat()).well();
    (folder.read("model.safetensors"), out)
}

#[test]
fn on_one_thread_and_two() {
    let folder = Folder::new("threads");
    for batch in ["32", "300"] {
        let options = ["--epochs", "2", "--seed", "7", "--batch", batch];
        let one = train(&folder, &[&options, &["--threads", "1"][..]].concat());
        let again = train(&folder, &[&options, &["--threads", "1"][..]].concat());
        let two = train(&folder, &[&options, &["--threads", "2"][..]].concat());
        let five = train(&folder, &[&options, &["--threads", "5"][..]].concat());
        assert!(one == again, "batches of {batch}: two runs differ");
        assert!(one == two, "batches of {batch}: one thread and two differ");
        assert!(one == five, "batches of {batch}: one thread and five differ");
    }
}

#[test]
fn on_larger_pictures() {
    let folder = Folder::with_data("larger");
    for optimizer in ["sgd", "adam"] {
        let options = [
            "--data",
            ".",
            "--epochs",
            "2",
            "--batch",
            "128",
            "--optimizer",
            optimizer,
        ];
        let one = train(&folder, &[&options, &["--threads", "1"][..]].concat());
        let two = train(&folder, &[&options, &["--threads", "2"][..]].concat());
        assert!(one == two, "{optimizer}: one thread and two differ");
    }
}

#[test]
fn of_packed_files() {
    let folder = Folder::with_data("packed");
    let options = ["--data", ".", "--epochs", "1"];
    let plain = train(&folder, &options);
    ALL.iter().for_each(|name| folder.pack(name));
    assert!(plain == train(&folder, &options), "plain and packed files differ");
}

#[test]
fn other_seeds_differ() {
    let folder = Folder::new("seeds");
    let (first, _) = train(&folder, &["--epochs", "1", "--seed", "1"]);
    let (second, _) = train(&folder, &["--epochs", "1", "--seed", "2"]);
    assert!(first != second);
}

#[test]
fn what_is_saved_is_what_is_loaded() {
    let folder = Folder::new("loaded");
    let (_, out) = train(&folder, &["--epochs", "2"]);
    // Another seed: the split into training and test is one and the same.
    for seed in ["0", "9"] {
        let loaded = digits(
            folder.path(),
            &["--load", "model.safetensors", "--epochs", "0", "--seed", seed],
        )
        .well();
        assert_eq!(accuracy(&loaded), accuracy(&out), "seed {seed}");
    }
    let before = folder.read("model.safetensors");
    digits(
        folder.path(),
        &[
            "--load",
            "model.safetensors",
            "--epochs",
            "0",
            "--save",
            "copy.safetensors",
        ],
    )
    .well();
    assert!(
        before == folder.read("copy.safetensors"),
        "saved, loaded and saved again"
    );
    assert_eq!(
        folder.names(),
        ["copy.safetensors", "model.safetensors"],
        "nothing else is left"
    );
}
