//! `.npy`: NumPy's file of one array.
//!
//! `\x93NUMPY`, two bytes of version, the length of the header, the header (a Python dictionary of `descr`, `fortran_order` and `shape`),
//! the elements. See NumPy's `lib/format.py`.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use super::{Stored, write_whole};
use crate::element::{DType, Element};
use crate::error::{Error, Result};
use crate::files::literal::Literal;
use crate::layout::{describe, len};
use crate::shape::{Dynamic, Shape};
use crate::tensors::Tensor;

const MAGIC: &[u8] = b"\x93NUMPY";
/// The elements begin at a multiple of this.
const ALIGNED: usize = 64;
/// Longer headers are not of an array of numbers.
const LONGEST_HEADER: usize = 1 << 20;

/// What is wrong with a file: what was expected, and what was found.
#[derive(Debug)]
pub(crate) enum Mistake {
    Format { expected: String, found: String },
    Io(std::io::Error),
}

impl Mistake {
    fn new(expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self::Format {
            expected: expected.into(),
            found: found.into(),
        }
    }

    /// The error, with the file that has the mistake, and the part of it.
    pub(crate) fn at(self, path: &Path, part: Option<&str>) -> Error {
        match (self, part) {
            (Self::Io(error), None) => Error::io(path, error),
            (Self::Io(error), Some(part)) => {
                Error::format(path, format!("`{part}` that can be read"), error.to_string())
            }
            (Self::Format { expected, found }, None) => Error::format(path, expected, found),
            (Self::Format { expected, found }, Some(part)) => {
                Error::format(path, format!("{expected} in `{part}`"), found)
            }
        }
    }
}

/// How the elements lie in the file.
struct Descriptor {
    dtype: DType,
    /// Bytes of an element of the file.
    width: usize,
    /// Whether it has a sign, where it is wider here.
    signed: bool,
    big_endian: bool,
}

impl Descriptor {
    /// Reads a description such as `<f4`.
    fn parse(text: &str) -> Option<Self> {
        let mut letters = text.chars();
        let order = letters.next()?;
        let kind = letters.next()?;
        let width: usize = letters.as_str().parse().ok()?;
        let (dtype, signed) = match (kind, width) {
            ('f', 2) => (DType::F16, true),
            ('f', 4) => (DType::F32, true),
            ('f', 8) => (DType::F64, true),
            ('i', 1 | 2 | 4) => (DType::I32, true),
            ('i', 8) => (DType::I64, true),
            ('u', 1) => (DType::U8, false),
            ('u', 2) => (DType::I32, false),
            ('u', 4) => (DType::I64, false),
            ('b', 1) => (DType::Bool, false),
            _ => return None,
        };
        let big_endian = match order {
            '<' | '|' | '=' => false,
            '>' => true,
            _ => return None,
        };
        Some(Self {
            dtype,
            width,
            signed,
            big_endian,
        })
    }

    /// The elements as they are in memory.
    fn elements(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        if self.big_endian {
            bytes.chunks_exact_mut(self.width).for_each(<[u8]>::reverse);
        }
        let size = self.dtype.size();
        if self.width == size {
            return bytes;
        }
        let mut wide = Vec::with_capacity(bytes.len() / self.width * size);
        for number in bytes.chunks_exact(self.width) {
            let negative = self.signed && number.last().is_some_and(|byte| byte & 0x80 != 0);
            wide.extend_from_slice(number);
            wide.resize(wide.len() + size - self.width, if negative { 0xff } else { 0 });
        }
        wide
    }
}

