//! Whole numbers, truth values, and floats of 16 bits: arithmetic, reductions and products.

use tensor::{Bits, Differentiable, Dynamic, Element, Integer, Tensor, bf16, f16};

use super::Check;
use crate::Chance;
use crate::gpu::check::in_child;
use crate::gpu::sides::{Values, both, device, equal, flip, near, numbers, sure};

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    vec![
        Check {
            name: "ops::whole::arithmetic",
            run: || {
                arithmetic::<i64>();
                arithmetic::<i32>();
                arithmetic::<u8>();
            },
        },
        Check {
            name: "ops::whole::truth_values",
            run: truth_values,
        },
        Check {
            name: "ops::whole::reductions",
            run: || {
                reductions::<i64>();
                reductions::<i32>();
                reductions::<u8>();
                reductions::<bool>();
            },
        },
        Check {
            name: "ops::whole::products",
            run: products,
        },
        Check {
            name: "ops::whole::halves",
            run: || {
                halves::<f16>();
                halves::<bf16>();
            },
        },
        // What the device has to report goes to whoever waits for it next.
        Check {
            name: "ops::whole::divisions_by_zero",
            run: || drop(in_child("ops::whole::divisions_by_zero", &[], divisions_by_zero)),
        },
    ]
}

const NUMBERS: [f64; 12] = [
    0.0,
    1.0,
    -1.0,
    2.0,
    3.0,
    -7.0,
    12.0,
    63.0,
    100.0,
    -100.0,
    200.0,
    2_147_483_647.0,
];

fn arithmetic<T: Integer + Bits>() {
    type Operation<T> = fn(&Values<T>, &Values<T>) -> tensor::Result<Values<T>>;
    let (column, row) = (both::<T>(&NUMBERS, &[12, 1]), both::<T>(&NUMBERS, &[12]));
    let all: [(&str, Operation<T>); 18] = [
        ("add", |a, b| a.add(b)),
        ("sub", |a, b| a.sub(b)),
        ("mul", |a, b| a.mul(b)),
        ("maximum", |a, b| a.maximum(b)),
        ("minimum", |a, b| a.minimum(b)),
        ("fmax", |a, b| a.fmax(b)),
        ("fmin", |a, b| a.fmin(b)),
        ("heaviside", |a, b| a.heaviside(b)),
        ("bitwise_and", |a, b| a.bitwise_and(b)),
        ("bitwise_or", |a, b| a.bitwise_or(b)),
        ("bitwise_xor", |a, b| a.bitwise_xor(b)),
        ("bitwise_left_shift", |a, b| a.bitwise_left_shift(b)),
        ("bitwise_right_shift", |a, b| a.bitwise_right_shift(b)),
        ("gcd", |a, b| a.gcd(b)),
        ("lcm", |a, b| a.lcm(b)),
        ("floor_divide", |a, b| {
            a.floor_divide(&b.maximum(&b.full_like(T::from_f64(3.0)))?)
        }),
        ("remainder", |a, b| {
            a.remainder(&b.maximum(&b.full_like(T::from_f64(3.0)))?)
        }),
        ("fmod", |a, b| a.fmod(&b.maximum(&b.full_like(T::from_f64(3.0)))?)),
    ];
    for (name, operation) in all {
        let call = |a: &[Values<T>; 2], b: &[Values<T>; 2]| {
            [0, 1].map(|side| operation(&a[side], &b[side]).expect("sizes that broadcast"))
        };
        equal(name, call(&column, &row));
        equal(name, call(&row, &column));
        let turned = column.each_ref().map(flip);
        equal(name, call(&turned, &row));
        let none = both::<T>(&[], &[0, 12]);
        equal(name, call(&none, &row));
    }
}

fn truth_values() {
    let (a, b) = (both::<bool>(&[0.0, 1.0], &[2, 1]), both::<bool>(&[0.0, 1.0], &[2]));
    equal("and", [0, 1].map(|side| a[side].bitwise_and(&b[side]).expect("sizes")));
    equal("or", [0, 1].map(|side| a[side].bitwise_or(&b[side]).expect("sizes")));
    equal("xor", [0, 1].map(|side| a[side].bitwise_xor(&b[side]).expect("sizes")));
}

