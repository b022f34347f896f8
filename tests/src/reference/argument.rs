//! An argument of a call, as the json files write it.

use serde_json::Value;

/// An argument of a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// A tensor, by name.
    Tensor(String),
    /// A number.
    Number(f64),
    /// Several whole numbers: sizes or axes.
    Integers(Vec<i64>),
    /// A word.
    Text(String),
    /// Yes or no.
    Flag(bool),
    /// Nothing.
    Missing,
    /// What no test here has a use for: a device, an element type, a slice.
    Other,
}

impl From<&Value> for Argument {
    fn from(json: &Value) -> Self {
        match json {
            Value::Null => Self::Missing,
            Value::Bool(flag) => Self::Flag(*flag),
            Value::Number(number) => number.as_f64().map_or(Self::Other, Self::Number),
            Value::String(text) => Self::Text(text.clone()),
            Value::Array(_) => Self::Other,
            Value::Object(object) => {
                if let Some(name) = object.get("t").and_then(Value::as_str) {
                    return Self::Tensor(name.to_owned());
                }
                let list = object
                    .get("list")
                    .or_else(|| object.get("tuple"))
                    .and_then(Value::as_array);
                match list.map(|list| list.iter().map(Value::as_i64).collect::<Option<Vec<i64>>>()) {
                    Some(Some(integers)) => Self::Integers(integers),
                    Some(None) | None => Self::Other,
                }
            }
        }
    }
}

impl Argument {
    /// The arguments of a call by position.
    pub fn list(json: &Value) -> Vec<Self> {
        json.as_array()
            .map(|list| list.iter().map(Self::from).collect())
            .unwrap_or_default()
    }

    /// The argument of a call by name.
    pub fn named(json: &Value, name: &str) -> Self {
        json.get(name).map_or(Self::Missing, Self::from)
    }

    /// The name of the tensor that it is.
    pub fn tensor(&self) -> Option<&str> {
        match self {
            Self::Tensor(name) => Some(name),
            _ => None,
        }
    }

    /// The number that it is.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }
}