/// The description of elements of a type.
fn descriptor(operation: &'static str, dtype: DType) -> Result<&'static str> {
    match dtype {
        DType::F32 => Ok("<f4"),
        DType::F64 => Ok("<f8"),
        DType::F16 => Ok("<f2"),
        DType::I64 => Ok("<i8"),
        DType::I32 => Ok("<i4"),
        DType::U8 => Ok("|u1"),
        DType::Bool => Ok("|b1"),
        DType::BF16 => Err(Error::Element {
            operation,
            expected: "elements of a type that NumPy has (cast them to f32)".to_owned(),
            found: dtype.name(),
        }),
    }
}

/// All that stands before the elements.
pub(crate) fn header(operation: &'static str, dtype: DType, sizes: &[usize]) -> Result<Vec<u8>> {
    let numbers: Vec<String> = sizes.iter().map(usize::to_string).collect();
    let comma = if sizes.len() == 1 { "," } else { "" };
    let mut text = format!(
        "{{'descr': '{}', 'fortran_order': False, 'shape': ({}{comma}), }}",
        descriptor(operation, dtype)?,
        numbers.join(", "),
    );
    // The first version has 2 bytes for the length, the second 4.
    let long = text.len() + ALIGNED > usize::from(u16::MAX);
    let before = MAGIC.len() + 2 + if long { 4 } else { 2 };
    let padded = (before + text.len() + 1).next_multiple_of(ALIGNED) - before;
    text.push_str(&" ".repeat(padded - text.len() - 1));
    text.push('\n');
    let mut bytes = MAGIC.to_vec();
    if long {
        bytes.extend_from_slice(&[2, 0]);
        bytes.extend_from_slice(&(text.len() as u32).to_le_bytes());
    } else {
        bytes.extend_from_slice(&[1, 0]);
        bytes.extend_from_slice(&(text.len() as u16).to_le_bytes());
    }
    bytes.extend_from_slice(text.as_bytes());
    Ok(bytes)
}

/// Reads up to a number of bytes; allocates no more than there are.
fn up_to(from: &mut dyn Read, count: usize) -> Result<Vec<u8>, Mistake> {
    let mut bytes = Vec::new();
    from.take(count as u64).read_to_end(&mut bytes).map_err(Mistake::Io)?;
    Ok(bytes)
}

/// Reads just as many bytes.
fn exactly(from: &mut dyn Read, count: usize, what: &str) -> Result<Vec<u8>, Mistake> {
    let bytes = up_to(from, count)?;
    if bytes.len() == count {
        return Ok(bytes);
    }
    Err(Mistake::new(
        format!("{count} bytes of {what}"),
        bytes.len().to_string(),
    ))
}

/// Reads a whole file.
pub(crate) fn parse(from: &mut dyn Read) -> Result<Stored, Mistake> {
    let start = up_to(from, MAGIC.len() + 2)?;
    if start.len() < MAGIC.len() + 2 || !start.starts_with(MAGIC) {
        return Err(Mistake::new("a .npy file", "one that does not begin as such"));
    }
    let length = match start[MAGIC.len()] {
        1 => {
            let bytes = exactly(from, 2, "length")?;
            usize::from(u16::from_le_bytes([bytes[0], bytes[1]]))
        }
        2 | 3 => {
            let bytes = exactly(from, 4, "length")?;
            u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize
        }
        other => {
            return Err(Mistake::new(
                "a .npy file of version 1, 2 or 3",
                format!("version {other}"),
            ));
        }
    };
    if length > LONGEST_HEADER {
        let expected = format!("a header of up to {LONGEST_HEADER} bytes");
        return Err(Mistake::new(expected, length.to_string()));
    }
    let header = exactly(from, length, "header")?;
    let (descriptor, fortran, sizes) = describe_array(&String::from_utf8_lossy(&header))?;
    let count = len(&sizes);
    let size = count
        .checked_mul(descriptor.width)
        .filter(|&size| count < usize::MAX && size < isize::MAX as usize)
        .ok_or_else(|| Mistake::new("sizes of an array that fits into memory", describe(&sizes)))?;
    let bytes = up_to(from, size + 1)?;
    if bytes.len() != size {
        let found = if bytes.len() > size {
            "more".to_owned()
        } else {
            bytes.len().to_string()
        };
        return Err(Mistake::new(
            format!("{size} bytes of elements for {}", describe(&sizes)),
            found,
        ));
    }
    let bytes = descriptor.elements(bytes);
    let bytes = if fortran {
        by_rows(&bytes, &sizes, descriptor.dtype.size())
    } else {
        bytes
    };
    let stored = Stored {
        dtype: descriptor.dtype,
        sizes,
        bytes,
    };
    Ok(stored.normalised())
}

/// What a header says: the elements, whether the first axis is the fastest, and the sizes.
fn describe_array(text: &str) -> Result<(Descriptor, bool, Vec<usize>), Mistake> {
    let shown = || text.trim().chars().take(200).collect::<String>();
    let wrong = || {
        Mistake::new(
            "a header with `descr`, `fortran_order` and `shape`",
            format!("`{}`", shown()),
        )
    };
    let entries = Literal::dictionary(text).ok_or_else(wrong)?;
    let (mut descr, mut fortran, mut sizes) = (None, None, None);
    for (key, value) in entries {
        match (&*key, value) {
            ("descr", Literal::Text(text)) => {
                let known = Descriptor::parse(&text);
                descr = Some(known.ok_or_else(|| {
                    let expected = "elements of f2, f4, f8, i1, i2, i4, i8, u1, u2, u4 or b1";
                    Mistake::new(expected, format!("`{text}`"))
                })?);
            }
            ("fortran_order", Literal::Truth(truth)) => fortran = Some(truth),
            ("shape", Literal::Numbers(numbers)) => sizes = Some(numbers),
            _ => return Err(wrong()),
        }
    }
    match (descr, fortran, sizes) {
        (Some(descr), Some(fortran), Some(sizes)) => Ok((descr, fortran, sizes)),
        _ => Err(wrong()),
    }
}

/// Elements whose first axis is the fastest, row by row.
fn by_rows(bytes: &[u8], sizes: &[usize], size: usize) -> Vec<u8> {
    let mut steps = Vec::with_capacity(sizes.len());
    let mut step = size;
    for &axis in sizes {
        steps.push(step);
        step = step.saturating_mul(axis);
    }
    let mut out = Vec::with_capacity(bytes.len());
    let (mut index, mut from) = (vec![0; sizes.len()], 0);
    while out.len() < bytes.len() {
        out.extend_from_slice(&bytes[from..from + size]);
        for axis in (0..sizes.len()).rev() {
            index[axis] += 1;
            from += steps[axis];
            if index[axis] < sizes[axis] {
                break;
            }
            from -= steps[axis] * sizes[axis];
            index[axis] = 0;
        }
    }
    out
}

impl<T: Element> Tensor<Dynamic, T> {
    /// Reads a `.npy` file of NumPy's, with either order of axes and bytes.
    ///
    /// The elements of the file have to be of type `T`: `f4` is `f32`, `b1` is `bool`, and so on. Integers that there are none of
    /// here become the next larger ones: `i1`, `i2` and `u2` are `i32`, `u4` is `i64`.
    ///
    /// # Errors
    /// Where the file cannot be read, is none of that kind, or has other elements.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let folder = tempfile::tempdir().expect("a folder");
    /// let path = folder.path().join("x.npy");
    /// tensor![[1., 2.], [3., 4.]].save_npy(&path)?;
    /// assert_eq!(Tensor::<Dynamic, f32>::load_npy(&path)?.to_vec()?, [1., 2., 3., 4.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn load_npy(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let file = File::open(path).map_err(|error| Error::io(path, error))?;
        let stored = parse(&mut BufReader::new(file)).map_err(|mistake| mistake.at(path, None))?;
        if stored.dtype != T::DTYPE {
            let found = format!("{} {}", stored.dtype.name(), describe(&stored.sizes));
            return Err(Error::format(path, format!("elements of {}", T::DTYPE.name()), found));
        }
        stored.value().map(Self::of)
    }
}

impl<S: Shape, T: Element> Tensor<S, T> {
    /// Writes a `.npy` file, as NumPy's `save`.
    ///
    /// # Errors
    /// Where the file cannot be written, the elements are `bf16`, which NumPy does not have, or the tensor could not be computed.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let folder = tempfile::tempdir().expect("a folder");
    /// let path = folder.path().join("x.npy");
    /// tensor![[1i32], [2i32]].save_npy(&path)?;
    /// assert_eq!(Tensor::<Dynamic, i32>::load_npy(&path)?.sizes(), [2, 1]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn save_npy(&self, path: impl AsRef<Path>) -> Result<()> {
        let mut bytes = header("save_npy", T::DTYPE, self.sizes())?;
        bytes.extend_from_slice(&Stored::of(self.value())?.bytes);
        write_whole(path.as_ref(), &bytes)
    }
}
