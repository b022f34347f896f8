//! The values of named sizes, where two typed tensors meet.

use crate::element::Element;
use crate::error::{Error, Result};
use crate::layout::{Axes, broadcast};
use crate::shape::{Axis, Bindings, Shape};
use crate::tensors::Tensor;

/// Whether every name that two shapes share has one value. What broadcasts is the size 1, not a name that happens to be 1.
pub(crate) fn agree(operation: &'static str, left: &[Axis], a: &[usize], right: &[Axis], b: &[usize]) -> Result<()> {
    let mut bindings = Bindings::default();
    for (axis, &size) in left.iter().zip(a) {
        (axis.bind)(&mut bindings, size);
    }
    for (axis, &size) in right.iter().zip(b) {
        if let Some(expected) = (axis.evaluate)(&bindings).filter(|&expected| expected != size) {
            let name = (axis.describe)();
            return Err(Error::shape(
                operation,
                format!("`{name}` of {expected}, as on the left"),
                size.to_string(),
            ));
        }
    }
    Ok(())
}

/// The sizes that two tensors broadcast to, of which the element types need not be one; or what is wrong with them.
pub(crate) fn meet<S: Shape, R: Shape, T: Element, U: Element>(
    operation: &'static str,
    a: &Tensor<S, T>,
    b: &Tensor<R, U>,
) -> Result<Axes<usize>> {
    agree(operation, S::AXES, a.sizes(), R::AXES, b.sizes())?;
    broadcast(operation, a.sizes(), b.sizes())
}
