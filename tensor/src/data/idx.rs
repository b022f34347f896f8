//! The IDX format, in which MNIST and its relatives come.
//!
//! A file is two zero bytes, the element type (8 for unsigned bytes), the number of axes, the size of each axis as a
//! big-endian `u32`, and the elements row by row. It may be packed by gzip.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;

use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::layout::{describe, len};
use crate::shape::Batch;
use tensor_macros::dims;

/// An IDX file of unsigned bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idx {
    /// The size of each axis.
    pub sizes: Vec<usize>,
    /// The elements, row by row.
    pub data: Vec<u8>,
}

/// The most axes and elements that are believed; a header that says more is no header.
const AXES: u8 = 8;
const ELEMENTS: usize = 1 << 32;

impl Idx {
    /// Reads a file, plain or packed by gzip.
    ///
    /// ```
    /// let folder = tempfile::tempdir().expect("a folder");
    /// let path = folder.path().join("labels-idx1-ubyte");
    /// std::fs::write(&path, [0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 1]).expect("a file");
    /// let labels = tensor::data::Idx::read(&path)?;
    /// assert_eq!((labels.sizes, labels.data), (vec![3], vec![7, 2, 1]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the file cannot be read, is no IDX file of bytes, or is shorter or longer than its header says.
    pub fn read(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let file = File::open(path).map_err(|error| Error::io(path, error))?;
        let mut reader = BufReader::new(file);
        let mut magic = [0; 2];
        let got = fill(&mut reader, &mut magic).map_err(|error| Error::io(path, error))?;
        if got < 2 {
            return Err(short(path, got));
        }
        let whole = (&magic[..]).chain(reader);
        if magic == [0x1f, 0x8b] {
            Self::parse(path, MultiGzDecoder::new(BufReader::new(whole)))
        } else {
            Self::parse(path, whole)
        }
    }

    fn parse(path: &Path, mut reader: impl Read) -> Result<Self> {
        let read = |reader: &mut dyn Read, into: &mut [u8]| {
            fill(reader, into).map_err(|error| match error.kind() {
                // A gzip stream that ends early or is damaged.
                std::io::ErrorKind::UnexpectedEof
                | std::io::ErrorKind::InvalidInput
                | std::io::ErrorKind::InvalidData => {
                    Error::format(path, "a whole gzip file", format!("a damaged one ({error})"))
                }
                _ => Error::io(path, error),
            })
        };
        let mut header = [0; 4];
        let got = read(&mut reader, &mut header)?;
        if got < 4 {
            return Err(short(path, got));
        }
        let [zero, also_zero, kind, axes] = header;
        if zero != 0 || also_zero != 0 {
            return Err(Error::format(
                path,
                "an IDX file, which begins with two zero bytes",
                format!("the bytes {zero:#04x} {also_zero:#04x}"),
            ));
        }
        if kind != 8 {
            return Err(Error::format(
                path,
                "IDX elements of type 0x08 (unsigned byte)",
                format!("type {kind:#04x}"),
            ));
        }
        if axes == 0 || axes > AXES {
            return Err(Error::format(path, format!("1 to {AXES} axes"), axes.to_string()));
        }
        let mut sizes = Vec::new();
        for _ in 0..axes {
            let mut size = [0; 4];
            let got = read(&mut reader, &mut size)?;
            if got < 4 {
                return Err(Error::format(
                    path,
                    format!("the sizes of {axes} axes"),
                    "the end of the file",
                ));
            }
            sizes.push(u32::from_be_bytes(size) as usize);
        }
        let expected = len(&sizes);
        if expected > ELEMENTS {
            return Err(Error::format(
                path,
                format!("at most {ELEMENTS} elements"),
                describe(&sizes),
            ));
        }
        let mut data = Vec::new();
        // One more byte than there should be shows a file that is too long.
        let mut limited = reader.take(expected as u64 + 1);
        let mut chunk = vec![0; 1 << 16];
        loop {
            let got = read(&mut limited, &mut chunk)?;
            data.extend_from_slice(&chunk[..got]);
            if got < chunk.len() {
                break;
            }
        }
        if data.len() != expected {
            let found = if data.len() > expected {
                "more".to_owned()
            } else {
                data.len().to_string()
            };
            return Err(Error::format(
                path,
                format!("{expected} bytes after the header, as {} says", describe(&sizes)),
                found,
            ));
        }
        Ok(Self { sizes, data })
    }
}

