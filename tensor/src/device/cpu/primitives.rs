//! Kernels over blocks of several axes.

use tensor_ops::Primitive;
use tensor_ops::primitive::Takes;

use super::Cpu;
use super::access::{Rows, elements, read, write};
use super::gradients::backward;
use super::heads::Heads;
use super::moves::Move;
use super::norms::{affine, normalisation};
use super::planes;
use super::windows::{adaptive, geometry, pooling_of};
use crate::device::typed::float;
use crate::device::{Block, Matrix, PrimitiveBackward, PrimitiveForward, Primitives};
use crate::element::Element;
use crate::error::Error;
use crate::kernels::activation;
use crate::kernels::attention;
use crate::kernels::border;
use crate::kernels::channels;
use crate::kernels::conv;
use crate::kernels::embedding;
use crate::kernels::normalise::{self, Given, Notes};
use crate::kernels::pooling;
use crate::kernels::recurrence;
use crate::kernels::reduce;
use crate::kernels::resample;
use crate::kernels::strided::Source;
use crate::kernels::{Number, Real};
use crate::threads::Shared;

impl Primitives for Cpu {
    fn primitive(&self, step: PrimitiveForward<'_>) {
        float!(step.out, T => forward::<T>(&step));
    }

    fn primitive_backward(&self, step: PrimitiveBackward<'_>) {
        float!(step.d_out, T => backward::<T>(&step));
    }
}

fn forward<T: Real + Element + Number>(step: &PrimitiveForward<'_>) {
    let (inputs, parameters) = (step.inputs, step.parameters);
    debug_assert!([0, step.primitive.kept_count()].contains(&step.kept.len()));
    let blocks = inputs.iter().chain(parameters).chain(step.buffers);
    let reads: Rows<'_> = blocks.map(|block| block.row()).collect();
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
        Primitive::BatchNorm(options) => {
            let over = normalisation(x, None);
            let given = match step.buffers {
                [mean, var, ..] if !step.training => Given::Known(elements(*mean), elements(*var)),
                _ => Given::Nothing,
            };
            let mut new = match step.updated {
                [mean, var] => Some([mean, var].map(|new| write::<T>(new.row(), &reads))),
                _ => None,
            };
            let notes = Notes {
                kept: kept::<T>(step, &reads),
                moments: new.as_mut().map(|[mean, var]| [&mut **mean, &mut **var]),
            };
            normalise::forward(&over, given, options.eps, elements(x), affine(parameters), notes, out);
            if let ([mean, var, ..], Some(new)) = (step.buffers, new) {
                normalise::mix(over.count(), options.momentum, [elements(*mean), elements(*var)], new);
            }
        }
        Primitive::GroupNorm(options) => {
            let over = normalisation(x, Some(options.groups));
            let notes = Notes {
                kept: kept::<T>(step, &reads),
                moments: None,
            };
            let affine = affine(parameters);
            normalise::forward(&over, Given::Nothing, options.eps, elements(x), affine, notes, out);
        }
        Primitive::ConvTranspose(options) => {
            let geometry = geometry(&options.conv, step.out, x);
            let bias = parameters.get(1).map(|bias| read::<T>(bias.row()));
            conv::input_gradient(&geometry, elements(x), elements(parameters[0]), bias, out);
        }
        Primitive::Activate(function) => {
            activation::values(function, elements(x), out);
        }
        Primitive::Permute(options) => Move::permuted(options, x, step.out).forwards(elements(x), out),
        Primitive::PixelShuffle(options) => Move::shuffled(options, x, step.out).forwards(elements(x), out),
        Primitive::Upsample(options) => {
            let axes = planes::axes(options, x, step.out);
            resample::forward(planes::count(x), &axes, options.how, elements(x), out);
        }
        Primitive::Pad(options) => {
            border::forward(
                planes::count(x),
                &planes::sides(options, x),
                options.border,
                elements(x),
                out,
            );
        }
        Primitive::Embedding(_) => {
            let (weight, features) = (parameters[0], parameters[0].sizes[1]);
            if let Err(index) = embedding::forward(elements(x), elements(weight), features, out) {
                step.out.buffer.fail(Error::OutOfRange {
                    operation: "embedding",
                    what: "index",
                    index,
                    size: format!("a table of {} rows", weight.sizes[0]),
                });
            }
        }
        Primitive::Prelu(_) => channels::prelu(planes::channels(x), elements(x), elements(parameters[0]), out),
        Primitive::Ones(_) => out.fill(T::ONE),
        Primitive::Noise(_) => unreachable!("model/noise.rs draws it"),
        Primitive::InTraining(affine) => match step.training {
            true => {
                let [scale, shift] = [affine.scale, affine.shift].map(<T as Real>::from_f64);
                out.iter_mut()
                    .zip(elements::<T>(x))
                    .for_each(|(out, &x)| *out = x * scale + shift);
            }
            false => out.copy_from_slice(elements(x)),
        },
        Primitive::Along(options) => {
            let sizes = planes::around(options.axis, x);
            let strides = [(sizes[1] * sizes[2]) as isize, sizes[2] as isize, 1];
            let (data, offset) = (elements(x), 0);
            let source = Source {
                data,
                offset,
                strides: &strides,
            };
            reduce::reduce(options.op, &sizes, source, &[false, true, false], out, false);
        }
        Primitive::Mask => channels::masked(planes::channels(x).places, elements(x), elements(inputs[1]), out),
        Primitive::Cat(options) => {
            let mut first = 0;
            for &x in inputs {
                Move::placed(options.axis, first, x, step.out).forwards(elements(x), out);
                first += x.sizes[options.axis];
            }
        }
        Primitive::Slice(options) => Move::taken(options.axis, options.start, x, step.out).forwards(elements(x), out),
        Primitive::Select(options) => match options.on(x.sizes[options.axis]) {
            Some(place) => Move::selected(options.axis, place, x, step.out).forwards(elements(x), out),
            None => step.out.buffer.fail(Error::OutOfRange {
                operation: "select",
                what: "index",
                index: options.index(),
                size: format!("an axis of {}", x.sizes[options.axis]),
            }),
        },
        Primitive::Attention(options) => {
            let heads = Heads::new(options, inputs, step.out);
            let (out, kept) = (Shared::new(out), kept::<T>(step, &reads));
            let (parts, mask) = (heads.parts(inputs), heads.mask(inputs));
            attention::forward(&heads.attention, parts, mask, kept, &heads.result(&out));
        }
        Primitive::Recurrent(options) => {
            let course = planes::course(options, x, step.out);
            let bias = parameters.get(1).map(|bias| elements(*bias));
            let kept = kept::<T>(step, &reads);
            let start = planes::started(inputs);
            recurrence::forward(&course, elements(x), start, elements(parameters[0]), bias, kept, out);
        }
        Primitive::RmsNorm(options) => {
            let eps = x.buffer.dtype().or_epsilon(options.eps);
            let [weight, _] = affine(parameters);
            normalise::rms(columns(x), eps, elements(x), weight, kept::<T>(step, &reads), out);
        }
    }
}

/// Where goes what backward wants to know of a normalisation.
fn kept<'a, T: Element>(step: &PrimitiveForward<'a>, reads: &[Matrix<'_>]) -> Option<&'a mut [T]> {
    step.kept.first().map(|kept| write(kept.row(), reads))
}

fn columns(x: Block<'_>) -> usize {
    x.sizes.last().copied().unwrap_or(1)
}
