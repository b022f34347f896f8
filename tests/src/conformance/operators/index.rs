//! Parts of a tensor: selection, gathering, scattering, masks.

use crate::conformance::{Call, Outcome, Refusal};

/// Calls an operator of this family.
pub fn call(call: &Call) -> Outcome {
    match call.name() {
        _ => Err(Refusal::Unknown),
    }
}
