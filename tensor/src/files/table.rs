//! Named tensors in memory, to and from safetensors files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use safetensors::{Dtype, SafeTensors, tensor::TensorView};

use crate::device::{Device, reading};
use crate::element::DType;
use crate::error::{Error, Result};
use crate::files::write_whole;
use crate::layout::describe;
use crate::tape::Value;

/// A tensor of a file: its sizes, and its elements as bytes.
pub(crate) struct Stored {
    pub(crate) dtype: DType,
    pub(crate) sizes: Vec<usize>,
    pub(crate) bytes: Vec<u8>,
}

impl Stored {
    /// The elements of a value.
    pub(crate) fn of(value: &Value) -> Result<Self> {
        value.buffer.check()?;
        let value = value.contiguous();
        value.buffer.check()?;
        let mut bytes = vec![0; value.len() * value.dtype().size()];
        let _reading = reading([&value.buffer]);
        value
            .device()
            .backend()
            .download(&value.buffer, value.offset, &mut bytes)?;
        Ok(Self {
            dtype: value.dtype(),
            sizes: value.sizes().to_vec(),
            bytes,
        })
    }

    /// Bytes of files as elements: a truth value is 0 or 1, and nothing else may be in memory.
    pub(crate) fn normalised(mut self) -> Self {
        if self.dtype == DType::Bool {
            self.bytes.iter_mut().for_each(|byte| *byte = u8::from(*byte != 0));
        }
        self
    }

    /// The elements as a value on the processor.
    pub(crate) fn value(&self) -> Result<Value> {
        self.value_on(Device::cpu())
    }

    /// The elements as a value on a device.
    pub(crate) fn value_on(&self, device: Device) -> Result<Value> {
        let value = Value::empty(device, self.dtype, &self.sizes);
        value.buffer.check()?;
        value.buffer.upload(&self.bytes, 0)?;
        Ok(value)
    }
}

/// The element types that there are, in words.
pub(crate) fn ours() -> String {
    let names: Vec<&str> = DType::ALL.iter().map(|dtype| dtype.name()).collect();
    names.join(", ")
}

/// The tensors of a file by name, and what else it says.
#[derive(Default)]
pub(crate) struct Table {
    pub(crate) tensors: BTreeMap<String, Stored>,
    pub(crate) metadata: BTreeMap<String, String>,
}

impl Table {
    /// Adds the elements of a value.
    pub(crate) fn insert(&mut self, name: String, value: &Value) -> Result<()> {
        let stored = Stored::of(value)?;
        self.tensors.insert(name, stored);
        Ok(())
    }

    /// Writes the file, whole or not at all.
    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        let views: Vec<(&str, TensorView<'_>)> = self
            .tensors
            .iter()
            .map(|(name, stored)| {
                let view = TensorView::new(dtype_out(stored.dtype), stored.sizes.clone(), &stored.bytes);
                view.map(|view| (name.as_str(), view))
            })
            .collect::<Result<_, _>>()
            .map_err(|error| Error::format(path, "tensors that safetensors can hold", error.to_string()))?;
        let bytes = safetensors::serialize(views, None)
            .map_err(|error| Error::format(path, "tensors that safetensors can hold", error.to_string()))?;
        write_whole(path, &with_metadata(&bytes, &self.metadata))
    }

    /// Reads a file.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let bytes = fs::read(path).map_err(|error| Error::io(path, error))?;
        let wrong = |found: String| Error::format(path, "a safetensors file", found);
        let file = SafeTensors::deserialize(&bytes)
            .map_err(|error| wrong(format!("{} bytes that are none ({error})", bytes.len())))?;
        let (_, header) = SafeTensors::read_metadata(&bytes).map_err(|error| wrong(error.to_string()))?;
        let mut table = Self {
            metadata: header.metadata().clone().unwrap_or_default().into_iter().collect(),
            ..Self::default()
        };
        for (name, view) in file.iter() {
            let Some(dtype) = dtype_in(view.dtype()) else {
                return Err(Error::format(
                    path,
                    format!("`{name}` of {}", ours()),
                    format!("{:?}", view.dtype()),
                ));
            };
            let stored = Stored {
                dtype,
                sizes: view.shape().to_vec(),
                bytes: view.data().to_vec(),
            };
            let stored = stored.normalised();
            table.tensors.insert(name.to_owned(), stored);
        }
        Ok(table)
    }

    /// Whether the table holds just these tensors; if not, all that is wrong at once.
    pub(crate) fn expect(&self, path: &Path, owner: &str, wanted: &[(String, Vec<usize>, DType)]) -> Result<()> {
        let mut complaints = Vec::new();
        let missing: Vec<&str> = wanted
            .iter()
            .map(|(name, ..)| name.as_str())
            .filter(|name| !self.tensors.contains_key(*name))
            .collect();
        list(&mut complaints, "missing", &missing);
        let unexpected: Vec<&str> = self
            .tensors
            .keys()
            .map(String::as_str)
            .filter(|name| !wanted.iter().any(|(wanted, ..)| wanted == name))
            .collect();
        list(&mut complaints, "unexpected", &unexpected);
        for (name, sizes, dtype) in wanted {
            let Some(stored) = self.tensors.get(name) else { continue };
            if stored.sizes != *sizes {
                complaints.push(format!(
                    "`{name}` is {} and not {}",
                    describe(&stored.sizes),
                    describe(sizes)
                ));
            } else if stored.dtype != *dtype {
                complaints.push(format!("`{name}` is {} and not {}", stored.dtype.name(), dtype.name()));
            }
        }
        if complaints.is_empty() {
            return Ok(());
        }
        Err(Error::format(path, owner, complaints.join("; ")))
    }
}

