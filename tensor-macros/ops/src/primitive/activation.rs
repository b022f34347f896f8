//! [`Activation`]: activations that join no chain of elementwise operations.

use super::Needs;
use super::family::Family;
use crate::{Poly, Shape};

/// A function of each element by itself, with its slope.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Activation {
    /// `x` held between two numbers: `hardtanh`, and `relu6`.
    Hardtanh {
        /// The least.
        low: f64,
        /// The most.
        high: f64,
    },
    /// `x` held between -3 and 3, plus 3, by 6.
    Hardsigmoid,
    /// `x hardsigmoid(x)`. Howard et al., *Searching for MobileNetV3*, 2019.
    Hardswish,
    /// `scale x`, below 0 `scale alpha (exp(x) - 1)`. Klambauer et al., *Self-Normalizing Neural Networks*, 2017.
    Selu,
    /// `x`, below 0 `alpha (exp(x / alpha) - 1)`.
    Celu {
        /// How far it goes below 0.
        alpha: f64,
    },
    /// `x tanh(log(1 + exp(x)))`. Misra, *Mish*, 2019.
    Mish,
    /// `x / (1 + |x|)`.
    Softsign,
    /// `x - tanh(x)`.
    Tanhshrink,
    /// 0 between `-lambda` and `lambda`, and nearer to 0 by so much outside.
    Softshrink {
        /// Half of the gap.
        lambda: f64,
    },
    /// 0 between `-lambda` and `lambda`, `x` outside.
    Hardshrink {
        /// Half of the gap.
        lambda: f64,
    },
    /// `log(sigmoid(x))`.
    LogSigmoid,
    /// `x` above a number, another number elsewhere.
    Threshold {
        /// The number.
        threshold: f64,
        /// The other.
        value: f64,
    },
}

impl Activation {
    /// The slope of SELU.
    pub const SELU_SCALE: f64 = 1.050_700_987_355_480_5;
    /// And its limit below 0.
    pub const SELU_ALPHA: f64 = 1.673_263_242_354_377_2;

    /// One of each.
    pub(super) const EACH: [Self; 12] = [
        Self::Hardtanh { low: -1.0, high: 1.0 },
        Self::Hardsigmoid,
        Self::Hardswish,
        Self::Selu,
        Self::Celu { alpha: 1.0 },
        Self::Mish,
        Self::Softsign,
        Self::Tanhshrink,
        Self::Softshrink { lambda: 0.5 },
        Self::Hardshrink { lambda: 0.5 },
        Self::LogSigmoid,
        Self::Threshold {
            threshold: 0.0,
            value: 0.0,
        },
    ];

    /// The function.
    pub fn value(&self, x: f64) -> f64 {
        match *self {
            Self::Hardtanh { low, .. } if x < low => low,
            Self::Hardtanh { high, .. } if x > high => high,
            Self::Hardtanh { .. } => x,
            Self::Hardsigmoid => (x + 3.0).clamp(0.0, 6.0) / 6.0,
            Self::Hardswish => x * (x + 3.0).clamp(0.0, 6.0) / 6.0,
            Self::Selu if x > 0.0 => Self::SELU_SCALE * x,
            Self::Selu => Self::SELU_SCALE * Self::SELU_ALPHA * x.exp_m1(),
            Self::Celu { .. } if x > 0.0 => x,
            Self::Celu { alpha } => alpha * (x / alpha).exp_m1(),
            Self::Mish => x * softplus(x).tanh(),
            Self::Softsign => x / (1.0 + x.abs()),
            Self::Tanhshrink => x - x.tanh(),
            Self::Softshrink { lambda } if x.abs() > lambda => x - lambda.copysign(x),
            Self::Hardshrink { lambda } if x.abs() > lambda => x,
            Self::Softshrink { .. } | Self::Hardshrink { .. } => x * 0.0,
            Self::LogSigmoid => -softplus(-x),
            Self::Threshold { threshold, value } if x <= threshold => value,
            Self::Threshold { .. } => x,
        }
    }

