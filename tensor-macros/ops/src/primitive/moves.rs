//! Elements in other places: nothing is computed.

use super::family::Family;
use super::{Made, Needs, channels};
use crate::{Misfit, Poly, Shape};

/// Axes in another order; the batch stays in front.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permute {
    /// How many axes there are, the batch included.
    pub rank: usize,
    /// Which axis comes where.
    pub axes: [usize; 6],
}

/// `factor^2` channels become places: `[batch, c factor^2, h, w]` to `[batch, c, h factor, w factor]`. Shi et al., *Real-Time Single Image and
/// Video Super-Resolution*, 2016.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PixelShuffle {
    /// By how much height and width grow.
    pub factor: usize,
}

/// Values one behind the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cat {
    /// Along which axis, the batch being 0.
    pub axis: usize,
    /// How many values.
    pub count: usize,
}

/// Some places along an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    /// Along which axis, the batch being 0.
    pub axis: usize,
    /// From which place on.
    pub start: usize,
    /// How many places.
    pub len: usize,
}

/// One place along an axis, without the axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Select {
    /// Along which axis, the batch being 0.
    pub axis: usize,
    /// Which place.
    pub place: usize,
    /// Whether places are counted from the last, which is 0 then.
    pub back: bool,
}

impl Select {
    /// The place as one writes it: -1 is the last.
    pub fn index(&self) -> i64 {
        let place = self.place as i64;
        if self.back { -1 - place } else { place }
    }

    /// The place on an axis of this size; `None` if there is none.
    pub fn on(&self, size: usize) -> Option<usize> {
        match self.back {
            true => size.checked_sub(self.place + 1),
            false => Some(self.place).filter(|place| *place < size),
        }
    }
}

impl Family for Permute {
    fn name(&self) -> &'static str {
        "permute"
    }

    fn options(&self) -> Vec<String> {
        self.axes[1..self.rank].iter().map(usize::to_string).collect()
    }

    fn check_axes(&self, x: &Shape) -> Result<(), Misfit> {
        match x.axes().len() == self.rank {
            true => Ok(()),
            false => Err(Misfit::Axes {
                needs: "as many axes behind the batch as it names",
                found: x.clone(),
            }),
        }
    }

    fn made(&self, inputs: &[&Shape], _: &[&Shape]) -> Result<Made, Misfit> {
        let axes = inputs[0].axes();
        self.check_axes(inputs[0])?;
        let axes = self.axes[..self.rank].iter().map(|&axis| axes[axis].clone());
        Ok(Made::plain(Shape::new(axes)))
    }
}

impl Family for PixelShuffle {
    fn name(&self) -> &'static str {
        "pixel_shuffle"
    }

    fn options(&self) -> Vec<String> {
        vec![self.factor.to_string()]
    }

    fn rank(&self) -> usize {
        2
    }

    fn check_axes(&self, x: &Shape) -> Result<(), Misfit> {
        channels(x, 2).map(drop)
    }

    fn made(&self, inputs: &[&Shape], _: &[&Shape]) -> Result<Made, Misfit> {
        let (x, factor) = (inputs[0], self.factor as u64);
        let all = channels(x, 2)?;
        let channels = all.divided(factor * factor).ok_or_else(|| Misfit::Groups {
            which: "input",
            channels: all.clone(),
            groups: factor * factor,
        })?;
        let grown = |axis: usize| &x.axes()[axis] * &Poly::number(factor);
        Ok(Made::plain(Shape::new([
            x.axes()[0].clone(),
            channels,
            grown(2),
            grown(3),
        ])))
    }
}

impl Family for Cat {
    fn name(&self) -> &'static str {
        "cat"
    }

    fn options(&self) -> Vec<String> {
        vec![format!("axis = {}", self.axis)]
    }

    fn inputs(&self) -> usize {
        self.count
    }

    /// The sizes of the inputs.
    fn needs(&self) -> Needs {
        Needs::INPUTS
    }

    fn made(&self, inputs: &[&Shape], _: &[&Shape]) -> Result<Made, Misfit> {
        let mut axes = inputs[0].axes().to_vec();
        for other in &inputs[1..] {
            let fits = other.axes().len() == axes.len()
                && (0..axes.len()).all(|axis| axis == self.axis || axes[axis].may_equal(&other.axes()[axis]));
            if !fits || self.axis >= axes.len() {
                return Err(Misfit::Shapes {
                    expected: inputs[0].clone(),
                    found: (*other).clone(),
                });
            }
            axes[self.axis] = &axes[self.axis] + &other.axes()[self.axis];
        }
        Ok(Made::plain(Shape::new(axes)))
    }
}

impl Family for Slice {
    fn name(&self) -> &'static str {
        "slice"
    }

    fn options(&self) -> Vec<String> {
        let end = self.start + self.len;
        vec![format!("{}..{end}", self.start), format!("axis = {}", self.axis)]
    }

    fn made(&self, inputs: &[&Shape], _: &[&Shape]) -> Result<Made, Misfit> {
        let mut axes = inputs[0].axes().to_vec();
        if let Some(size) = axes.get_mut(self.axis) {
            *size = Poly::number(self.len as u64);
        }
        Ok(Made::plain(Shape::new(axes)))
    }
}

impl Family for Select {
    fn name(&self) -> &'static str {
        "select_along"
    }

    fn options(&self) -> Vec<String> {
        vec![format!("axis = {}", self.axis), format!("index = {}", self.index())]
    }

    fn made(&self, inputs: &[&Shape], _: &[&Shape]) -> Result<Made, Misfit> {
        let axes = inputs[0].axes().iter().enumerate();
        let others = axes
            .filter(|(axis, _)| *axis != self.axis)
            .map(|(_, size)| size.clone());
        Ok(Made::plain(Shape::new(others)))
    }
}
