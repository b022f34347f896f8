//! What elementwise operations make of corners: other element types, strides, nothing, and what they refuse.

use tensor::prelude::*;
use tensor::{Closeness, bf16, f16};

type Numbers = Tensor<Dynamic>;
type Whole = Tensor<Dynamic, i64>;

fn said<T>(result: tensor::Result<T>) -> String {
    result.err().expect("a call that is refused").to_string()
}

#[test]
fn division_of_whole_numbers_by_zero_is_an_error() {
    let (a, zero) = (Whole::from(vec![7, -7]), Whole::from(vec![1, 0]));
    for result in [
        a.remainder(&zero),
        a.fmod(&zero),
        a.floor_divide(&zero),
        a.trunc_divide(&zero),
    ] {
        assert!(said(result).contains("expected divisors other than 0"));
    }
    assert!(a.remainder_scalar(0).error().is_some());
    assert!(tensor![7u8].floor_divide(&tensor![0u8]).error().is_some());
    let inf = tensor![1.].floor_divide(&tensor![0.]);
    assert_eq!(inf, tensor![f32::INFINITY]);
    assert!(
        tensor![1.]
            .remainder(&tensor![0.])
            .isnan()
            .at([0])
            .expect("one element")
    );
}

#[test]
fn negative_powers_of_whole_numbers_keep_the_whole_part() {
    let base = tensor![2i64, 1, -1, -1, 0];
    assert_eq!(
        base.pow_tensor(&tensor![-1i64, -3, -3, -2, -1]),
        tensor![0i64, 1, -1, 1, 0]
    );
}

#[test]
fn whole_numbers_and_truth_values_become_floats_or_stay() {
    assert_eq!(tensor![true, false].cos().round_decimals(4), tensor![0.5403, 1.]);
    assert_eq!(tensor![2i64, -3].floor(), tensor![2i64, -3]);
    assert_eq!(tensor![0i64, 1].atan2(&tensor![1i64, 0]).rad2deg(), tensor![0., 90.]);
    assert_eq!(tensor![true, true].add(&tensor![false, true]), tensor![true, true]);
    assert_eq!(
        tensor![true, false].maximum(&tensor![false, false]),
        tensor![true, false]
    );
    assert_eq!(tensor![true].div(&tensor![true]), tensor![1.]);
    assert_eq!(tensor![3i64, 5].isfinite(), tensor![true, true]);
    assert_eq!(
        tensor![i64::MAX]
            .isclose(&tensor![i64::MAX], Closeness::default())
            .expect("tolerances"),
        tensor![true]
    );
}

#[test]
fn halves_are_rounded_once() {
    let x: Tensor<dims![3], f32> = tensor![0.3, -1.7, 2.2];
    let exact = |wide: Tensor<dims![3], f32>| (wide.cast::<f16>(), wide.cast::<bf16>());
    let (low, brain) = (x.cast::<f16>(), x.cast::<bf16>());
    let (from_low, from_brain) = (low.cast::<f32>(), brain.cast::<f32>());
    assert_eq!(low.mish(), exact(from_low.mish()).0);
    assert_eq!(brain.mish(), exact(from_brain.mish()).1);
    assert_eq!(
        low.addcmul(&low, &low, f16::ONE),
        exact(from_low.addcmul(&from_low, &from_low, 1.)).0
    );
    assert_eq!(brain.logaddexp(&brain), exact(from_brain.logaddexp(&from_brain)).1);
    assert_eq!(tensor![f16::INFINITY].nan_to_num(0., None, None), tensor![f16::MAX]);
}

