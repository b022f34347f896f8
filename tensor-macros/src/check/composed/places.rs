//! Layers over the places of images.

use super::Steps;
use crate::check::arguments::power;
use tensor_ops::primitive::{Border, Conv, Pad, Pool, Takes, Windows};
use tensor_ops::{Binary, Misfit, Poly, Primitive, Unary};

impl Steps {
    /// The border first, then a convolution without one.
    pub(super) fn bordered(&mut self, conv: &Conv, border: Border, makes: Option<&Poly>) -> Result<usize, Misfit> {
        let (mut conv, rank) = (*conv, conv.windows.rank);
        let (before, after) = (conv.windows.before, conv.windows.after);
        let pad = Pad {
            rank,
            before,
            after,
            border,
        };
        let padded = self.primitive(Primitive::Pad(pad), &[0], &[])?;
        (conv.windows.before, conv.windows.after) = ([0; 3], [0; 3]);
        let primitive = Primitive::Conv(conv);
        let shapes = primitive.parameter_shapes(&[self.shape(padded)], makes)?;
        let first = self.parameters.len();
        let names = primitive.parameters().iter().map(|name| (*name).to_owned());
        self.parameters.extend(names.zip(shapes));
        let parameters: Vec<usize> = (first..self.parameters.len()).collect();
        self.primitive(primitive, &[padded], &parameters)
    }

    /// Powers, their mean, so often as there are elements in a window, and the root.
    pub(super) fn power_pool(&mut self, p: f64, windows: Windows, ceil: bool) -> Result<usize, Misfit> {
        let x = self.unary(power(p), 0);
        let takes = Takes::Mean { with_padding: true };
        let mean = Primitive::Pool(Pool { takes, windows, ceil });
        let x = self.primitive(mean, &[x], &[])?;
        let scale = windows.taps() as f64;
        let x = self.unary(Unary::Affine { scale, shift: 0.0 }, x);
        Ok(self.unary(power(p.recip()), x))
    }

    /// The channels as rows of an image that is a place wide.
    pub(super) fn response_norm(&mut self, size: usize, [alpha, beta, k]: [f64; 3]) -> Result<usize, Misfit> {
        let sizes = self.shape(0).axes().to_vec();
        let [_, channels, places @ ..] = &sizes[..] else {
            return Err(self.without_channels());
        };
        if places.is_empty() {
            return Err(self.without_channels());
        }
        let x = self.unary(Unary::Square, 0);
        let x = self.reshape(x, vec![Poly::number(1), channels.clone(), places.iter().product()]);
        let pad = Pad {
            rank: 2,
            before: [size / 2, 0, 0],
            after: [(size - 1) / 2, 0, 0],
            border: Border::Constant(0.0),
        };
        let x = self.primitive(Primitive::Pad(pad), &[x], &[])?;
        let pool = Pool {
            takes: Takes::Mean { with_padding: true },
            windows: Windows::of(&[size, 1]),
            ceil: false,
        };
        let x = self.primitive(Primitive::Pool(pool), &[x], &[])?;
        let x = self.reshape(x, sizes[1..].to_vec());
        let (scale, shift) = (alpha, k);
        let x = self.unary(Unary::Affine { scale, shift }, x);
        let x = self.unary(power(beta), x);
        Ok(self.binary(Binary::Div, 0, x))
    }
}
