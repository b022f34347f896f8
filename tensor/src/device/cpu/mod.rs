//! The processor as a device: every family is a kernel over slices.

pub(in crate::device) mod access;
mod chains;
mod elements;
mod gradients;
mod heads;
mod matrices;
mod moves;
mod norms;
mod pages;
mod places;
mod planes;
mod primitives;
mod recurrent;
mod rows;
mod storage;
mod support;
mod updates;
mod windows;

use self::support::supports;
use crate::device::{Backend, Keep, Operation, Pool};
use crate::element::DType;

/// The processor this program runs on.
pub(super) static CPU: Cpu = Cpu {
    pool: Pool::new(Keep::Blocks),
};

/// Runs operations where it stands, in the memory of the process.
#[derive(Debug)]
pub(super) struct Cpu {
    pool: Pool,
}

impl Backend for Cpu {
    fn name(&self) -> &str {
        "cpu"
    }

    fn supports(&self, operation: Operation, dtype: DType) -> bool {
        supports(operation, dtype)
    }
}
