//! Results that may differ and still be right: indices of what is tied, signs of what is unique but for its sign.

use std::collections::BTreeSet;

use super::any::float;
use super::compare::Expected;
use super::{Answer, Any, Call, Outcome, Refusal, Stored, compare};

/// Compares indices: those that point to the same values along the axis are right. None may be there twice where PyTorch's were not.
///
/// # Errors
/// Where the values differ.
pub fn indices(place: &str, call: &Call, expected: &Stored, found: &Any) -> Result<f64, String> {
    compare::kind(place, expected, found)?;
    let theirs = expected.integers.clone().unwrap_or_default();
    let ours = found.integers().map_err(|error| format!("{place}: {error}"))?;
    if theirs == ours {
        return Ok(0.0);
    }
    let input = call.tensor(0, "input").map_err(|refusal| refusal.to_string())?;
    let numbers = input.numbers().map_err(|error| error.to_string())?;
    let after = matches!(call.name(), "topk" | "kthvalue");
    let axis = call.get(if after { 2 } else { 1 }, "dim");
    let axis = axis.and_then(|axis| axis.int().ok());
    let axis = axis.or(if after || matches!(call.name(), "sort" | "argsort") {
        Some(-1)
    } else {
        None
    });
    let rows = Rows::along(&input, axis);
    let (theirs, ours) = (rows.cut(&theirs), rows.cut(&ours));
    for (row, (theirs, ours)) in theirs.iter().zip(&ours).enumerate() {
        let at = |index: i64| {
            usize::try_from(index)
                .ok()
                .and_then(|index| rows.at(row, index))
                .map(|at| numbers[at])
        };
        for (&their, &our) in theirs.iter().zip(ours) {
            let same = match (at(their), at(our)) {
                (Some(their), Some(our)) => their == our || their.is_nan() && our.is_nan(),
                _ => false,
            };
            if !same {
                return Err(format!(
                    "{place}: index {our} has another value than index {their}, which was expected"
                ));
            }
        }
        let distinct = |row: &[i64]| row.iter().collect::<BTreeSet<_>>().len();
        if distinct(theirs) != distinct(ours) {
            return Err(format!("{place}: an index is there twice: {ours:?}"));
        }
    }
    Ok(0.0)
}

/// The rows of a tensor along an axis, in the order of their indices.
struct Rows {
    outer: usize,
    len: usize,
    inner: usize,
}

impl Rows {
    fn along(input: &Any, axis: Option<i64>) -> Self {
        let sizes = input.sizes();
        match axis {
            Some(axis) if !sizes.is_empty() => {
                let axis = axis.rem_euclid(sizes.len() as i64) as usize;
                Self {
                    outer: sizes[..axis].iter().product(),
                    len: sizes[axis],
                    inner: sizes[axis + 1..].iter().product(),
                }
            }
            _ => Self {
                outer: 1,
                len: input.len(),
                inner: 1,
            },
        }
    }

    /// The place of an element of a row.
    fn at(&self, row: usize, index: usize) -> Option<usize> {
        let (outer, inner) = (row / self.inner, row % self.inner);
        (index < self.len).then(|| (outer * self.len + index) * self.inner + inner)
    }

    /// Indices by row; there are as many in each.
    fn cut(&self, indices: &[i64]) -> Vec<Vec<i64>> {
        let rows = self.outer * self.inner;
        let each = indices.len().checked_div(rows).unwrap_or(0);
        let row = |row: usize| {
            let (outer, inner) = (row / self.inner, row % self.inner);
            (0..each)
                .map(|index| indices[(outer * each + index) * self.inner + inner])
                .collect()
        };
        (0..rows).map(row).collect()
    }
}

/// The comparable form of an answer, as `process` writes it: `(out0, |out1|)`, `|out0[..., :k]|`. What is cut is cut to the sizes
/// that are expected.
///
/// # Errors
/// Where it is written in another way, or the library refuses.
pub fn processed(process: &str, answer: &Answer, expected: &Expected<'_>) -> Outcome {
    let sizes: Vec<&[usize]> = expected
        .tensors()
        .iter()
        .map(|(_, stored)| stored.sizes.as_slice())
        .collect();
    let list = process.trim();
    let inside = list.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let terms = terms(inside.unwrap_or(list));
    let terms = terms.iter().enumerate().map(|(index, term)| {
        let sizes = sizes.get(index).copied();
        Term::read(term)?.of(answer, sizes.unwrap_or_default())
    });
    let mut terms: Vec<Answer> = terms.collect::<Result<_, Refusal>>()?;
    if matches!(expected, Expected::Tensor(..)) && terms.len() == 1 {
        return Ok(terms.remove(0));
    }
    Ok(Answer::List(terms))
}

