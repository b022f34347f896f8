//! Conversions between element types.

use gpu_kernels::{Element, Strided};

use super::super::placed::Placed;
use crate::Chance;
use crate::gpu::gpu;
use crate::gpu::kernels::view::{View, indices, sizes};

/// Element types as this file converts them: through double precision, by Rust's `as`.
trait Converted: Element {
    fn to_f64(self) -> f64;
    fn of_f64(value: f64) -> Self;
}

macro_rules! converted {
    ($($type:ty)*) => { $(
        impl Converted for $type {
            fn to_f64(self) -> f64 {
                self as f64
            }
            fn of_f64(value: f64) -> Self {
                value as Self
            }
        }
    )* };
}
converted!(f32 f64 i64);

pub(super) fn conversions() {
    let floats = [
        0.0,
        -0.0,
        1.5,
        -2.5,
        1e10,
        -1e19,
        9.3e18,
        f64::MAX,
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        1e-310,
    ];
    let single = floats.map(|x| x as f32);
    let integers = [
        0,
        1,
        -1,
        1 << 53,
        (1 << 53) + 1,
        i64::MAX,
        i64::MIN,
        16_777_217,
        (1 << 54) + (1 << 30) + 1,
        -7,
        5,
        6,
    ];
    convert_all(&single);
    convert_all(&floats);
    convert_all(&integers);

    let mut chance = Chance::new(34);
    for _ in 0..60 {
        let sizes = sizes(&mut chance);
        convert_views::<f32, i64>(&mut chance, &sizes);
        convert_views::<i64, f32>(&mut chance, &sizes);
        convert_views::<f64, f32>(&mut chance, &sizes);
    }
}

fn convert_all<From: Converted>(data: &[From]) {
    convert_one::<From, f32>(data);
    convert_one::<From, f64>(data);
    convert_one::<From, i64>(data);
}

fn convert_one<From: Converted, To: Converted>(data: &[From]) {
    let (x, out) = (
        Placed::between(data, 0, data[0]),
        Placed::between(&[To::of_f64(1.0); 12], 0, To::of_f64(3.0)),
    );
    let strides = &[1];
    let (from, to) = (
        Strided { ptr: x.ptr(), strides },
        Strided {
            ptr: out.ptr(),
            strides,
        },
    );
    // SAFETY: both are of 12 elements.
    unsafe { gpu().convert(&[12], from, to) }.expect("a launch");
    let same_type = std::any::TypeId::of::<From>() == std::any::TypeId::of::<To>();
    for (x, out) in data.iter().zip(out.read()) {
        let expected = To::of_f64(x.to_f64());
        let same = match same_type {
            // Nothing is lost, not even of an integer beyond 2^53.
            true => out.bits() == x.bits(),
            false => out == expected || (out.to_f64().is_nan() && expected.to_f64().is_nan()),
        };
        assert!(same, "{x:?} became {out:?}");
    }
}

fn convert_views<From: Converted, To: Converted>(chance: &mut Chance, sizes: &[usize]) {
    let (from, to) = (View::random(chance, sizes, true), View::random(chance, sizes, false));
    let data: Vec<From> = (0..from.len)
        .map(|_| From::of_f64(chance.below(1000) as f64 - 500.5))
        .collect();
    let x = Placed::between(&data, chance.below(4), From::of_f64(3.0));
    let mut expected = vec![To::of_f64(7777.0); to.len];
    let out = Placed::between(&expected, chance.below(4), To::of_f64(3.0));
    // SAFETY: the views lie in their memory.
    unsafe { gpu().convert(sizes, from.of(&x), to.of(&out)) }.expect("a launch");
    for index in indices(sizes) {
        expected[to.at(&index)] = To::of_f64(data[from.at(&index)].to_f64());
    }
    assert_eq!(out.read(), expected, "{sizes:?}, {from:?} to {to:?}");
}
