//! Layers that are several operations over what one part holds: `softmax(axis = 1)` turns the axis to the back, and back again.

mod axes;
mod places;
mod random;
mod recurrent;
mod steps;
mod transformer;

pub use steps::Steps;

use super::resolved::{Composed, Composition};
use tensor_ops::primitive::Features;
use tensor_ops::{Misfit, Poly, Primitive, Shape};

impl Composed {
    /// The axis that it is made for.
    pub fn features(&self) -> Features {
        match self.of {
            Composition::Bordered { .. } => Features::Channels,
            _ => Features::Last,
        }
    }

    /// The axes behind the channels that it goes over.
    pub fn rank(&self) -> usize {
        match self.of {
            Composition::PixelUnshuffle { .. } | Composition::Softmax2d | Composition::ChannelShuffle { .. } => 2,
            Composition::Softmax { .. } | Composition::Glu { .. } => 0,
            Composition::Along { .. } | Composition::Select { .. } | Composition::Transpose { .. } => 0,
            Composition::Flatten { .. } | Composition::Unflatten { .. } => 0,
            Composition::Recurrent(_) | Composition::Attention(_) | Composition::MultiHead(_) => 1,
            Composition::Encoder(_) | Composition::Decoder(_) => 1,
            Composition::Cell { .. } => 0,
            Composition::AlphaDropout { .. } | Composition::Rrelu { .. } => 0,
            Composition::Dropout { rank, .. } => rank,
            Composition::Bordered { conv, .. } => conv.windows.rank,
            Composition::PowerPool { windows, .. } => windows.rank,
            Composition::ResponseNorm { .. } => 2,
        }
    }

    /// The input with the size that it is made for.
    pub fn expected(&self, input: &Shape) -> Shape {
        let mut axes = input.axes().to_vec();
        if let Some(size) = self.takes.as_ref().and_then(|wanted| wanted.size.clone()) {
            axes[self.features().axis(input)] = size;
        }
        Shape::new(axes)
    }

    /// The shapes that it takes beside an input of this shape; what may have any length, or be left out, is so as it is given.
    pub fn beside(&self, input: &Shape, given: &[&Shape]) -> Vec<Shape> {
        let hidden = || self.makes.clone().unwrap_or_default();
        let batch = || input.axes()[0].clone();
        match &self.of {
            Composition::Recurrent(stack) => {
                let state = Shape::new([batch(), Poly::number(stack.lanes() as u64), hidden()]);
                vec![state; 1 + stack.cell.cells()]
            }
            Composition::Cell { cell, .. } => vec![Shape::new([batch(), hidden()]); 1 + cell.cells()],
            Composition::Attention(_)
            | Composition::MultiHead(_)
            | Composition::Encoder(_)
            | Composition::Decoder(_) => transformer::beside(&self.of, input, given),
            _ => Vec::new(),
        }
    }

