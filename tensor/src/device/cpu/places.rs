//! Kernels that follow indices.

use super::Cpu;
use super::access::{fresh, source, target};
use crate::device::typed::{element, float, integer};
use crate::device::{Places, View};
use crate::error::{Error, Result};
use crate::kernels::indexed::{self, BadIndex, Scatter};

/// A place outside its axis, as an error.
fn outside(operation: &'static str, bad: BadIndex) -> Error {
    Error::OutOfRange {
        operation,
        what: "index",
        index: bad.index,
        size: format!("an axis of {}", bad.size),
    }
}

impl Places for Cpu {
    fn gather(&self, axis: usize, x: View<'_>, index: View<'_>, out: View<'_>) -> Result<()> {
        let (size, sizes) = (x.layout.sizes()[axis], out.layout.sizes());
        element!(out, T => {
            indexed::gather(axis, size, sizes, source::<T>(x), source::<i64>(index), fresh::<T>(out, &[x, index]))
        })
        .map_err(|bad| outside("gather", bad))
    }

    fn scatter(&self, how: Scatter, axis: usize, index: View<'_>, values: View<'_>, out: View<'_>) -> Result<()> {
        let (sizes, out_sizes) = (index.layout.sizes(), out.layout.sizes());
        element!(out, T => {
            let to = fresh::<T>(out, &[index, values]);
            indexed::scatter(how, axis, sizes, source::<i64>(index), source::<T>(values), out_sizes, to)
        })
        .map_err(|bad| outside(how.name(), bad))
    }

    fn accumulate(&self, x: View<'_>, out: View<'_>) {
        element!(out, T => indexed::accumulate(x.layout.sizes(), source::<T>(x), target::<T>(out, &[x])));
    }
}
