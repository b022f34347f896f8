//! [`Upsample`]: other sizes for the axes behind the channels.

use super::Made;
use super::family::Family;
use crate::{Misfit, Poly, Shape};

/// Other sizes for the axes behind the channels, with elements that come about from their neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upsample {
    /// By how much each axis grows, or to which size.
    pub numbers: [usize; 3],
    /// How many of them are given; one is for all axes.
    pub given: usize,
    /// Whether they are factors.
    pub scales: bool,
    /// How elements come about.
    pub how: Interpolation,
    /// For how many axes that is; any number where it is 0.
    pub rank: usize,
}

/// How elements come about between those that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interpolation {
    /// The nearest.
    Nearest,
    /// The line through the two neighbours along each axis.
    Linear {
        /// Whether the middles of the outer elements stay where they are.
        align: bool,
    },
    /// The cubic through four neighbours along each axis. Keys, *Cubic convolution interpolation for digital image processing*, 1981.
    Cubic {
        /// Whether the middles of the outer elements stay where they are.
        align: bool,
    },
}

impl Upsample {
    /// The number of an axis.
    pub fn number(&self, axis: usize) -> usize {
        self.numbers[if self.given == 1 { 0 } else { axis }]
    }

    fn mode(&self) -> &'static str {
        match (self.how, self.rank) {
            (Interpolation::Nearest, _) => "nearest",
            (Interpolation::Linear { .. }, 1) => "linear",
            (Interpolation::Linear { .. }, 2) => "bilinear",
            (Interpolation::Linear { .. }, _) => "trilinear",
            (Interpolation::Cubic { .. }, _) => "bicubic",
        }
    }
}

impl Family for Upsample {
    fn name(&self) -> &'static str {
        "upsample"
    }

    fn options(&self) -> Vec<String> {
        let numbers: Vec<String> = self.numbers[..self.given].iter().map(usize::to_string).collect();
        let numbers = match &numbers[..] {
            [one] => one.clone(),
            all => format!("({})", all.join(", ")),
        };
        let mut text = vec![if self.scales {
            numbers
        } else {
            format!("size = {numbers}")
        }];
        if self.how != Interpolation::Nearest {
            text.push(format!("mode = {}", self.mode()));
        }
        if let Interpolation::Linear { align: true } | Interpolation::Cubic { align: true } = self.how {
            text.push("align_corners = true".to_owned());
        }
        text
    }

    fn rank(&self) -> usize {
        self.rank
    }

    fn check_axes(&self, x: &Shape) -> Result<(), Misfit> {
        let needs = match self.rank {
            1 => "[batch, channels, length]",
            2 => "[batch, channels, height, width]",
            3 => "[batch, channels, depth, height, width]",
            _ => "[batch, channels, length] or [batch, channels, height, width]",
        };
        let axes = x.axes().len();
        let fits = match self.rank {
            0 => (3..=5).contains(&axes),
            rank => axes == rank + 2,
        };
        match fits {
            true => Ok(()),
            false => Err(Misfit::Axes {
                needs,
                found: x.clone(),
            }),
        }
    }

    fn made(&self, inputs: &[&Shape], _: &[&Shape]) -> Result<Made, Misfit> {
        self.check_axes(inputs[0])?;
        let (places, found) = (inputs[0].axes().len() - 2, self.given);
        if found != 1 && found != places {
            let name = if self.scales { "scale" } else { "size" };
            return Err(Misfit::Numbers { name, found, places });
        }
        let mut axes = inputs[0].axes().to_vec();
        for axis in 0..places {
            let number = Poly::number(self.number(axis) as u64);
            axes[axis + 2] = if self.scales { &axes[axis + 2] * &number } else { number };
        }
        Ok(Made::plain(Shape::new(axes)))
    }

    fn flops(&self, _: &[&Shape], _: &[&Shape], made: &Shape) -> Poly {
        let taps: u64 = match self.how {
            Interpolation::Nearest => return Poly::number(0),
            Interpolation::Linear { .. } => 2,
            Interpolation::Cubic { .. } => 4,
        };
        &made.elements() * &Poly::number(2 * taps.pow(self.rank as u32))
    }
}
