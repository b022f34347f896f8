//! Functions of two numbers.

use std::sync::atomic::{AtomicBool, Ordering};

use tensor_ops::Pair;

use super::Whole;
use crate::kernels::Real;
use crate::kernels::special::{float, incomplete, integer, logarithm, zeta};
use crate::kernels::strided::{Source, zip};

/// A whole number was to be divided by 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByZero;

/// `out = op(a, b)` of floats, broadcast by strides of 0; what is not one rounding is computed in double precision.
///
/// # Panics
/// If a view reaches outside its data, or `out` has another number of elements, or `op` is not for floats.
pub fn pair<T: Real>(op: Pair, sizes: &[usize], a: Source<'_, T>, b: Source<'_, T>, out: &mut [T]) {
    match op {
        Pair::Fmod => zip(sizes, a, b, out, |a: T, b: T| a % b),
        Pair::Remainder => zip(sizes, a, b, out, T::remainder),
        Pair::FloorDivide => zip(sizes, a, b, out, T::floor_divide),
        Pair::TruncDivide => zip(sizes, a, b, out, |a: T, b: T| (a / b).trunc()),
        Pair::Fmax => zip(sizes, a, b, out, |a: T, b: T| if a >= b || b.is_nan() { a } else { b }),
        Pair::Fmin => zip(sizes, a, b, out, |a: T, b: T| if a <= b || b.is_nan() { a } else { b }),
        Pair::Copysign => zip(sizes, a, b, out, T::copysign),
        Pair::Nextafter => zip(sizes, a, b, out, T::next_after),
        other => {
            let f = function(other);
            zip(sizes, a, b, out, |a: T, b: T| T::from_f64(f(a.to_f64(), b.to_f64())));
        }
    }
}

/// The function in double precision.
fn function(op: Pair) -> fn(f64, f64) -> f64 {
    match op {
        Pair::Atan2 => f64::atan2,
        Pair::Hypot => f64::hypot,
        Pair::Ldexp => ldexp,
        Pair::Heaviside => float::heaviside,
        Pair::Logaddexp => logarithm::logaddexp,
        Pair::Logaddexp2 => logarithm::logaddexp2,
        Pair::Xlogy => logarithm::xlogy,
        Pair::Xlog1py => logarithm::xlog1py,
        Pair::Zeta => zeta::zeta,
        Pair::Igamma => incomplete::igamma,
        Pair::Igammac => incomplete::igammac,
        Pair::Fmod | Pair::Remainder | Pair::FloorDivide | Pair::TruncDivide => unreachable!("`pair` above has them"),
        Pair::Fmax | Pair::Fmin | Pair::Copysign | Pair::Nextafter => unreachable!("`pair` above has them"),
        Pair::BitAnd | Pair::BitOr | Pair::BitXor | Pair::ShiftLeft | Pair::ShiftRight | Pair::Gcd | Pair::Lcm => {
            unreachable!("`Pair::takes` says that these are not for floats")
        }
    }
}

/// `x 2^n`; a power that is no whole number is rounded by itself.
fn ldexp(x: f64, n: f64) -> f64 {
    if n == n.trunc() {
        float::ldexp(x, n as i32)
    } else {
        x * n.exp2()
    }
}

/// `out = op(a, b)` of whole numbers, broadcast by strides of 0, which wrap around.
///
/// # Errors
/// Where one is to be divided by 0.
///
/// # Panics
/// If a view reaches outside its data, or `out` has another number of elements, or `op` is for floats alone.
pub fn pair_whole<T: Whole>(
    op: Pair,
    sizes: &[usize],
    a: Source<'_, T>,
    b: Source<'_, T>,
    out: &mut [T],
) -> Result<(), ByZero> {
    let mut by = |f: fn(i64, i64) -> i64| zip(sizes, a, b, out, |a: T, b: T| T::cut(f(a.into(), b.into())));
    match op {
        Pair::Fmod => return dividing(sizes, a, b, out, i64::wrapping_rem),
        Pair::Remainder => return dividing(sizes, a, b, out, remainder),
        Pair::FloorDivide => return dividing(sizes, a, b, out, floor_divide),
        Pair::TruncDivide => return dividing(sizes, a, b, out, i64::wrapping_div),
        Pair::Fmax => by(i64::max),
        Pair::Fmin => by(i64::min),
        Pair::Heaviside => by(|a, b| if a == 0 { b } else { i64::from(a > 0) }),
        Pair::BitAnd => by(|a, b| a & b),
        Pair::BitOr => by(|a, b| a | b),
        Pair::BitXor => by(|a, b| a ^ b),
        Pair::ShiftLeft => zip(sizes, a, b, out, |a: T, b: T| match places::<T>(b) {
            Some(places) => T::cut(a.into().wrapping_shl(places)),
            None => T::cut(0),
        }),
        Pair::ShiftRight => zip(sizes, a, b, out, |a: T, b: T| {
            T::cut(a.into() >> places::<T>(b).unwrap_or(i64::BITS - 1))
        }),
        Pair::Gcd => by(integer::gcd),
        Pair::Lcm => by(integer::lcm),
        Pair::Atan2 | Pair::Hypot | Pair::Copysign | Pair::Nextafter | Pair::Zeta => not_whole(),
        Pair::Logaddexp | Pair::Logaddexp2 | Pair::Xlogy | Pair::Xlog1py => not_whole(),
        Pair::Igamma | Pair::Igammac | Pair::Ldexp => not_whole(),
    }
    Ok(())
}

