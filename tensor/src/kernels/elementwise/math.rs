//! Functions of one number.

use tensor_ops::Math;

use crate::kernels::Real;
use crate::kernels::special::{bessel, digamma, error, gamma, hyperbolic, logarithm, modified, normal, sinus, zeta};
use crate::kernels::strided::{Source, map};

/// `out = op(x)`, computed in double precision and rounded once.
///
/// # Panics
/// If a view reaches outside its data, or `out` has another number of elements.
pub fn math<T: Real>(op: Math, sizes: &[usize], x: Source<'_, T>, out: &mut [T]) {
    match op {
        // By themselves, so that their loops are compiled for them.
        Math::Floor => map(sizes, x, out, |x: T| T::from_f64(x.to_f64().floor())),
        Math::Ceil => map(sizes, x, out, |x: T| T::from_f64(x.to_f64().ceil())),
        Math::Round => map(sizes, x, out, |x: T| T::from_f64(x.to_f64().round_ties_even())),
        Math::Trunc => map(sizes, x, out, |x: T| T::from_f64(x.to_f64().trunc())),
        Math::RoundTo { decimals } => map(sizes, x, out, |x: T| x.round_decimals(decimals)),
        Math::Polygamma { order } => {
            map(sizes, x, out, |x: T| T::from_f64(zeta::polygamma(order, x.to_f64())));
        }
        Math::Multigamma { p } => map(sizes, x, out, |x: T| T::from_f64(gamma::multigammaln(x.to_f64(), p))),
        other => {
            let f = function(other);
            map(sizes, x, out, |x: T| T::from_f64(f(x.to_f64())));
        }
    }
}

/// The function by itself.
fn function(op: Math) -> fn(f64) -> f64 {
    match op {
        Math::Tan => f64::tan,
        Math::Asin => f64::asin,
        Math::Acos => f64::acos,
        Math::Atan => f64::atan,
        Math::Sinh => f64::sinh,
        Math::Cosh => f64::cosh,
        Math::Asinh => hyperbolic::asinh,
        Math::Acosh => hyperbolic::acosh,
        Math::Atanh => hyperbolic::atanh,
        Math::Exp2 => f64::exp2,
        Math::Expm1 => f64::exp_m1,
        Math::Log2 => f64::log2,
        Math::Log10 => f64::log10,
        Math::Log1p => f64::ln_1p,
        Math::LogSigmoid => |x| x.min(0.0) - (-x.abs()).exp().ln_1p(),
        Math::Logit => |x| logarithm::logit(x, None),
        Math::Sinc => sinus::sinc,
        Math::Entr => logarithm::entr,
        Math::Erfc => error::erfc,
        Math::Erfcx => error::erfcx,
        Math::Erfinv => error::erfinv,
        Math::Ndtr => normal::ndtr,
        Math::LogNdtr => normal::log_ndtr,
        Math::Ndtri => normal::ndtri,
        Math::Lgamma => gamma::lgamma,
        Math::Digamma => digamma::digamma,
        Math::I0 => modified::i0,
        Math::I0e => modified::i0e,
        Math::I1 => modified::i1,
        Math::I1e => modified::i1e,
        Math::BesselJ0 => bessel::bessel_j0,
        Math::BesselJ1 => bessel::bessel_j1,
        Math::BesselY0 => bessel::bessel_y0,
        Math::BesselY1 => bessel::bessel_y1,
        Math::K0 => modified::k0,
        Math::K0e => modified::k0e,
        Math::K1 => modified::k1,
        Math::K1e => modified::k1e,
        Math::Floor | Math::Ceil | Math::Round | Math::Trunc => unreachable!("`math` above has them"),
        Math::RoundTo { .. } | Math::Polygamma { .. } | Math::Multigamma { .. } => {
            unreachable!("`math` above has them")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_has_a_kernel() {
        let strides = [1];
        for op in Math::ALL {
            let x = Source {
                data: &[0.75, f64::NAN],
                offset: 0,
                strides: &strides,
            };
            let mut out = [0.0; 2];
            math(op, &[2], x, &mut out);
            assert!(
                out[0].is_finite() && out[1].is_nan() || op == Math::Acosh,
                "{op:?}: {out:?}"
            );
        }
    }
}
