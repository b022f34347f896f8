//! Training of whole models: losses, parameters and outputs on the device against those on the processor.

pub mod course;
mod digits;
mod dropout;
mod files;
mod generated;
#[rustfmt::skip]
#[path = "../../../tests/generated/nets.rs"]
mod nets;
mod optimizers;
mod passes;
mod threads;

use super::Check;

/// The checks of this folder.
pub fn checks() -> Vec<Check> {
    [
        generated::checks(),
        optimizers::checks(),
        passes::checks(),
        dropout::checks(),
        files::checks(),
        threads::checks(),
        digits::checks(),
    ]
    .concat()
}
