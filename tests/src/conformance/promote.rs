//! The element types that PyTorch would compute in.

use super::{Any, Argument, Call, Refusal};

/// The element types in the order in which one gives way to the next; `float16` and `bfloat16` meet in `float32`.
const ORDER: [&str; 12] = [
    "bool",
    "uint8",
    "int8",
    "int16",
    "int32",
    "int64",
    "float16",
    "bfloat16",
    "float32",
    "float64",
    "complex64",
    "complex128",
];

fn rank(word: &str) -> usize {
    ORDER.iter().position(|each| *each == word).unwrap_or(0)
}

/// Bools, integers, floats, complex numbers.
fn category(word: &str) -> usize {
    match word {
        "bool" => 0,
        "uint8" | "int8" | "int16" | "int32" | "int64" => 1,
        "complex64" | "complex128" => 3,
        _ => 2,
    }
}

/// The element type in which two meet.
fn meet<'a>(left: &'a str, right: &'a str) -> &'a str {
    let (low, high) = if rank(left) <= rank(right) {
        (left, right)
    } else {
        (right, left)
    };
    match (low, high) {
        ("float16", "bfloat16") => "float32",
        ("uint8", "int8") => "int16",
        ("float64", "complex64") => "complex128",
        _ => high,
    }
}

/// The element type of a computation: tensors with axes decide, then those without, then numbers, unless what comes later is of a
/// higher category.
pub fn promoted(arguments: &[&Argument]) -> Result<&'static str, Refusal> {
    let mut words: [Option<&'static str>; 3] = [None; 3];
    for argument in arguments {
        let (weight, word) = match argument {
            Argument::Tensor(any) if any.rank() > 0 => (0, any.word()),
            Argument::Tensor(any) => (1, any.word()),
            Argument::Bool(_) => (2, "bool"),
            Argument::Int(_) => (2, "int64"),
            Argument::Float(_) => (2, "float32"),
            other => {
                return Err(Refusal::form(format!(
                    "{} where tensors and numbers are taken",
                    other.describe()
                )));
            }
        };
        words[weight] = Some(words[weight].map_or(word, |before| meet(before, word)));
    }
    let mut out = "bool";
    for word in words.into_iter().flatten() {
        if category(word) > category(out) || words[0].is_none() && words[1].is_none() {
            out = word;
        }
    }
    Ok(out)
}

impl Call {
    /// The tensor at a place, with floats for integers and bools.
    ///
    /// # Errors
    /// Where it is not there, or something else.
    pub fn floating(&self, position: usize, name: &str) -> Result<Any, Refusal> {
        let any = self.tensor(position, name)?;
        if category(any.word()) >= 2 {
            Ok(any)
        } else {
            any.cast("float32")
        }
    }

    /// The first arguments, tensors or numbers, in their common element type.
    ///
    /// # Errors
    /// Where one is not there, or something else.
    pub fn promoted<const N: usize>(&self, names: [&str; N]) -> Result<[Any; N], Refusal> {
        let mut arguments = Vec::with_capacity(N);
        for (position, name) in names.iter().enumerate() {
            arguments.push(self.need(position, name)?);
        }
        let word = promoted(&arguments)?;
        let mut out = Vec::with_capacity(N);
        for argument in arguments {
            out.push(match argument {
                Argument::Tensor(any) => any.cast(word)?,
                number => Any::from_numbers(word, &[number.float()?], &[])?,
            });
        }
        Ok(out.try_into().expect("one for each name"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tensor(word: &str, sizes: &[usize]) -> Argument {
        let numbers = vec![1.0; sizes.iter().product()];
        Argument::Tensor(Any::from_numbers(word, &numbers, sizes).expect("an element type of the library"))
    }

    #[test]
    fn tensors_with_axes_decide_before_those_without_and_numbers() {
        let (floats, double, ints) = (tensor("float32", &[2]), tensor("float64", &[]), tensor("int64", &[2]));
        assert_eq!(promoted(&[&floats, &double]), Ok("float32"));
        assert_eq!(promoted(&[&ints, &double]), Ok("float64"));
        assert_eq!(promoted(&[&ints, &Argument::Float(0.5)]), Ok("float32"));
        assert_eq!(promoted(&[&tensor("int32", &[2]), &Argument::Int(3)]), Ok("int32"));
        assert_eq!(promoted(&[&tensor("bool", &[2]), &Argument::Int(3)]), Ok("int64"));
        assert_eq!(
            promoted(&[&tensor("float16", &[2]), &tensor("bfloat16", &[2])]),
            Ok("float32")
        );
        assert_eq!(promoted(&[&Argument::Int(2), &Argument::Bool(true)]), Ok("int64"));
    }
}
