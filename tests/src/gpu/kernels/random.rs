//! Random numbers, against Philox written once more.

use gpu_kernels::Float;

use super::placed::{COUNTS, Placed, tolerance};
use crate::gpu::naive::assert_near;
use crate::gpu::{Check, gpu};

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    vec![
        Check {
            name: "kernels::random::philox_answers_as_published",
            run: philox_answers_as_published,
        },
        Check {
            name: "kernels::random::uniform_numbers",
            run: uniform_numbers,
        },
        Check {
            name: "kernels::random::normal_numbers",
            run: || {
                normal_numbers::<f32>();
                normal_numbers::<f64>();
            },
        },
        Check {
            name: "kernels::random::the_shape_of_the_bell",
            run: the_shape_of_the_bell,
        },
    ]
}

/// The seed of the checks: both halves of the key count.
pub(super) const SEED: u64 = 0x0123_4567_89ab_cdef;

/// Word `index` of a stream.
pub(super) fn word(seed: u64, stream: u64, index: u64) -> u32 {
    philox(block_counter(stream, index / 4), halves(seed))[(index % 4) as usize]
}

fn halves(x: u64) -> [u32; 2] {
    [x as u32, (x >> 32) as u32]
}

fn block_counter(stream: u64, block: u64) -> [u32; 4] {
    let ([b0, b1], [s0, s1]) = (halves(block), halves(stream));
    [b0, b1, s0, s1]
}

/// Philox 4x32-10 as in the paper: multiply, swap, add the round's key.
fn philox(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    (0..10u32).fold(counter, |[c0, c1, c2, c3], round| {
        let keys = [
            key[0].wrapping_add(round.wrapping_mul(0x9e37_79b9)),
            key[1].wrapping_add(round.wrapping_mul(0xbb67_ae85)),
        ];
        let [low_a, high_a] = halves(0xd251_1f53 * u64::from(c0));
        let [low_b, high_b] = halves(0xcd9e_8d57 * u64::from(c2));
        [high_b ^ c1 ^ keys[0], low_b, high_a ^ c3 ^ keys[1], low_a]
    })
}

fn philox_answers_as_published() {
    assert_eq!(
        philox([0; 4], [0; 2]),
        [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
    );
    let pi = [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344];
    let answer = [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1];
    assert_eq!(philox(pi, [0xa409_3822, 0x299f_31d0]), answer);
}

/// A number in `[0, 1)` of the words from `first` on: of one in single precision, of two in double.
fn unit(double: bool, stream: u64, first: u64) -> f64 {
    let high = word(SEED, stream, first);
    if double {
        let low = word(SEED, stream, first + 1);
        (((u64::from(high)) << 21) | u64::from(low >> 11)) as f64 / (1u64 << 53) as f64
    } else {
        f64::from(high >> 8) / f64::from(1 << 24)
    }
}

fn uniform_numbers() {
    let stream = 1 << 35 | 6;
    for n in COUNTS {
        for (low, high) in [(0.0, 1.0), (-3.0, 5.0), (1.0, 1.0 + f32::EPSILON), (2.0, 2.0)] {
            let out = Placed::filled_with_nan(n, n % 3);
            // SAFETY: it is of n elements.
            unsafe { gpu().uniform::<f32>(low, high, SEED, stream, out.ptr(), n) }.expect("a launch");
            for (index, out) in out.read().into_iter().enumerate() {
                let value = (unit(false, stream, index as u64) as f32).mul_add(high - low, low);
                assert_eq!(out, if value < high { value } else { low }, "element {index}");
            }
            let (low, high) = (f64::from(low), f64::from(high));
            let out = Placed::filled_with_nan(n, n % 3);
            // SAFETY: as above.
            unsafe { gpu().uniform::<f64>(low, high, SEED, stream, out.ptr(), n) }.expect("a launch");
            for (index, out) in out.read().into_iter().enumerate() {
                let value = unit(true, stream, 2 * index as u64).mul_add(high - low, low);
                assert_eq!(out, if value < high { value } else { low }, "element {index}");
            }
        }
    }
}

fn normal_numbers<T: Float>() {
    let double = T::INDEX == 1;
    for (n, stream) in COUNTS.into_iter().zip(7..) {
        let out = Placed::filled_with_nan(n, n % 3);
        let [mean, std] = [2.0, 3.0].map(T::from_f64);
        // SAFETY: it is of n elements.
        unsafe { gpu().normal(mean, std, SEED, stream, out.ptr(), n) }.expect("a launch");
        let expected = |index: usize| {
            // Four words a pair, whatever the precision.
            let first = index as u64 / 2 * 4;
            let radius = (-2.0 * (1.0 - unit(double, stream, first)).ln()).sqrt();
            let angle =
                T::from_f64(unit(double, stream, first + 2) * T::from_f64(std::f64::consts::TAU).as_f64()).as_f64();
            2.0 + 3.0
                * radius
                * if index.is_multiple_of(2) {
                    angle.cos()
                } else {
                    angle.sin()
                }
        };
        let expected: Vec<f64> = (0..n).map(expected).collect();
        assert_near(
            &out.read(),
            &expected,
            tolerance::<T>(4e-6, 1e-14),
            &format!("{n} normal numbers"),
        );
    }
}

fn the_shape_of_the_bell() {
    let n = 100_001;
    let out = Placed::filled_with_nan(n, 0);
    // SAFETY: it is of n elements.
    unsafe { gpu().normal::<f32>(-1.0, 0.5, 5, 0, out.ptr(), n) }.expect("a launch");
    let x: Vec<f64> = out.read().into_iter().map(f64::from).collect();
    let mean = x.iter().sum::<f64>() / n as f64;
    let variance = x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n as f64;
    let inside = x.iter().filter(|x| (*x + 1.0).abs() < 0.5).count() as f64 / n as f64;
    assert!(
        (mean + 1.0).abs() < 0.01 && (variance - 0.25).abs() < 0.005,
        "{mean} {variance}"
    );
    assert!((inside - 0.6827).abs() < 0.005, "{inside}");
}
