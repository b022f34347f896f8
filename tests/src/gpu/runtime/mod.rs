//! What runs the kernels: memory, copies, streams, errors; and the emulator, which must see what kernels do wrong.

mod copies;
mod errors;
mod memory;
mod signatures;
mod streams;
mod violations;

use super::Check;

/// The checks of the run time.
pub fn checks() -> Vec<Check> {
    let parts = [
        memory::checks,
        copies::checks,
        streams::checks,
        signatures::checks,
        errors::checks,
        violations::checks,
    ];
    parts.iter().flat_map(|checks| checks()).collect()
}
