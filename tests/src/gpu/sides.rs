//! The processor and the device under test, side by side: what one computes the other must compute too.

use std::collections::BTreeMap;

use tensor::{DType, Device, Dynamic, Element, Error, Float, Tensor};

use super::check::device_name;
use crate::Chance;

/// A tensor as checks use it.
pub type Values<T> = Tensor<Dynamic, T>;

/// The device under test.
pub fn device() -> Device {
    let name = device_name();
    name.parse().unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What a computation gave: its parts by name, as doubles.
pub type Numbers = BTreeMap<String, Vec<f64>>;

/// How far a number may be from what is expected, relative to the larger of 1 and its size.
#[derive(Clone, Copy, Debug)]
pub struct Tolerance {
    /// Where both are computed in `f32`.
    pub single: f64,
    /// Where both are computed in `f64`.
    pub double: f64,
}

impl Tolerance {
    /// Not at all: the same bits, save those of a NaN.
    pub const NONE: Self = Self::of(0.0, 0.0);
    /// For elementary functions, which two processors round differently.
    pub const FUNCTIONS: Self = Self::of(4e-6, 1e-14);
    /// For sums of some hundred products of numbers of about 1, which two processors sum in another order.
    pub const SUMS: Self = Self::of(1e-4, 1e-12);

    /// So much in either type.
    pub const fn of(single: f64, double: f64) -> Self {
        Self { single, double }
    }

    fn in_type(self, dtype: DType) -> f64 {
        match dtype {
            DType::F32 => self.single,
            DType::F64 => self.double,
            DType::F16 | DType::BF16 | DType::I64 | DType::I32 | DType::U8 | DType::Bool => 0.0,
        }
    }
}

/// A tensor of these numbers, on the processor.
pub fn values<T: Element>(data: &[f64], sizes: &[usize]) -> Values<T> {
    let data: Vec<T> = data.iter().map(|&number| T::from_f64(number)).collect();
    sure("values", Tensor::from_vec(data, sizes))
}

/// What should have been computed without error.
#[track_caller]
pub fn sure<R>(what: &str, result: Result<R, Error>) -> R {
    result.unwrap_or_else(|error| panic!("{what}: {error}"))
}

/// The elements of a tensor as doubles.
#[track_caller]
pub fn numbers<S: tensor::Shape, T: Element>(what: &str, x: &Tensor<S, T>) -> Vec<f64> {
    sure(what, x.to_vec()).into_iter().map(T::as_f64).collect()
}

/// Panics unless every number is near to what is expected. What is not finite must be the same; without any tolerance so must
/// the signs of zeros.
#[track_caller]
pub fn near(what: &str, found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len(), "{what}: the number of elements");
    for (index, (&found, &expected)) in found.iter().zip(expected).enumerate() {
        let same = if tolerance == 0.0 {
            found.to_bits() == expected.to_bits()
        } else {
            found == expected
        };
        let off = (found - expected).abs();
        let close = off <= tolerance * expected.abs().max(1.0);
        assert!(
            same || close || (found.is_nan() && expected.is_nan()),
            "{what}: element {index} is {found:e}, expected {expected:e}; off by {off:.2e}, allowed are {tolerance:.2e} of the larger \
             of 1 and that"
        );
    }
}

/// Runs `side` for the processor and for the device under test, and panics unless both give the same.
#[track_caller]
pub fn same<T: Element>(what: &str, tolerance: Tolerance, side: impl Fn(Device) -> Numbers) {
    let (expected, found) = (side(Device::cpu()), side(device()));
    let names = |numbers: &Numbers| numbers.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&found), names(&expected), "{what}: what was computed");
    for (name, expected) in &expected {
        let label = format!("{what}, {}, {name}", T::DTYPE.name());
        near(&label, &found[name], expected, tolerance.in_type(T::DTYPE));
    }
}

/// Runs a function of tensors on both sides, forward and backward: the result and the gradient of every input must agree.
#[track_caller]
pub fn agree<T: Float>(
    what: &str,
    tolerance: Tolerance,
    inputs: &[Values<T>],
    function: impl Fn(&[Values<T>]) -> Values<T>,
) {
    let sizes = inputs.iter().map(|input| format!("{:?}", input.sizes()));
    let what = format!("{what} of {}", sizes.collect::<Vec<_>>().join(" and "));
    same::<T>(&what, tolerance, |device| {
        let there = |x: &Values<T>| sure(&what, x.to(device)).detach();
        let leaves: Vec<Values<T>> = inputs.iter().map(|input| there(input).requires_grad()).collect();
        let out = function(&leaves);
        assert_eq!(out.device(), device, "{what}: where the result is");
        let weights = Chance::new(out.len() as u64 + 1).normal(out.sizes());
        sure(&what, out.backward_with(&there(&weights)));
        let mut all = Numbers::from([("result".to_owned(), numbers(&what, &out))]);
        for (position, leaf) in leaves.iter().enumerate() {
            let label = format!("gradient of input {position}");
            let gradient = leaf.grad().unwrap_or_else(|| panic!("{what}: no {label} arrived"));
            assert_eq!(gradient.sizes(), leaf.sizes(), "{what}: the sizes of the {label}");
            all.insert(label, numbers(&what, &gradient));
        }
        all
    });
}

/// The same tensor here and there.
pub fn both<T: Element>(data: &[f64], sizes: &[usize]) -> [Values<T>; 2] {
    let here = values::<T>(data, sizes);
    let there = sure("to", here.to(device()));
    [here, there]
}

/// Panics unless a tensor of the device has the elements of one of the processor.
#[track_caller]
pub fn equal<T: Element>(what: &str, [expected, found]: [Values<T>; 2]) {
    assert_eq!(found.device(), device(), "{what}");
    let what = format!("{what}, {}", T::DTYPE.name());
    near(&what, &numbers(&what, &found), &numbers(&what, &expected), 0.0);
}

/// The first two axes exchanged.
pub fn flip<T: Element>(x: &Values<T>) -> Values<T> {
    x.transpose(0, 1).expect("two axes")
}
