//! Running statistics: what a forward in training puts in the place of those that were.

use smallvec::SmallVec;

use crate::device::{Backend, Block, PrimitiveForward};
use crate::element::DType;
use crate::error::Error;
use crate::layout::describe;
use crate::nn::Cell;
use crate::tape::{Value, no_grad};

/// The statistics themselves, without the count.
fn blocks(values: &[Value]) -> SmallVec<[Block<'_>; 3]> {
    let statistics = values.iter().filter(|value| value.dtype() != DType::I64);
    statistics.map(Value::block).collect()
}

/// Whether each channel has several elements, of which there are statistics; that it has one alone is told.
fn has_several(step: &PrimitiveForward<'_>, expected: &'static str) -> bool {
    let sizes = step.inputs[0].sizes;
    let count = sizes.iter().product::<usize>() / sizes[1].max(1);
    if count == 1 {
        let (name, found) = (step.primitive.name(), describe(&sizes));
        step.out.buffer.fail(Error::shape(name, expected, found));
    }
    // Where nothing comes in nothing comes out, and nothing is learned of it.
    count > 1
}

/// Runs a normalisation by the batch that keeps no statistics.
pub(super) fn of_batch(backend: &dyn Backend, step: PrimitiveForward<'_>) {
    if has_several(&step, "more than one element for each channel") {
        backend.primitive(step);
    }
}

/// Runs a primitive that takes statistics of its input; the last of its buffers counts how often. Whoever trains one model from two
/// threads waits here, so that no batch is lost.
pub(super) fn take(backend: &dyn Backend, step: PrimitiveForward<'_>, cells: SmallVec<[&Cell; 3]>) {
    if !has_several(&step, "more than one element for each channel in training") {
        return;
    }
    let _turn = cells[0].turn();
    let old: SmallVec<[Value; 3]> = cells.iter().map(|cell| cell.value()).collect();
    let new: SmallVec<[Value; 3]> = old
        .iter()
        .map(|old| match old.dtype() {
            DType::I64 => {
                let one = Value::filled(old.device(), DType::I64, 1.0, old.sizes());
                no_grad(|| old.add(&one)).unwrap_or_else(|_| old.clone())
            }
            dtype => Value::empty(old.device(), dtype, old.sizes()),
        })
        .collect();
    for value in &new {
        if let Some(error) = value.buffer.poison() {
            return step.out.buffer.fail(error.clone());
        }
    }
    backend.primitive(PrimitiveForward {
        buffers: &blocks(&old),
        updated: &blocks(&new),
        ..step
    });
    for (cell, new) in cells.iter().zip(new) {
        cell.replace(new);
    }
}