    /// Its derivative.
    pub fn slope(&self, x: f64) -> f64 {
        let inside = |is_inside: bool| if is_inside { 1.0 } else { 0.0 };
        match *self {
            Self::Hardtanh { low, high } => inside(x > low && x < high),
            // The float nearest to 1/6 for doubles as well: PyTorch's.
            Self::Hardsigmoid => inside(x.abs() < 3.0) * f64::from(1_f32 / 6.0),
            Self::Hardswish if x <= -3.0 => 0.0,
            Self::Hardswish if x >= 3.0 => 1.0,
            Self::Hardswish => (2.0 * x + 3.0) / 6.0,
            Self::Selu if x > 0.0 => Self::SELU_SCALE,
            Self::Selu => Self::SELU_SCALE * Self::SELU_ALPHA * x.exp(),
            Self::Celu { .. } if x > 0.0 => 1.0,
            Self::Celu { alpha } => (x / alpha).exp(),
            Self::Mish => {
                let (t, s) = (softplus(x).tanh(), 1.0 / (1.0 + (-x).exp()));
                t + x * (1.0 - t * t) * s
            }
            Self::Softsign => (1.0 + x.abs()).powi(-2),
            Self::Tanhshrink => x.tanh().powi(2),
            Self::Softshrink { lambda } | Self::Hardshrink { lambda } => inside(x.abs() > lambda),
            Self::LogSigmoid => 1.0 / (1.0 + x.exp()),
            Self::Threshold { threshold, .. } => inside(x > threshold),
        }
    }
}

/// `log(1 + exp(x))`.
fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

impl Family for Activation {
    fn name(&self) -> &'static str {
        match self {
            Self::Hardtanh { low: 0.0, high: 6.0 } => "relu6",
            Self::Hardtanh { .. } => "hardtanh",
            Self::Hardsigmoid => "hardsigmoid",
            Self::Hardswish => "hardswish",
            Self::Selu => "selu",
            Self::Celu { .. } => "celu",
            Self::Mish => "mish",
            Self::Softsign => "softsign",
            Self::Tanhshrink => "tanhshrink",
            Self::Softshrink { .. } => "softshrink",
            Self::Hardshrink { .. } => "hardshrink",
            Self::LogSigmoid => "log_sigmoid",
            Self::Threshold { .. } => "threshold",
        }
    }

    fn options(&self) -> Vec<String> {
        let numbers = match *self {
            Self::Hardtanh { low: 0.0, high: 6.0 } => vec![],
            Self::Hardtanh { low, high } => vec![low, high],
            Self::Celu { alpha } => vec![alpha],
            Self::Softshrink { lambda } | Self::Hardshrink { lambda } => vec![lambda],
            Self::Threshold { threshold, value } => vec![threshold, value],
            Self::Hardsigmoid | Self::Hardswish | Self::Selu | Self::Mish => vec![],
            Self::Softsign | Self::Tanhshrink | Self::LogSigmoid => vec![],
        };
        numbers.iter().map(|number| format!("{number:?}")).collect()
    }

    fn needs(&self) -> Needs {
        Needs::INPUTS
    }

    fn flops(&self, _: &[&Shape], _: &[&Shape], made: &Shape) -> Poly {
        made.elements()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slopes_are_those_of_the_values() {
        for activation in Activation::EACH {
            for x in [-4.1, -2.2, -0.7, -0.2, 0.3, 0.8, 2.5, 3.7] {
                let slope = (activation.value(x + 1e-6) - activation.value(x - 1e-6)) / 2e-6;
                assert!((activation.slope(x) - slope).abs() < 1e-8, "{activation:?} at {x}");
            }
        }
    }

    #[test]
    fn nan_goes_through() {
        for activation in Activation::EACH {
            let is_kept = activation.value(f64::NAN).is_nan();
            assert!(is_kept, "{activation:?}");
        }
    }
}