fn reductions<T: Element>() {
    let data: Vec<f64> = (0..4 * 50 * 6).map(|i| f64::from(i * 37 % 101 - 40)).collect();
    let x = both::<T>(&data, &[4, 50, 6]);
    equal("sum", x.each_ref().map(|x| x.sum().into_dynamic()));
    for axis in [0, 1, 2, -1] {
        equal(
            "sum",
            x.each_ref().map(|x| x.sum_axes(&[axis], false).expect("an axis")),
        );
        equal(
            "sum",
            x.each_ref().map(|x| flip(x).sum_axes(&[axis], false).expect("an axis")),
        );
    }
    let whole = both::<i64>(&data, &[4, 50, 6]);
    for axis in 0..3 {
        equal(
            "amax",
            whole.each_ref().map(|x| x.amax(&[axis], false).expect("an axis")),
        );
        equal(
            "amin",
            whole.each_ref().map(|x| flip(x).amin(&[axis], true).expect("an axis")),
        );
        equal(
            "prod",
            whole.each_ref().map(|x| x.prod_axes(&[axis], false).expect("an axis")),
        );
    }
}

fn products() {
    let mut chance = Chance::new(13);
    for [m, k, n] in [[1, 1, 1], [3, 20, 5], [17, 33, 16], [4, 0, 2]] {
        let mut side = |sizes: &[usize]| {
            let data: Vec<f64> = (0..sizes.iter().product())
                .map(|_| chance.below(2000) as f64 - 1000.0)
                .collect();
            both::<i64>(&data, sizes)
        };
        let (a, b, turned) = (side(&[m, k]), side(&[k, n]), side(&[n, k]));
        equal("matmul", [0, 1].map(|at| a[at].matmul(&b[at]).expect("sizes that fit")));
        equal(
            "matmul",
            [0, 1].map(|at| a[at].matmul(&flip(&turned[at])).expect("sizes that fit")),
        );
    }
}

/// They are computed with as `f32` and rounded once.
fn halves<T: Differentiable>() {
    let mut chance = Chance::new(14);
    let [a, b] = [(); 2].map(|()| {
        let here = chance.uniform::<f32>(&[5, 8], 0.25, 2.0).cast::<T>();
        [here.clone(), sure("to", here.to(device()))]
    });
    type OfTwo<T> = fn(&Values<T>, &Values<T>) -> tensor::Result<Values<T>>;
    let pairs: [OfTwo<T>; 5] = [
        |a, b| a.add(b),
        |a, b| a.mul(&flip(&flip(b))),
        |a, b| a.div(b),
        |a, b| a.hypot(b),
        |a, b| a.matmul(&flip(b)),
    ];
    for operation in pairs {
        equal(
            "two",
            [0, 1].map(|side| operation(&a[side], &b[side]).expect("sizes that fit")),
        );
    }
    for [here, there] in [
        a.each_ref().map(|x| x.sqrt()),
        a.each_ref().map(|x| x.sum_axes(&[0], true).expect("an axis")),
        a.each_ref().map(|x| x.lgamma()),
    ] {
        assert_eq!(there.device(), device());
        near("one", &numbers("one", &there), &numbers("one", &here), 1e-2);
    }
}

fn divisions_by_zero() {
    type Division = fn(&Values<i64>, &Values<i64>) -> tensor::Result<Values<i64>>;
    let all: [Division; 4] = [
        |a, b| a.fmod(b),
        |a, b| a.remainder(b),
        |a, b| a.floor_divide(b),
        |a, b| a.trunc_divide(b),
    ];
    let (a, b) = (both::<i64>(&[7.0, 8.0], &[2]), both::<i64>(&[2.0, 0.0], &[2]));
    for divide in all {
        let expected = divide(&a[0], &b[0]).expect_err("a division by 0").to_string();
        let found = divide(&a[1], &b[1]).and_then(|out| out.to_vec());
        assert_eq!(found.expect_err("a division by 0").to_string(), expected);
        // It is said once.
        assert_eq!(sure("to_vec", a[1].to_vec()), [7, 8]);
    }
    let other: Tensor<Dynamic, i64> = sure("add", a[1].add(&b[1]));
    assert_eq!(sure("to_vec", other.to_vec()), [9, 8]);
}
