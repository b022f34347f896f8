//! What the windows of a pooling see of each axis.

use crate::error::{Error, Result};
use crate::functional::{positive, span};
use crate::kernels::pool::Window;
use crate::layout::{Axes, describe, room};
use crate::tape::Value;

/// How windows go along the axes of an input.
pub(crate) struct Windows<'a> {
    pub(crate) kernel: &'a [usize],
    pub(crate) stride: &'a [usize],
    pub(crate) padding: &'a [usize],
    pub(crate) dilation: &'a [usize],
    /// Whether a last window may begin inside and end outside.
    pub(crate) ceil: bool,
}

/// What is known of one axis.
pub(crate) struct Axis {
    /// How many windows there are.
    pub(crate) output: usize,
    pub(crate) input: usize,
    pub(crate) kernel: usize,
    pub(crate) stride: usize,
    pub(crate) padding: usize,
    pub(crate) dilation: usize,
}

impl Axis {
    /// The elements of the input in each window; what lies in the padding is none.
    pub(crate) fn windows(&self) -> Vec<Window> {
        let windows = (0..self.output).map(|position| {
            let start = position * self.stride;
            // Elements that lie before the input.
            let before = self.padding.saturating_sub(start).div_ceil(self.dilation);
            let first = (start + before * self.dilation).saturating_sub(self.padding);
            let room = self.input.saturating_sub(first).div_ceil(self.dilation);
            Window {
                first,
                count: self.kernel.saturating_sub(before).min(room),
                step: self.dilation,
            }
        });
        windows.collect()
    }

    /// How many elements each window has of input and padding together; what lies behind the padding, where the last window is cut, does
    /// not count.
    pub(crate) fn with_padding(&self) -> impl Iterator<Item = usize> {
        let end = self.input + 2 * self.padding;
        (0..self.output).map(move |position| self.kernel.min(end - position * self.stride))
    }
}

impl Windows<'_> {
    /// The axes of an input whose last sizes are `sizes`.
    pub(crate) fn over(&self, name: &'static str, x: &Value, lead: usize) -> Result<Axes<Axis>> {
        let sizes = x.sizes();
        positive("kernel_size", self.kernel)?;
        positive("stride", self.stride)?;
        positive("dilation", self.dilation)?;
        if sizes[1..].contains(&0) {
            return Err(Error::shape(
                name,
                "an input with elements, in which only the batch may be empty",
                describe(sizes),
            ));
        }
        let mut axes: Axes<Axis> = Axes::new();
        for (index, &input) in sizes[lead..].iter().enumerate() {
            let (kernel, stride) = (self.kernel[index], self.stride[index]);
            let (padding, dilation) = (self.padding[index], self.dilation[index]);
            let reach = span(name, x, kernel, dilation)?;
            if padding > reach / 2 {
                return Err(Error::argument(
                    "padding",
                    format!("at most {}, half of what the kernel spans", reach / 2),
                    padding,
                ));
            }
            let padded = padding.checked_mul(2).and_then(|padding| padding.checked_add(input));
            let Some(room) = padded.and_then(|padded| padded.checked_sub(reach)) else {
                return Err(Error::shape(
                    name,
                    format!(
                        "an input that a kernel of {} with dilation {dilation} fits in",
                        describe(self.kernel)
                    ),
                    format!("{} with padding {padding}", describe(sizes)),
                ));
            };
            let mut output = room / stride + 1;
            // A last window that is cut must begin inside the input or the padding before it.
            if self.ceil && !room.is_multiple_of(stride) && output * stride < input + padding {
                output += 1;
            }
            axes.push(Axis {
                output,
                input,
                kernel,
                stride,
                padding,
                dilation,
            });
        }
        let whole: Axes<usize> = sizes[..lead]
            .iter()
            .copied()
            .chain(axes.iter().map(|axis| axis.output))
            .collect();
        room(name, &whole)?;
        Ok(axes)
    }
}

/// The windows of an adaptive pooling of `input` elements to `output`: from `i input / output`, rounded down, to `(i + 1) input /
/// output`, rounded up.
pub(crate) fn adaptive(input: usize, output: usize) -> Vec<Window> {
    let place = |index: usize| index as u128 * input as u128;
    let windows = (0..output).map(|index| {
        let first = (place(index) / output as u128) as usize;
        Window {
            first,
            count: place(index + 1).div_ceil(output as u128) as usize - first,
            step: 1,
        }
    });
    windows.collect()
}

/// Checks the sizes that an adaptive pooling is to give; `None` keeps that of the input.
pub(crate) fn adaptive_sizes(
    name: &'static str,
    x: &Value,
    lead: usize,
    output: &[Option<usize>],
) -> Result<Axes<usize>> {
    if x.sizes()[1..].contains(&0) {
        return Err(Error::shape(
            name,
            "an input with elements, in which only the batch may be empty",
            describe(x.sizes()),
        ));
    }
    let own = &x.sizes()[lead..];
    let sizes: Axes<usize> = output.iter().zip(own).map(|(size, &own)| size.unwrap_or(own)).collect();
    let whole: Axes<usize> = x.sizes()[..lead].iter().chain(&sizes).copied().collect();
    room(name, &whole)?;
    Ok(sizes)
}
