//! How the windows of a pooling go along each axis.

use tensor_ops::Primitive;
use tensor_ops::primitive::{self, Adaptive, Pool, Takes};

use crate::error::{Error, Result};
use crate::functional::{positive, span};
use crate::kernels::pooling::Axis;
use crate::kernels::windows::Along;
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

impl Windows<'_> {
    /// The pooling that models have.
    pub(crate) fn pool(&self, takes: Takes) -> Primitive {
        let mut windows = primitive::Windows::of(self.kernel);
        for axis in 0..self.kernel.len() {
            windows.stride[axis] = self.stride[axis];
            windows.dilation[axis] = self.dilation[axis];
            windows.before[axis] = self.padding[axis];
            windows.after[axis] = self.padding[axis];
        }
        let ceil = self.ceil;
        Primitive::Pool(Pool { takes, windows, ceil })
    }

    /// The axes of an input whose last sizes are `sizes`.
    pub(crate) fn over(&self, name: &'static str, x: &Value, lead: usize) -> Result<Axes<Along>> {
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
        let mut axes: Axes<Along> = Axes::new();
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
            axes.push(Along {
                input,
                output,
                size: kernel,
                stride,
                before: padding,
                after: padding,
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

/// The pooling that models have, of so many windows over the last axes.
pub(crate) fn adaptive(takes: Takes, output: &[usize]) -> Primitive {
    let mut sizes = [1; 3];
    sizes[..output.len()].copy_from_slice(output);
    let rank = output.len();
    Primitive::AdaptivePool(Adaptive { takes, rank, sizes })
}

/// Checks the sizes that an adaptive pooling is to give; `None` keeps that of the input. Gives the axes.
pub(crate) fn adaptive_axes(
    name: &'static str,
    x: &Value,
    lead: usize,
    output: &[Option<usize>],
) -> Result<Axes<Axis>> {
    if x.sizes()[1..].contains(&0) {
        return Err(Error::shape(
            name,
            "an input with elements, in which only the batch may be empty",
            describe(x.sizes()),
        ));
    }
    let own = &x.sizes()[lead..];
    let axes = output.iter().zip(own).map(|(size, &input)| Axis::Adaptive {
        input,
        output: size.unwrap_or(input),
    });
    let axes: Axes<Axis> = axes.collect();
    // What begins and ends windows is a product of both sizes.
    for axis in &axes {
        room(name, &[axis.input(), axis.output()])?;
    }
    room(name, &made(x, lead, &axes))?;
    Ok(axes)
}

/// The sizes of what windows over the axes from `lead` on make.
pub(crate) fn made(x: &Value, lead: usize, axes: &[Axis]) -> Axes<usize> {
    let outputs = axes.iter().map(Axis::output);
    x.sizes()[..lead].iter().copied().chain(outputs).collect()
}
