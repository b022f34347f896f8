//! A json file with the tensors beside it.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use safetensors::SafeTensors;
use serde_json::Value;

use super::Stored;

/// A json file with the tensors beside it.
#[derive(Debug)]
pub struct Pack {
    /// What the json file says.
    pub json: Value,
    tensors: HashMap<String, Stored>,
}

impl Pack {
    /// Reads `NAME.json` and `NAME.safetensors`, which need not be there where no call has tensors.
    ///
    /// # Errors
    /// Where one of them is broken, by name.
    pub fn open(path: &Path) -> Result<Self, String> {
        let json = read_json(path)?;
        let beside = path.with_extension("safetensors");
        let mut tensors = HashMap::new();
        if beside.exists() {
            let broken = |error: &dyn std::fmt::Display| format!("{}: {error}", beside.display());
            let bytes = fs::read(&beside).map_err(|error| broken(&error))?;
            let file = SafeTensors::deserialize(&bytes).map_err(|error| broken(&error))?;
            for (name, view) in file.iter() {
                // A tensor that cannot be read is missed by the calls that need it, and by no other.
                if let Ok(stored) = Stored::read(&view) {
                    tensors.insert(name.to_owned(), stored);
                }
            }
        }
        Ok(Self { json, tensors })
    }

    /// The calls with their results.
    ///
    /// # Errors
    /// Where there is no list of them.
    pub fn samples(&self) -> Result<&[Value], String> {
        let samples = self.json.get("samples").and_then(Value::as_array);
        samples
            .map(Vec::as_slice)
            .ok_or_else(|| "it has no list of `samples`".to_owned())
    }

    /// The calls that must be refused.
    pub fn errors(&self) -> &[Value] {
        self.json
            .get("errors")
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }

    /// A word of the json file, or nothing.
    pub fn text(&self, key: &str) -> &str {
        self.json.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    /// A tensor by name.
    ///
    /// # Errors
    /// Where there is none.
    pub fn tensor(&self, name: &str) -> Result<&Stored, String> {
        let stored = self.tensors.get(name);
        stored.ok_or_else(|| format!("broken file: there is no tensor `{name}` beside it"))
    }
}

/// Reads json, in which Python may have written `NaN` and `Infinity`.
pub fn read_json(path: &Path) -> Result<Value, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let strict = serde_json::from_str(&text);
    strict
        .or_else(|error| serde_json::from_str(&without_bare_words(&text)).map_err(|_| error))
        .map_err(|error| format!("{}: {error}", path.display()))
}

/// Quotes what json has no numbers for, outside of text.
fn without_bare_words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, part) in quoted(text).into_iter().enumerate() {
        if index % 2 == 1 {
            out.push_str(part);
            continue;
        }
        let part = part.replace("-Infinity", "{\"f\":\"-inf\"}");
        let part = part.replace("NaN", "{\"f\":\"nan\"}");
        out.push_str(&part.replace("Infinity", "{\"f\":\"inf\"}"));
    }
    out
}

/// Cuts json at its quotes: what is outside, what is inside with its quotes, and so on.
fn quoted(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut inside, mut escaped) = (Vec::new(), 0, false, false);
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => {
                let end = if inside { index + 1 } else { index };
                parts.push(&text[start..end]);
                (start, inside) = (end, !inside);
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_words_of_python_are_read_outside_of_text() {
        let text = r#"{"a": NaN, "b": [-Infinity, Infinity], "NaN \" Infinity": "NaN"}"#;
        let json: Value = serde_json::from_str(&without_bare_words(text)).expect("json");
        assert_eq!(json["a"]["f"], "nan");
        assert_eq!(json["b"][0]["f"], "-inf");
        assert_eq!(json["b"][1]["f"], "inf");
        assert_eq!(json["NaN \" Infinity"], "NaN");
    }
}
