//! Operations that only look at the same elements in another way.

use std::slice::from_ref;

use tensor::{Batch, dims};
use tests::Chance;
use tests::differences::{Values, check};

#[test]
fn reshape() {
    let mut chance = Chance::new(1);
    let pairs: &[(&[usize], &[usize])] = &[
        (&[], &[1]),
        (&[1], &[]),
        (&[6], &[2, 3]),
        (&[2, 3], &[3, 2]),
        (&[2, 3, 4], &[4, 6]),
        (&[0, 3], &[2, 0, 5]),
        (&[1, 5], &[5, 1, 1]),
    ];
    for (from, to) in pairs {
        check("reshape", &[chance.normal(from)], |inputs| {
            inputs[0].reshape(*to).expect("as many elements").sin()
        });
    }
}

#[test]
fn reshape_of_what_is_not_contiguous() {
    let x = Chance::new(2).normal::<f64>(&[2, 3, 4]);
    check("reshape of a transpose", &[x], |inputs| {
        inputs[0]
            .transpose(0, 2)
            .and_then(|flipped| flipped.reshape(&[6, 4]))
            .expect("as many elements")
            .square()
    });
}

#[test]
fn transpose() {
    let mut chance = Chance::new(3);
    for rank in 1..=4_usize {
        let sizes = chance.sizes(rank);
        for a in 0..rank as isize {
            for b in -(rank as isize)..0 {
                let x = chance.normal::<f64>(&sizes);
                check("transpose", &[x], |inputs| {
                    inputs[0].transpose(a, b).expect("two axes").exp()
                });
            }
        }
    }
}

#[test]
fn broadcast_to() {
    let mut chance = Chance::new(4);
    let pairs: &[(&[usize], &[usize])] = &[
        (&[], &[3]),
        (&[], &[0]),
        (&[3], &[2, 3]),
        (&[1], &[4]),
        (&[2, 1], &[2, 3]),
        (&[1, 3], &[5, 2, 3]),
        (&[2, 3], &[2, 3]),
        (&[1, 1], &[0, 2]),
    ];
    for (from, to) in pairs {
        check("broadcast_to", &[chance.normal(from)], |inputs| {
            inputs[0].broadcast_to(*to).expect("sizes that stretch").sin()
        });
    }
}

#[test]
fn contiguous() {
    let x = Chance::new(5).normal::<f64>(&[3, 4]);
    check("contiguous", &[x], |inputs| {
        inputs[0].transpose(0, 1).expect("two axes").contiguous().square()
    });
}

#[test]
fn views_of_typed_tensors() {
    let x = Chance::new(6).normal::<f64>(&[2, 3, 4]);
    let typed = |inputs: &[Values]| {
        inputs[0]
            .clone()
            .try_into_shape::<dims![Batch, 3, 4]>()
            .expect("the sizes above")
    };
    check("flatten::<1>", from_ref(&x), |inputs| {
        typed(inputs).flatten::<1>().square().into_dynamic()
    });
    check("flatten::<-2>", from_ref(&x), |inputs| {
        typed(inputs).flatten::<-2>().square().into_dynamic()
    });
    check("flatten::<0>", from_ref(&x), |inputs| {
        typed(inputs).flatten::<0>().square().into_dynamic()
    });
    check("t", from_ref(&x), |inputs| typed(inputs).t().square().into_dynamic());
    check("reshape", &[x], |inputs| {
        typed(inputs).reshape::<dims![Batch, 12]>().square().into_dynamic()
    });
}

#[test]
fn one_tensor_seen_in_several_ways() {
    let x = Chance::new(7).normal::<f64>(&[3, 3]);
    check("x + x^T + sum(x)", &[x], |inputs| {
        let x = &inputs[0];
        let flipped = x.transpose(0, 1).expect("two axes");
        let sum = x.sum_keep(0).expect("two axes");
        x.add(&flipped)
            .and_then(|both| both.mul(&sum))
            .expect("sizes that broadcast")
    });
}
