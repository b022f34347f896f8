//! Pooling: the largest element or the mean of each window.

use super::conv::over_windows;
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

impl Pool {
    pub(super) fn name(&self) -> &'static str {
        match self.takes {
            Takes::Max => ["max_pool1d", "max_pool2d", "max_pool3d"][self.windows.rank - 1],
            Takes::Mean { .. } => ["avg_pool1d", "avg_pool2d", "avg_pool3d"][self.windows.rank - 1],
        }
    }

    pub(super) fn text(&self) -> Vec<String> {
        let mut text = self.windows.text(self.windows.size);
        if self.ceil {
            text.push("ceil_mode = true".to_owned());
        }
        if self.takes == (Takes::Mean { with_padding: false }) {
            text.push("count_include_pad = false".to_owned());
        }
        text
    }

    pub(super) fn needs(&self) -> Needs {
        self.takes.needs()
    }

    pub(super) fn made(&self, x: &Shape) -> Result<Made, Misfit> {
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

    pub(super) fn flops(&self, x: &Shape) -> Poly {
        let made = self.made(x).map_or(Poly::number(0), |made| made.shape.elements());
        &made * &Poly::number(self.windows.taps())
    }
}

impl Adaptive {
    pub(super) fn name(&self) -> &'static str {
        let names = match self.takes {
            Takes::Max => ["adaptive_max_pool1d", "adaptive_max_pool2d", "adaptive_max_pool3d"],
            Takes::Mean { .. } => ["adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d"],
        };
        names[self.rank - 1]
    }

    pub(super) fn text(&self) -> Vec<String> {
        // As a kernel of these sizes is written.
        Windows::of(&self.sizes[..self.rank]).text([1; 3])
    }

    pub(super) fn needs(&self) -> Needs {
        self.takes.needs()
    }

    pub(super) fn made(&self, x: &Shape) -> Result<Made, Misfit> {
        let channels = channels(x, self.rank)?.clone();
        let sizes = self.sizes[..self.rank].iter().map(|&size| Poly::number(size as u64));
        let axes = [x.axes()[0].clone(), channels].into_iter().chain(sizes);
        Ok(Made::plain(Shape::new(axes)))
    }
}
