//! Named tensors of any element types.

use std::path::Path;

use super::{Table, npz};
use crate::element::{DType, Element};
use crate::error::{Error, Result};
use crate::layout::describe;
use crate::shape::{Dynamic, Shape};
use crate::tensors::Tensor;

/// Named tensors of any element types: what a `.npz` or safetensors file holds.
///
/// They are copies in memory; names are in alphabetical order.
#[derive(Default)]
pub struct Archive {
    table: Table,
}

impl Archive {
    /// Without tensors.
    pub fn new() -> Self {
        Self::default()
    }

    pub(crate) fn over(table: Table) -> Self {
        Self { table }
    }

    pub(crate) fn table(&self) -> &Table {
        &self.table
    }

    /// Adds a tensor, in the place of one of the same name.
    ///
    /// # Errors
    /// The error of the operation that should have computed it.
    pub fn insert<S: Shape, T: Element>(&mut self, name: impl Into<String>, tensor: &Tensor<S, T>) -> Result<()> {
        self.table.insert(name.into(), tensor.value())
    }

    /// The names of the tensors.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.table.tensors.keys().map(String::as_str)
    }

    /// The element type of a tensor, where there is one of that name.
    pub fn dtype(&self, name: &str) -> Option<DType> {
        self.table.tensors.get(name).map(|stored| stored.dtype)
    }

    /// The sizes of a tensor, where there is one of that name.
    pub fn sizes(&self, name: &str) -> Option<&[usize]> {
        self.table.tensors.get(name).map(|stored| &*stored.sizes)
    }

    /// A tensor.
    ///
    /// # Errors
    /// Where there is none of that name, or it has other elements than `T`: [`Tensor::cast`] changes them, after it was got as what it is.
    pub fn get<T: Element>(&self, name: &str) -> Result<Tensor<Dynamic, T>> {
        let Some(stored) = self.table.tensors.get(name) else {
            let names: Vec<String> = self.names().map(|name| format!("`{name}`")).collect();
            let there = if names.is_empty() {
                "nothing".to_owned()
            } else {
                names.join(", ")
            };
            return Err(Error::argument(
                "name",
                format!("one of what is there: {there}"),
                format!("`{name}`"),
            ));
        };
        if stored.dtype != T::DTYPE {
            return Err(Error::Element {
                operation: "get",
                expected: format!("`{name}` {} as {}", describe(&stored.sizes), stored.dtype.name()),
                found: T::DTYPE.name(),
            });
        }
        stored.value().map(Tensor::of)
    }

    /// Reads a `.npz` file, compressed or not, with whatever [`Tensor::load_npy`] reads in it.
    ///
    /// # Errors
    /// Where the file cannot be read, or is none of that kind.
    pub fn load_npz(path: impl AsRef<Path>) -> Result<Self> {
        let tensors = npz::read(path.as_ref())?;
        let table = Table {
            tensors,
            ..Table::default()
        };
        Ok(Self { table })
    }

    /// Writes a `.npz` file, as NumPy's `savez`.
    ///
    /// # Errors
    /// Where the file cannot be written, or a tensor is of `bf16`, which NumPy does not have.
    pub fn save_npz(&self, path: impl AsRef<Path>) -> Result<()> {
        npz::write(path.as_ref(), &self.table.tensors, false)
    }

    /// Writes a compressed `.npz` file, as NumPy's `savez_compressed`.
    ///
    /// # Errors
    /// Where the file cannot be written, or a tensor is of `bf16`, which NumPy does not have.
    pub fn save_npz_compressed(&self, path: impl AsRef<Path>) -> Result<()> {
        npz::write(path.as_ref(), &self.table.tensors, true)
    }

    /// Reads a safetensors file.
    ///
    /// # Errors
    /// Where the file cannot be read, is none of that kind, or has elements of other types than there are here.
    pub fn load_safetensors(path: impl AsRef<Path>) -> Result<Self> {
        let table = Table::read(path.as_ref())?;
        Ok(Self { table })
    }

    /// Writes a safetensors file.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn save_safetensors(&self, path: impl AsRef<Path>) -> Result<()> {
        self.table.write(path.as_ref())
    }
}

impl std::fmt::Debug for Archive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let tensors = self.table.tensors.iter();
        let words =
            tensors.map(|(name, stored)| (name, format!("{} {}", stored.dtype.name(), describe(&stored.sizes))));
        f.debug_map().entries(words).finish()
    }
}
