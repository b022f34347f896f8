//! Images: other sizes, other places, channels and space.

use tensor::functional::{self, GridMode, GridPadding, GridSample, Interpolate, Interpolation, Resize};

use crate::conformance::any::{each, float};
use crate::conformance::{Argument, Call, Outcome, Refusal};

/// Calls an operator of this family.
pub fn call(call: &Call) -> Outcome {
    match call.name().trim_start_matches("nn.functional.") {
        "pixel_shuffle" => {
            let factor = call.size(1, "upscale_factor")?;
            each!(call, |input| functional::pixel_shuffle(input, factor))
        }
        "pixel_unshuffle" => {
            let factor = call.size(1, "downscale_factor")?;
            each!(call, |input| functional::pixel_unshuffle(input, factor))
        }
        "channel_shuffle" => {
            let groups = call.size(1, "groups")?;
            each!(call, |input| functional::channel_shuffle(input, groups))
        }
        "interpolate" | "upsample" => interpolate(call),
        "grid_sample" => {
            let options = GridSample {
                mode: match call.text_or(2, "mode", "bilinear")? {
                    "bilinear" => GridMode::Linear,
                    "nearest" => GridMode::Nearest,
                    "bicubic" => GridMode::Cubic,
                    other => return Err(Refusal::form(format!("mode {other:?}"))),
                },
                padding: match call.text_or(3, "padding_mode", "zeros")? {
                    "zeros" => GridPadding::Zeros,
                    "border" => GridPadding::Border,
                    "reflection" => GridPadding::Reflection,
                    other => return Err(Refusal::form(format!("padding {other:?}"))),
                },
                align_corners: call.bool_or(4, "align_corners", false)?,
            };
            float!(call, |input, grid| functional::grid_sample(input, grid, options))
        }
        _ => Err(Refusal::Unknown),
    }
}

fn interpolate(call: &Call) -> Outcome {
    let floats = |argument: &Argument| match argument {
        Argument::List(list) => list.iter().map(Argument::float).collect(),
        one => one.float().map(|one| vec![one]),
    };
    let factors: Option<Vec<f64>> = call.get(2, "scale_factor").map(floats).transpose()?;
    let sizes: Option<Vec<usize>> = call
        .ints_opt(1, "size")?
        .map(|sizes| sizes.into_iter().map(usize::try_from).collect())
        .transpose()
        .map_err(|_| Refusal::form("`size`: a number below 0"))?;
    let options = Interpolate {
        mode: match call.text_or(3, "mode", "nearest")? {
            "nearest" => Interpolation::Nearest,
            "nearest-exact" => Interpolation::NearestExact,
            "linear" | "bilinear" | "trilinear" => Interpolation::Linear,
            "bicubic" => Interpolation::Cubic,
            "area" => Interpolation::Area,
            other => return Err(Refusal::form(format!("mode {other:?}"))),
        },
        align_corners: call.bool_or(4, "align_corners", false)?,
        recompute_scale_factor: call.bool_or(5, "recompute_scale_factor", false)?,
    };
    if call.bool_or(6, "antialias", false)? {
        return Err(Refusal::missing("interpolation against aliases"));
    }
    let to = match (&sizes, &factors) {
        (Some(sizes), None) => Resize::Sizes(sizes),
        (None, Some(factors)) => Resize::Factors(factors),
        _ => return Err(Refusal::form("either sizes or factors are taken")),
    };
    float!(call, |input| functional::interpolate(input, to, options))
}
