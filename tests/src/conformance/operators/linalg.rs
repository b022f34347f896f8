//! Products of matrices, decompositions, norms.

use crate::conformance::any::number;
use crate::conformance::{Call, Outcome, Refusal};

/// Calls an operator of this family.
pub fn call(call: &Call) -> Outcome {
    match call.name() {
        "matmul" | "__rmatmul__" => number!(call, |input, other| input.matmul(other)),
        "mm" | "bmm" => number!(call, |input, mat2| input.matmul(mat2)),
        "mv" => number!(call, |input, vec| input.matmul(vec)),
        "dot" => number!(call, |input, tensor| input.matmul(tensor)),
        _ => Err(Refusal::Unknown),
    }
}
