//! Kernels of recurrent layers.

use super::Cpu;
use super::access::{read, write};
use crate::device::typed::float;
use crate::device::{CellBackward, CellStep, Recurrent};
use crate::kernels::cells;

impl Recurrent for Cpu {
    fn cell(&self, step: CellStep<'_>) {
        let CellStep {
            kind,
            input,
            hidden,
            before,
            kept,
            cell,
            out,
        } = step;
        let inputs = [input, hidden, before];
        float!(out, T => cells::step(kind, out.rows, out.cols, cells::Step {
            input: read::<T>(input),
            hidden: read::<T>(hidden),
            before: read::<T>(before),
            kept: write::<T>(kept, &inputs),
            cell: cell.map_or(&mut [], |cell| write::<T>(cell, &inputs)),
            out: write::<T>(out, &inputs),
        }));
    }

    fn cell_backward(&self, step: CellBackward<'_>) {
        let (before, d_out) = (step.before, step.d_out);
        let more = [step.d_next, step.d_cell, step.d_next_cell].map(|more| more.unwrap_or(d_out));
        let inputs = [step.kept, before, step.after, d_out, more[0], more[1], more[2]];
        float!(d_out, T => cells::step_backward(step.kind, before.rows, before.cols, cells::BackwardStep {
            kept: read::<T>(step.kept),
            before: read::<T>(before),
            after: read::<T>(step.after),
            d_out: read::<T>(d_out),
            d_next: step.d_next.map(read::<T>),
            d_cell: step.d_cell.map_or(&[], read::<T>),
            d_next_cell: step.d_next_cell.map(read::<T>),
            d_input: write::<T>(step.d_input, &inputs),
            d_hidden: step.d_hidden.map_or(&mut [], |d_hidden| write::<T>(d_hidden, &inputs)),
            d_before: step.d_before.map_or(&mut [], |d_before| write::<T>(d_before, &inputs)),
        }));
    }
}
