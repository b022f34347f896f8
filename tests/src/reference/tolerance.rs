//! How near is near enough.

use serde_json::Value;
use tensor::{DType, Dynamic, Element, Tensor};

use super::Stored;
use crate::{assert_close, largest};

/// Compares a result with PyTorch's. In f64 by 1e-9 of the largest value; in f32 by ten times PyTorch's own error, where the pack
/// says what it was, and by 32 units in the last place of the largest value.
#[track_caller]
pub fn compare<T: Element>(what: &str, sample: &Value, found: &Tensor<Dynamic, T>, expected: &Stored) {
    compare_as(what, sample, "f32_err", found, expected);
}

/// [`compare`] by the error under another name: that of gradients is apart from that of results.
#[track_caller]
pub fn compare_as<T: Element>(what: &str, sample: &Value, error: &str, found: &Tensor<Dynamic, T>, expected: &Stored) {
    assert_eq!(found.sizes(), expected.sizes, "{what}: the sizes");
    let numbers = found.to_vec().unwrap_or_else(|error| panic!("{what}: {error}"));
    let numbers: Vec<f64> = numbers.into_iter().map(T::as_f64).collect();
    let scale = largest(&expected.data);
    let tolerance = match T::DTYPE {
        DType::F64 => 1e-9 * scale,
        DType::F32 => {
            let theirs = sample.get(error).and_then(Value::as_f64).unwrap_or(0.0);
            (10.0 * theirs).max(32.0 * f64::from(f32::EPSILON) * scale)
        }
        _ => 0.0,
    };
    assert_close(what, &numbers, &expected.data, tolerance);
}
