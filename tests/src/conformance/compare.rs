//! How near is near enough.

use serde_json::Value;

use super::{Answer, Any, Pack, Stored};

/// Units in the last place of the largest value beside a tensor that are left of what cancels: a norm of one element, say, divides by the
/// square root of its epsilon, and once more for each order of its gradient. It is 4e-12 of that value, where a result of its own size is held to 1e-9.
const NOISE: f64 = 16384.0;

/// What PyTorch's own error was, where the file says so.
#[derive(Clone, Copy, Debug, Default)]
pub struct Precision {
    err: Option<f64>,
    scale: Option<f64>,
    largest: f64,
}

impl Precision {
    /// Of the results of a sample.
    pub fn of_results(sample: &Value) -> Self {
        Self::read(sample, "f32_err", "f32_scale")
    }

    /// Of its gradients.
    pub fn of_gradients(sample: &Value) -> Self {
        Self::read(sample, "grad_f32_err", "grad_f32_scale")
    }

    fn read(sample: &Value, err: &str, scale: &str) -> Self {
        let number = |key: &str| {
            sample
                .get(key)
                .and_then(Value::as_f64)
                .filter(|number| number.is_finite())
        };
        Self {
            err: number(err),
            // It is 0 where it was not measured, as for complex numbers.
            scale: number(scale).filter(|&scale| scale > 0.0),
            largest: 0.0,
        }
    }

    /// With PyTorch's own error, where the file does not say what it was.
    pub fn with_error(self, err: f64) -> Self {
        Self {
            err: self.err.or(Some(err)),
            ..self
        }
    }

    /// Beside tensors of a largest value: below so many units in the last place of it, a smaller tensor is noise.
    pub fn beside(self, largest: f64) -> Self {
        Self { largest, ..self }
    }

    /// The largest difference that counts as equal.
    fn tolerance(&self, expected: &Stored) -> f64 {
        let own = expected.largest();
        match expected.word {
            "float64" => (1e-9 * own).max(NOISE * f64::EPSILON * self.largest),
            "float32" => {
                let eps = f64::from(f32::EPSILON);
                let scale = self.scale.unwrap_or(own);
                let theirs = 10.0 * self.err.unwrap_or(0.0);
                theirs.max(32.0 * eps * scale).max(4.0 * eps * self.largest)
            }
            "float16" => (10.0 * self.err.unwrap_or(0.0)).max(4.0 * 2f64.powi(-10) * self.scale.unwrap_or(own)),
            "bfloat16" => (10.0 * self.err.unwrap_or(0.0)).max(4.0 * 2f64.powi(-7) * self.scale.unwrap_or(own)),
            _ => 0.0,
        }
    }
}

