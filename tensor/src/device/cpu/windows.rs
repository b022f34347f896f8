//! How windows go over blocks.

use tensor_ops::primitive::{Adaptive, Conv, Pool, Windows};

use crate::device::Block;
use crate::kernels::conv::Geometry;
use crate::kernels::pooling::{Axis, Pooling};
use crate::kernels::windows::Along;

/// `axis(n)` for the axes behind the channels, the last three places, and what is given for those in front.
pub(super) fn three<A: Copy>(rank: usize, missing: A, axis: impl Fn(usize) -> A) -> [A; 3] {
    std::array::from_fn(|place| (place + rank).checked_sub(3).map_or(missing, &axis))
}

fn along(windows: &Windows, axis: usize, input: Block<'_>, output: Block<'_>) -> Along {
    Along {
        input: input.sizes[axis + 2],
        output: output.sizes[axis + 2],
        size: windows.size[axis],
        stride: windows.stride[axis],
        before: windows.before[axis],
        after: windows.after[axis],
        dilation: windows.dilation[axis],
    }
}

/// The sizes of a convolution.
pub(super) fn geometry(options: &Conv, input: Block<'_>, output: Block<'_>) -> Geometry {
    let windows = &options.windows;
    Geometry {
        images: input.sizes[0],
        groups: options.groups,
        inputs: input.sizes[1] / options.groups,
        outputs: output.sizes[1] / options.groups,
        axes: three(windows.rank, Along::ONE, |axis| along(windows, axis, input, output)),
    }
}

/// The windows of a pooling.
pub(super) fn pooling_of(options: &Pool, input: Block<'_>, output: Block<'_>) -> Pooling {
    let windows = &options.windows;
    let axis = |axis| Axis::Windows(along(windows, axis, input, output));
    Pooling {
        axes: three(windows.rank, Axis::ONE, axis),
    }
}

/// Those of one with as many windows as its result has elements.
pub(super) fn adaptive(options: &Adaptive, input: Block<'_>) -> Pooling {
    let axis = |axis| Axis::Adaptive {
        input: input.sizes[axis + 2],
        output: options.sizes[axis],
    };
    Pooling {
        axes: three(options.rank, Axis::ONE, axis),
    }
}