fn short(path: &Path, got: usize) -> Error {
    Error::format(path, "an IDX header of 4 bytes", format!("{got} bytes"))
}

/// Reads until the slice is full or the file ends.
fn fill(reader: &mut (impl Read + ?Sized), into: &mut [u8]) -> std::io::Result<usize> {
    let mut got = 0;
    while got < into.len() {
        match reader.read(&mut into[got..]) {
            Ok(0) => break,
            Ok(count) => got += count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(got)
}

/// The data set of images that lie beside their labels.
type Images = Dataset<dims![Batch, 784]>;

/// MNIST, or a relative of the same form, from a folder of its four IDX files: the training part and the test part. Grey
/// values are scaled to `0..=1`.
///
/// The files are `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte`,
/// plain or with `.gz` behind.
///
/// ```
/// let folder = tempfile::tempdir().expect("a folder");
/// for part in ["train", "t10k"] {
///     let images = [&[0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 28, 0, 0, 0, 28][..], &[255; 784]].concat();
///     std::fs::write(folder.path().join(format!("{part}-images-idx3-ubyte")), images).expect("a file");
///     std::fs::write(folder.path().join(format!("{part}-labels-idx1-ubyte")), [0, 0, 8, 1, 0, 0, 0, 1, 5]).expect("a file");
/// }
/// let (train, test) = tensor::data::mnist(&folder)?;
/// assert_eq!((train.len(), test.len()), (1, 1));
/// let (x, label) = train.batches(1).next().expect("a batch");
/// assert_eq!((x.mean().item()?, label.to_vec()?), (1., vec![5]));
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where a file is missing, damaged, or not what its name says; labels are from 0 to 9.
pub fn mnist(folder: impl AsRef<Path>) -> Result<(Images, Images)> {
    let folder = folder.as_ref();
    Ok((part(folder, "train")?, part(folder, "t10k")?))
}

fn part(folder: &Path, prefix: &str) -> Result<Images> {
    let images_path = find(folder, &format!("{prefix}-images-idx3-ubyte"))?;
    let labels_path = find(folder, &format!("{prefix}-labels-idx1-ubyte"))?;
    let images = Idx::read(&images_path)?;
    let [_, 28, 28] = images.sizes[..] else {
        return Err(Error::format(
            &images_path,
            "images of [count, 28, 28]",
            describe(&images.sizes),
        ));
    };
    if images.data.is_empty() {
        return Err(Error::format(&images_path, "one image or more", "none"));
    }
    let labels = Idx::read(&labels_path)?;
    if labels.sizes != images.sizes[..1] {
        let expected = format!("labels of [{}], one for each image", images.sizes[0]);
        return Err(Error::format(&labels_path, expected, describe(&labels.sizes)));
    }
    if let Some((row, label)) = labels.data.iter().enumerate().find(|(_, label)| **label > 9) {
        return Err(Error::format(
            &labels_path,
            "labels from 0 to 9",
            format!("{label} at position {row}"),
        ));
    }
    let samples = images.data.iter().map(|&value| f32::from(value) / 255.0).collect();
    Dataset::new(samples, labels.data.iter().map(|&label| label.into()).collect(), &[784])
}

/// The file in the folder, plain or packed.
fn find(folder: &Path, name: &str) -> Result<PathBuf> {
    let plain = folder.join(name);
    let packed = folder.join(format!("{name}.gz"));
    if plain.is_file() {
        Ok(plain)
    } else if packed.is_file() {
        Ok(packed)
    } else {
        let found = if folder.is_dir() { "neither" } else { "no such folder" };
        Err(Error::format(folder, format!("`{name}` or `{name}.gz`"), found))
    }
}
