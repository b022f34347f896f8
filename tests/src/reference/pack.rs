//! Reading a pack: `NAME.json` and `NAME.safetensors`.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use safetensors::{Dtype, SafeTensors};
use serde_json::Value;
use tensor::{Dynamic, Element, Tensor};

/// A tensor of a pack. All its element types fit into `f64` as they are.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The size of each axis.
    pub sizes: Vec<usize>,
    /// The elements, row by row.
    pub data: Vec<f64>,
}

impl Stored {
    /// As a tensor.
    pub fn tensor<T: Element>(&self) -> Tensor<Dynamic, T> {
        let data: Vec<T> = self.data.iter().map(|&number| T::from_f64(number)).collect();
        Tensor::from_vec(data, &self.sizes).expect("safetensors checks the number of elements")
    }
}

/// Calls with their results.
#[derive(Debug)]
pub struct Pack {
    /// What the json file says.
    pub json: Value,
    tensors: HashMap<String, Stored>,
    name: String,
}

impl Pack {
    /// Reads `reference/FOLDER/NAME.json` and the tensors beside it.
    pub fn open(folder: &str, name: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("reference").join(folder);
        let json = read(&folder.join(format!("{name}.json")));
        let bytes = read(&folder.join(format!("{name}.safetensors")));
        let file = SafeTensors::deserialize(&bytes).unwrap_or_else(|error| panic!("{name}.safetensors: {error}"));
        let tensors = file.iter().map(|(key, view)| {
            let stored = Stored {
                sizes: view.shape().to_vec(),
                data: numbers(view.dtype(), view.data()),
            };
            (key.to_owned(), stored)
        });
        Self {
            json: serde_json::from_slice(&json).unwrap_or_else(|error| panic!("{name}.json: {error}")),
            tensors: tensors.collect(),
            name: name.to_owned(),
        }
    }

    /// The calls.
    pub fn samples(&self) -> &[Value] {
        self.json["samples"].as_array().map_or(&[], Vec::as_slice)
    }

    /// A tensor by name.
    pub fn tensor(&self, key: &str) -> &Stored {
        self.tensors
            .get(key)
            .unwrap_or_else(|| panic!("{}.safetensors holds no `{key}`", self.name))
    }
}

fn read(path: &PathBuf) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn numbers(dtype: Dtype, bytes: &[u8]) -> Vec<f64> {
    fn each<const SIZE: usize>(bytes: &[u8], number: impl Fn([u8; SIZE]) -> f64) -> Vec<f64> {
        bytes.as_chunks::<SIZE>().0.iter().map(|chunk| number(*chunk)).collect()
    }
    match dtype {
        Dtype::F32 => each(bytes, |chunk| f64::from(f32::from_le_bytes(chunk))),
        Dtype::F64 => each(bytes, f64::from_le_bytes),
        Dtype::I32 => each(bytes, |chunk| f64::from(i32::from_le_bytes(chunk))),
        Dtype::I64 => each(bytes, |chunk| i64::from_le_bytes(chunk) as f64),
        other => panic!("the packs that are read here hold no {other:?}"),
    }
}
