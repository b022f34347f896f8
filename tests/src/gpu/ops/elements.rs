//! Elements of every type: fills, copies, casts, comparisons and selections.

use tensor::{Dynamic, Element, Tensor, bf16, f16};

use super::Check;
use crate::gpu::sides::{Values, both, equal, flip};

macro_rules! each_number {
    ($name:ident) => {{
        $name::<f32>();
        $name::<f64>();
        $name::<f16>();
        $name::<bf16>();
        $name::<i64>();
        $name::<i32>();
        $name::<u8>();
    }};
}
macro_rules! each_type {
    ($name:ident) => {{
        each_number!($name);
        $name::<bool>();
    }};
}

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    vec![
        Check {
            name: "ops::elements::casts_between_all_types",
            run: || each_type!(casts),
        },
        Check {
            name: "ops::elements::halves_round_to_even",
            run: halves_round_to_even,
        },
        Check {
            name: "ops::elements::fills_and_copies",
            run: || each_type!(fills_and_copies),
        },
        Check {
            name: "ops::elements::comparisons",
            run: || each_type!(comparisons),
        },
        Check {
            name: "ops::elements::selections",
            run: || each_type!(selections),
        },
    ]
}

/// Numbers at the edges of some type or other: 24 of them.
const NUMBERS: [f64; 24] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    2.5,
    -3.5,
    127.6,
    255.5,
    -255.0,
    300.0,
    2049.0,
    65519.9,
    65520.0,
    -70000.0,
    1e-7,
    3e-8,
    -6.1e-5,
    2147483647.0,
    -2147483649.0,
    9.3e18,
    -1e39,
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
];

fn casts<From: Element>() {
    fn cast<From: Element, To: Element>() {
        let what = format!("cast of {}", From::DTYPE.name());
        let x = both::<From>(&NUMBERS, &[4, 6]);
        equal(&what, x.each_ref().map(|x| x.cast::<To>()));
        equal(&what, x.each_ref().map(|x| flip(x).cast::<To>()));
    }
    cast::<From, f32>();
    cast::<From, f64>();
    cast::<From, f16>();
    cast::<From, bf16>();
    cast::<From, i64>();
    cast::<From, i32>();
    cast::<From, u8>();
    cast::<From, bool>();
}

/// Every half, what lies in the middle of it and the next, and a little to both sides of that.
fn halves_round_to_even() {
    let halves = (0..=u16::MAX).map(|bits| f16::from_bits(bits).to_f64());
    let brains = (0..=u16::MAX).map(|bits| bf16::from_bits(bits).to_f64());
    fn hold<T: Element>(exact: Vec<f64>) {
        let finite: Vec<f64> = exact.into_iter().filter(|x| x.is_finite()).collect();
        let middles = finite.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0);
        let around = middles.flat_map(|x| [x, x * (1.0 + 1e-4), x * (1.0 - 1e-4)]);
        let all: Vec<f64> = around.chain(finite.iter().copied()).collect();
        let x = both::<f64>(&all, &[all.len()]);
        equal("cast", x.each_ref().map(|x| x.cast::<T>()));
        equal("cast back", x.each_ref().map(|x| x.cast::<T>().cast::<f64>()));
    }
    hold::<f16>(halves.collect());
    hold::<bf16>(brains.collect());
}

fn fills_and_copies<T: Element>() {
    for value in [0.0, 1.0, 2.5, 200.0, -3.0] {
        let x = both::<T>(&[0.0; 15], &[3, 5]);
        equal("full_like", x.each_ref().map(|x| x.full_like(T::from_f64(value))));
    }
    for sizes in [&[4, 6][..], &[2, 3, 4], &[24, 1], &[1, 2, 2, 6]] {
        let x = both::<T>(&NUMBERS, sizes);
        equal("copy", x.each_ref().map(|x| flip(x).contiguous()));
        equal(
            "copy",
            x.each_ref().map(|x| x.transpose(0, -1).expect("two axes").contiguous()),
        );
        let wide: Vec<usize> = std::iter::once(3).chain(sizes.iter().copied()).collect();
        equal(
            "broadcast",
            x.each_ref()
                .map(|x| flip(&x.broadcast_to(&wide).expect("sizes that stretch")).contiguous()),
        );
    }
    // More than the threads of a block take, by rows that no width divides.
    let long: Vec<f64> = (0..131 * 67).map(|i| f64::from(i % 251)).collect();
    equal(
        "copy",
        both::<T>(&long, &[131, 67]).each_ref().map(|x| flip(x).contiguous()),
    );
    equal("none", both::<T>(&[], &[0, 3]).each_ref().map(|x| flip(x).contiguous()));
}

fn comparisons<T: Element>() {
    let (column, row) = (both::<T>(&NUMBERS, &[24, 1]), both::<T>(&NUMBERS, &[24]));
    type Comparison<T> = fn(&Values<T>, &Values<T>) -> tensor::Result<Tensor<Dynamic, bool>>;
    let all: [(&str, Comparison<T>); 6] = [
        ("eq", |a, b| a.eq(b)),
        ("ne", |a, b| a.ne(b)),
        ("lt", |a, b| a.lt(b)),
        ("le", |a, b| a.le(b)),
        ("gt", |a, b| a.gt(b)),
        ("ge", |a, b| a.ge(b)),
    ];
    for (name, compare) in all {
        equal(
            name,
            [0, 1].map(|side| compare(&column[side], &row[side]).expect("sizes that broadcast")),
        );
        equal(
            name,
            [0, 1].map(|side| compare(&row[side], &flip(&column[side])).expect("sizes that broadcast")),
        );
    }
}

fn selections<T: Element>() {
    let condition: Vec<f64> = (0..24).map(|i| f64::from(i * i % 7 % 2)).collect();
    let condition = both::<bool>(&condition, &[4, 6]);
    let (a, b) = (both::<T>(&NUMBERS, &[4, 6]), both::<T>(&NUMBERS[4..10], &[6]));
    let select = |a: &Values<T>, condition: &Tensor<Dynamic, bool>, b: &Values<T>| {
        a.where_(condition, b).expect("sizes that broadcast")
    };
    equal("where", [0, 1].map(|side| select(&a[side], &condition[side], &b[side])));
    equal("where", [0, 1].map(|side| select(&b[side], &condition[side], &a[side])));
    let turned = both::<T>(&NUMBERS, &[6, 4]);
    equal(
        "where",
        [0, 1].map(|side| select(&flip(&turned[side]), &condition[side], &a[side])),
    );
}
