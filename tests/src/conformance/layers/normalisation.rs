//! Normalisation.

use tensor::functional;
use tensor::{Float, dynamic};

use super::{Made, New, layer};
use crate::conformance::any::Listed;
use crate::conformance::{Call, Refusal};

/// The sizes of the axes that are normalised.
fn normalized_shape(call: &Call) -> Result<Vec<usize>, Refusal> {
    let sizes = call.need(0, "normalized_shape")?.ints()?;
    Ok(sizes.into_iter().map(|size| size as usize).collect())
}

/// Makes a layer of this family.
pub fn build<T: Float + Listed>(new: &New<'_>) -> Result<Box<dyn Made>, Refusal> {
    let (call, device) = (&new.call, &new.device);
    match new.class() {
        "LayerNorm" => {
            let options = dynamic::LayerNormOptions {
                eps: call.float_or(1, "eps", 1e-5)?,
                elementwise_affine: call.bool_or(2, "elementwise_affine", true)?,
                bias: call.bool_or(3, "bias", true)?,
            };
            layer::<T, _>(
                new,
                dynamic::LayerNorm::with(device, &normalized_shape(call)?, options)?,
            )
        }
        "RMSNorm" => {
            let options = dynamic::RmsNormOptions {
                eps: call.float_opt(1, "eps")?,
                elementwise_affine: call.bool_or(2, "elementwise_affine", true)?,
            };
            layer::<T, _>(new, dynamic::RmsNorm::with(device, &normalized_shape(call)?, options)?)
        }
        "GroupNorm" => {
            let (groups, channels) = (call.size(0, "num_groups")?, call.size(1, "num_channels")?);
            let options = dynamic::GroupNormOptions {
                eps: call.float_or(2, "eps", 1e-5)?,
                affine: call.bool_or(3, "affine", true)?,
                bias: call.bool_or(6, "bias", true)?,
            };
            layer::<T, _>(new, dynamic::GroupNorm::with(device, groups, channels, options)?)
        }
        "LocalResponseNorm" => {
            let options = functional::LocalResponseNorm {
                alpha: call.float_or(1, "alpha", 1e-4)?,
                beta: call.float_or(2, "beta", 0.75)?,
                k: call.float_or(3, "k", 1.0)?,
            };
            layer::<T, _>(new, dynamic::LocalResponseNorm::with(call.size(0, "size")?, options))
        }
        "BatchNorm1d" => batch_norm::<1, T>(new),
        "BatchNorm2d" => batch_norm::<2, T>(new),
        "BatchNorm3d" => batch_norm::<3, T>(new),
        "InstanceNorm1d" => instance_norm::<1, T>(new),
        "InstanceNorm2d" => instance_norm::<2, T>(new),
        "InstanceNorm3d" => instance_norm::<3, T>(new),
        _ => Err(Refusal::Unknown),
    }
}

fn batch_norm<const N: usize, T: Float + Listed>(new: &New<'_>) -> Result<Box<dyn Made>, Refusal> {
    let call = &new.call;
    // A momentum of None is another thing than none given.
    let given = call.count() > 2 || call.keyword("momentum").is_some();
    let momentum = call.float_opt(2, "momentum")?;
    let options = dynamic::BatchNormOptions {
        eps: call.float_or(1, "eps", 1e-5)?,
        momentum: if given { momentum } else { Some(0.1) },
        affine: call.bool_or(3, "affine", true)?,
        track_running_stats: call.bool_or(4, "track_running_stats", true)?,
        bias: call.bool_or(7, "bias", true)?,
    };
    let made = dynamic::BatchNorm::<N, T>::with(&new.device, call.size(0, "num_features")?, options)?;
    layer::<T, _>(new, made)
}

fn instance_norm<const N: usize, T: Float + Listed>(new: &New<'_>) -> Result<Box<dyn Made>, Refusal> {
    let call = &new.call;
    let options = dynamic::InstanceNormOptions {
        eps: call.float_or(1, "eps", 1e-5)?,
        momentum: call.float_or(2, "momentum", 0.1)?,
        affine: call.bool_or(3, "affine", false)?,
        track_running_stats: call.bool_or(4, "track_running_stats", false)?,
        bias: call.bool_or(7, "bias", true)?,
    };
    let made = dynamic::InstanceNorm::<N, T>::with(&new.device, call.size(0, "num_features")?, options)?;
    layer::<T, _>(new, made)
}
