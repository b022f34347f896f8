//! Trigonometric functions of multiples of pi. The multiple is reduced before pi comes in, so that nothing is lost.

use std::f64::consts::PI;

/// `sin(pi x)`, exactly 0 at integers.
pub fn sin_pi(x: f64) -> f64 {
    let turns = x - 2.0 * (0.5 * x).round_ties_even();
    let size = turns.abs();
    let folded = if size > 0.5 { 1.0 - size } else { size };
    (PI * folded).sin().copysign(turns)
}

/// `cot(pi x)`, infinite at integers.
pub fn cot_pi(x: f64) -> f64 {
    let part = x - x.round_ties_even();
    let size = part.abs();
    let value = if size <= 0.25 {
        1.0 / (PI * size).tan()
    } else {
        (PI * (0.5 - size)).tan()
    };
    value.copysign(part)
}

/// `sin(pi x) / (pi x)`, 1 at 0; NaN at the infinities.
pub fn sinc(x: f64) -> f64 {
    if x.abs() < 1e-9 { 1.0 } else { sin_pi(x) / (PI * x) }
}
