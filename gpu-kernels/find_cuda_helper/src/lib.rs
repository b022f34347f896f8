//! Takes the place of the crate of the same name, through `[patch.crates-io]`.
//!
//! The build scripts of `cust` and `cust_raw` ask that crate for the CUDA toolkit, and stop where there is none. The
//! symbols that they would link are in `cuda-shim`, so there is nothing to look for.

/// Finds nothing, and links nothing.
pub fn include_cuda() {}
