//! An argument of a call, as the json files write it.

use serde_json::Value;
use tensor::DType;

use super::{Any, Refusal};

/// An argument of a call.
#[derive(Clone, Debug)]
pub enum Argument {
    /// A tensor.
    Tensor(Any),
    /// A whole number.
    Int(i64),
    /// A number with a fraction, or an infinite one.
    Float(f64),
    /// Yes or no.
    Bool(bool),
    /// A word.
    Text(String),
    /// Nothing: the default counts.
    None,
    /// A list or a tuple.
    List(Vec<Argument>),
    /// `start:stop:step`.
    Slice([Option<i64>; 3]),
    /// `...`.
    Ellipsis,
    /// An element type, as PyTorch calls it.
    DType(String),
    /// A device.
    Device(String),
}

impl Argument {
    /// Reads an argument; `tensor` gives the tensor of a name, complex or not.
    ///
    /// # Errors
    /// What `tensor` says, and where the json is no argument.
    pub fn read(json: &Value, tensor: &mut dyn FnMut(&str, bool) -> Result<Any, Refusal>) -> Result<Self, Refusal> {
        let broken = || Refusal::error(format!("broken file: {json} is no argument"));
        let object = match json {
            Value::Null => return Ok(Self::None),
            Value::Bool(flag) => return Ok(Self::Bool(*flag)),
            Value::Number(number) => {
                return match number.as_i64() {
                    Some(number) => Ok(Self::Int(number)),
                    None => number.as_f64().map(Self::Float).ok_or_else(broken),
                };
            }
            Value::String(text) => return Ok(Self::Text(text.clone())),
            Value::Array(list) => return Self::list(list, tensor),
            Value::Object(object) => object,
        };
        let text = |key: &str| object.get(key).and_then(Value::as_str);
        if let Some(name) = text("t") {
            let complex = object.get("complex").and_then(Value::as_bool).unwrap_or(false);
            return tensor(name, complex).map(Self::Tensor);
        }
        if let Some(list) = object.get("list").or_else(|| object.get("tuple")) {
            return Self::list(list.as_array().ok_or_else(broken)?, tensor);
        }
        if let Some(dtype) = text("dtype") {
            return Ok(Self::DType(dtype.trim_start_matches("torch.").to_owned()));
        }
        if let Some(device) = text("device") {
            return Ok(Self::Device(device.to_owned()));
        }
        if let Some(number) = text("f") {
            return number.parse().map(Self::Float).map_err(|_| broken());
        }
        if let Some(parts) = object.get("slice").and_then(Value::as_array) {
            let mut slice = [None; 3];
            for (part, json) in slice.iter_mut().zip(parts) {
                *part = match json {
                    Value::Null => None,
                    json => Some(json.as_i64().ok_or_else(broken)?),
                };
            }
            return Ok(Self::Slice(slice));
        }
        match object.contains_key("ellipsis") {
            true => Ok(Self::Ellipsis),
            false => Err(Refusal::missing(format!("reading of arguments such as {json}"))),
        }
    }

    fn list(list: &[Value], tensor: &mut dyn FnMut(&str, bool) -> Result<Any, Refusal>) -> Result<Self, Refusal> {
        let list: Result<_, _> = list.iter().map(|json| Self::read(json, tensor)).collect();
        list.map(Self::List)
    }

    /// Whether it is nothing.
    pub fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// What it is, for messages.
    pub fn describe(&self) -> String {
        match self {
            Self::Tensor(any) => format!("a tensor of {} {:?}", any.word(), any.sizes()),
            Self::Int(number) => number.to_string(),
            Self::Float(number) => format!("{number:?}"),
            Self::Bool(flag) => flag.to_string(),
            Self::Text(text) => format!("{text:?}"),
            Self::None => "nothing".to_owned(),
            Self::List(list) => format!("[{}]", list.iter().map(Self::describe).collect::<Vec<_>>().join(", ")),
            Self::Slice(_) => "a slice".to_owned(),
            Self::Ellipsis => "`...`".to_owned(),
            Self::DType(dtype) => dtype.clone(),
            Self::Device(device) => format!("device {device}"),
        }
    }

    fn no(&self, wanted: &str) -> Refusal {
        Refusal::form(format!("{} where {wanted} is taken", self.describe()))
    }

    /// A tensor.
    ///
    /// # Errors
    /// Where it is something else, as with all of these.
    pub fn tensor(&self) -> Result<&Any, Refusal> {
        match self {
            Self::Tensor(any) => Ok(any),
            other => Err(other.no("a tensor")),
        }
    }

    /// A list of tensors; one tensor is a list of one.
    ///
    /// # Errors
    /// Where anything in it is something else.
    pub fn tensors(&self) -> Result<Vec<Any>, Refusal> {
        match self {
            Self::Tensor(any) => Ok(vec![any.clone()]),
            Self::List(list) => list.iter().map(|each| each.tensor().cloned()).collect(),
            other => Err(other.no("a list of tensors")),
        }
    }

    /// A whole number; a bool is 0 or 1, a tensor of one integer is that.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn int(&self) -> Result<i64, Refusal> {
        match self {
            Self::Int(number) => Ok(*number),
            Self::Bool(flag) => Ok((*flag).into()),
            Self::Tensor(any) if any.len() == 1 && !any.is_float() => Ok(any.integers()?[0]),
            other => Err(other.no("a whole number")),
        }
    }

    /// A number; whole ones and bools are numbers.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn float(&self) -> Result<f64, Refusal> {
        match self {
            Self::Float(number) => Ok(*number),
            Self::Int(number) => Ok(*number as f64),
            Self::Bool(flag) => Ok(f64::from(u8::from(*flag))),
            other => Err(other.no("a number")),
        }
    }

    /// Yes or no.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn bool(&self) -> Result<bool, Refusal> {
        match self {
            Self::Bool(flag) => Ok(*flag),
            other => Err(other.no("yes or no")),
        }
    }

    /// A word.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn text(&self) -> Result<&str, Refusal> {
        match self {
            Self::Text(text) => Ok(text),
            other => Err(other.no("a word")),
        }
    }

    /// A list of anything.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn items(&self) -> Result<&[Argument], Refusal> {
        match self {
            Self::List(list) => Ok(list),
            other => Err(other.no("a list")),
        }
    }

    /// Whole numbers: sizes, axes. One number is a list of one.
    ///
    /// # Errors
    /// Where anything in it is something else.
    pub fn ints(&self) -> Result<Vec<i64>, Refusal> {
        match self {
            Self::List(list) => list.iter().map(Self::int).collect(),
            other => Ok(vec![other.int()?]),
        }
    }

    /// Numbers. One number is a list of one.
    ///
    /// # Errors
    /// Where anything in it is something else.
    pub fn floats(&self) -> Result<Vec<f64>, Refusal> {
        match self {
            Self::List(list) => list.iter().map(Self::float).collect(),
            other => Ok(vec![other.float()?]),
        }
    }

    /// The name of an element type.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn dtype_word(&self) -> Result<&str, Refusal> {
        match self {
            Self::DType(word) => Ok(word),
            other => Err(other.no("an element type")),
        }
    }

    /// An element type.
    ///
    /// # Errors
    /// Where it is something else, or there is no such element type.
    pub fn dtype(&self) -> Result<DType, Refusal> {
        Ok(Any::from_numbers(self.dtype_word()?, &[], &[0])?.dtype())
    }
}
