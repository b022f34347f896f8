//! The windows of an image side by side, and their sum back into one.

use crate::element::{Element, Numeric};
use crate::error::{Error, Result};
use crate::functional::{Each, images, positive, span};
use crate::layout::{describe, room};
use crate::ops::border::zeros_around;
use crate::ops::view::{Look, look, unlook};
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;

/// The options of [`unfold`] and [`fold`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unfold {
    /// How far windows are apart. 1.
    pub stride: [usize; 2],
    /// How many zeros stand on both sides of each axis. 0.
    pub padding: [usize; 2],
    /// How far the elements of a window are apart. 1.
    pub dilation: [usize; 2],
}

impl Default for Unfold {
    fn default() -> Self {
        Self {
            stride: [1; 2],
            padding: [0; 2],
            dilation: [1; 2],
        }
    }
}

/// How many windows there are along each axis of an image of `sizes`.
fn counts(
    name: &'static str,
    x: &Value,
    sizes: [usize; 2],
    kernel: [usize; 2],
    options: &Unfold,
) -> Result<[usize; 2]> {
    positive("stride", &options.stride)?;
    positive("dilation", &options.dilation)?;
    let mut counts = [0; 2];
    for axis in 0..2 {
        let span = span(name, x, kernel[axis], options.dilation[axis])?;
        let padding = options.padding[axis].checked_mul(2);
        let room = padding
            .and_then(|padding| padding.checked_add(sizes[axis]))
            .and_then(|padded| padded.checked_sub(span));
        let Some(room) = room else {
            return Err(Error::shape(
                name,
                format!("an image that a window of {} fits in", describe(&kernel)),
                describe(&sizes),
            ));
        };
        counts[axis] = room / options.stride[axis] + 1;
    }
    Ok(counts)
}

fn windows(axis: usize, index: usize, kernel: [usize; 2], options: &Unfold) -> Look {
    Look::Windows {
        axis,
        size: kernel[index],
        step: options.stride[index],
        dilation: options.dilation[index],
    }
}

fn unfolded(x: &Value, kernel: [usize; 2], options: &Unfold) -> Result<Value> {
    let name = "unfold";
    let (image, batched) = images(name, x, 2)?;
    let [n, channels, height, width] = image.sizes() else {
        unreachable!("`images` gives four axes");
    };
    let (n, channels, sizes) = (*n, *channels, [*height, *width]);
    let [rows, columns] = counts(name, x, sizes, kernel, options)?;
    room(name, &[n, channels, kernel[0], kernel[1], rows, columns])?;
    room(
        name,
        &[
            n,
            channels,
            sizes[0] + 2 * options.padding[0],
            sizes[1] + 2 * options.padding[1],
        ],
    )?;
    let padded = (0..2).fold(image, |x, axis| {
        zeros_around(&x, axis + 2, options.padding[axis], options.padding[axis])
    });
    let seen = look(
        &look(&padded, windows(2, 0, kernel, options)),
        windows(3, 1, kernel, options),
    );
    // `[n, channels, rows, columns, kernel, kernel]`.
    let out = seen.permute(&[0, 1, 4, 5, 2, 3]);
    let out = out.reshape(&[n, channels * kernel[0] * kernel[1], rows * columns]);
    Ok(if batched { out } else { out.squeeze(0) })
}

fn folded(x: &Value, output: [usize; 2], kernel: [usize; 2], options: &Unfold) -> Result<Value> {
    let name = "fold";
    let (patches, batched) = images(name, x, 1)?;
    let [rows, columns] = counts(name, x, output, kernel, options)?;
    let (n, all) = (patches.sizes()[0], patches.sizes()[1]);
    let taps = kernel[0].saturating_mul(kernel[1]);
    if !all.is_multiple_of(taps) || rows.saturating_mul(columns) != patches.sizes()[2] {
        return Err(Error::shape(
            name,
            format!(
                "[.., channels {taps}, {}], the windows of {}",
                rows.saturating_mul(columns),
                describe(&output)
            ),
            describe(x.sizes()),
        ));
    }
    let channels = all / taps;
    let padded = [output[0] + 2 * options.padding[0], output[1] + 2 * options.padding[1]];
    room(name, &[n, channels, kernel[0], padded[0], padded[1]])?;
    let seen = patches.reshape(&[n, channels, kernel[0], kernel[1], rows, columns]);
    let seen = seen.permute(&[0, 1, 4, 5, 2, 3]);
    let along = unlook(
        &seen,
        windows(3, 1, kernel, options),
        &[n, channels, rows, padded[1], kernel[0]],
    );
    let whole = unlook(
        &along,
        windows(2, 0, kernel, options),
        &[n, channels, padded[0], padded[1]],
    );
    let out = (0..2).fold(whole, |x, axis| {
        x.slice(axis + 2, options.padding[axis], output[axis], 1)
    });
    Ok(if batched { out } else { out.squeeze(0) })
}

/// The windows of an image as columns: `[batch, channels, height, width]` to `[batch, channels kernel^2, windows]`, or both without the
/// batch. PyTorch's `nn.functional.unfold`, also called `im2col`.
///
/// # Errors
/// Where the windows are larger than the image, or an option is 0 that must not be.
///
/// ```
/// use tensor::functional::{Unfold, fold, unfold};
/// use tensor::prelude::*;
/// let x = Tensor::<Dynamic>::from_vec(vec![1., 2., 3., 4.], &[1, 2, 2])?;
/// let columns = unfold(&x, 1, Unfold::default())?;
/// assert_eq!(columns.sizes(), [1, 4]);
/// assert_eq!(fold(&columns, [2, 2], 1, Unfold::default())?, x);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn unfold<T: Element>(
    x: &Tensor<Dynamic, T>,
    kernel_size: impl Into<Each<2>>,
    options: Unfold,
) -> Result<Tensor<Dynamic, T>> {
    unfolded(x.value(), kernel_size.into().0, &options).map(Tensor::of)
}

/// The adjoint of [`unfold`]: each element of an image of `output_size` is the sum of the elements of the windows that show it.
/// PyTorch's `nn.functional.fold`.
///
/// # Errors
/// Where `x` has not the sizes that [`unfold`] gives such an image.
///
/// ```
/// use tensor::functional::{Unfold, fold};
/// use tensor::prelude::*;
/// let columns = tensor![[1., 2.], [3., 4.]].into_dynamic(); // Two windows of two elements.
/// let options = Unfold::default();
/// assert_eq!(fold(&columns, [1, 3], [1, 2], options)?, tensor![[[1., 5., 4.]]].into_dynamic());
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn fold<T: Numeric>(
    x: &Tensor<Dynamic, T>,
    output_size: [usize; 2],
    kernel_size: impl Into<Each<2>>,
    options: Unfold,
) -> Result<Tensor<Dynamic, T>> {
    folded(x.value(), output_size, kernel_size.into().0, &options).map(Tensor::of)
}
