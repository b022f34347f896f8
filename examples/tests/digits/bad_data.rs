//! Data that is damaged, or not what its name says.

use super::digits;
use super::files::{ALL, Folder, TEST_IMAGES, TEST_LABELS, TRAIN_IMAGES, TRAIN_LABELS, gzip, idx};

/// That the program says so, names the file, and leaves nothing behind.
#[track_caller]
fn rejected(folder: &Folder, words: &[&str]) {
    let before = folder.names();
    let ran = digits(
        folder.path(),
        &["--data", ".", "--epochs", "1", "--save", "model.safetensors"],
    );
    assert_eq!(ran.out, "");
    ran.badly(&[words, &["expected", "found"]].concat());
    assert_eq!(folder.names(), before, "nothing is left behind");
}

#[test]
fn a_folder_that_is_not_there() {
    let folder = Folder::new("no_folder");
    let ran = digits(folder.path(), &["--data", "nowhere"]);
    ran.badly(&["nowhere: expected", TRAIN_IMAGES, "found no such folder"]);
}

#[test]
fn a_file_for_a_folder() {
    let folder = Folder::with_data("no_folder_but_a_file");
    digits(folder.path(), &["--data", TRAIN_IMAGES]).badly(&["expected", "found", TRAIN_IMAGES]);
}

#[test]
fn a_folder_without_the_files() {
    rejected(&Folder::new("empty"), &[TRAIN_IMAGES, ".gz", "neither"]);
    for name in ALL {
        let folder = Folder::with_data("one_missing");
        folder.remove(name);
        rejected(&folder, &[name, "neither"]);
    }
}

#[test]
fn truncated() {
    for name in ALL {
        let folder = Folder::with_data("truncated");
        folder.change(name, |bytes| bytes.truncate(bytes.len() - 1));
        rejected(&folder, &[name, "bytes after the header"]);
        folder.change(name, |bytes| bytes.truncate(7));
        rejected(&folder, &[name, "sizes"]);
        folder.change(name, |bytes| bytes.truncate(3));
        rejected(&folder, &[name, "header of 4 bytes", "found 3 bytes"]);
        folder.change(name, Vec::clear);
        rejected(&folder, &[name, "header of 4 bytes", "found 0 bytes"]);
    }
}

#[test]
fn oversized() {
    for name in ALL {
        let folder = Folder::with_data("oversized");
        folder.change(name, |bytes| bytes.push(0));
        rejected(&folder, &[name, "found more"]);
    }
}

#[test]
fn sizes_beyond_all_reason() {
    let folder = Folder::with_data("beyond");
    folder.write(TRAIN_IMAGES, &idx(&[u32::MAX, u32::MAX, u32::MAX], &[0; 100]));
    rejected(&folder, &[TRAIN_IMAGES, "at most"]);
    folder.write(TRAIN_IMAGES, &idx(&[u32::MAX, 28, 28], &[0; 100]));
    rejected(&folder, &[TRAIN_IMAGES]);
    folder.write(TRAIN_IMAGES, &idx(&[u32::MAX; 255], &[0; 100]));
    rejected(&folder, &[TRAIN_IMAGES, "axes"]);
    folder.write(TRAIN_IMAGES, &idx(&[], &[]));
    rejected(&folder, &[TRAIN_IMAGES, "axes", "found 0"]);
}

#[test]
fn no_samples() {
    let folder = Folder::with_data("no_samples");
    folder.write(TRAIN_IMAGES, &idx(&[0, 28, 28], &[]));
    folder.write(TRAIN_LABELS, &idx(&[0], &[]));
    rejected(&folder, &[TRAIN_IMAGES]);
    let folder = Folder::with_data("no_test_samples");
    folder.write(TEST_IMAGES, &idx(&[0, 28, 28], &[]));
    folder.write(TEST_LABELS, &idx(&[0], &[]));
    rejected(&folder, &[TEST_IMAGES]);
}

#[test]
fn not_idx() {
    for name in ALL {
        let folder = Folder::with_data("not_idx");
        folder.write(name, b"<html><body>404 not found</body></html>");
        rejected(&folder, &[name, "an IDX file"]);
        folder.change(name, |bytes| bytes[..4].copy_from_slice(&[0, 0, 0x0d, 1]));
        rejected(&folder, &[name, "0x08", "0x0d"]);
    }
}

#[test]
fn mislabelled() {
    let folder = Folder::with_data("mislabelled");
    folder.write(TRAIN_IMAGES, &folder.read(TRAIN_LABELS));
    rejected(&folder, &[TRAIN_IMAGES, "28, 28]", "[203]"]);

    let folder = Folder::with_data("mislabelled");
    folder.write(TRAIN_LABELS, &folder.read(TRAIN_IMAGES));
    rejected(&folder, &[TRAIN_LABELS, "[203]", "[203, 28, 28]"]);

    let folder = Folder::with_data("mislabelled");
    folder.write(TRAIN_LABELS, &folder.read(TEST_LABELS));
    rejected(&folder, &[TRAIN_LABELS, "[203]", "[50]"]);

    let folder = Folder::with_data("mislabelled");
    folder.write(TEST_IMAGES, &idx(&[50, 28, 27], &[0; 50 * 28 * 27]));
    rejected(&folder, &[TEST_IMAGES, "28, 28]", "[50, 28, 27]"]);
}

#[test]
fn labels_out_of_range() {
    for name in [TRAIN_LABELS, TEST_LABELS] {
        let folder = Folder::with_data("range");
        folder.change(name, |bytes| bytes[8 + 13] = 10);
        rejected(&folder, &[name, "labels from 0 to 9", "10 at position 13"]);
    }
}

#[test]
fn damaged_gzip() {
    for name in ALL {
        let packed = format!("{name}.gz");
        let fresh = || {
            let folder = Folder::with_data("damaged");
            folder.pack(name);
            folder
        };
        let folder = fresh();
        folder.change(&packed, |bytes| bytes.truncate(bytes.len() / 2));
        rejected(&folder, &[&packed]);

        let folder = fresh();
        folder.change(&packed, |bytes| bytes.truncate(bytes.len() - 3));
        rejected(&folder, &[&packed]);

        let folder = fresh();
        folder.change(&packed, |bytes| {
            let checksum = bytes.len() - 8;
            bytes[checksum] ^= 1;
        });
        rejected(&folder, &[&packed]);

        let folder = fresh();
        folder.change(&packed, |bytes| bytes[10..].fill(0xff));
        rejected(&folder, &[&packed]);

        let folder = fresh();
        folder.write(&packed, b"no gzip at all, but long enough for a header");
        rejected(&folder, &[&packed]);

        let folder = fresh();
        folder.write(&packed, b"");
        rejected(&folder, &[&packed]);

        let folder = fresh();
        folder.write(&packed, &gzip(&[0, 0, 8]));
        rejected(&folder, &[&packed, "header of 4 bytes"]);
    }
}
