//! Channels and places of blocks, as kernels want them.

use tensor_ops::primitive::{Pad, Recurrent, Upsample};

use super::access::elements;
use super::windows::three;
use crate::device::Block;
use crate::element::{DType, Element};
use crate::kernels::border::Side;
use crate::kernels::channels::Channels;
use crate::kernels::recurrence::{Course, Start};
use crate::kernels::resample::{Axis, Interpolation, Precision};

/// The channels of all samples.
pub(super) fn count(x: Block<'_>) -> usize {
    x.sizes[..2].iter().product()
}

/// The channels of a sample, and their places; what has no channels is one.
pub(super) fn channels(x: Block<'_>) -> Channels {
    Channels {
        channels: x.sizes.get(1).copied().unwrap_or(1),
        places: x.sizes.iter().skip(2).product(),
    }
}

/// What lies in front of an axis, along it and behind it.
pub(super) fn around(axis: usize, x: Block<'_>) -> [usize; 3] {
    let (front, rest) = x.sizes.split_at(axis);
    [front.iter().product(), rest[0], rest[1..].iter().product()]
}

pub(super) fn sides(pad: &Pad, x: Block<'_>) -> [Side; 3] {
    three(pad.rank, Side::ONE, |axis| Side {
        input: x.sizes[axis + 2],
        before: pad.before[axis],
        after: pad.after[axis],
    })
}

pub(super) fn axes(upsample: &Upsample, x: Block<'_>, out: Block<'_>) -> [Axis; 3] {
    let precision = match x.buffer.dtype() {
        DType::F64 => Precision::Double,
        _ => Precision::Single,
    };
    let align = match upsample.how {
        Interpolation::Linear { align } | Interpolation::Cubic { align } => align,
        Interpolation::Nearest => false,
    };
    three(x.sizes.len() - 2, Axis::ONE, |axis| {
        let factor = upsample.scales.then(|| upsample.number(axis) as f64);
        Axis::new(x.sizes[axis + 2], out.sizes[axis + 2], factor, align, precision)
    })
}

/// The steps over `x`, whose states are in a block like `out`.
pub(super) fn course(options: &Recurrent, x: Block<'_>, out: Block<'_>) -> Course {
    Course {
        cell: options.cell,
        reverse: options.reverse,
        batch: x.sizes[0],
        seq: x.sizes[1],
        hidden: out.sizes.last().copied().unwrap_or(0),
        cells: options.cells,
    }
}

/// What a recurrent layer begins with, behind what the input gives to the gates.
pub(super) fn started<'a, T: Element>(inputs: &[Block<'a>]) -> Start<'a, T> {
    [1, 2].map(|place| inputs.get(place).map(|start| elements(*start)))
}