/// Cut at the commas that are not in brackets.
fn terms(text: &str) -> Vec<&str> {
    let mut depth = 0;
    let terms = text.split(|letter: char| {
        depth += i32::from(letter == '[') - i32::from(letter == ']');
        letter == ',' && depth == 0
    });
    terms.map(str::trim).filter(|term| !term.is_empty()).collect()
}

/// `out1`, `|out1|`, `|out1[..., :k]|`.
struct Term {
    index: usize,
    absolute: bool,
    cut: bool,
}

impl Term {
    fn read(text: &str) -> Result<Self, Refusal> {
        let unknown = || Refusal::missing(format!("processing as `{text}`"));
        let inner = text.strip_prefix('|').and_then(|rest| rest.strip_suffix('|'));
        let (name, brackets) = match inner.unwrap_or(text).trim().split_once('[') {
            Some((name, brackets)) => (name, Some(brackets)),
            None => (inner.unwrap_or(text).trim(), None),
        };
        if brackets.is_some_and(|brackets| !matches!(brackets, "..., :k]" | "..., :k, :]" | "..., :k, :k]")) {
            return Err(unknown());
        }
        let index = match name.strip_prefix("out").ok_or_else(unknown)? {
            "" => 0,
            index => index.parse().map_err(|_| unknown())?,
        };
        Ok(Self {
            index,
            absolute: inner.is_some(),
            cut: brackets.is_some(),
        })
    }

    fn of(&self, answer: &Answer, sizes: &[usize]) -> Outcome {
        let each = match answer {
            Answer::List(list) => list.get(self.index).cloned(),
            other => (self.index == 0).then(|| other.clone()),
        };
        let each = each.ok_or_else(|| Refusal::error(format!("there is no out{}", self.index)))?;
        if !self.absolute && !self.cut {
            return Ok(each);
        }
        let mut each = each.into_tensor()?;
        if self.cut {
            let axes = each.sizes().len();
            for (axis, &size) in sizes.iter().enumerate().take(axes) {
                let length = size.min(each.sizes()[axis]);
                each = float!(|each| each.narrow(axis as isize, 0, length))?.into_tensor()?;
            }
        }
        if self.absolute {
            float!(|each| each.abs())
        } else {
            Ok(each.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::conformance::Argument;

    fn any(word: &str, numbers: &[f64], sizes: &[usize]) -> Any {
        Any::from_numbers(word, numbers, sizes).expect("an element type of the library")
    }

    fn stored(numbers: &[f64], sizes: &[usize]) -> Stored {
        Stored {
            word: "int64",
            sizes: sizes.to_vec(),
            numbers: numbers.to_vec(),
            integers: Some(numbers.iter().map(|&number| number as i64).collect()),
        }
    }

    #[test]
    fn indices_of_ties_may_differ() {
        let input = any("float64", &[3.0, 1.0, 3.0, 2.0, 2.0, 0.0], &[3, 2]);
        // Columns 3, 3, 2 and 1, 2, 0.
        let call = Call::new(
            "argsort",
            "",
            vec![Argument::Tensor(input), Argument::Int(0)],
            BTreeMap::new(),
        );
        let expected = stored(&[2.0, 2.0, 0.0, 0.0, 1.0, 1.0], &[3, 2]);
        let hold = |numbers: &[f64]| indices("out", &call, &expected, &any("int64", numbers, &[3, 2]));
        assert_eq!(
            hold(&[2.0, 2.0, 1.0, 0.0, 0.0, 1.0]),
            Ok(0.0),
            "the tie the other way round"
        );
        assert!(hold(&[2.0, 2.0, 1.0, 0.0, 1.0, 1.0]).is_err(), "one of a tie twice");
        assert!(hold(&[2.0, 0.0, 1.0, 2.0, 0.0, 1.0]).is_err(), "another value");
        assert!(hold(&[2.0, 2.0, 9.0, 0.0, 0.0, 1.0]).is_err(), "outside");
    }

    #[test]
    fn terms_are_picked_and_made_positive() {
        let answer = Answer::List(vec![
            any("float64", &[1.0], &[1]).into(),
            any("float64", &[-2.0], &[1]).into(),
        ]);
        let stored = stored(&[0.0], &[1]);
        let expected = Expected::List(vec![Expected::Tensor("a", &stored), Expected::Tensor("b", &stored)]);
        let numbers = |process: &str| -> Result<Vec<f64>, Refusal> {
            let answer = processed(process, &answer, &expected)?;
            Ok(answer
                .tensors()
                .iter()
                .map(|any| any.numbers().expect("numbers")[0])
                .collect())
        };
        assert_eq!(numbers("(out0, |out1|)"), Ok(vec![1.0, 2.0]));
        assert_eq!(numbers("(|out1[..., :k, :]|, out0)"), Ok(vec![2.0, 1.0]));
        assert!(matches!(numbers("out0 @ out1"), Err(Refusal::Missing(_))));
        assert!(matches!(numbers("out2"), Err(Refusal::Error(_))));
    }
}
