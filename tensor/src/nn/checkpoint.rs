//! Parameters and buffers to and from tables of tensors, as safetensors files are.
//!
//! Reading checks every name, shape and element type before anything is changed.

use std::path::Path;
use std::sync::Arc;

use crate::element::DType;
use crate::error::{Error, Result};
use crate::files::Table;
use crate::nn::Walk;
use crate::nn::buffer::Cell;
use crate::nn::walk::{self, Met, Visitor};
use crate::tape::Value;

/// Copies everything into a table.
struct Written {
    table: Table,
    outcome: Result<()>,
}

impl Written {
    fn insert(&mut self, path: walk::Path<'_>, value: &Value) {
        if self.outcome.is_ok() {
            self.outcome = self.table.insert(path.to_string(), value);
        }
    }
}

impl Visitor for Written {
    fn parameter(&mut self, path: walk::Path<'_>, met: Met<'_>) {
        self.insert(path, met.value);
    }

    fn buffer(&mut self, path: walk::Path<'_>, cell: &Arc<Cell>) {
        self.insert(path, &cell.value());
    }
}

/// Name, sizes and element type of everything.
#[derive(Default)]
struct Wanted {
    tensors: Vec<(String, Vec<usize>, DType)>,
    /// Where each parameter lies, by its place among the tensors.
    parameters: Vec<(usize, Place)>,
    /// Further names of parameters.
    ties: Vec<(String, Place)>,
}

/// A flat buffer, and the number of a parameter in it.
type Place = (u64, usize);

impl Wanted {
    fn add(&mut self, path: walk::Path<'_>, value: &Value) {
        self.tensors
            .push((path.to_string(), value.sizes().to_vec(), value.dtype()));
    }

    /// Of a weight that two parts have, files may hold either name, or both. Gives the names to read from where the first is not there.
    fn settle(&mut self, table: &Table) -> Vec<String> {
        let mut instead = Vec::new();
        for (tied, place) in std::mem::take(&mut self.ties) {
            let parameter = self.parameters.iter().find(|(_, known)| *known == place);
            let (Some((index, _)), true) = (parameter, table.tensors.contains_key(&tied)) else {
                continue;
            };
            let (name, sizes, dtype) = self.tensors[*index].clone();
            if table.tensors.contains_key(&name) {
                self.tensors.push((tied, sizes, dtype));
            } else {
                self.tensors[*index].0.clone_from(&tied);
                instead.push(tied);
            }
        }
        instead
    }
}

impl Visitor for Wanted {
    fn parameter(&mut self, path: walk::Path<'_>, met: Met<'_>) {
        self.parameters.push((self.tensors.len(), (met.flat.id(), met.index)));
        self.add(path, met.value);
    }

    fn tied(&mut self, path: walk::Path<'_>, met: Met<'_>) {
        self.ties.push((path.to_string(), (met.flat.id(), met.index)));
    }

    fn buffer(&mut self, path: walk::Path<'_>, cell: &Arc<Cell>) {
        self.add(path, &cell.value());
    }
}

/// Takes everything over from a table in which it is.
struct Taken<'a> {
    table: &'a Table,
    /// Further names of parameters whose own is not there.
    instead: Vec<String>,
    outcome: Result<()>,
}

impl Visitor for Taken<'_> {
    fn parameter(&mut self, path: walk::Path<'_>, met: Met<'_>) {
        if let (Ok(()), Some(stored)) = (&self.outcome, self.table.tensors.get(&path.to_string())) {
            let _writing = met.flat.write_some(met.index..met.index + 1);
            self.outcome = met.flat.values().upload(&stored.bytes, met.value.offset);
        }
    }

    fn tied(&mut self, path: walk::Path<'_>, met: Met<'_>) {
        if self.instead.contains(&path.to_string()) {
            self.parameter(path, met);
        }
    }

    fn buffer(&mut self, path: walk::Path<'_>, cell: &Arc<Cell>) {
        if let (Ok(()), Some(stored)) = (&self.outcome, self.table.tensors.get(&path.to_string())) {
            let value = stored.value_on(cell.value().device());
            self.outcome = value.map(|value| cell.replace(value));
        }
    }
}

/// What a walk meets that may be on the tape of others: the parameters and buffers as they are now.
pub(crate) fn table(visit: &dyn Fn(&mut Walk<'_>)) -> Result<Table> {
    let mut written = Written {
        table: Table::default(),
        outcome: Ok(()),
    };
    visit(&mut Walk::over(&mut written));
    written.outcome.map(|()| written.table)
}

/// Takes over parameters and buffers from a table: all of them, or none. `source` and `owner` are for messages.
pub(crate) fn take(table: &Table, source: &Path, owner: &str, visit: &dyn Fn(&mut Walk<'_>)) -> Result<()> {
    let mut wanted = Wanted::default();
    visit(&mut Walk::over(&mut wanted));
    let instead = wanted.settle(table);
    table.expect(source, owner, &wanted.tensors)?;
    let mut taken = Taken {
        table,
        instead,
        outcome: Ok(()),
    };
    visit(&mut Walk::over(&mut taken));
    taken.outcome
}

/// Writes the parameters and buffers of a model, and some numbers beside them.
pub(crate) fn save(path: &Path, name: &str, numbers: &[(&str, u64)], visit: &dyn Fn(&mut Walk<'_>)) -> Result<()> {
    let mut table = table(visit)?;
    table.metadata.insert("format".into(), "pt".into());
    table.metadata.insert("model".into(), name.into());
    let numbers = numbers
        .iter()
        .map(|(name, number)| ((*name).into(), number.to_string()));
    table.metadata.extend(numbers);
    table.write(path)
}

/// Reads the parameters and buffers of a model: all of them, or none. Gives the numbers beside them, which files from elsewhere lack.
pub(crate) fn load<const N: usize>(
    path: &Path,
    name: &str,
    numbers: [&str; N],
    visit: &dyn Fn(&mut Walk<'_>),
) -> Result<[Option<u64>; N]> {
    let table = Table::read(path)?;
    let mut found = [None; N];
    for (found, name) in found.iter_mut().zip(numbers) {
        if let Some(text) = table.metadata.get(name) {
            let number = text.parse();
            let wrong = |_| Error::format(path, format!("a whole number as `{name}`"), format!("`{text}`"));
            *found = Some(number.map_err(wrong)?);
        }
    }
    take(&table, path, &format!("the parameters of `{name}`"), visit)?;
    Ok(found)
}
