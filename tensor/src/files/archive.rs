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
    ///
    /// ```
    /// assert_eq!(tensor::files::Archive::new().names().count(), 0);
    /// ```
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
    ///
    /// ```
    /// use tensor::files::Archive;
    /// use tensor::prelude::*;
    /// let mut archive = Archive::new();
    /// archive.insert("x", &tensor![1., 2.])?;
    /// archive.insert("x", &tensor![3i64])?;
    /// assert_eq!(archive.get::<i64>("x")?.to_vec()?, [3]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn insert<S: Shape, T: Element>(&mut self, name: impl Into<String>, tensor: &Tensor<S, T>) -> Result<()> {
        self.table.insert(name.into(), tensor.value())
    }

    /// The names of the tensors.
    ///
    /// ```
    /// use tensor::files::Archive;
    /// use tensor::prelude::*;
    /// let mut archive = Archive::new();
    /// archive.insert("x", &tensor![1., 2.])?;
    /// archive.insert("labels", &tensor![1i64, 0])?;
    /// assert_eq!(archive.names().collect::<Vec<_>>(), ["labels", "x"]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.table.tensors.keys().map(String::as_str)
    }

    /// The element type of a tensor, where there is one of that name.
    ///
    /// ```
    /// use tensor::DType;
    /// use tensor::prelude::*;
    /// let mut archive = tensor::files::Archive::new();
    /// archive.insert("x", &tensor![1., 2.])?;
    /// assert_eq!((archive.dtype("x"), archive.dtype("y")), (Some(DType::F32), None));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn dtype(&self, name: &str) -> Option<DType> {
        self.table.tensors.get(name).map(|stored| stored.dtype)
    }

    /// The sizes of a tensor, where there is one of that name.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let mut archive = tensor::files::Archive::new();
    /// archive.insert("x", &tensor![[1., 2.]])?;
    /// assert_eq!((archive.sizes("x"), archive.sizes("y")), (Some(&[1, 2][..]), None));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn sizes(&self, name: &str) -> Option<&[usize]> {
        self.table.tensors.get(name).map(|stored| &*stored.sizes)
    }

    /// A tensor.
    ///
    /// # Errors
    /// Where there is none of that name, or it has other elements than `T`: [`Tensor::cast`] changes them, after it was got as what it is.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let mut archive = tensor::files::Archive::new();
    /// archive.insert("x", &tensor![1., 2.])?;
    /// assert_eq!(archive.get::<f32>("x")?.to_vec()?, [1., 2.]);
    /// assert!(archive.get::<f64>("x").is_err() && archive.get::<f32>("y").is_err());
    /// # Ok::<(), tensor::Error>(())
    /// ```
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
    ///
    /// ```
    /// use tensor::files::Archive;
    /// use tensor::prelude::*;
    /// let folder = tempfile::tempdir().expect("a folder");
    /// let path = folder.path().join("x.npz");
    /// let mut archive = Archive::new();
    /// archive.insert("x", &tensor![1., 2.])?;
    /// archive.save_npz(&path)?;
    /// assert_eq!(Archive::load_npz(&path)?.get::<f32>("x")?.to_vec()?, [1., 2.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
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
    ///
    /// ```
    /// use tensor::files::Archive;
    /// use tensor::prelude::*;
    /// let folder = tempfile::tempdir().expect("a folder");
    /// let path = folder.path().join("x.npz");
    /// let mut archive = Archive::new();
    /// archive.insert("x", &tensor![true, false])?;
    /// archive.save_npz(&path)?;
    /// assert_eq!(Archive::load_npz(&path)?.get::<bool>("x")?.to_vec()?, [true, false]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn save_npz(&self, path: impl AsRef<Path>) -> Result<()> {
        npz::write(path.as_ref(), &self.table.tensors, false)
    }

    /// Writes a compressed `.npz` file, as NumPy's `savez_compressed`.
    ///
    /// # Errors
    /// Where the file cannot be written, or a tensor is of `bf16`, which NumPy does not have.
    ///
    /// ```
    /// use tensor::files::Archive;
    /// use tensor::prelude::*;
    /// let folder = tempfile::tempdir().expect("a folder");
    /// let path = folder.path().join("zeros.npz");
    /// let mut archive = Archive::new();
    /// archive.insert("zeros", &Tensor::<dims![10_000]>::zeros())?;
    /// archive.save_npz_compressed(&path)?;
    /// assert!(path.metadata().expect("a file").len() < 10_000);
    /// assert_eq!(Archive::load_npz(&path)?.sizes("zeros"), Some(&[10_000][..]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn save_npz_compressed(&self, path: impl AsRef<Path>) -> Result<()> {
        npz::write(path.as_ref(), &self.table.tensors, true)
    }

    /// Reads a safetensors file.
    ///
    /// # Errors
    /// Where the file cannot be read, is none of that kind, or has elements of other types than there are here.
    ///
    /// ```
    /// use tensor::files::Archive;
    /// use tensor::prelude::*;
    /// let folder = tempfile::tempdir().expect("a folder");
    /// let path = folder.path().join("x.safetensors");
    /// let mut archive = Archive::new();
    /// archive.insert("x", &tensor![1., 2.])?;
    /// archive.save_safetensors(&path)?;
    /// assert_eq!(Archive::load_safetensors(&path)?.get::<f32>("x")?.to_vec()?, [1., 2.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn load_safetensors(path: impl AsRef<Path>) -> Result<Self> {
        let table = Table::read(path.as_ref())?;
        Ok(Self { table })
    }

    /// Writes a safetensors file.
    ///
    /// # Errors
    /// Where the file cannot be written.
    ///
    /// ```
    /// use tensor::files::Archive;
    /// use tensor::prelude::*;
    /// let folder = tempfile::tempdir().expect("a folder");
    /// let path = folder.path().join("x.safetensors");
    /// let mut archive = Archive::new();
    /// archive.insert("x", &tensor![1., 2.].cast::<tensor::bf16>())?;
    /// archive.save_safetensors(&path)?;
    /// let x = Archive::load_safetensors(&path)?.get::<tensor::bf16>("x")?;
    /// assert_eq!(x.cast::<f32>().to_vec()?, [1., 2.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
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