/// What a call should give, in the form of its arguments.
#[derive(Debug)]
pub enum Expected<'a> {
    /// A tensor, by name.
    Tensor(&'a str, &'a Stored),
    /// Anything that is no tensor.
    Plain(&'a Value),
    /// Several of these.
    List(Vec<Expected<'a>>),
}

impl<'a> Expected<'a> {
    /// Reads `out` or `proc`.
    ///
    /// # Errors
    /// Where a tensor is not in the file.
    pub fn read(json: &'a Value, pack: &'a Pack) -> Result<Self, String> {
        if let Some(name) = json.get("t").and_then(Value::as_str) {
            return Ok(Self::Tensor(name, pack.tensor(name)?));
        }
        let list = json.get("list").or_else(|| json.get("tuple")).unwrap_or(json);
        match list.as_array() {
            Some(list) => list
                .iter()
                .map(|json| Self::read(json, pack))
                .collect::<Result<_, _>>()
                .map(Self::List),
            None => Ok(Self::Plain(json)),
        }
    }

    /// The tensors in it, from left to right.
    pub fn tensors(&self) -> Vec<(&'a str, &'a Stored)> {
        match self {
            Self::Tensor(name, stored) => vec![(*name, *stored)],
            Self::Plain(_) => Vec::new(),
            Self::List(list) => list.iter().flat_map(Self::tensors).collect(),
        }
    }

    /// The largest finite value of its tensors.
    pub fn largest(&self) -> f64 {
        self.tensors()
            .iter()
            .fold(0.0, |largest, (_, stored)| stored.largest().max(largest))
    }
}

/// Compares an answer. `tensor` compares the tensors in it, by place; the largest error over tolerance is what comes out.
///
/// # Errors
/// Where they differ: where and how.
pub fn answer(
    place: &str,
    expected: &Expected<'_>,
    found: &Answer,
    tensor: &mut dyn FnMut(&str, &Stored, &Any) -> Result<f64, String>,
) -> Result<f64, String> {
    let differ = |what: String| Err(format!("{place}: {what}"));
    match (expected, found) {
        (Expected::List(expected), Answer::List(found)) if expected.len() == found.len() => {
            let mut worst = 0f64;
            for (index, (expected, found)) in expected.iter().zip(found).enumerate() {
                worst = worst.max(answer(&format!("{place}[{index}]"), expected, found, tensor)?);
            }
            Ok(worst)
        }
        (Expected::List(expected), Answer::List(found)) => differ(format!(
            "expected a list of {}, got one of {}",
            expected.len(),
            found.len()
        )),
        (Expected::List(expected), _) => differ(format!(
            "expected a list of {}, got {}",
            expected.len(),
            describe(found)
        )),
        (Expected::Tensor(_, expected), Answer::Tensor(found)) => tensor(place, expected, found),
        (Expected::Tensor(_, expected), _) => differ(format!(
            "expected a tensor {:?}, got {}",
            expected.sizes,
            describe(found)
        )),
        (Expected::Plain(expected), found) if same(expected, found) => Ok(0.0),
        (Expected::Plain(expected), found) => differ(format!("expected {expected}, got {}", describe(found))),
    }
}

/// What is no tensor: numbers within rounding, all else exactly.
fn same(expected: &Value, found: &Answer) -> bool {
    let special = expected
        .get("f")
        .and_then(Value::as_str)
        .and_then(|text| text.parse::<f64>().ok());
    let number = special.or_else(|| expected.as_f64());
    match found {
        Answer::None => expected.is_null(),
        Answer::Bool(flag) => expected.as_bool() == Some(*flag),
        Answer::Text(text) => {
            expected.as_str() == Some(text) || expected.get("dtype").and_then(Value::as_str) == Some(text)
        }
        Answer::Int(found) => match expected.as_i64() {
            Some(number) => number == *found,
            None => number == Some(*found as f64),
        },
        Answer::Float(found) => number.is_some_and(|number| {
            number == *found || number.is_nan() && found.is_nan() || (number - found).abs() <= 1e-6 * number.abs()
        }),
        Answer::Tensor(any) => {
            // What Python gives as a number may be a tensor without axes here.
            let flag = expected.as_bool().map(|flag| f64::from(u8::from(flag)));
            any.rank() == 0 && any.numbers().is_ok_and(|found| number.or(flag) == Some(found[0]))
        }
        Answer::List(_) => false,
    }
}

fn describe(answer: &Answer) -> String {
    match answer {
        Answer::Tensor(any) => format!("a tensor {:?}", any.sizes()),
        Answer::List(list) => format!("a list of {}", list.len()),
        Answer::Int(number) => number.to_string(),
        Answer::Float(number) => number.to_string(),
        Answer::Bool(flag) => flag.to_string(),
        Answer::Text(text) => format!("{text:?}"),
        Answer::None => "nothing".to_owned(),
    }
}

/// Compares a tensor: element type, sizes, values.
///
/// # Errors
/// Where they differ: where and how.
pub fn tensor(place: &str, precision: Precision, expected: &Stored, found: &Any) -> Result<f64, String> {
    kind(place, expected, found)?;
    let integers = found.integers().map_err(|error| format!("{place}: {error}"))?;
    if let Some(expected_integers) = &expected.integers {
        return match expected_integers
            .iter()
            .zip(&integers)
            .position(|(expected, found)| expected != found)
        {
            None => Ok(0.0),
            Some(at) => Err(format!(
                "{place}{}: got {}, expected {}",
                index(at, &expected.sizes),
                integers[at],
                expected_integers[at]
            )),
        };
    }
    let numbers = found.numbers().map_err(|error| format!("{place}: {error}"))?;
    values(
        place,
        precision.tolerance(expected),
        &expected.sizes,
        &expected.numbers,
        &numbers,
    )
}

/// Compares element type and sizes alone.
///
/// # Errors
/// Where they differ.
pub fn kind(place: &str, expected: &Stored, found: &Any) -> Result<(), String> {
    if let Some(error) = found.error() {
        return Err(format!("{place}: {error}"));
    }
    if found.sizes() != expected.sizes {
        return Err(format!(
            "{place}: got sizes {:?}, expected {:?}",
            found.sizes(),
            expected.sizes
        ));
    }
    if found.word() != expected.word {
        return Err(format!("{place}: got {}, expected {}", found.word(), expected.word));
    }
    Ok(())
}

/// Compares numbers; what comes out is the largest error over the tolerance.
///
/// # Errors
/// Where one differs by more: the worst of them.
pub fn values(place: &str, tolerance: f64, sizes: &[usize], expected: &[f64], found: &[f64]) -> Result<f64, String> {
    let ratio = |(expected, found): (&f64, &f64)| {
        if expected == found || expected.is_nan() && found.is_nan() {
            return 0.0;
        }
        let ratio = (expected - found).abs() / tolerance;
        if ratio.is_nan() { f64::INFINITY } else { ratio }
    };
    let ratios = expected.iter().zip(found).map(ratio);
    let (at, worst) = ratios
        .enumerate()
        .fold((0, 0.0), |worst, each| if each.1 > worst.1 { each } else { worst });
    if worst <= 1.0 {
        return Ok(worst);
    }
    Err(format!(
        "{place}{}: got {}, expected {}, {worst:.1e} of the tolerance",
        index(at, sizes),
        found[at],
        expected[at]
    ))
}

/// A place in a tensor: `[0, 2]`.
fn index(at: usize, sizes: &[usize]) -> String {
    let (mut at, mut places) = (at, Vec::new());
    for &size in sizes.iter().rev() {
        places.push((at % size.max(1)).to_string());
        at /= size.max(1);
    }
    places.reverse();
    if places.is_empty() {
        String::new()
    } else {
        format!(" at [{}]", places.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn floats(word: &'static str, numbers: &[f64]) -> Stored {
        Stored {
            word,
            sizes: vec![numbers.len()],
            numbers: numbers.to_vec(),
            integers: None,
        }
    }

    fn any(word: &str, numbers: &[f64]) -> Any {
        Any::from_numbers(word, numbers, &[numbers.len()]).expect("an element type of the library")
    }

    #[test]
    fn tolerances_are_those_of_the_file() {
        let expected = floats("float32", &[1.0, -2.0]);
        let near = any("float32", &[1.0 + 1e-5, -2.0]);
        let by_scale = tensor("out", Precision::default(), &expected, &near);
        assert!(by_scale.is_err(), "32 units in the last place of 2 are less than 1e-5");
        let theirs = Precision::of_results(&serde_json::json!({"f32_err": 2e-6, "f32_scale": 2.0}));
        let by_error = tensor("out", theirs, &expected, &near).expect("ten times PyTorch's own error are more");
        assert!((0.4..0.6).contains(&by_error), "{by_error}");
        let expected = floats("float64", &[1.0, 1e3]);
        let near = any("float64", &[1.0 + 0.9e-6, 1e3]);
        assert!(
            tensor("out", Precision::default(), &expected, &near).is_ok(),
            "relative to the largest"
        );
    }

    #[test]
    fn what_is_not_finite_is_equal_to_itself_alone() {
        let expected = floats("float64", &[f64::NAN, f64::INFINITY]);
        let hold = |numbers: &[f64]| tensor("out", Precision::default(), &expected, &any("float64", numbers));
        assert_eq!(hold(&[f64::NAN, f64::INFINITY]), Ok(0.0));
        for wrong in [
            [0.0, f64::INFINITY],
            [f64::NAN, f64::NEG_INFINITY],
            [f64::NAN, 1e300],
            [f64::NAN; 2],
        ] {
            assert!(hold(&wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn element_types_sizes_and_integers_are_exact() {
        let large = (1i64 << 60) + 1;
        let expected = Stored {
            integers: Some(vec![large]),
            ..floats("int64", &[large as f64])
        };
        let found =
            |number: i64| Any::from(tensor::Tensor::<tensor::Dynamic, i64>::from_vec(vec![number], &[1]).expect("one"));
        let hold = |found: &Any| super::tensor("out", Precision::default(), &expected, found);
        assert_eq!(hold(&found(large)), Ok(0.0));
        assert!(hold(&found(large - 1)).is_err(), "equal as f64");
        assert!(hold(&any("float64", &[large as f64])).is_err(), "another element type");
        assert!(hold(&any("int64", &[1.0, 2.0])).is_err(), "other sizes");
    }

    #[test]
    fn plain_values() {
        let json = serde_json::json!({"tuple": [1, 0.5, true, null, {"f": "nan"}, "a"]});
        let Value::Array(list) = &json["tuple"] else {
            unreachable!("written above")
        };
        let expected = Expected::List(list.iter().map(Expected::Plain).collect());
        let found = |float: f64| {
            let text = Answer::Text("a".to_owned());
            Answer::List(vec![
                1i64.into(),
                float.into(),
                true.into(),
                Answer::None,
                f64::NAN.into(),
                text,
            ])
        };
        let mut none = |_: &str, _: &Stored, _: &Any| Ok(0.0);
        assert_eq!(answer("out", &expected, &found(0.5), &mut none), Ok(0.0));
        let error = answer("out", &expected, &found(0.6), &mut none);
        assert_eq!(error, Err("out[1]: expected 0.5, got 0.6".to_owned()));
    }
}