fn list(complaints: &mut Vec<String>, what: &str, names: &[&str]) {
    if names.is_empty() {
        return;
    }
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    complaints.push(format!("{what} {}", quoted.join(", ")));
}

fn dtype_out(dtype: DType) -> Dtype {
    match dtype {
        DType::F32 => Dtype::F32,
        DType::F64 => Dtype::F64,
        DType::F16 => Dtype::F16,
        DType::BF16 => Dtype::BF16,
        DType::I64 => Dtype::I64,
        DType::I32 => Dtype::I32,
        DType::U8 => Dtype::U8,
        DType::Bool => Dtype::BOOL,
    }
}

fn dtype_in(dtype: Dtype) -> Option<DType> {
    match dtype {
        Dtype::F32 => Some(DType::F32),
        Dtype::F64 => Some(DType::F64),
        Dtype::F16 => Some(DType::F16),
        Dtype::BF16 => Some(DType::BF16),
        Dtype::I64 => Some(DType::I64),
        Dtype::I32 => Some(DType::I32),
        Dtype::U8 => Some(DType::U8),
        Dtype::BOOL => Some(DType::Bool),
        _ => None,
    }
}

/// The bytes of a safetensors file with metadata added, in order: the crate keeps them in a hash map, so that the same table
/// would make another file each time.
///
/// A file is the length of its header, the header (one JSON object, filled up with spaces), and the elements.
fn with_metadata(bytes: &[u8], metadata: &BTreeMap<String, String>) -> Vec<u8> {
    const LENGTH: usize = size_of::<u64>();
    let mut length = [0; LENGTH];
    length.copy_from_slice(&bytes[..LENGTH]);
    let (header, elements) = bytes[LENGTH..].split_at(u64::from_le_bytes(length) as usize);
    let tensors = &header.trim_ascii()[1..];
    let mut header = format!("{{\"__metadata__\":{}", serde_json::json!(metadata)).into_bytes();
    if tensors != b"}" {
        header.push(b',');
    }
    header.extend_from_slice(tensors);
    header.resize(header.len().next_multiple_of(LENGTH), b' ');
    [&(header.len() as u64).to_le_bytes(), &header[..], elements].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata() -> BTreeMap<String, String> {
        (0..20)
            .map(|number| (format!("key \"{number}\"\n"), format!("value {number}")))
            .collect()
    }

    #[test]
    fn metadata_is_kept_and_in_order() {
        let numbers: Vec<u8> = 1f32.to_le_bytes().repeat(3);
        let view = || TensorView::new(Dtype::F32, vec![3], &numbers).expect("three numbers");
        let tables = [vec![], vec![("x", view())], vec![("x", view()), ("y", view())]];
        for tensors in tables {
            let count = tensors.len();
            let bytes = safetensors::serialize(tensors, None).expect("tensors that fit");
            let bytes = with_metadata(&bytes, &metadata());
            let (length, header) = SafeTensors::read_metadata(&bytes).expect("a file that can be read");
            assert_eq!(length % 8, 0, "the elements are aligned");
            let read: BTreeMap<_, _> = header.metadata().clone().expect("metadata").into_iter().collect();
            assert_eq!(read, metadata());
            let file = SafeTensors::deserialize(&bytes).expect("a file that can be read");
            assert!(file.iter().all(|(_, view)| view.data() == numbers) && file.len() == count);
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let places = metadata().into_values().map(|value| text.find(&format!("\"{value}\"")));
            assert!(places.is_sorted(), "{text}");
        }
    }
}