    /// Its operations on such inputs, the first of which all layers take; `twins` says of each which is the first that is the same value. It
    /// makes so many values.
    pub fn steps(&self, inputs: &[Shape], twins: &[usize], makes: usize) -> Result<Steps, Misfit> {
        let (first, beside) = inputs
            .split_first()
            .unwrap_or_else(|| unreachable!("a layer takes a value"));
        let mut steps = Steps::new([&[self.expected(first)], beside].concat(), twins);
        let made = match &self.of {
            Composition::Softmax { axis, log, negated } => steps.softmax(*axis, *log, *negated)?,
            Composition::Softmax2d => steps.softmax2d()?,
            Composition::Glu { axis } => steps.glu(*axis)?,
            Composition::Along { op, axis, keep } => steps.along(*op, *axis, *keep)?,
            Composition::Select { axis, index } => steps.select_at(*axis, *index)?,
            Composition::Transpose { axes } => steps.transpose(*axes)?,
            Composition::ChannelShuffle { groups } => steps.channel_shuffle(*groups)?,
            Composition::PixelUnshuffle { factor } => steps.pixel_unshuffle(*factor)?,
            Composition::Flatten { start, end } => steps.flatten(*start, *end)?,
            Composition::Unflatten { axis, sizes } => steps.unflatten(*axis, sizes)?,
            Composition::Recurrent(stack) => {
                let hidden = self.makes.clone().unwrap_or_default();
                steps.made = steps.recurrent(stack, &hidden, makes)?;
                return Ok(steps);
            }
            Composition::Cell { cell, bias } => {
                let hidden = self.makes.clone().unwrap_or_default();
                steps.made = steps.cell(*cell, *bias, &hidden, makes)?;
                return Ok(steps);
            }
            Composition::Attention(heads) => steps.attention(*heads)?,
            Composition::MultiHead(heads) => steps.multi_head_attention(*heads)?,
            Composition::Encoder(encoder) => steps.encoder(encoder)?,
            Composition::Decoder(decoder) => steps.decoder(decoder)?,
            Composition::AlphaDropout { p, channels } => steps.alpha_dropout(*p, *channels)?,
            Composition::Rrelu { lower, upper } => steps.rrelu(*lower, *upper)?,
            Composition::Dropout { p, rank } => steps.dropout_of_channels(*p, *rank)?,
            Composition::Bordered { conv, border } => steps.bordered(conv, *border, self.makes.as_ref())?,
            Composition::PowerPool { p, windows, ceil } => steps.power_pool(*p, *windows, *ceil)?,
            Composition::ResponseNorm { size, alpha, beta, k } => steps.response_norm(*size, [*alpha, *beta, *k])?,
        };
        steps.made = vec![made];
        Ok(steps)
    }

    /// The sizes in the type of its part.
    pub fn type_sizes(&self, input: &Shape) -> Vec<Poly> {
        let width = self.expected(input).features();
        let three = || &width * &Poly::number(3);
        match &self.of {
            Composition::Recurrent(_) | Composition::Cell { .. } => {
                [width].into_iter().chain(self.makes.clone()).collect()
            }
            Composition::MultiHead(_) => vec![width.clone(), three()],
            Composition::Encoder(encoder) | Composition::Decoder(encoder) => {
                vec![width.clone(), three(), encoder.inner.clone()]
            }
            Composition::Bordered { conv, .. } => {
                let (primitive, expected) = (Primitive::Conv(*conv), self.expected(input));
                let shapes = primitive.parameter_shapes(&[&expected], self.makes.as_ref());
                primitive.type_sizes(&expected, &shapes.unwrap_or_default())
            }
            Composition::Softmax { .. } | Composition::Softmax2d | Composition::Glu { .. } => Vec::new(),
            Composition::Attention(_) => Vec::new(),
            Composition::ChannelShuffle { .. } | Composition::PixelUnshuffle { .. } => Vec::new(),
            Composition::Along { .. } | Composition::Select { .. } | Composition::Transpose { .. } => Vec::new(),
            Composition::Flatten { .. } | Composition::Unflatten { .. } | Composition::Dropout { .. } => Vec::new(),
            Composition::AlphaDropout { .. } | Composition::Rrelu { .. } => Vec::new(),
            Composition::PowerPool { .. } | Composition::ResponseNorm { .. } => Vec::new(),
        }
    }

    /// The numbers and switches behind them and the element type, as they are written.
    pub fn type_options(&self) -> Vec<String> {
        match &self.of {
            Composition::Recurrent(stack) => {
                vec![stack.layers.to_string(), stack.both.to_string(), stack.bias.to_string()]
            }
            Composition::Cell { bias, .. } => vec![bias.to_string()],
            Composition::Bordered { conv, .. } if !conv.bias => vec!["()".to_owned()],
            _ => Vec::new(),
        }
    }

    /// As one writes it, with all sizes: `lstm(28, 64, num_layers = 2)`.
    pub fn text(&self, input: &Shape) -> String {
        let takes = self.takes.as_ref().map(|wanted| match &wanted.size {
            Some(size) => size.to_string(),
            None => input.axes()[self.features().axis(input)].to_string(),
        });
        let makes = self.makes.as_ref().map(Poly::to_string);
        let all: Vec<String> = takes.into_iter().chain(makes).chain(self.options.clone()).collect();
        match all.is_empty() {
            true => self.name.to_owned(),
            false => format!("{}({})", self.name, all.join(", ")),
        }
    }
}
