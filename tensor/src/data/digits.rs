//! The handwritten digits that are in the library.

use std::io::Read;

use flate2::read::GzDecoder;

use crate::data::Dataset;
use crate::shape::Batch;
use tensor_macros::dims;

/// 1,797 handwritten digits of 8x8 grey values, scaled to `0..=1`, in ten classes.
///
/// The test part of "Optical Recognition of Handwritten Digits", Alpaydin and Kaynak, 1998 (UCI, CC BY 4.0).
///
/// ```
/// let (x, labels) = tensor::data::digits().batches(3).next().expect("a batch");
/// assert_eq!(labels.to_vec()?, [0, 1, 2]);
/// assert!(x.to_vec()?.iter().all(|grey| (0.0..=1.0).contains(grey)));
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn digits() -> Dataset<dims![Batch, 64]> {
    let mut text = String::new();
    let packed: &[u8] = include_bytes!("../../data/digits.csv.gz");
    if GzDecoder::new(packed).read_to_string(&mut text).is_err() {
        unreachable!("data/digits.csv.gz is part of the library, and its test reads it");
    }
    let mut samples = Vec::with_capacity(1797 * 64);
    let mut labels = Vec::with_capacity(1797);
    for line in text.lines() {
        let numbers = line.split(',').filter_map(|number| number.parse::<f32>().ok());
        samples.extend(numbers);
        if let Some(label) = samples.pop() {
            labels.push(label as i64);
        }
    }
    for value in &mut samples {
        *value /= 16.0;
    }
    match Dataset::new(samples, labels, &[64]) {
        Ok(digits) => digits,
        Err(_) => unreachable!("data/digits.csv.gz is part of the library, and its test reads it"),
    }
}
