//! Kernels over blocks of several axes.

use smallvec::SmallVec;
use tensor_ops::Primitive;
use tensor_ops::primitive::Takes;

use super::Cpu;
use super::access::{elements, read, wanted, write};
use super::heads::Heads;
use super::moves::Move;
use super::norms::{affine, normalisation, normalisation_backward};
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

/// What is read, as rows: what is written may overlap none of it.
type Rows<'a> = SmallVec<[Matrix<'a>; 8]>;

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
            let start = started(inputs);
            recurrence::forward(&course, elements(x), start, elements(parameters[0]), bias, kept, out);
        }
        Primitive::RmsNorm(options) => {
            let eps = x.buffer.dtype().or_epsilon(options.eps);
            let [weight, _] = affine(parameters);
            normalise::rms(columns(x), eps, elements(x), weight, kept::<T>(step, &reads), out);
        }
    }
}

fn backward<T: Real + Element + Number>(step: &PrimitiveBackward<'_>) {
    let (saved, d) = (&step.saved, step.d_out);
    let blocks = saved
        .inputs
        .iter()
        .chain(&saved.out)
        .chain(saved.kept)
        .chain(saved.parameters);
    let reads: Rows<'_> = blocks.chain([&d]).map(|block| block.row()).collect();
    let d_inputs = step.d_inputs.iter().flatten();
    let learns = |index| wanted::<T>(step.d_parameters, index, &reads);
    match step.primitive {
        Primitive::Conv(options) => {
            let x = saved.inputs[0];
            let geometry = geometry(options, x, d);
            let (d, d_x) = (elements::<T>(d), d_inputs.map(|d_x| write::<T>(d_x.row(), &reads)));
            if let Some((d_weight, adds)) = learns(0) {
                conv::weight_gradient(&geometry, d, elements(x), d_weight, adds);
            }
            if let Some((d_bias, adds)) = learns(1) {
                let channels = geometry.groups * geometry.outputs;
                conv::bias_gradient(geometry.images, channels, d, d_bias, adds);
            }
            for d_x in d_x {
                conv::input_gradient(&geometry, d, elements(saved.parameters[0]), None, d_x);
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
        Primitive::BatchNorm(_) => {
            let over = normalisation(saved.inputs[0], None);
            normalisation_backward::<T>(step, &reads, &over, !step.training);
        }
        Primitive::GroupNorm(options) => {
            let over = normalisation(saved.inputs[0], Some(options.groups));
            normalisation_backward::<T>(step, &reads, &over, false);
        }
        Primitive::ConvTranspose(options) => {
            let (x, weight) = (saved.inputs[0], saved.parameters[0]);
            let geometry = geometry(&options.conv, d, x);
            let (d, x) = (elements::<T>(d), elements(x));
            if let Some((d_weight, adds)) = learns(0) {
                conv::weight_gradient(&geometry, x, d, d_weight, adds);
            }
            if let Some((d_bias, adds)) = learns(1) {
                conv::bias_gradient(geometry.images, geometry.groups * geometry.inputs, d, d_bias, adds);
            }
            for d_x in d_inputs {
                conv::forward(&geometry, d, elements(weight), None, write(d_x.row(), &reads));
            }
        }
        Primitive::Activate(function) => {
            let (x, d) = (elements::<T>(saved.inputs[0]), elements::<T>(d));
            for d_x in d_inputs {
                activation::gradients(function, x, d, write(d_x.row(), &reads));
            }
        }
        Primitive::Permute(options) => {
            for &d_x in d_inputs {
                Move::permuted(options, d_x, d).backwards(elements(d), write::<T>(d_x.row(), &reads));
            }
        }
        Primitive::PixelShuffle(options) => {
            for &d_x in d_inputs {
                Move::shuffled(options, d_x, d).backwards(elements(d), write::<T>(d_x.row(), &reads));
            }
        }
        Primitive::Upsample(options) => {
            for &d_x in d_inputs {
                let axes = planes::axes(options, d_x, d);
                let into = write::<T>(d_x.row(), &reads);
                resample::gradient(planes::count(d_x), &axes, options.how, elements(d), into);
            }
        }
        Primitive::Pad(options) => {
            for &d_x in d_inputs {
                let sides = planes::sides(options, d_x);
                let into = write::<T>(d_x.row(), &reads);
                border::gradient(planes::count(d_x), &sides, options.border, elements(d), into);
            }
        }
        Primitive::Embedding(options) => {
            let features = *d.sizes.last().unwrap_or(&1);
            if let Some((d_weight, adds)) = learns(0) {
                let ids = elements(saved.inputs[0]);
                embedding::backward(ids, elements(d), features, options.padding, d_weight, adds);
            }
        }
        Primitive::Prelu(_) => {
            let (x, weights) = (saved.inputs[0], elements::<T>(saved.parameters[0]));
            let (over, x, d) = (planes::channels(x), elements::<T>(x), elements(d));
            for d_x in d_inputs {
                channels::prelu_gradient(over, x, weights, d, write(d_x.row(), &reads));
            }
            if let Some((d_weights, adds)) = learns(0) {
                channels::prelu_weight_gradient(over, x, d, d_weights, adds);
            }
        }
        Primitive::Along(options) => {
            let out = saved.out.map(|out| elements::<T>(out));
            for &d_x in d_inputs {
                let extremes = saved.inputs.first().zip(out).map(|(x, out)| [elements(*x), out]);
                let sizes = planes::around(options.axis, d_x);
                reduce::spread(options.op, sizes, extremes, elements(d), write(d_x.row(), &reads));
            }
        }
        Primitive::Ones(_) | Primitive::Noise(_) => {
            unreachable!("differentiate.rs: it has no input with a gradient")
        }
        Primitive::Mask => {
            // No gradient goes to the mask.
            if let Some(d_x) = step.d_inputs[0] {
                let places = planes::channels(d_x).places;
                channels::masked(
                    places,
                    elements::<T>(d),
                    elements(saved.inputs[1]),
                    write(d_x.row(), &reads),
                );
            }
        }
        Primitive::Cat(options) => {
            let mut first = 0;
            for (x, d_x) in saved.inputs.iter().zip(step.d_inputs) {
                if let Some(d_x) = *d_x {
                    let moved = Move::placed(options.axis, first, d_x, d);
                    moved.backwards(elements(d), write::<T>(d_x.row(), &reads));
                }
                first += x.sizes[options.axis];
            }
        }
        Primitive::Slice(options) => {
            for &d_x in d_inputs {
                let moved = Move::taken(options.axis, options.start, d_x, d);
                moved.backwards(elements(d), write::<T>(d_x.row(), &reads));
            }
        }
        Primitive::Select(options) => {
            for &d_x in d_inputs {
                let into = write::<T>(d_x.row(), &reads);
                match options.on(d_x.sizes[options.axis]) {
                    Some(place) => Move::selected(options.axis, place, d_x, d).backwards(elements(d), into),
                    None => into.fill(T::ZERO),
                }
            }
        }
        Primitive::Attention(options) => {
            let Some(out) = saved.out else {
                unreachable!("tensor-ops: `needs` of attention has the output")
            };
            let (heads, kept) = (Heads::new(options, saved.inputs, d), elements::<T>(saved.kept[0]));
            let wanted = step.d_inputs.iter();
            let into: SmallVec<[_; 3]> = wanted
                .map(|d_x| d_x.map(|d_x| Shared::new(write::<T>(d_x.row(), &reads))))
                .collect();
            let (parts, mask) = (heads.parts(saved.inputs), heads.mask(saved.inputs));
            let (out, d, into) = (elements(out), elements(d), heads.gradients(&into));
            attention::gradient(
                &heads.attention,
                parts,
                mask,
                heads.made(out),
                kept,
                heads.made(d),
                &into,
            );
        }
        Primitive::Recurrent(options) => {
            let Some(out) = saved.out else {
                unreachable!("tensor-ops: `needs` of a recurrence has the output")
            };
            let kept: &[T] = saved.kept.first().map_or(&[], |kept| elements(*kept));
            let d_input = |place: usize| {
                let d_x = step.d_inputs.get(place).copied().flatten();
                d_x.map(|d_x| write::<T>(d_x.row(), &reads))
            };
            let gradients = recurrence::Gradients {
                gates: d_input(0),
                start: [d_input(1), d_input(2)],
                weight: learns(0),
                bias: learns(1),
            };
            let course = planes::course(options, d, d);
            recurrence::gradients(
                &course,
                started(saved.inputs),
                elements(saved.parameters[0]),
                [elements(out), elements(d)],
                kept,
                gradients,
            );
        }
        Primitive::RmsNorm(_) => {
            let (x, kept, d) = (elements::<T>(saved.inputs[0]), elements(saved.kept[0]), elements(d));
            let [weight, _] = affine(saved.parameters);
            let d_x = d_inputs.map(|d_x| write::<T>(d_x.row(), &reads)).next();
            normalise::rms_gradients(x, weight, kept, d, d_x, learns(0));
        }
    }
}

/// What a recurrent layer begins with, behind what the input gives to the gates.
fn started<'a, T: Element>(inputs: &[Block<'a>]) -> recurrence::Start<'a, T> {
    [1, 2].map(|place| inputs.get(place).map(|start| elements(*start)))
}

/// Where goes what backward wants to know of a normalisation.
fn kept<'a, T: Element>(step: &PrimitiveForward<'a>, reads: &[Matrix<'_>]) -> Option<&'a mut [T]> {
    step.kept.first().map(|kept| write(kept.row(), reads))
}

fn columns(x: Block<'_>) -> usize {
    x.sizes.last().copied().unwrap_or(1)
}
