//! Random numbers that a pass draws.

use tensor_ops::primitive::Noise;

use crate::device::{Backend, Matrix, View};
use crate::kernels::chain::Random;
use crate::kernels::random::Stream;
use crate::layout::Layout;

/// Normal numbers of a stream of the pass, or uniform ones around 0; zeros where it has no random numbers, which is in evaluation.
pub(crate) fn draw(backend: &dyn Backend, noise: &Noise, random: Option<Random>, out: Matrix<'_>) {
    match random {
        Some(random) => {
            let Stream { seed, stream } = random.stream(noise.layer);
            match noise.uniform {
                true => backend.uniform(-0.5, 0.5, seed, stream, out),
                false => backend.normal(0.0, 1.0, seed, stream, out),
            }
        }
        None => {
            let layout = Layout::contiguous(&[out.len()]);
            let (buffer, offset, layout) = (out.buffer, out.offset, &layout);
            backend.fill(0.0, View { buffer, offset, layout });
        }
    }
}
