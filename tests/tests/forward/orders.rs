//! Derivatives of both orders through models with several inputs and outputs, against differences.

use crate::several::{Bare, Cell, Gated, Halves, Handed, Named, Unrolled};

/// A test for each model.
macro_rules! both_orders {
    ($($test:ident $Net:ident)*) => {
        $(
            #[test]
            fn $test() {
                for (seed, batch) in [(1, 1), (2, 3)] {
                    tests::orders::check::<$Net<f64>>(seed, batch);
                }
            }
        )*
    };
}

both_orders! {
    gated Gated
    cell Cell
    unrolled Unrolled
    handed Handed
    named Named
    halves Halves
    bare Bare
}
