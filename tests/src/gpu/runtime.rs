//! What runs the kernels: memory, copies, errors.

use super::naive::Array;
use super::{Check, gpu};

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    vec![Check {
        name: "runtime::what_goes_up_comes_down",
        run: what_goes_up_comes_down,
    }]
}

fn what_goes_up_comes_down() {
    let data: Vec<i64> = (0..1000).collect();
    assert_eq!(Array::new(gpu(), &data).read(), data);
}
