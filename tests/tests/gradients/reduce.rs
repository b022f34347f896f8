//! Reductions over all elements and along every axis, kept and gone.

use std::slice::from_ref;

use tensor::{Batch, Result, dims};
use tests::Chance;
use tests::differences::{Values, check};

type All = fn(&Values) -> tensor::Tensor<(), f64>;
type Along = fn(&Values, isize) -> Result<Values>;

#[track_caller]
fn hold(what: &str, all: All, axis: Along, keep: Along, takes_nothing: bool) {
    let mut chance = Chance::new(what.bytes().map(u64::from).sum());
    let mut shapes = vec![vec![1], vec![1, 1], vec![5, 1, 3], vec![40, 35], vec![70]];
    for rank in 0..=4 {
        shapes.extend([chance.sizes(rank), chance.sizes(rank)]);
    }
    if takes_nothing {
        shapes.extend([vec![0], vec![0, 3], vec![3, 0]]);
    }
    for sizes in shapes {
        if sizes.contains(&0) && !takes_nothing {
            continue;
        }
        let x: Values = chance.normal(&sizes);
        check(what, from_ref(&x), |inputs| all(&inputs[0]).into_dynamic());
        let rank = sizes.len() as isize;
        for at in -rank..rank {
            let label = format!("{what} along {at}");
            check(&label, from_ref(&x), |inputs| {
                axis(&inputs[0], at).expect("an axis of the tensor")
            });
            let label = format!("{what} along {at}, kept");
            check(&label, from_ref(&x), |inputs| {
                keep(&inputs[0], at).expect("an axis of the tensor")
            });
        }
    }
}

#[test]
fn sum() {
    hold("sum", Values::sum, Values::sum_axis, Values::sum_keep, true);
}

#[test]
fn mean() {
    hold("mean", Values::mean, Values::mean_axis, Values::mean_keep, false);
}

#[test]
fn max() {
    hold("max", Values::max, Values::max_axis, Values::max_keep, false);
}

#[test]
fn min() {
    hold("min", Values::min, Values::min_axis, Values::min_keep, false);
}

#[test]
fn prod() {
    hold("prod", Values::prod, Values::prod_axis, Values::prod_keep, true);
}

#[test]
fn products_with_zeros_in_them() {
    let rows = [[2.0, -3.0, 0.5], [0.0, 4.0, -1.5], [0.0, 3.0, 0.0], [0.0, 0.0, 0.0]].concat();
    let x = Values::from_vec(rows, &[4, 3]).expect("twelve numbers");
    check("prod along the rows", from_ref(&x), |inputs| {
        inputs[0].prod_axis(1).expect("two axes")
    });
    check("prod along the columns", from_ref(&x), |inputs| {
        inputs[0].prod_keep(0).expect("two axes")
    });
    check("prod", &[x], |inputs| inputs[0].prod().into_dynamic());
}

#[test]
fn axes_of_typed_tensors() {
    let x = Chance::new(3).normal::<f64>(&[4, 3, 2]);
    let typed = |inputs: &[Values]| {
        inputs[0]
            .clone()
            .try_into_shape::<dims![Batch, 3, 2]>()
            .expect("the sizes above")
    };
    check("sum_axis::<0>", from_ref(&x), |inputs| {
        typed(inputs).sum_axis::<0>().into_dynamic()
    });
    check("mean_axis::<-1>", from_ref(&x), |inputs| {
        typed(inputs).mean_axis::<-1>().into_dynamic()
    });
    check("max_keep::<1>", from_ref(&x), |inputs| {
        typed(inputs).max_keep::<1>().into_dynamic()
    });
    check("min_keep::<-3>", from_ref(&x), |inputs| {
        typed(inputs).min_keep::<-3>().into_dynamic()
    });
    check("prod_axis::<2>", &[x], |inputs| {
        typed(inputs).prod_axis::<2>().into_dynamic()
    });
}
