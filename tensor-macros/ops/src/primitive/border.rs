//! [`Pad`]: a border around the axes behind the channels.

use super::family::Family;
use super::{Made, channels};
use crate::{Misfit, Poly, Shape};

/// A border around the axes behind the channels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pad {
    /// How many axes.
    pub rank: usize,
    /// So many before; 0 for axes that are not there.
    pub before: [usize; 3],
    /// So many behind.
    pub after: [usize; 3],
    /// Of what.
    pub border: Border,
}

/// What a border is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Border {
    /// One number.
    Constant(f64),
    /// What lies on the other side of the edge, which is not repeated: `[1, 2, 3]` gets `3, 2` before it.
    Reflect,
    /// The element at the edge: `[1, 2, 3]` gets `1, 1` before it.
    Replicate,
    /// What comes at the other end: `[1, 2, 3]` gets `2, 3` before it.
    Circular,
}

impl Border {
    /// One of each.
    pub(super) const EACH: [Self; 4] = [Self::Constant(0.0), Self::Reflect, Self::Replicate, Self::Circular];

    /// The most that may be added to a side of an axis of this size.
    fn most(self, size: u64) -> u64 {
        match self {
            Self::Constant(_) => u64::MAX,
            Self::Reflect => size.saturating_sub(1),
            Self::Replicate if size == 0 => 0,
            Self::Replicate => u64::MAX,
            Self::Circular => size,
        }
    }
}

impl Family for Pad {
    fn name(&self) -> &'static str {
        let names = match self.border {
            Border::Constant(_) => ["constant_pad1d", "constant_pad2d", "constant_pad3d"],
            Border::Reflect => ["reflection_pad1d", "reflection_pad2d", "reflection_pad3d"],
            Border::Replicate => ["replication_pad1d", "replication_pad2d", "replication_pad3d"],
            Border::Circular => ["circular_pad1d", "circular_pad2d", "circular_pad3d"],
        };
        names[self.rank - 1]
    }

    fn options(&self) -> Vec<String> {
        let sides = (0..self.rank)
            .rev()
            .flat_map(|axis| [self.before[axis], self.after[axis]]);
        let sides: Vec<String> = sides.map(|side| side.to_string()).collect();
        let value = match self.border {
            Border::Constant(value) => Some(format!("{value:?}")),
            Border::Reflect | Border::Replicate | Border::Circular => None,
        };
        [format!("({})", sides.join(", "))].into_iter().chain(value).collect()
    }

    fn rank(&self) -> usize {
        self.rank
    }

    fn check_axes(&self, x: &Shape) -> Result<(), Misfit> {
        channels(x, self.rank).map(drop)
    }

    fn made(&self, inputs: &[&Shape], _: &[&Shape]) -> Result<Made, Misfit> {
        channels(inputs[0], self.rank)?;
        let mut axes = inputs[0].axes().to_vec();
        for axis in 0..self.rank {
            let (size, sides) = (&axes[axis + 2], [self.before[axis], self.after[axis]]);
            if self.border.most(0) != u64::MAX {
                let (most, padding) = (
                    size.as_number().map(|size| self.border.most(size)),
                    sides[0].max(sides[1]),
                );
                if most.is_none_or(|most| padding as u64 > most) {
                    return Err(Misfit::Border {
                        size: size.clone(),
                        padding: padding as u64,
                        most,
                    });
                }
            }
            axes[axis + 2] = size + &Poly::number((sides[0] + sides[1]) as u64);
        }
        Ok(Made::plain(Shape::new(axes)))
    }
}
