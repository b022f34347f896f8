//! Hurwitz' zeta function, and the derivatives of `digamma` through it.

use super::digamma::digamma;
use super::gamma::factorial;

/// `B_2j / (2j)!`, with Bernoulli's numbers.
const BERNOULLI: [f64; 12] = [
    1.0 / 12.0,
    -1.0 / 720.0,
    1.0 / 30_240.0,
    -1.0 / 1_209_600.0,
    1.0 / 47_900_160.0,
    -691.0 / 1_307_674_368_000.0,
    1.0 / 74_724_249_600.0,
    -3_617.0 / 10_670_622_842_880_000.0,
    43_867.0 / 5_109_094_217_170_944_000.0,
    -174_611.0 / 802_857_662_698_291_200_000.0,
    77_683.0 / 14_101_100_039_391_805_440_000.0,
    -236_364_091.0 / 1_693_824_136_731_743_669_452_800_000.0,
];

/// `q^-s + (q + 1)^-s + (q + 2)^-s + ..`
///
/// Infinite at `s = 1` and where `q` is 0, -1, -2, ..; NaN for `s < 1`, for other `q < 0` with an `s` that is no
/// integer, and at infinite `s` or `q` (which Cephes, and PyTorch after it, do not give a limit).
pub fn zeta(s: f64, q: f64) -> f64 {
    if s == 1.0 {
        f64::INFINITY
    } else if s.is_nan() || q.is_nan() || s < 1.0 {
        f64::NAN
    } else if q <= 0.0 {
        if q == q.floor() {
            f64::INFINITY
        } else if s == s.floor() && s.is_finite() {
            negative(s, q)
        } else {
            f64::NAN
        }
    } else if s.is_infinite() {
        // The powers of 1 stay, those of smaller numbers grow.
        if q < 1.0 {
            f64::INFINITY
        } else if q == 1.0 {
            1.0
        } else {
            f64::NAN
        }
    } else if q.is_infinite() {
        f64::NAN
    } else {
        positive(s, q)
    }
}

/// The terms below 0 are, but for their sign, those of two series above.
fn negative(s: f64, q: f64) -> f64 {
    let below = positive(s, q.ceil() - q) - positive(s, 1.0 - q);
    let odd = s % 2.0 != 0.0;
    positive(s, q - q.floor()) + if odd { -below } else { below }
}

/// Terms up to a `w` above `s`, then Euler and Maclaurin's formula, Abramowitz and Stegun 23.1.30.
fn positive(s: f64, q: f64) -> f64 {
    let (mut sum, mut lost, mut w) = (0.0, 0.0, q);
    let mut k = 0.0;
    while w < 10.0 + s {
        let term = w.powf(-s) * (1.0 - s * two_sum_error(q, k, w) / w);
        if term.is_infinite() {
            return term;
        }
        let next = sum + term;
        lost += two_sum_error(sum, term, next);
        sum = next;
        if s > 2.0 && term <= 1e-18 * sum {
            return sum + lost;
        }
        k += 1.0;
        w = q + k;
    }
    let power = w.powf(-s);
    let integral = w.powf(1.0 - s) * (1.0 - (s - 1.0) * two_sum_error(q, k, w) / w) / (s - 1.0);
    let mut factor = s / w;
    let mut series = 0.5;
    for (j, b) in BERNOULLI.iter().enumerate() {
        series += factor * b;
        let n = s + (2 * j + 1) as f64;
        factor *= n / w * ((n + 1.0) / w);
    }
    sum + (integral + (power * series + lost))
}

/// What rounding took from `sum = a + b`.
fn two_sum_error(a: f64, b: f64, sum: f64) -> f64 {
    let part = sum - a;
    (a - (sum - part)) + (b - part)
}

/// The derivative of order `n` of [`digamma`], `(-1)^(n + 1) n! zeta(n + 1, x)`, Abramowitz and Stegun 6.4.10.
pub fn polygamma(n: u32, x: f64) -> f64 {
    match n {
        0 => digamma(x),
        1 if x.is_infinite() => {
            if x > 0.0 {
                0.0
            } else {
                f64::NAN
            }
        }
        _ => {
            let size = factorial(n) * zeta(n as f64 + 1.0, x);
            if n.is_multiple_of(2) { -size } else { size }
        }
    }
}
