//! Fourier transforms.

use tensor::Complex;
use tensor::fft::{self, Beyond, Norm, Stft};

use crate::conformance::any::{each, real};
use crate::conformance::{Any, Call, Outcome, Refusal};

/// Calls an operator of this family. Complex results are compared as pairs along a last axis, as the files have them.
pub fn call(call: &Call) -> Outcome {
    if call.name() == "stft" {
        return stft(call);
    }
    let Some(name) = call.name().strip_prefix("fft.") else {
        return Err(Refusal::Unknown);
    };
    let x = call.floating(0, "input")?;
    match name {
        "fft" | "ifft" | "rfft" | "irfft" | "hfft" | "ihfft" => one(call, name, x),
        "fft2" | "ifft2" | "fftn" | "ifftn" | "rfft2" | "rfftn" | "irfft2" | "irfftn" => several(call, name, x),
        "fftshift" | "ifftshift" => {
            let (x, axes) = (call.tensor(0, "input")?, call.axes_opt(1, "dim")?);
            if name == "fftshift" {
                each!(|x| fft::fftshift(x, axes.as_deref()))
            } else {
                each!(|x| fft::ifftshift(x, axes.as_deref()))
            }
        }
        _ => Err(Refusal::Unknown),
    }
}

fn norm(call: &Call) -> Result<Norm, Refusal> {
    Ok(match call.text_or(3, "norm", "backward")? {
        "ortho" => Norm::Ortho,
        "forward" => Norm::Forward,
        "backward" => Norm::Backward,
        other => return Err(Refusal::form(format!("a norm called {other}"))),
    })
}

fn length(number: i64) -> Result<usize, Refusal> {
    usize::try_from(number).map_err(|_| Refusal::form(format!("{number} numbers")))
}

fn one(call: &Call, name: &str, x: Any) -> Outcome {
    let n = call.int_opt(1, "n")?.map(length).transpose()?;
    let (axis, norm) = (call.axis_or(2, "dim", -1)?, norm(call)?);
    match name {
        "fft" => real!(|x| fft::fft(x, n, axis, norm).map(pairs)),
        "ifft" => real!(|x| fft::ifft(x, n, axis, norm).map(pairs)),
        "rfft" => real!(|x| fft::rfft(x, n, axis, norm).map(pairs)),
        "ihfft" => real!(|x| fft::ihfft(x, n, axis, norm).map(pairs)),
        "irfft" => real!(|x| fft::irfft(x, n, axis, norm)),
        _ => real!(|x| fft::hfft(x, n, axis, norm)),
    }
}

fn several(call: &Call, name: &str, x: Any) -> Outcome {
    let lengths = call.ints_opt(1, "s")?;
    let lengths: Option<Vec<usize>> = lengths
        .map(|lengths| lengths.into_iter().map(length).collect())
        .transpose()?;
    let last = name.ends_with('2').then(|| vec![-2, -1]);
    let (axes, norm) = (call.axes_opt(2, "dim")?.or(last), norm(call)?);
    let (s, axes) = (lengths.as_deref(), axes.as_deref());
    match name {
        "fft2" | "fftn" => real!(|x| fft::fftn(x, s, axes, norm).map(pairs)),
        "ifft2" | "ifftn" => real!(|x| fft::ifftn(x, s, axes, norm).map(pairs)),
        "rfft2" | "rfftn" => real!(|x| fft::rfftn(x, s, axes, norm).map(pairs)),
        _ => real!(|x| fft::irfftn(x, s, axes, norm)),
    }
}

fn stft(call: &Call) -> Outcome {
    let input = call.tensor(0, "input")?;
    let n_fft = call.size(1, "n_fft")?;
    let hop = call.int_opt(2, "hop_length")?.map(length).transpose()?;
    let length = call.int_opt(3, "win_length")?.map(length).transpose()?;
    let window = match (call.tensor_opt(4, "window")?, length) {
        (Some(window), _) => window,
        (None, length) => {
            let length = length.unwrap_or(n_fft);
            Any::from_numbers(input.word(), &vec![1.0; length], &[length])?
        }
    };
    let center = call.bool_or(5, "center", true)?;
    let beyond = match call.text_or(6, "pad_mode", "reflect")? {
        "reflect" => Beyond::Reflect,
        "constant" => Beyond::Zeros,
        "replicate" => Beyond::Replicate,
        "circular" => Beyond::Circular,
        other => return Err(Refusal::form(format!("padding called {other}"))),
    };
    let normalized = call.bool_or(7, "normalized", false)?;
    let onesided = call.bool_or(8, "onesided", true)?;
    call.ignore(9, "return_complex");
    real!(|input, window| {
        let frames = Stft {
            hop,
            window: Some(window),
            center,
            beyond,
            normalized,
            onesided,
            ..Stft::new(n_fft)
        };
        fft::stft(input, &frames).map(pairs)
    })
}

fn pairs<T: tensor::Float>(z: Complex<T>) -> tensor::Tensor<tensor::Dynamic, T> {
    z.view_as_real()
}
