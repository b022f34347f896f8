//! Every kernel against a plain loop in double precision, over random sizes and strides.

mod codes;
mod elementwise;
mod gemm;
mod layer_norm;
mod loss;
mod optimizers;
mod placed;
mod random;
mod reduce;
mod softmax;
mod strided;

use super::Check;

/// The checks of all families.
pub fn checks() -> Vec<Check> {
    let families: [fn() -> Vec<Check>; 10] = [
        codes::checks,
        elementwise::checks,
        strided::checks,
        random::checks,
        optimizers::checks,
        gemm::checks,
        reduce::checks,
        softmax::checks,
        layer_norm::checks,
        loss::checks,
    ];
    families.iter().flat_map(|checks| checks()).collect()
}
