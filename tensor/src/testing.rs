//! For tests of programs that use the library: whether tensors are what they should be, and where they are not.

use crate::element::{DType, Element};
use crate::layout::describe;
use crate::ops::logical::Closeness;
use crate::shape::Shape;
use crate::tensors::Tensor;

/// Panics unless every element is near the one that is expected, by what is usual for their type: `|actual - expected|` at most
/// `1e-5 + 1.3e-6 |expected|` for `f32`, `1e-7 + 1e-7 |expected|` for `f64`, `1e-5 + 1e-3 |expected|` for `f16`,
/// `1e-5 + 1.6e-2 |expected|` for `bf16`, and nothing for others. NaN is near NaN. As `torch.testing.assert_close`, with `equal_nan`.
///
/// # Panics
/// Where the sizes differ, an element is not near, or a tensor could not be computed; the message has the worst element.
///
/// ```
/// use tensor::prelude::*;
/// tensor::testing::assert_close(&tensor![1., 2.].exp().log(), &tensor![1., 2.]);
/// ```
#[track_caller]
pub fn assert_close<S: Shape, R: Shape, T: Element>(actual: &Tensor<S, T>, expected: &Tensor<R, T>) {
    let (rtol, atol) = match T::DTYPE {
        DType::F32 => (1.3e-6, 1e-5),
        DType::F64 => (1e-7, 1e-7),
        DType::F16 => (1e-3, 1e-5),
        DType::BF16 => (1.6e-2, 1e-5),
        DType::I64 | DType::I32 | DType::U8 | DType::Bool => (0.0, 0.0),
    };
    let how = Closeness {
        rtol,
        atol,
        equal_nan: true,
    };
    assert_close_by(actual, expected, how);
}

/// [`assert_close`] by tolerances of one's own.
///
/// ```
/// use tensor::Closeness;
/// use tensor::prelude::*;
/// let how = Closeness { rtol: 0., atol: 0.1, equal_nan: false };
/// tensor::testing::assert_close_by(&tensor![1., 2.], &tensor![1.05, 2.], how);
/// ```
///
/// # Panics
/// As there.
#[track_caller]
pub fn assert_close_by<S: Shape, R: Shape, T: Element>(actual: &Tensor<S, T>, expected: &Tensor<R, T>, how: Closeness) {
    if let Some(what) = difference(actual, expected, how) {
        panic!("{what}");
    }
}

/// What is wrong, if anything is.
fn difference<S: Shape, R: Shape, T: Element>(
    actual: &Tensor<S, T>,
    expected: &Tensor<R, T>,
    how: Closeness,
) -> Option<String> {
    if actual.sizes() != expected.sizes() {
        let (actual, expected) = (describe(actual.sizes()), describe(expected.sizes()));
        return Some(format!("expected a tensor of {expected}, found one of {actual}"));
    }
    let (found, wanted) = match (actual.to_vec(), expected.to_vec()) {
        (Ok(found), Ok(wanted)) => (found, wanted),
        (Err(error), _) | (_, Err(error)) => return Some(format!("a tensor could not be computed: {error}")),
    };
    let mut worst: Option<(f64, usize)> = None;
    let mut count = 0;
    for (place, (found, wanted)) in found.iter().zip(&wanted).enumerate() {
        let excess = excess(*found, *wanted, how);
        if excess > 0.0 {
            count += 1;
            if worst.is_none_or(|(most, _)| excess > most) {
                worst = Some((excess, place));
            }
        }
    }
    let (_, place) = worst?;
    let apart = (found[place].as_f64() - wanted[place].as_f64()).abs();
    let allowed = how.atol + how.rtol * wanted[place].as_f64().abs();
    Some(format!(
        "{count} of {} elements are not near; the worst is at {}: found {}, expected {}, which is {apart:e} apart where {allowed:e} is allowed",
        found.len(),
        describe(&index(place, actual.sizes())),
        found[place],
        wanted[place],
    ))
}

/// By how much two elements are further apart than they may be; infinite where there is no saying.
fn excess<T: Element>(found: T, wanted: T, how: Closeness) -> f64 {
    let (a, b) = (found.as_f64(), wanted.as_f64());
    if found == wanted || how.equal_nan && a.is_nan() && b.is_nan() {
        return 0.0;
    }
    let apart = (a - b).abs();
    if !apart.is_finite() {
        return f64::INFINITY;
    }
    // Whole numbers that are the same in double precision still differ.
    (apart.max(f64::MIN_POSITIVE) - (how.atol + how.rtol * b.abs())).max(0.0)
}

/// The index of an element by its place, row by row.
fn index(mut place: usize, sizes: &[usize]) -> Vec<usize> {
    let mut index = vec![0; sizes.len()];
    for (at, &size) in index.iter_mut().zip(sizes).rev() {
        *at = place % size;
        place /= size;
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Dynamic;

    #[test]
    fn the_worst_element_is_named() {
        let found = Tensor::<Dynamic, f64>::from_vec(vec![1.0, 2.5, 9.0, f64::NAN], &[2, 2]).unwrap();
        let wanted = Tensor::<Dynamic, f64>::from_vec(vec![1.0, 2.0, 3.0, f64::NAN], &[2, 2]).unwrap();
        let how = Closeness {
            rtol: 0.0,
            atol: 0.25,
            equal_nan: true,
        };
        assert_eq!(
            difference(&found, &wanted, how).unwrap(),
            "2 of 4 elements are not near; the worst is at [1, 0]: found 9, expected 3, which is 6e0 apart where 2.5e-1 is allowed"
        );
        assert_eq!(difference(&found, &found, how), None);
        let missing = Tensor::<Dynamic, f64>::from_vec(vec![1.0, 2.0, 3.0, 4.0], &[2, 2]).unwrap();
        assert!(
            difference(&wanted, &missing, how)
                .unwrap()
                .contains("found NaN, expected 4")
        );
        let other = Tensor::<Dynamic, f64>::from(vec![1.0]);
        assert_eq!(
            difference(&other, &wanted, how).unwrap(),
            "expected a tensor of [2, 2], found one of [1]"
        );
        let large = Tensor::<Dynamic, i64>::from(vec![i64::MAX]);
        let near = Tensor::from(vec![i64::MAX - 1]);
        let exact = Closeness {
            rtol: 0.0,
            atol: 0.0,
            equal_nan: false,
        };
        assert!(difference(&large, &near, exact).is_some());
    }
}
