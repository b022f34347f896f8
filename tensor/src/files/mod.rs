//! Tensors in files: NumPy's `.npy` and `.npz`, and safetensors.
//!
//! A file is written beside its place and then renamed, so that it is whole or not there. Whatever a file holds that is read, the answer is a
//! tensor or an error that names the file, what was expected and what was found; nothing larger than what is there is ever allocated.
//!
//! ```
//! use tensor::files::Archive;
//! use tensor::prelude::*;
//!
//! let folder = tempfile::tempdir().expect("a folder");
//! let path = folder.path().join("both.npz");
//! let mut archive = Archive::new();
//! archive.insert("x", &tensor![[1., 2.], [3., 4.]])?;
//! archive.insert("labels", &tensor![1i64, 0])?;
//! archive.save_npz(&path)?;
//!
//! let archive = Archive::load_npz(&path)?;
//! assert_eq!(archive.names().collect::<Vec<_>>(), ["labels", "x"]);
//! assert_eq!(archive.get::<f32>("x")?.sizes(), [2, 2]);
//! # Ok::<(), tensor::Error>(())
//! ```

mod archive;
mod literal;
mod npy;
mod npz;
mod table;
mod whole;

pub use archive::Archive;
pub(crate) use table::{Stored, Table};
pub(crate) use whole::write_whole;
