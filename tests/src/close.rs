//! Comparison of numbers that were computed in two ways.

/// The largest magnitude among some numbers that is finite.
pub fn largest(numbers: &[f64]) -> f64 {
    numbers
        .iter()
        .filter(|number| number.is_finite())
        .fold(0.0, |most, number| most.max(number.abs()))
}

/// Panics unless every number is within `tolerance` of what is expected. What is not finite must be the same.
#[track_caller]
pub fn assert_close(what: &str, found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len(), "{what}: the number of elements");
    for (index, (&found, &expected)) in found.iter().zip(expected).enumerate() {
        let same = found == expected || (found.is_nan() && expected.is_nan());
        let near = (found - expected).abs() <= tolerance;
        assert!(
            same || near,
            "{what}: element {index} is {found}, expected {expected}; off by {:.3e}, {tolerance:.3e} is allowed",
            (found - expected).abs()
        );
    }
}
