//! Every elementwise operation as its formula says, in double precision.

use gpu_kernels::{Code, Step};

use super::super::random::word;

/// The tanh form's inner derivative and argument use it: `sqrt(2 / pi)`.
const GELU_SCALE: f64 = 0.797_884_560_802_865_4;

/// One step on the element of this index.
pub(super) fn value(step: &Step, seed: u64, index: usize, x: f64) -> f64 {
    let (a, b) = (step.a, step.b);
    match step.code {
        Code::Relu => {
            if x < 0.0 {
                0.0
            } else {
                x
            }
        }
        Code::LeakyRelu => {
            if x > 0.0 {
                x
            } else {
                x * a
            }
        }
        Code::Tanh => x.tanh(),
        Code::Sigmoid => sigmoid(x),
        Code::Gelu => x * cumulative(x),
        Code::GeluTanh => 0.5 * x * (1.0 + gelu_angle(x).tanh()),
        Code::Silu => x / (1.0 + (-x).exp()),
        Code::Elu => {
            if x > 0.0 {
                x
            } else {
                a * x.exp_m1()
            }
        }
        Code::Softplus => {
            if a * x > b {
                x
            } else {
                (a * x).exp().ln_1p() / a
            }
        }
        Code::Neg => -x,
        Code::Abs => x.abs(),
        Code::Square => x * x,
        Code::Sqrt => x.sqrt(),
        Code::Recip => 1.0 / x,
        Code::Exp => x.exp(),
        Code::Log => x.ln(),
        Code::Sin => x.sin(),
        Code::Cos => x.cos(),
        Code::Erf => erf(x),
        Code::Sign => sign(x),
        Code::Affine if b == 0.0 => a * x,
        Code::Affine => a * x + b,
        // The power of minus infinity would be infinite.
        Code::Powf if a == 0.5 => x.sqrt(),
        Code::Powf => x.powf(a),
        Code::Dropout => keep(step, seed, index, x),
        Code::Zero => 0.0,
    }
}

/// The gradient `d` of a step's output as that of its input.
pub(super) fn gradient(step: &Step, seed: u64, index: usize, x: f64, d: f64) -> f64 {
    let (a, b) = (step.a, step.b);
    match step.code {
        Code::Relu => {
            if x <= 0.0 {
                0.0
            } else {
                d
            }
        }
        Code::LeakyRelu => {
            if x > 0.0 {
                d
            } else {
                d * a
            }
        }
        Code::Tanh => d / x.cosh().powi(2),
        Code::Sigmoid => d * sigmoid(x) * sigmoid(-x),
        Code::Gelu => d * (cumulative(x) + x * (-x * x / 2.0).exp() / std::f64::consts::TAU.sqrt()),
        Code::GeluTanh => {
            let t = gelu_angle(x).tanh();
            let slope = GELU_SCALE * (1.0 + 3.0 * 0.044_715 * x * x);
            d * 0.5 * (1.0 + t + x * (1.0 - t * t) * slope)
        }
        Code::Silu => d * sigmoid(x) * (1.0 + x * sigmoid(-x)),
        Code::Elu => {
            if x <= 0.0 {
                d * a * x.exp()
            } else {
                d
            }
        }
        Code::Softplus => {
            if a * x > b {
                d
            } else {
                d * sigmoid(a * x)
            }
        }
        Code::Neg => -d,
        Code::Abs => d * sign(x),
        Code::Square => d * 2.0 * x,
        Code::Sqrt => d / (2.0 * x.sqrt()),
        Code::Recip => -d / (x * x),
        Code::Exp => d * x.exp(),
        Code::Log => d / x,
        Code::Sin => d * x.cos(),
        Code::Cos => -d * x.sin(),
        Code::Erf => d * std::f64::consts::FRAC_2_SQRT_PI * (-x * x).exp(),
        Code::Sign | Code::Zero => 0.0,
        Code::Affine => d * a,
        Code::Powf if a == 0.0 => 0.0,
        Code::Powf => d * a * x.powf(a - 1.0),
        Code::Dropout => keep(step, seed, index, d),
    }
}

/// The inputs of all steps, and the output.
pub(super) fn values(steps: &[Step], seed: u64, index: usize, x: f64) -> Vec<f64> {
    let mut values = vec![x];
    for step in steps {
        values.push(value(step, seed, index, values[values.len() - 1]));
    }
    values
}

/// The whole chain on the element of this index.
pub(super) fn chain(steps: &[Step], seed: u64, index: usize, x: f64) -> f64 {
    steps.iter().fold(x, |x, step| value(step, seed, index, x))
}

/// The gradient of the chain's output as that of its input.
pub(super) fn chain_gradient(steps: &[Step], seed: u64, index: usize, x: f64, d: f64) -> f64 {
    let inputs = values(steps, seed, index, x);
    let back = steps.iter().zip(&inputs).rev();
    back.fold(d, |d, (step, x)| gradient(step, seed, index, *x, d))
}

fn keep(step: &Step, seed: u64, index: usize, x: f64) -> f64 {
    if word(seed, step.stream, index as u64) < step.threshold {
        0.0
    } else {
        x * step.a
    }
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn cumulative(x: f64) -> f64 {
    0.5 * (1.0 + erf(x * std::f64::consts::FRAC_1_SQRT_2))
}

fn gelu_angle(x: f64) -> f64 {
    GELU_SCALE * (x + 0.044_715 * x.powi(3))
}

fn sign(x: f64) -> f64 {
    if x > 0.0 {
        1.0
    } else if x < 0.0 {
        -1.0
    } else {
        0.0
    }
}

/// The error function by its series, and by the continued fraction of `erfc` for large arguments.
fn erf(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    let size = x.abs();
    let value = if size < 2.5 {
        // Only positive terms: x (1 + 2 x^2 / 3 (1 + 2 x^2 / 5 (..))).
        let term = |sum: f64, n: i32| 1.0 + sum * 2.0 * size * size / f64::from(2 * n + 1);
        (1..100).rev().fold(1.0, term) * size * (-size * size).exp() * std::f64::consts::FRAC_2_SQRT_PI
    } else if size > 27.0 {
        1.0
    } else {
        let term = |fraction: f64, n: i32| size + f64::from(n) / 2.0 / fraction;
        let fraction = (1..200).rev().fold(size, term);
        1.0 - (-size * size).exp() / fraction / std::f64::consts::PI.sqrt()
    };
    value.copysign(x)
}
