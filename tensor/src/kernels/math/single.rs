//! Elementary functions in single precision.

use super::polynomial;
use crate::kernels::simd::Tier;

/// Adding it rounds to an integer, which then stands in the low bits.
const ROUND: f32 = 12_582_912.0;
/// `log(2)` in two parts; the products of the first with the exponents are exact.
const LN_2_HIGH: f32 = 0.693_359_4;
const LN_2_LOW: f32 = -2.121_944_4e-4;

/// 2 to the power of `n`, a normal number's exponent.
#[inline(always)]
fn power_of_two(n: i32) -> f32 {
    f32::from_bits((n.wrapping_add(127) as u32) << 23)
}

/// `x = n log(2) + r` with `|r| <= log(2) / 2`.
#[inline(always)]
fn reduce<S: Tier>(x: f32) -> (i32, f32) {
    let shifted = S::mul_add(x, std::f32::consts::LOG2_E, ROUND);
    let n = shifted - ROUND;
    let r = S::mul_add(n, -LN_2_LOW, S::mul_add(n, -LN_2_HIGH, x));
    ((shifted.to_bits() as i32).wrapping_sub(ROUND.to_bits() as i32), r)
}

/// `e` to the power of `x`.
#[inline(always)]
pub fn exp<S: Tier>(x: f32) -> f32 {
    let x = if x > 89.0 { 89.0 } else { x };
    // Of what becomes 0 nothing is computed: processors are slow where numbers underflow, and masks are made of minus infinity.
    let vanishes = x < -104.0;
    let x = if vanishes { 0.0 } else { x };
    let (n, r) = reduce::<S>(x);
    let rest = polynomial::<S, f32, 6>(
        r,
        [1.0 / 2.0, 1.0 / 6.0, 1.0 / 24.0, 1.0 / 120.0, 1.0 / 720.0, 1.0 / 5040.0],
    );
    let power = 1.0 + S::mul_add(r * r, rest, r);
    // In two steps: the exponent may lie outside the normal range by itself.
    let half = n >> 1;
    let value = power * power_of_two(half) * power_of_two(n.wrapping_sub(half));
    if vanishes { 0.0 } else { value }
}

/// [`exp`] of an `x` that is not above 0; 0 where the result would be subnormal.
#[inline(always)]
pub fn exp_down<S: Tier>(x: f32) -> f32 {
    let vanishes = x < -87.0;
    let (n, r) = reduce::<S>(if vanishes { 0.0 } else { x });
    let rest = polynomial::<S, f32, 6>(
        r,
        [1.0 / 2.0, 1.0 / 6.0, 1.0 / 24.0, 1.0 / 120.0, 1.0 / 720.0, 1.0 / 5040.0],
    );
    let power = 1.0 + S::mul_add(r * r, rest, r);
    let value = power * power_of_two(n);
    if vanishes { 0.0 } else { value }
}

/// `exp(x) - 1`, for `x` of at most 80.
#[inline(always)]
pub fn exp_m1<S: Tier>(x: f32) -> f32 {
    let low = if x < -30.0 { -30.0 } else { x };
    let (n, r) = reduce::<S>(low);
    let rest = polynomial::<S, f32, 6>(
        r,
        [1.0 / 2.0, 1.0 / 6.0, 1.0 / 24.0, 1.0 / 120.0, 1.0 / 720.0, 1.0 / 5040.0],
    );
    let small = S::mul_add(r * r, rest, r);
    let scale = power_of_two(n);
    let value = S::mul_add(scale, small, scale - 1.0);
    if x == 0.0 { x } else { value }
}

/// The natural logarithm.
#[inline(always)]
pub fn ln<S: Tier>(x: f32) -> f32 {
    let subnormal = x < f32::MIN_POSITIVE;
    let scaled = if subnormal { x * 33_554_432.0 } else { x };
    // The mantissa goes to [sqrt(1/2), sqrt(2)).
    let shifted = scaled.to_bits().wrapping_add(0x3f80_0000 - 0x3f35_04f3);
    let exponent = (shifted >> 23) as i32 - 127 - if subnormal { 25 } else { 0 };
    let f = f32::from_bits((shifted & 0x007f_ffff) + 0x3f35_04f3) - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let rest = z * polynomial::<S, f32, 4>(z, [0.666_666_7, 0.400_001_22, 0.285_508_2, 0.233_304_67]);
    let half_square = 0.5 * f * f;
    let n = exponent as f32;
    // log(1 + f) = f - f^2/2 + s (f^2/2 + z P(z)), the exponent's share in two parts.
    let low = S::mul_add(s, half_square + rest, n * LN_2_LOW);
    let value = n * LN_2_HIGH + (f - (half_square - low));
    let value = if x == f32::INFINITY { x } else { value };
    let value = if x == 0.0 { f32::NEG_INFINITY } else { value };
    if x < 0.0 || x.is_nan() { f32::NAN } else { value }
}

/// The error function: a polynomial up to 1, `1 - exp(-x^2) g(t)` with `t = (x - 2) / (x + 2)` beyond.
#[inline(always)]
pub fn erf<S: Tier>(x: f32) -> f32 {
    let size = x.abs();
    let near = S::mul_add(
        x,
        polynomial::<S, f32, 7>(
            x * x,
            [
                0.128_379_17,
                -0.376_126_26,
                0.112_835_95,
                -0.026_854_212,
                0.005_189_087_4,
                -0.000_801_686_44,
                0.000_078_758_75,
            ],
        ),
        x,
    );
    let far_size = if size > 4.0 { 4.0 } else { size };
    let t = (far_size - 2.0) / (far_size + 2.0);
    let tail = polynomial::<S, f32, 8>(
        t,
        [
            0.255_395_68,
            -0.427_185_85,
            0.241_658_21,
            -0.078_978_52,
            0.003_732_141_4,
            0.006_994_855_4,
            -0.000_836_59,
            -0.000_944_159_63,
        ],
    );
    let far = 1.0 - exp::<S>(-(far_size * far_size)) * tail;
    if size > 1.0 { far.copysign(x) } else { near }
}