#[test]
fn any_strides_give_the_same() {
    let x = Numbers::rand(&[3, 4], 1).expect("sizes");
    let turned = x.transpose(0, 1).expect("two axes");
    let copy = turned.contiguous();
    assert_eq!(turned.asinh(), copy.asinh());
    assert_eq!(turned.remainder_scalar(0.3), copy.remainder_scalar(0.3));
    let (twice, by) = (turned.hypot(&turned), copy.hypot(&copy));
    assert_eq!(twice.expect("equal sizes"), by.expect("equal sizes"));
    assert_eq!(
        turned.hardtanh(0.2, 0.6).expect("bounds"),
        copy.hardtanh(0.2, 0.6).expect("bounds")
    );
    assert_eq!(turned.logical_not(), copy.logical_not());
}

#[test]
fn nothing_gives_nothing() {
    let none = Numbers::from_vec(Vec::new(), &[2, 0]).expect("no elements");
    assert_eq!(none.erfinv().sizes(), [2, 0]);
    assert_eq!(none.softmax_axis(0).expect("an axis").sizes(), [2, 0]);
    assert_eq!(none.glu(1).expect("an even size").sizes(), [2, 0]);
    assert_eq!(none.atan2(&none).expect("equal sizes").sizes(), [2, 0]);
    assert_eq!(none.where_(&none.isnan(), &none).expect("equal sizes").sizes(), [2, 0]);
    let number = Numbers::full_of(0., &[]).expect("no axes");
    assert_eq!(number.softmax_axis(-1).expect("a number has axis -1"), number.cos());
}

#[test]
fn bad_arguments_are_named() {
    let (x, y) = (Numbers::from(vec![1., 2.]), Numbers::from(vec![1., 2., 3.]));
    assert_eq!(
        said(x.hypot(&y)),
        "`hypot`: expected sizes that broadcast with [2], found [3]"
    );
    assert_eq!(
        said(x.glu(0).and_then(|_| y.glu(0))),
        "`glu`: expected an even size of axis 0, found [3]"
    );
    assert!(said(x.softmax_axis(1)).contains("axis 1 is out of range"));
    assert_eq!(said(x.hardtanh(1., -1.)), "`low`: expected at most -1, found 1");
    assert_eq!(
        said(x.softshrink(-0.5)),
        "`lambda`: expected a number from 0 on, found -0.5"
    );
    assert_eq!(said(x.celu(0.)), "`alpha`: expected a number other than 0, found 0");
    assert_eq!(
        said(x.clamp_tensor(None, None)),
        "`low`: expected a bound, below or above, found none"
    );
    assert_eq!(said(x.prelu(&y)), "`prelu`: expected 1 weight or 1, for [2], found 3");
    let negative = Closeness {
        atol: -1.,
        ..Closeness::default()
    };
    assert_eq!(
        said(x.isclose(&x, negative)),
        "`atol`: expected a number from 0 on, found -1"
    );
    assert!(said(x.where_(&y.isnan(), &x)).starts_with("`where`"));
    assert!(said(x.lerp(&x, &y)).starts_with("`lerp`"));
}

#[test]
fn what_has_no_gradient_says_so() {
    let x = Numbers::from(vec![1., 2.]).requires_grad();
    let error = x.nextafter(&x.detach()).expect("equal sizes").sum().try_backward();
    assert!(said(error).contains("`nextafter` has no gradient"));
}

#[test]
fn gradients_at_the_bounds_are_those_of_pytorch() {
    let x = tensor![-1., 0., 1., 2.].requires_grad();
    let slope = |y: Tensor<dims![4]>| {
        let mut x = x.clone();
        x.zero_grad();
        y.sum().backward();
        x.grad().expect("a gradient")
    };
    assert_eq!(slope(x.clamp(0., 1.)), tensor![0., 0., 0., 0.]);
    assert_eq!(slope(x.clamp_min(0.)), tensor![0., 0., 1., 1.]);
    assert_eq!(slope(x.atan2_scalar(0.)), tensor![0., 0., 0., 0.]);
    assert_eq!(slope(x.xlogy_scalar(0.)).at([1]).expect("four elements"), 0.);
    assert_eq!(slope(x.threshold(1., 5.)), tensor![0., 0., 0., 1.]);
}
