//! Options that make no sense.

use super::digits;
use super::files::Folder;

#[test]
fn of_no_use() {
    let folder = Folder::new("options");
    let run = |options: &[&str]| {
        let ran = digits(folder.path(), options);
        assert_eq!(ran.out, "", "{options:?}");
        ran
    };
    run(&["--batch", "0"]).badly(&["--batch: expected", "found 0"]);
    run(&["--threads", "0"]).badly(&["--threads: expected", "found 0"]);
    for lr in ["0", "nan", "inf", "1e400"] {
        run(&["--lr", lr]).badly(&["--lr: expected", "found "]);
    }
    run(&["--lr=-0.1"]).badly(&["--lr: expected", "found -0.1"]);
}

#[test]
fn that_are_large() {
    let folder = Folder::new("large_options");
    let most = u64::MAX.to_string();
    let out = digits(
        folder.path(),
        &["--epochs", "1", "--batch", &most, "--seed", &most, "--threads", &most],
    )
    .well();
    assert!(out.contains("epoch 1 "), "{out}");
}
