//! NumPy's files: what NumPy wrote is read, what is written is read again, what is broken is an error that names the file.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tensor::files::Archive;
use tensor::prelude::*;
use tensor::{Element, bf16, f16};

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder for files")
}

/// A file that NumPy wrote.
fn given(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/behaviours/numpy")
        .join(name)
}

#[track_caller]
fn holds<T: Element>(archive: &Archive, name: &str, sizes: &[usize], data: &[f64]) {
    let tensor = archive.get::<T>(name).unwrap_or_else(|error| panic!("{name}: {error}"));
    let found: Vec<f64> = tensor
        .to_vec()
        .expect("elements")
        .into_iter()
        .map(Element::as_f64)
        .collect();
    assert_eq!((tensor.sizes(), &*found), (sizes, data), "{name}");
}

#[test]
fn reads_what_numpy_wrote() {
    for name in ["stored.npz", "compressed.npz"] {
        let archive = Archive::load_npz(given(name)).expect("an archive");
        let numbers = [-2., -1., 0., 1., 2., 3.];
        holds::<f16>(&archive, "f2", &[2, 3], &numbers);
        holds::<f32>(&archive, "f4", &[2, 3], &numbers);
        holds::<f64>(&archive, "f8", &[2, 3], &numbers);
        for small in ["i1", "i2", "i4", "big_i2"] {
            holds::<i32>(&archive, small, &[2, 3], &numbers);
        }
        holds::<i64>(&archive, "i8", &[2, 3], &numbers);
        holds::<f32>(&archive, "big_f4", &[2, 3], &numbers);
        holds::<f64>(&archive, "big_f8", &[2, 3], &numbers);
        holds::<i64>(&archive, "big_i8", &[2, 3], &numbers);
        holds::<u8>(&archive, "u1", &[3], &[0., 1., 200.]);
        holds::<i32>(&archive, "u2", &[3], &[0., 257., 51400.]);
        holds::<i64>(&archive, "u4", &[3], &[0., 16843009., 3368601800.]);
        holds::<bool>(&archive, "b1", &[2, 2], &[1., 0., 0., 1.]);
        let counted: Vec<f64> = (0..24).map(f64::from).collect();
        holds::<f32>(&archive, "columns", &[2, 3, 4], &counted);
        holds::<f64>(&archive, "scalar", &[], &[2.5]);
        holds::<f32>(&archive, "empty", &[0, 3], &[]);
    }
}

fn comes_back<T: Element>(data: &[T], sizes: &[usize]) {
    let folder = folder();
    let path = folder.path().join("x.npy");
    let tensor = Tensor::<Dynamic, T>::from_slice(data, sizes).expect("as many elements as the sizes say");
    tensor.save_npy(&path).expect("a file");
    assert_eq!(
        fs::read(&path).expect("a file").len() % 64,
        size_of_val(data) % 64,
        "the elements are aligned"
    );
    assert_eq!(Tensor::load_npy(&path).expect("the same"), tensor);
}

#[test]
fn what_is_written_comes_back() {
    comes_back(&[1f32, -2.5, f32::INFINITY, 1e-40], &[2, 2]);
    comes_back(&[1f64, -2.5], &[2, 1, 1]);
    comes_back(&[f16::ONE, f16::MIN], &[2]);
    comes_back(&[i64::MIN, i64::MAX], &[2]);
    comes_back(&[i32::MIN, 7], &[1, 2]);
    comes_back(&[0u8, 255], &[2]);
    comes_back(&[true, false, true], &[3]);
    comes_back(&[1.5f32], &[]);
    comes_back::<i64>(&[], &[0, 3]);
    comes_back(&[1f32], &[1; 40]);
    let turned: Tensor<dims![2, 2]> = tensor![[1., 2.], [3., 4.]].transpose();
    let folder = folder();
    let path = folder.path().join("x.npy");
    turned.save_npy(&path).expect("a file");
    assert_eq!(
        Tensor::<Dynamic, f32>::load_npy(&path).expect("the same"),
        turned.into_dynamic()
    );
}

#[test]
fn archives_come_back() {
    let folder = folder();
    let mut archive = Archive::new();
    archive.insert("a.weight", &tensor![1., 2.]).expect("elements");
    archive.insert("b", &tensor![true, false]).expect("elements");
    let two = format!("{archive:?}");
    for kind in 0..3 {
        let path = folder.path().join("archive");
        let read = match kind {
            0 => archive.save_npz(&path).and_then(|()| Archive::load_npz(&path)),
            1 => archive
                .save_npz_compressed(&path)
                .and_then(|()| Archive::load_npz(&path)),
            _ => archive
                .save_safetensors(&path)
                .and_then(|()| Archive::load_safetensors(&path)),
        };
        let read = read.expect("the same");
        assert_eq!(format!("{read:?}"), two);
        assert_eq!(
            read.get::<f32>("a.weight")
                .expect("two numbers")
                .to_vec()
                .expect("numbers"),
            [1., 2.]
        );
        assert_eq!(
            read.get::<bool>("b").expect("two").to_vec().expect("truths"),
            [true, false]
        );
    }
    let wrong = archive.get::<f64>("b").expect_err("other elements").to_string();
    assert_eq!(wrong, "`get`: expected `b` [2] as bool, found f64");
    let wrong = archive.get::<f64>("c").expect_err("no such tensor").to_string();
    assert_eq!(
        wrong,
        "`name`: expected one of what is there: `a.weight`, `b`, found `c`"
    );
    archive.insert("half", &tensor![1.].cast::<bf16>()).expect("elements");
    let path = folder.path().join("archive");
    let wrong = archive.save_npz(&path).expect_err("NumPy has no bf16").to_string();
    assert!(wrong.contains("`save_npz`") && wrong.contains("bf16"), "{wrong}");
    archive.save_safetensors(&path).expect("a file");
    let read = Archive::load_safetensors(&path).expect("the same");
    assert_eq!(
        read.get::<bf16>("half").expect("one").to_vec().expect("numbers"),
        [bf16::ONE]
    );
}

