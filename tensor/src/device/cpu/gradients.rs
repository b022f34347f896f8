//! Gradients of operations over blocks of several axes.

use smallvec::SmallVec;
use tensor_ops::Primitive;
use tensor_ops::primitive::Takes;

use super::access::{Rows, elements, wanted, write};
use super::heads::Heads;
use super::moves::Move;
use super::norms::{affine, normalisation, normalisation_backward};
use super::planes;
use super::windows::{adaptive, geometry, pooling_of};
use crate::device::PrimitiveBackward;
use crate::element::Element;
use crate::kernels::activation;
use crate::kernels::attention;
use crate::kernels::border;
use crate::kernels::channels;
use crate::kernels::conv;
use crate::kernels::embedding;
use crate::kernels::normalise;
use crate::kernels::pooling;
use crate::kernels::recurrence;
use crate::kernels::reduce;
use crate::kernels::resample;
use crate::kernels::{Number, Real};
use crate::threads::Shared;

/// The gradients of a primitive, as far as they are wanted.
pub(super) fn backward<T: Real + Element + Number>(step: &PrimitiveBackward<'_>) {
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
        Primitive::BatchNorm(options) => {
            let over = normalisation(saved.inputs[0], None);
            normalisation_backward::<T>(step, &reads, &over, !step.training && options.tracked);
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
        Primitive::InTraining(affine) => {
            let scale = <T as Real>::from_f64(if step.training { affine.scale } else { 1.0 });
            for d_x in d_inputs {
                let into = write::<T>(d_x.row(), &reads).iter_mut();
                into.zip(elements::<T>(d)).for_each(|(d_x, &d)| *d_x = d * scale);
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
                planes::started(saved.inputs),
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
