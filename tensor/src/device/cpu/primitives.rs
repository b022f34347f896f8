//! Kernels over blocks of several axes.

use smallvec::SmallVec;
use tensor_ops::Primitive;
use tensor_ops::primitive::{Adaptive, Conv, Pool, Takes, Windows};

use super::Cpu;
use super::access::{accumulate, read, write};
use crate::device::typed::float;
use crate::device::{Block, Matrix, PrimitiveBackward, PrimitiveForward, Primitives};
use crate::element::Element;
use crate::kernels::Real;
use crate::kernels::conv::{self, Geometry};
use crate::kernels::pooling::{self, Axis, Pooling};
use crate::kernels::windows::Along;

impl Primitives for Cpu {
    fn primitive(&self, step: PrimitiveForward<'_>) {
        float!(step.out, T => forward::<T>(&step));
    }

    fn primitive_backward(&self, step: PrimitiveBackward<'_>) {
        float!(step.d_out, T => backward::<T>(&step));
    }
}

/// What is read, as rows: what is written may overlap none of it.
type Rows<'a> = SmallVec<[Matrix<'a>; 8]>;

fn forward<T: Real + Element>(step: &PrimitiveForward<'_>) {
    let (inputs, parameters) = (step.inputs, step.parameters);
    debug_assert!([0, step.primitive.kept_count()].contains(&step.kept.len()));
    let reads: Rows<'_> = inputs.iter().chain(parameters).map(|block| block.row()).collect();
    let out = write::<T>(step.out.row(), &reads);
    let x = inputs[0];
    match step.primitive {
        Primitive::Conv(options) => {
            let geometry = geometry(options, x, step.out);
            let bias = parameters.get(1).map(|bias| read::<T>(bias.row()));
            conv::forward(&geometry, elements(x), elements(parameters[0]), bias, out);
        }
        Primitive::Pool(options) => match options.takes {
            Takes::Max => pooling::max(&pooling_of(options, x, step.out), elements(x), out),
            Takes::Mean { with_padding } => {
                pooling::mean(&pooling_of(options, x, step.out), with_padding, elements(x), out);
            }
        },
        Primitive::AdaptivePool(options) => match options.takes {
            Takes::Max => pooling::max(&adaptive(options, x), elements(x), out),
            Takes::Mean { .. } => pooling::mean(&adaptive(options, x), false, elements(x), out),
        },
    }
}

fn backward<T: Real + Element>(step: &PrimitiveBackward<'_>) {
    let (saved, d) = (&step.saved, step.d_out);
    let blocks = saved
        .inputs
        .iter()
        .chain(&saved.out)
        .chain(saved.kept)
        .chain(saved.parameters);
    let reads: Rows<'_> = blocks.chain([&d]).map(|block| block.row()).collect();
    let d_inputs = step.d_inputs.iter().flatten();
    match step.primitive {
        Primitive::Conv(options) => {
            let (x, weight) = (saved.inputs[0], saved.parameters[0]);
            let geometry = geometry(options, x, d);
            let (d, d_x) = (elements::<T>(d), d_inputs.map(|d_x| write::<T>(d_x.row(), &reads)));
            let mut gradients = step
                .d_parameters
                .iter()
                .map(|gradient| gradient.wanted.then(|| accumulate::<T>(*gradient, &reads)));
            if let Some(Some((d_weight, adds))) = gradients.next() {
                conv::weight_gradient(&geometry, d, elements(x), d_weight, adds);
            }
            if let Some(Some((d_bias, adds))) = gradients.next() {
                let channels = geometry.groups * geometry.outputs;
                conv::bias_gradient(geometry.images, channels, d, d_bias, adds);
            }
            for d_x in d_x {
                conv::input_gradient(&geometry, d, elements(weight), d_x);
            }
        }
        Primitive::Pool(options) => {
            for &d_x in d_inputs {
                let (pooling, into) = (pooling_of(options, d_x, d), write::<T>(d_x.row(), &reads));
                match options.takes {
                    Takes::Max => pooling::max_gradient(&pooling, elements(saved.inputs[0]), elements(d), into),
                    Takes::Mean { with_padding } => pooling::mean_gradient(&pooling, with_padding, elements(d), into),
                }
            }
        }
        Primitive::AdaptivePool(options) => {
            for &d_x in d_inputs {
                let (pooling, into) = (adaptive(options, d_x), write::<T>(d_x.row(), &reads));
                match options.takes {
                    Takes::Max => pooling::max_gradient(&pooling, elements(saved.inputs[0]), elements(d), into),
                    Takes::Mean { .. } => pooling::mean_gradient(&pooling, false, elements(d), into),
                }
            }
        }
    }
}

fn elements<'a, T: Element>(block: Block<'a>) -> &'a [T] {
    read(block.row())
}

/// `axis(n)` for the axes behind the channels, the last three places, and what is given for those in front.
fn three<A: Copy>(rank: usize, missing: A, axis: impl Fn(usize) -> A) -> [A; 3] {
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

fn geometry(options: &Conv, input: Block<'_>, output: Block<'_>) -> Geometry {
    let windows = &options.windows;
    Geometry {
        images: input.sizes[0],
        groups: options.groups,
        inputs: input.sizes[1] / options.groups,
        outputs: output.sizes[1] / options.groups,
        axes: three(windows.rank, Along::ONE, |axis| along(windows, axis, input, output)),
    }
}

fn pooling_of(options: &Pool, input: Block<'_>, output: Block<'_>) -> Pooling {
    let windows = &options.windows;
    let axis = |axis| Axis::Windows(along(windows, axis, input, output));
    Pooling {
        axes: three(windows.rank, Axis::ONE, axis),
    }
}

fn adaptive(options: &Adaptive, input: Block<'_>) -> Pooling {
    let axis = |axis| Axis::Adaptive {
        input: input.sizes[axis + 2],
        output: options.sizes[axis],
    };
    Pooling {
        axes: three(options.rank, Axis::ONE, axis),
    }
}
