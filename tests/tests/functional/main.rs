//! The functions of layers where PyTorch's values do not reach: against plain loops, empty and strided inputs, small element types, and what
//! they refuse.

mod attention;
mod convolution;
mod multi_head;
mod normalisation;
mod pooling;
mod recurrent;
mod vision;

use tensor::{Dynamic, Element, Tensor};

/// Numbers from -1 to 1 that no rule repeats soon.
fn numbers<T: Element>(sizes: &[usize], seed: usize) -> Tensor<Dynamic, T> {
    let count = sizes.iter().product();
    let number = |index: usize| ((index * 7919 + seed * 104_729 + 13) % 2003) as f64 / 1001.0 - 1.0;
    let data = (0..count).map(|index| T::from_f64(number(index))).collect();
    Tensor::from_vec(data, sizes).expect("a number an element")
}

/// Whole numbers from -3 to 3 likewise.
fn whole<T: Element>(sizes: &[usize], seed: usize) -> Tensor<Dynamic, T> {
    let count = sizes.iter().product();
    let number = |index: usize| ((index * 31 + seed * 17) % 7) as f64 - 3.0;
    let data = (0..count).map(|index| T::from_f64(number(index))).collect();
    Tensor::from_vec(data, sizes).expect("a number an element")
}

/// Elements in double precision.
fn doubles<T: Element>(x: &Tensor<Dynamic, T>) -> Vec<f64> {
    let data = x.to_vec().expect("computed");
    data.into_iter().map(Element::as_f64).collect()
}

/// Asserts that elements differ by no more than this.
#[track_caller]
fn assert_near<T: Element>(found: &Tensor<Dynamic, T>, expected: &[f64], tolerance: f64) {
    let found = doubles(found);
    assert_eq!(found.len(), expected.len());
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        let near = (found - expected).abs() <= tolerance || found == expected || found.is_nan() && expected.is_nan();
        assert!(near, "element {index} is {found}, not {expected}");
    }
}

/// Asserts that a call is refused, in words that have this.
#[track_caller]
fn assert_refused<A>(result: tensor::Result<A>, words: &str) {
    let text = match result {
        Ok(_) => panic!("expected an error with {words:?}"),
        Err(error) => error.to_string(),
    };
    assert!(text.contains(words), "{text:?} has no {words:?}");
}