#[test]
fn truth_values_are_0_or_1_whatever_the_file_says() {
    let folder = folder();
    let path = folder.path().join("x.npy");
    tensor![true, false, true].save_npy(&path).expect("a file");
    let mut bytes = fs::read(&path).expect("a file");
    let count = bytes.len();
    bytes[count - 3] = 0xff;
    fs::write(&path, bytes).expect("a file");
    let read = Tensor::<Dynamic, bool>::load_npy(&path).expect("a file");
    assert_eq!(read.cast::<i64>().to_vec().expect("numbers"), [1, 0, 1]);
}

/// A file of these parts.
fn file(version: u8, header: &str, elements: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x93NUMPY".to_vec();
    bytes.extend_from_slice(&[version, 0]);
    match version {
        1 => bytes.extend_from_slice(&(header.len() as u16).to_le_bytes()),
        _ => bytes.extend_from_slice(&(header.len() as u32).to_le_bytes()),
    }
    bytes.extend_from_slice(header.as_bytes());
    bytes.extend_from_slice(elements);
    bytes
}

#[test]
fn broken_files_are_errors() {
    let folder = folder();
    let path = folder.path().join("x.npy");
    let read = |bytes: &[u8]| {
        fs::write(&path, bytes).expect("a file");
        Tensor::<Dynamic, f32>::load_npy(&path)
    };
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n";
    let good = file(1, header, &[0; 8]);
    assert!(read(&good).is_ok() && read(&file(2, header, &[0; 8])).is_ok() && read(&file(3, header, &[0; 8])).is_ok());
    let huge = "{'descr': '<f4', 'fortran_order': True, 'shape': (4611686018427387904, 4611686018427387904), }";
    let large = "{'descr': '<f4', 'fortran_order': True, 'shape': (1000000000000,), }";
    let cases: [(Vec<u8>, &str); 9] = [
        (file(1, header, &[0; 7]), "8 bytes of elements for [2]"),
        (file(1, header, &[0; 9]), "8 bytes of elements for [2]"),
        (file(9, header, &[0; 8]), "version 9"),
        (
            file(1, &header.replace("<f4", "<f8"), &[0; 16]),
            "elements of f32, found f64 [2]",
        ),
        (file(1, &header.replace("<f4", "<c8"), &[0; 16]), "found `<c8`"),
        (
            file(1, &header.replace("'shape'", "'size'"), &[0; 8]),
            "a header with `descr`",
        ),
        (file(1, huge, &[0; 8]), "fits into memory"),
        (file(1, large, &[0; 8]), "4000000000000 bytes of elements"),
        (b"PK\x03\x04".to_vec(), "a .npy file"),
    ];
    for (bytes, words) in cases {
        let error = read(&bytes).expect_err("a broken file").to_string();
        assert!(error.contains(words) && error.contains("x.npy"), "{error}");
    }
    for length in 0..good.len() {
        let error = read(&good[..length]).expect_err("half a file").to_string();
        assert!(error.contains("x.npy") && error.contains("expected"), "{error}");
    }
    let missing = Tensor::<Dynamic, f32>::load_npy(folder.path().join("none.npy")).expect_err("no file");
    assert!(missing.to_string().contains("none.npy"));
}

#[test]
fn no_change_of_a_byte_is_a_panic() {
    let folder = folder();
    let path = folder.path().join("x");
    let header = "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }\n";
    let array = file(1, header, &[7; 24]);
    let archive = fs::read(given("compressed.npz")).expect("an archive");
    for place in 0..array.len() {
        for change in [1, 0x20, 0x80, 0xff] {
            let mut bytes = array.clone();
            bytes[place] ^= change;
            fs::write(&path, &bytes).expect("a file");
            let _ = Tensor::<Dynamic, f32>::load_npy(&path);
        }
    }
    for place in (0..archive.len()).step_by(3) {
        let mut bytes = archive.clone();
        bytes[place] ^= 1 << (place % 8);
        fs::write(&path, &bytes).expect("a file");
        let _ = Archive::load_npz(&path);
        fs::write(&path, &archive[..place]).expect("a file");
        let error = Archive::load_npz(&path).expect_err("half an archive").to_string();
        assert!(error.contains(&*path.to_string_lossy()), "{error}");
    }
    let error = Archive::load_npz(given("odd.npz"))
        .expect_err("complex numbers")
        .to_string();
    assert!(
        error.contains("odd.npz") && error.contains("`c16.npy`") && error.contains("`<c16`"),
        "{error}"
    );
}
