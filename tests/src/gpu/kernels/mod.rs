//! Every kernel against a plain loop in double precision, over random sizes and strides.

mod elementwise;
mod optimizers;
mod placed;
mod random;
mod strided;

use super::Check;

/// The checks of all families.
pub fn checks() -> Vec<Check> {
    let families: [fn() -> Vec<Check>; 4] = [elementwise::checks, strided::checks, random::checks, optimizers::checks];
    families.iter().flat_map(|checks| checks()).collect()
}
