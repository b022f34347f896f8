//! CUDA in a program that was built without it: everything says so.

use crate::device::{Backend, MemoryUse};
use crate::error::{Error, Result};

pub(crate) fn open(_index: usize) -> Result<&'static dyn Backend> {
    Err(Error::WithoutCuda)
}

pub(crate) fn count() -> Result<usize> {
    Err(Error::WithoutCuda)
}

pub(crate) fn name(_index: usize) -> Result<String> {
    Err(Error::WithoutCuda)
}

pub(crate) fn memory(_index: usize) -> Result<MemoryUse> {
    Err(Error::WithoutCuda)
}

pub(crate) fn empty_cache(_index: usize) -> Result<()> {
    Err(Error::WithoutCuda)
}
