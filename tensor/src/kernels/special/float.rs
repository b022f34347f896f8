//! The parts of a number and its neighbours.

macro_rules! nextafter {
    ($name:ident, $float:ident) => {
        /// The number next to `from` in the direction of `to`; `to` where they are equal, NaN where one is.
        pub fn $name(from: $float, to: $float) -> $float {
            if from == to || to.is_nan() {
                to
            } else if from < to {
                from.next_up()
            } else {
                from.next_down()
            }
        }
    };
}

nextafter!(nextafter, f64);
nextafter!(nextafter_f32, f32);

/// `(m, e)` with `x = m 2^e` and `1/2 <= |m| < 1`; zeros, infinities and NaN come back with the exponent 0.
pub fn frexp(x: f64) -> (f64, i32) {
    if x == 0.0 || !x.is_finite() {
        return (x, 0);
    }
    let (scaled, shift) = if x.abs() < f64::MIN_POSITIVE {
        (x * 18_014_398_509_481_984.0, 54)
    } else {
        (x, 0)
    };
    let bits = scaled.to_bits();
    let exponent = (bits >> 52 & 0x7ff) as i32 - 1022 - shift;
    (f64::from_bits(bits & !(0x7ff << 52) | 1022 << 52), exponent)
}

/// `x 2^n`, rounded once.
///
/// PyTorch multiplies with the power, which overflows before the product does; here the product decides.
pub fn ldexp(x: f64, n: i32) -> f64 {
    let power = |n: i32| f64::from_bits(((n + 1023) as u64) << 52);
    let (mut x, mut n) = (x, n.clamp(-4000, 4000));
    while n > 1023 {
        x *= power(1023);
        n -= 1023;
    }
    // Not down to the subnormal numbers in the first steps: bits would be rounded twice.
    while n < -1022 {
        x *= power(-969);
        n += 969;
    }
    x * power(n)
}

/// 0 below 0, `at_zero` at 0, 1 above; 0 for NaN, as PyTorch has it.
pub fn heaviside(x: f64, at_zero: f64) -> f64 {
    if x == 0.0 {
        at_zero
    } else if x > 0.0 {
        1.0
    } else {
        0.0
    }
}
