//! Folders for the program, and small data sets of MNIST's form in them.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

pub const TRAIN_IMAGES: &str = "train-images-idx3-ubyte";
pub const TRAIN_LABELS: &str = "train-labels-idx1-ubyte";
pub const TEST_IMAGES: &str = "t10k-images-idx3-ubyte";
pub const TEST_LABELS: &str = "t10k-labels-idx1-ubyte";
pub const ALL: [&str; 4] = [TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS];

/// Samples to train with; not a multiple of a usual batch.
pub const TRAIN: u32 = 203;
/// Samples that are held out.
pub const TEST: u32 = 50;

/// A folder of a test's own.
pub struct Folder(PathBuf);

impl Folder {
    /// An empty one.
    pub fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("digits").join(name);
        if path.exists() {
            fs::remove_dir_all(&path).expect("a folder that can be emptied");
        }
        fs::create_dir_all(&path).expect("a writable target folder");
        Self(path)
    }

    /// One with four files.
    pub fn with_data(name: &str) -> Self {
        let folder = Self::new(name);
        for (images, labels, count) in [(TRAIN_IMAGES, TRAIN_LABELS, TRAIN), (TEST_IMAGES, TEST_LABELS, TEST)] {
            folder.write(images, &idx(&[count, 28, 28], &pictures(count)));
            folder.write(labels, &idx(&[count], &labels_of(count)));
        }
        folder
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.0.join(name), bytes).expect("a writable target folder");
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.0.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn remove(&self, name: &str) {
        fs::remove_file(self.0.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    }

    /// Changes a file.
    pub fn change(&self, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
        let mut bytes = self.read(name);
        change(&mut bytes);
        self.write(name, &bytes);
    }

    /// Packs a file: `name` goes, `name.gz` comes.
    pub fn pack(&self, name: &str) {
        self.write(&format!("{name}.gz"), &gzip(&self.read(name)));
        self.remove(name);
    }

    /// The names of all that is there, in order.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).expect("a readable folder");
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

/// An IDX file of unsigned bytes.
pub fn idx(sizes: &[u32], data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, 8, sizes.len() as u8];
    bytes.extend(sizes.iter().flat_map(|size| size.to_be_bytes()));
    bytes.extend_from_slice(data);
    bytes
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("room");
    encoder.finish().expect("room")
}

/// One after the other.
fn labels_of(count: u32) -> Vec<u8> {
    (0..count).map(|row| (row % 10) as u8).collect()
}

/// Pictures that show their labels as two bright rows, on a grey that changes from one to the next.
fn pictures(count: u32) -> Vec<u8> {
    let pixel = |sample: u32, pixel: u32| {
        let noise = (sample
            .wrapping_mul(2_654_435_761)
            .wrapping_add(pixel.wrapping_mul(40_503))
            >> 7)
            % 64;
        let row = pixel / 28;
        let is_bright = row == 2 * (sample % 10) + 3 || row == 2 * (sample % 10) + 4;
        (noise + if is_bright { 160 } else { 0 }) as u8
    };
    (0..count)
        .flat_map(|sample| (0..28 * 28).map(move |at| pixel(sample, at)))
        .collect()
}