fn not_whole() -> ! {
    unreachable!("`ops/pair.rs` makes floats of whole numbers first")
}

/// `out = op(a, b)` of truth values, broadcast by strides of 0.
///
/// # Panics
/// If a view reaches outside its data, or `out` has another number of elements, or `op` is not for bits.
pub fn pair_truth(op: Pair, sizes: &[usize], a: Source<'_, bool>, b: Source<'_, bool>, out: &mut [bool]) {
    match op {
        Pair::BitAnd => zip(sizes, a, b, out, |a, b| a & b),
        Pair::BitOr => zip(sizes, a, b, out, |a, b| a | b),
        Pair::BitXor => zip(sizes, a, b, out, |a, b| a ^ b),
        _ => unreachable!("`Pair::takes` says that {op:?} is not for truth values"),
    }
}

/// How far to shift, if that leaves anything.
fn places<T: Whole>(b: T) -> Option<u32> {
    let places: i64 = b.into();
    u32::try_from(places)
        .ok()
        .filter(|&places| places < 8 * size_of::<T>() as u32)
}

/// A function that divides by `b`, which must not be 0.
fn dividing<T: Whole>(
    sizes: &[usize],
    a: Source<'_, T>,
    b: Source<'_, T>,
    out: &mut [T],
    f: fn(i64, i64) -> i64,
) -> Result<(), ByZero> {
    let by_zero = AtomicBool::new(false);
    zip(sizes, a, b, out, |a: T, b: T| {
        let divisor: i64 = b.into();
        if divisor == 0 {
            by_zero.store(true, Ordering::Relaxed);
            return T::cut(0);
        }
        T::cut(f(a.into(), divisor))
    });
    if by_zero.into_inner() { Err(ByZero) } else { Ok(()) }
}

fn remainder(a: i64, b: i64) -> i64 {
    let rest = a.wrapping_rem(b);
    if rest != 0 && (rest < 0) != (b < 0) {
        rest + b
    } else {
        rest
    }
}

fn floor_divide(a: i64, b: i64) -> i64 {
    let quotient = a.wrapping_div(b);
    let rest = a.wrapping_rem(b);
    if rest != 0 && (rest < 0) != (b < 0) {
        quotient - 1
    } else {
        quotient
    }
}

#[cfg(test)]
mod tests {
    use tensor_ops::Takes;

    use super::*;

    fn source<T>(data: &[T]) -> Source<'_, T> {
        Source {
            data,
            offset: 0,
            strides: &[1],
        }
    }

    fn whole(op: Pair, a: i64, b: i64) -> Result<i64, ByZero> {
        let mut out = [0];
        pair_whole(op, &[1], source(&[a]), source(&[b]), &mut out).map(|()| out[0])
    }

    #[test]
    fn every_function_has_a_kernel() {
        for op in Pair::ALL {
            match op.takes() {
                Takes::Floats | Takes::Numbers => pair(op, &[1], source(&[0.5]), source(&[2.0]), &mut [0.0]),
                Takes::Whole | Takes::Bits => assert!(whole(op, 5, 2).is_ok()),
            }
        }
    }

    #[test]
    fn whole_numbers_are_divided_as_python_and_as_c_do() {
        for (a, b, floor, remainder, trunc, fmod) in
            [(7, 2, 3, 1, 3, 1), (-7, 2, -4, 1, -3, -1), (7, -2, -4, -1, -3, 1)]
        {
            assert_eq!(whole(Pair::FloorDivide, a, b), Ok(floor));
            assert_eq!(whole(Pair::Remainder, a, b), Ok(remainder));
            assert_eq!(whole(Pair::TruncDivide, a, b), Ok(trunc));
            assert_eq!(whole(Pair::Fmod, a, b), Ok(fmod));
        }
        assert_eq!(whole(Pair::Remainder, 1, 0), Err(ByZero));
        assert_eq!(whole(Pair::FloorDivide, i64::MIN, -1), Ok(i64::MIN));
    }

    #[test]
    fn shifts_have_no_undefined_places() {
        for (a, b, left, right) in [
            (1, 64, 0, 0),
            (1, -1, 0, 0),
            (-1, 64, 0, -1),
            (-8, 1, -16, -4),
            (1, 3, 8, 0),
        ] {
            assert_eq!(
                (whole(Pair::ShiftLeft, a, b), whole(Pair::ShiftRight, a, b)),
                (Ok(left), Ok(right))
            );
        }
        let mut out = [0u8; 2];
        pair_whole(Pair::ShiftLeft, &[2], source(&[129, 1]), source(&[1, 8]), &mut out).expect("no division");
        assert_eq!(out, [2, 0]);
    }
}
