//! What a folder holds, found out from its json files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::pack::read_json;

/// What a file is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Calls of an operator.
    Operators,
    /// Layers and losses.
    Layers,
    /// Runs of optimizers and schedulers.
    Optimizers,
}

impl Family {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Operators, Self::Layers, Self::Optimizers];

    /// As it is printed.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Operators => "operators",
            Self::Layers => "layers",
            Self::Optimizers => "optimizers",
        }
    }
}

/// A name, with the files that are about it: one for each element type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub family: Family,
    /// The operator with its variant, the class of the layer, the optimizer.
    pub name: String,
    /// The json files.
    pub files: Vec<PathBuf>,
}

/// What a folder holds.
#[derive(Debug, Default)]
pub struct Folder {
    /// The names, by family and alphabet.
    pub entries: Vec<Entry>,
    /// Files that cannot be read, with what is wrong.
    pub broken: Vec<String>,
}

impl Folder {
    /// Looks through a folder and those in it.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub fn read(path: &Path) -> Result<Self, String> {
        let mut files = BTreeSet::new();
        walk(path, &mut files)?;
        let mut folder = Self::default();
        let mut entries: BTreeMap<(Family, String), Vec<PathBuf>> = BTreeMap::new();
        for file in files {
            match names(&file) {
                Ok(names) => {
                    for name in names {
                        entries.entry(name).or_default().push(file.clone());
                    }
                }
                Err(error) => folder.broken.push(error),
            }
        }
        let entry = |((family, name), files)| Entry { family, name, files };
        folder.entries = entries.into_iter().map(entry).collect();
        Ok(folder)
    }
}

fn walk(path: &Path, files: &mut BTreeSet<PathBuf>) -> Result<(), String> {
    let unreadable = |error: std::io::Error| format!("{}: {error}", path.display());
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_dir() {
            walk(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.insert(path);
        }
    }
    Ok(())
}

/// What a json file is about: one name, or those of the runs in it. A file of another kind is about nothing.
fn names(file: &Path) -> Result<BTreeSet<(Family, String)>, String> {
    let json = read_json(file)?;
    let broken = |what: &str| Err(format!("{}: {what}", file.display()));
    let text = |key: &str| json.get(key).and_then(Value::as_str);
    let samples = json.get("samples").is_some_and(Value::is_array);
    if let Some(op) = text("op") {
        let variant = text("variant").filter(|variant| !variant.is_empty());
        let name = variant.map_or(op.to_owned(), |variant| format!("{op}.{variant}"));
        return if samples {
            Ok([(Family::Operators, name)].into())
        } else {
            broken("it has no list of `samples`")
        };
    }
    if let Some(class) = text("module") {
        let name = class.rsplit('.').next().unwrap_or(class).to_owned();
        return if samples {
            Ok([(Family::Layers, name)].into())
        } else {
            broken("it has no list of `samples`")
        };
    }
    if let Some(runs) = json.get("runs") {
        let runs = runs.as_array().map_or(&[][..], Vec::as_slice);
        let names = runs.iter().map(|run| run.get("optimizer").and_then(Value::as_str));
        return match names.collect::<Option<Vec<&str>>>() {
            Some(names) => Ok(names
                .into_iter()
                .map(|name| (Family::Optimizers, name.to_owned()))
                .collect()),
            None => broken("a run has no `optimizer`"),
        };
    }
    if let Some(schedulers) = json.get("schedulers") {
        return match schedulers.as_object() {
            Some(object) => Ok(object
                .keys()
                .map(|name| (Family::Optimizers, scheduler(name).to_owned()))
                .collect()),
            None => broken("`schedulers` is no object"),
        };
    }
    if samples {
        broken("its `samples` are neither those of an `op` nor of a `module`")
    } else {
        Ok(BTreeSet::new())
    }
}

/// The class of `StepLR(step_size=7,gamma=0.3)`.
pub fn scheduler(name: &str) -> &str {
    name.split('(').next().unwrap_or(name)
}
