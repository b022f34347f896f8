//! Parameters to and from safetensors files.
//!
//! Reading checks every name, shape and element type before anything is changed.

use std::path::Path;

use crate::error::{Error, Result};
use crate::files::Table;
use crate::nn::Walk;

/// Writes the parameters of a model, and some numbers beside them.
pub(crate) fn save(path: &Path, name: &str, numbers: [(&str, u64); 2], visit: &dyn Fn(&mut Walk<'_>)) -> Result<()> {
    let mut table = Table::default();
    let mut outcome = Ok(());
    visit(&mut Walk::new(&mut |path, met| {
        if outcome.is_ok() {
            outcome = table.insert(path.to_string(), met.value);
        }
    }));
    outcome?;
    table.metadata.insert("format".into(), "pt".into());
    table.metadata.insert("model".into(), name.into());
    let numbers = numbers.map(|(name, number)| (name.into(), number.to_string()));
    table.metadata.extend(numbers);
    table.write(path)
}

/// Reads the parameters of a model: all of them, or none. Gives the numbers beside them, which files from elsewhere lack.
pub(crate) fn load(
    path: &Path,
    name: &str,
    numbers: [&str; 2],
    visit: &dyn Fn(&mut Walk<'_>),
) -> Result<[Option<u64>; 2]> {
    let table = Table::read(path)?;
    let mut wanted = Vec::new();
    visit(&mut Walk::new(&mut |path, met| {
        wanted.push((path.to_string(), met.value.sizes().to_vec(), met.value.dtype()));
    }));
    table.expect(path, &format!("the parameters of `{name}`"), &wanted)?;
    let mut found = [None; 2];
    for (found, name) in found.iter_mut().zip(numbers) {
        if let Some(text) = table.metadata.get(name) {
            let number = text.parse();
            let wrong = |_| Error::format(path, format!("a whole number as `{name}`"), format!("`{text}`"));
            *found = Some(number.map_err(wrong)?);
        }
    }
    let mut outcome = Ok(());
    visit(&mut Walk::new(&mut |path, met| {
        if let (Ok(()), Some(stored)) = (&outcome, table.tensors.get(&path.to_string())) {
            let _writing = met.flat.write_some(met.index..met.index + 1);
            outcome = met.flat.values().upload(&stored.bytes, met.value.offset);
        }
    }));
    outcome?;
    Ok(found)
}
