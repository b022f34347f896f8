//! Elementary functions in double precision.

use super::polynomial;
use crate::kernels::simd::Tier;

/// Adding it rounds to an integer, which then stands in the low bits.
const ROUND: f64 = 6_755_399_441_055_744.0;
/// `log(2)` in two parts; the products of the first with the exponents are exact.
const LN_2_HIGH: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
const LN_2_LOW: f64 = f64::from_bits(0x3dea_39ef_3579_3c76);

/// 2 to the power of `n`, a normal number's exponent.
#[inline(always)]
fn power_of_two(n: i64) -> f64 {
    f64::from_bits((n.wrapping_add(1023) as u64) << 52)
}

/// `x = n log(2) + r` with `|r| <= log(2) / 2`.
#[inline(always)]
fn reduce<S: Tier>(x: f64) -> (i64, f64) {
    let shifted = S::mul_add(x, std::f64::consts::LOG2_E, ROUND);
    let n = shifted - ROUND;
    let r = S::mul_add(n, -LN_2_LOW, S::mul_add(n, -LN_2_HIGH, x));
    ((shifted.to_bits() as i64).wrapping_sub(ROUND.to_bits() as i64), r)
}

/// `(exp(r) - 1 - r) / r^2` for the `r` of [`reduce`], by its series.
#[inline(always)]
fn rest<S: Tier>(r: f64) -> f64 {
    polynomial::<S, f64, 12>(
        r,
        [
            1.0 / 2.0,
            1.0 / 6.0,
            1.0 / 24.0,
            1.0 / 120.0,
            1.0 / 720.0,
            1.0 / 5_040.0,
            1.0 / 40_320.0,
            1.0 / 362_880.0,
            1.0 / 3_628_800.0,
            1.0 / 39_916_800.0,
            1.0 / 479_001_600.0,
            1.0 / 6_227_020_800.0,
        ],
    )
}

/// `e` to the power of `x`.
#[inline(always)]
pub fn exp<S: Tier>(x: f64) -> f64 {
    let x = if x > 710.0 { 710.0 } else { x };
    // Of what becomes 0 nothing is computed: processors are slow where numbers underflow, and masks are made of minus infinity.
    let vanishes = x < -746.0;
    let x = if vanishes { 0.0 } else { x };
    let (n, r) = reduce::<S>(x);
    let power = 1.0 + S::mul_add(r * r, rest::<S>(r), r);
    // In two steps: the exponent may lie outside the normal range by itself. Halved in 32 bits, where every tier can shift.
    let half = ((n as i32) >> 1) as i64;
    let value = power * power_of_two(half) * power_of_two(n.wrapping_sub(half));
    if vanishes { 0.0 } else { value }
}

/// [`exp`] of an `x` that is not above 0; 0 where the result would be subnormal.
#[inline(always)]
pub fn exp_down<S: Tier>(x: f64) -> f64 {
    let vanishes = x < -708.0;
    let (n, r) = reduce::<S>(if vanishes { 0.0 } else { x });
    let power = 1.0 + S::mul_add(r * r, rest::<S>(r), r);
    let value = power * power_of_two(n);
    if vanishes { 0.0 } else { value }
}

/// `exp(x) - 1`, for `x` of at most 80.
#[inline(always)]
pub fn exp_m1<S: Tier>(x: f64) -> f64 {
    let low = if x < -50.0 { -50.0 } else { x };
    let (n, r) = reduce::<S>(low);
    let small = S::mul_add(r * r, rest::<S>(r), r);
    let scale = power_of_two(n);
    let value = S::mul_add(scale, small, scale - 1.0);
    if x == 0.0 { x } else { value }
}

/// The natural logarithm.
#[inline(always)]
pub fn ln<S: Tier>(x: f64) -> f64 {
    let subnormal = x < f64::MIN_POSITIVE;
    let scaled = if subnormal { x * 18_014_398_509_481_984.0 } else { x };
    // The mantissa goes to [sqrt(1/2), sqrt(2)).
    const HALF_ROOT: u64 = 0x3fe6_a09e_667f_3bcd;
    let shifted = scaled.to_bits().wrapping_add(0x3ff0_0000_0000_0000 - HALF_ROOT);
    let exponent = (shifted >> 52) as i32 - 1023 - if subnormal { 54 } else { 0 };
    let f = f64::from_bits((shifted & 0x000f_ffff_ffff_ffff) + HALF_ROOT) - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let rest = z * polynomial::<S, f64, 7>(
        z,
        [
            0.666_666_666_666_667,
            0.399_999_999_998_995_05,
            0.285_714_286_259_754_87,
            0.222_222_111_347_950_8,
            0.181_828_891_252_617_23,
            0.153_317_216_005_560_42,
            0.146_164_496_850_434_06,
        ],
    );
    let half_square = 0.5 * f * f;
    let n = exponent as f64;
    // log(1 + f) = f - f^2/2 + s (f^2/2 + z P(z)), the exponent's share in two parts.
    let low = S::mul_add(s, half_square + rest, n * LN_2_LOW);
    let value = n * LN_2_HIGH + (f - (half_square - low));
    let value = if x == f64::INFINITY { x } else { value };
    let value = if x == 0.0 { f64::NEG_INFINITY } else { value };
    if x < 0.0 || x.is_nan() { f64::NAN } else { value }
}

/// The error function: a polynomial up to 1, `1 - exp(-x^2) g(t)` with `t = (x - 2) / (x + 2)` beyond.
#[inline(always)]
pub fn erf<S: Tier>(x: f64) -> f64 {
    let size = x.abs();
    let near = S::mul_add(
        x,
        polynomial::<S, f64, 13>(
            x * x,
            [
                0.128_379_167_095_512_6,
                -0.376_126_389_031_837_5,
                0.112_837_916_709_548_79,
                -0.026_866_170_645_076_792,
                0.005_223_977_624_818_014_5,
                -0.000_854_832_698_083_379,
                0.000_120_553_311_116_427_1,
                -1.492_559_526_683_118_2e-5,
                1.646_100_048_412_136_8e-6,
                -1.635_031_270_105_469_5e-7,
                1.465_977_527_404_743_6e-8,
                -1.137_284_885_679_167_4e-9,
                5.957_176_147_748_911e-11,
            ],
        ),
        x,
    );
    let far_size = if size > 6.0 { 6.0 } else { size };
    let t = (far_size - 2.0) / (far_size + 2.0);
    let tail = polynomial::<S, f64, 17>(
        t,
        [
            0.255_395_676_310_505_75,
            -0.427_185_847_413_958_5,
            0.241_658_194_242_465_85,
            -0.078_978_581_015_706_11,
            0.003_732_892_404_397_833_6,
            0.006_997_461_736_971_578,
            -0.000_847_143_252_991_95,
            -0.000_981_976_941_103_864_2,
            4.355_558_686_575_482e-5,
            0.000_174_359_474_002_051_57,
            2.752_717_555_722_724_6e-5,
            -2.756_220_916_112_935_3e-5,
            -1.399_828_377_278_497_6e-5,
            1.305_857_712_227_802e-6,
            4.011_749_647_325_067e-6,
            1.272_567_661_840_228e-6,
            -1.135_257_147_727_363_5e-6,
        ],
    );
    let far = 1.0 - exp::<S>(-(far_size * far_size)) * tail;
    if size > 1.0 { far.copysign(x) } else { near }
}
