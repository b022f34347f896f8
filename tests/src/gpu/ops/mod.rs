//! Every operation of tensors, forward and backward: what the processor computes the device must compute too.

mod binary;
mod elements;
mod functions;
mod losses;
mod matmul;
mod places;
mod programs;
mod reduce;
mod rows;
mod unary;
mod views;
mod whole;

use super::Check;

/// A check of each function, which runs for both float types.
macro_rules! in_both_types {
    ($group:literal: $($name:ident)*) => {
        vec![$(super::Check {
            name: concat!("ops::", $group, "::", stringify!($name)),
            run: || {
                $name::<f32>();
                $name::<f64>();
            },
        }),*]
    };
}
use in_both_types;

/// The checks of this folder.
pub fn checks() -> Vec<Check> {
    [
        unary::checks(),
        binary::checks(),
        elements::checks(),
        functions::checks(),
        places::checks(),
        whole::checks(),
        reduce::checks(),
        matmul::checks(),
        rows::checks(),
        losses::checks(),
        views::checks(),
        programs::checks(),
    ]
    .concat()
}
