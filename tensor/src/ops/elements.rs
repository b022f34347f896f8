//! What elements an operation takes.

use crate::element::{DType, Kind};
use crate::error::{Error, Result};
use crate::tape::Value;

/// That the elements of operands have one type.
pub(crate) fn same_elements(operation: &'static str, left: DType, right: DType) -> Result<()> {
    if left == right {
        return Ok(());
    }
    Err(Error::Element {
        operation,
        expected: left.name().to_owned(),
        found: right.name(),
    })
}

/// That an operation which is for floats alone gets some.
pub(crate) fn floats(operation: &'static str, x: &Value) -> Result<()> {
    if x.dtype().kind() == Kind::Float {
        return Ok(());
    }
    Err(Error::Element {
        operation,
        expected: "floats".to_owned(),
        found: x.dtype().name(),
    })
}
