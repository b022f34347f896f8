//! Functions of one number.

use tensor_ops::Math;

use crate::kernels::Real;
use crate::kernels::strided::{Source, map};

/// `out = op(x)`, computed in double precision and rounded once.
///
/// # Panics
/// If a view reaches outside its data, or `out` has another number of elements.
pub fn math<T: Real>(op: Math, sizes: &[usize], x: Source<'_, T>, out: &mut [T]) {
    let f = function(op);
    map(sizes, x, out, |x| T::from_f64(f(x.to_f64())));
}

/// The function by itself.
fn function(op: Math) -> fn(f64) -> f64 {
    match op {
        Math::Floor => f64::floor,
        Math::Ceil => f64::ceil,
        Math::Round => f64::round_ties_even,
        Math::Trunc => f64::trunc,
        Math::Tan => f64::tan,
        Math::Asin => f64::asin,
        Math::Acos => f64::acos,
        Math::Atan => f64::atan,
        Math::Sinh => f64::sinh,
        Math::Cosh => f64::cosh,
        Math::Exp2 => f64::exp2,
        Math::Expm1 => f64::exp_m1,
        Math::Log2 => f64::log2,
        Math::Log10 => f64::log10,
        Math::Log1p => f64::ln_1p,
    }
}
