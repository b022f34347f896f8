//! Every kernel against a plain loop in double precision, over random sizes and strides.

mod codes;
mod elementwise;
mod functions;
mod gemm;
mod layer_norm;
mod loss;
mod memory;
mod optimizers;
mod placed;
mod places;
mod random;
mod reduce;
mod softmax;
mod strided;
mod view;
mod whole;

use super::Check;

/// The checks of all families.
pub fn checks() -> Vec<Check> {
    let families: [fn() -> Vec<Check>; 13] = [
        codes::checks,
        elementwise::checks,
        functions::checks,
        whole::checks,
        places::checks,
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
