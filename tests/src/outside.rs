//! A package outside the workspace, as a user has one.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder with packages of its own workspace, which depend on this library by path.
#[derive(Debug)]
pub struct Outside {
    folder: PathBuf,
}

impl Outside {
    /// An empty folder; what was there before is gone. Versions are locked as they are in the workspace, so that nothing
    /// has to be downloaded.
    ///
    /// # Panics
    /// If the folder cannot be written.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        let folder = folder.into();
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("a folder that can be emptied");
        }
        let outside = Self { folder };
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
        if let Ok(lock) = fs::read_to_string(lock) {
            outside.write("Cargo.lock", &lock);
        }
        outside
    }

    /// Where the library is, as a manifest writes it.
    pub fn library() -> String {
        let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tensor");
        format!("{library:?}")
    }

    /// Where the packages are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes a file, with the folders above it.
    ///
    /// # Panics
    /// If it cannot be written.
    pub fn write(&self, path: impl AsRef<Path>, text: &str) {
        let path = self.folder.join(path);
        let written =
            fs::create_dir_all(path.parent().expect("a file in a folder")).and_then(|()| fs::write(&path, text));
        written.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// Calls cargo in the folder, without the network.
    ///
    /// # Panics
    /// If there is no cargo.
    pub fn cargo(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Output {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        Command::new(cargo)
            .args(arguments)
            .arg("--offline")
            .current_dir(&self.folder)
            .env_remove("CARGO_TARGET_DIR")
            .env("CARGO_TERM_COLOR", "never")
            .output()
            .expect("cargo, which built this")
    }
}
