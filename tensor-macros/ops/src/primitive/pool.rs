//! Pooling: the largest element or the mean of each window.

use super::conv::over_windows;
use super::family::Family;
use super::windows::{Rounding, Windows};
use super::{Made, Needs, channels};
use crate::{Misfit, Poly, Shape};

/// Pooling with windows of one size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// What is taken of a window.
    pub takes: Takes,
    /// How the window goes.
    pub windows: Windows,
    /// Whether a last window may begin inside and end outside.
    pub ceil: bool,
}

/// Pooling with as many windows as the result has elements: from `i size / count`, rounded down, to `(i + 1) size / count`, rounded up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Adaptive {
    /// What is taken of a window.
    pub takes: Takes,
    /// The number of axes.
    pub rank: usize,
    /// The sizes of the result; 1 from `rank` on.
    pub sizes: [usize; 3],
}

/// What is taken of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// The largest element, the first of several; NaN is larger than all.
    Max,
    /// The mean.
    Mean {
        /// Whether the zeros around count.
        with_padding: bool,
    },
}

impl Takes {
    fn needs(self) -> Needs {
        Needs {
            // Where the largest was is looked up again.
            inputs: self == Takes::Max,
            output: false,
            parameters: false,
        }
    }
}

impl Family for Pool {
    fn name(&self) -> &'static str {
        match self.takes {
            Takes::Max => ["max_pool1d", "max_pool2d", "max_pool3d"][self.windows.rank - 1],
            Takes::Mean { .. } => ["avg_pool1d", "avg_pool2d", "avg_pool3d"][self.windows.rank - 1],
        }
    }

    fn options(&self) -> Vec<String> {
        let mut text = self.windows.text(self.windows.size);
        if self.ceil {
            text.push("ceil_mode = true".to_owned());
        }
        if self.takes == (Takes::Mean { with_padding: false }) {
            text.push("count_include_pad = false".to_owned());
        }
        text
    }

    fn needs(&self) -> Needs {
        self.takes.needs()
    }

    fn made(&self, inputs: &[&Shape], _: &[&Shape]) -> Result<Made, Misfit> {
        let x = inputs[0];
        let channels = channels(x, self.windows.rank)?.clone();
        for axis in 0..self.windows.rank {
            let (zeros, most) = (self.windows.before[axis] as u64, self.windows.span(axis) / 2);
            if zeros > most {
                return Err(Misfit::Padding { zeros, most });
            }
        }
        let rounding = if self.ceil { Rounding::Up } else { Rounding::Down };
        over_windows(&self.windows, x, channels, rounding)
    }

    fn rank(&self) -> usize {
        self.windows.rank
    }

    fn check_axes(&self, x: &Shape) -> Result<(), Misfit> {
        channels(x, self.windows.rank).map(drop)
    }

    fn flops(&self, _: &[&Shape], _: &[&Shape], made: &Shape) -> Poly {
        &made.elements() * &Poly::number(self.windows.taps())
    }
}

impl Family for Adaptive {
    fn name(&self) -> &'static str {
        let names = match self.takes {
            Takes::Max => ["adaptive_max_pool1d", "adaptive_max_pool2d", "adaptive_max_pool3d"],
            Takes::Mean { .. } => ["adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d"],
        };
        names[self.rank - 1]
    }

    fn options(&self) -> Vec<String> {
        // As a kernel of these sizes is written.
        Windows::of(&self.sizes[..self.rank]).text([1; 3])
    }

    fn needs(&self) -> Needs {
        self.takes.needs()
    }

    fn made(&self, inputs: &[&Shape], _: &[&Shape]) -> Result<Made, Misfit> {
        let x = inputs[0];
        let channels = channels(x, self.rank)?.clone();
        let sizes = self.sizes[..self.rank].iter().map(|&size| Poly::number(size as u64));
        let axes = [x.axes()[0].clone(), channels].into_iter().chain(sizes);
        Ok(Made::plain(Shape::new(axes)))
    }

    fn rank(&self) -> usize {
        self.rank
    }

    fn check_axes(&self, x: &Shape) -> Result<(), Misfit> {
        channels(x, self.rank).map(drop)
    }

    fn flops(&self, inputs: &[&Shape], _: &[&Shape], _: &Shape) -> Poly {
        inputs[0].elements()
    }
}
