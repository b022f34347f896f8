//! Normalisations of blocks.

use super::access::{elements, wanted, write};
use crate::device::{Block, Matrix, PrimitiveBackward};
use crate::element::Element;
use crate::kernels::normalise::{self, Normalisation};
use crate::kernels::{Number, Real};

/// Weight and bias, as far as there are any.
pub(super) fn affine<'a, T: Element>(parameters: &[Block<'a>]) -> [Option<&'a [T]>; 2] {
    [0, 1].map(|index| parameters.get(index).map(|block| elements(*block)))
}

/// The gradients of a normalisation of images.
pub(super) fn normalisation_backward<T: Real + Element + Number>(
    step: &PrimitiveBackward<'_>,
    reads: &[Matrix<'_>],
    over: &Normalisation,
    fixed: bool,
) {
    let saved = &step.saved;
    let (x, kept, d) = (
        elements::<T>(saved.inputs[0]),
        elements(saved.kept[0]),
        elements(step.d_out),
    );
    let [weight, _] = affine(saved.parameters);
    let [d_weight, d_bias] = [0, 1].map(|index| wanted(step.d_parameters, index, reads));
    normalise::parameter_gradients(over, x, kept, d, d_weight, d_bias);
    for d_x in step.d_inputs.iter().flatten() {
        normalise::input_gradient(over, fixed, x, weight, kept, d, write(d_x.row(), reads));
    }
}

/// What a normalisation goes over.
pub(super) fn normalisation(x: Block<'_>, groups: Option<usize>) -> Normalisation {
    let (images, channels) = (x.sizes[0], x.sizes[1]);
    Normalisation {
        images,
        channels,
        positions: x.sizes[2..].iter().product(),
        // 0 stands for a group for each channel.
        groups: groups.map(|groups| if groups == 0 { channels } else { groups }),
    }
}
