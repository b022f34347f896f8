//! Images seen through a grid of places.

use tensor_ops::{Compare, Math};

use crate::element::{DType, Differentiable};
use crate::error::{Error, Result};
use crate::layout::{self, Axes, describe, room};
use crate::ops::cast::wide;
use crate::ops::elements::{floats, same_elements};
use crate::ops::gather::gather;
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;

/// How [`grid_sample`] makes an element out of those around its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GridMode {
    /// The lines through the two neighbours along each axis. PyTorch's `bilinear`, over three axes too.
    #[default]
    Linear,
    /// The nearest; of two the even one.
    Nearest,
    /// The cubics through four neighbours along each of two axes. PyTorch's `bicubic`.
    Cubic,
}

/// What [`grid_sample`] finds outside the image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GridPadding {
    /// Zeros.
    #[default]
    Zeros,
    /// The nearest element of its border.
    Border,
    /// The image reflected at its border.
    Reflection,
}

/// The options of [`grid_sample`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GridSample {
    /// How an element comes about. [`GridMode::Linear`].
    pub mode: GridMode,
    /// What is outside. [`GridPadding::Zeros`].
    pub padding: GridPadding,
    /// Whether -1 and 1 are the middles of the first and the last element, and not the outer edges. No.
    pub align_corners: bool,
}

/// One axis of the image: its size, and what is done at its border.
struct Axis {
    size: usize,
    options: GridSample,
}

impl Axis {
    /// Coordinates from -1 to 1 as places among the elements.
    fn place(&self, x: &Value) -> Value {
        let size = self.size as f64;
        match self.options.align_corners {
            true => x.affine((size - 1.0) / 2.0, (size - 1.0) / 2.0),
            false => x.affine(size / 2.0, (size - 1.0) / 2.0),
        }
    }

    /// Places brought inside, as the padding has it.
    fn inside(&self, x: &Value) -> Result<Value> {
        match self.options.padding {
            GridPadding::Zeros => Ok(x.clone()),
            GridPadding::Border => self.clipped(x),
            GridPadding::Reflection => self.clipped(&self.reflected(x)?),
        }
    }

    /// Places outside have no gradient.
    fn clipped(&self, x: &Value) -> Result<Value> {
        let last = (self.size - 1) as f64;
        let above = x.compare_to(Compare::Gt, 0.0);
        let x = x.or_where_not(&above, 0.0)?;
        let below = x.compare_to(Compare::Lt, last);
        x.or_where_not(&below, last)
    }

    fn reflected(&self, x: &Value) -> Result<Value> {
        let size = self.size as f64;
        let (low, span) = match self.options.align_corners {
            true => (0.0, size - 1.0),
            false => (-0.5, size),
        };
        if span == 0.0 {
            return x.mul(&x.constant(0.0));
        }
        let shifted = x.affine(1.0, -low).abs();
        let flips = shifted.detach().scale(1.0 / span).math(Math::Floor);
        let extra = shifted.sub(&flips.scale(span))?;
        // Whether there is an even number of flips.
        let half = flips.scale(0.5);
        let even = half.math(Math::Floor).compare(Compare::Eq, &half)?;
        even.select(&extra.affine(1.0, low), &extra.affine(-1.0, low + span))
    }

    /// The indices of whole places, those outside as 0, and where they are inside.
    fn index(&self, x: &Value) -> Result<[Value; 2]> {
        let x = x.detach();
        let (last, zero) = ((self.size - 1) as f64, x.constant(0.0));
        let inside = x.compare_to(Compare::Ge, 0.0);
        let index = inside.select(&x, &zero)?;
        let below = index.compare_to(Compare::Le, last);
        let index = below.select(&index, &zero)?.cast(DType::I64);
        let both = below.select(&inside, &below)?;
        Ok([index, both])
    }

    /// What of the axis takes part in each element of the result: index, whether it is inside, and weight.
    fn taps(&self, coordinates: &Value) -> Result<Vec<Tap>> {
        let place = self.place(coordinates);
        let tap = |at: &Value, weight: Option<Value>| -> Result<Tap> {
            let [index, inside] = self.index(at)?;
            Ok(Tap { index, inside, weight })
        };
        match self.options.mode {
            GridMode::Nearest => {
                let place = self.inside(&place)?;
                // The gradient of the place is 0, and not none.
                let never = Value::filled(place.device(), DType::Bool, 0.0, &[]);
                let one = place.or_where_not(&never, 1.0)?;
                Ok(vec![tap(&place.detach().math(Math::Round), Some(one))?])
            }
            GridMode::Linear => {
                let place = self.inside(&place)?;
                let before = place.detach().math(Math::Floor);
                let behind = place.sub(&before)?;
                Ok(vec![
                    tap(&before, Some(behind.affine(-1.0, 1.0)))?,
                    tap(&before.affine(1.0, 1.0), Some(behind))?,
                ])
            }
            GridMode::Cubic => {
                let before = place.detach().math(Math::Floor);
                let t = place.sub(&before)?;
                cubic(&t)?
                    .into_iter()
                    .enumerate()
                    .map(|(index, weight)| {
                        let at = self.inside(&before.affine(1.0, index as f64 - 1.0))?;
                        tap(&at.math(Math::Round), Some(weight))
                    })
                    .collect()
            }
        }
    }
}

/// What takes part in each element of the result.
#[derive(Clone)]
struct Tap {
    index: Value,
    inside: Value,
    weight: Option<Value>,
}

impl Tap {
    /// The same beside a tap of an axis before, whose elements are `step` apart.
    fn beside(&self, before: &Self, step: usize) -> Result<Self> {
        let weight = match (&before.weight, &self.weight) {
            (Some(before), Some(own)) => Some(before.mul(own)?),
            (before, own) => before.clone().or(own.clone()),
        };
        Ok(Self {
            index: before
                .index
                .mul(&before.index.constant(step as f64))?
                .add(&self.index)?,
            inside: before.inside.select(&self.inside, &before.inside)?,
            weight,
        })
    }
}

/// The taps of an image of all combinations of those of its axes.
fn products(taps: &[Vec<Tap>], sizes: &[usize]) -> Result<Vec<Tap>> {
    let mut all: Vec<Tap> = Vec::new();
    let mut step = 1;
    for (own, &size) in taps.iter().zip(sizes).rev() {
        all = match all.is_empty() {
            true => own.clone(),
            false => own
                .iter()
                .flat_map(|before| all.iter().map(move |tap| tap.beside(before, step)))
                .collect::<Result<_>>()?,
        };
        step *= size;
    }
    Ok(all)
}

/// The weights of four neighbours, as in `resize.rs`.
fn cubic(t: &Value) -> Result<[Value; 4]> {
    const A: f64 = -0.75;
    let near = |x: Value| -> Result<Value> {
        let line = x.affine(A + 2.0, -(A + 3.0));
        Ok(line.mul(&x)?.mul(&x)?.affine(1.0, 1.0))
    };
    let far = |x: Value| -> Result<Value> {
        let line = x.affine(A, -5.0 * A).mul(&x)?.affine(1.0, 8.0 * A);
        Ok(line.mul(&x)?.affine(1.0, -4.0 * A))
    };
    Ok([
        far(t.affine(1.0, 1.0))?,
        near(t.clone())?,
        near(t.affine(-1.0, 1.0))?,
        far(t.affine(-1.0, 2.0))?,
    ])
}

fn sample(x: &Value, grid: &Value, options: GridSample) -> Result<Value> {
    let name = "grid_sample";
    same_elements(name, x.dtype(), grid.dtype())?;
    floats(name, x)?;
    x.same_device(name, grid)?;
    let axes = x.layout.rank().saturating_sub(2);
    let fits = matches!(axes, 2 | 3)
        && grid.layout.rank() == axes + 2
        && grid.sizes()[0] == x.sizes()[0]
        && grid.sizes()[axes + 1] == axes;
    if !fits {
        return Err(Error::shape(
            name,
            "[n, channels, ..] with two or three axes behind, and a grid of [n, .., 2] or [n, .., 3]",
            format!("{} and {}", describe(x.sizes()), describe(grid.sizes())),
        ));
    }
    if x.sizes()[2..].contains(&0) {
        return Err(Error::shape(name, "an image with elements", describe(x.sizes())));
    }
    let (n, channels) = (x.sizes()[0], x.sizes()[1]);
    let [image, grid] = [x, grid].map(wide);
    let (inner, outer) = (&x.sizes()[2..], &grid.sizes()[1..=axes]);
    let (area, count) = (inner.iter().product(), outer.iter().product());
    let flat = image.reshape(&[n, channels, area]);
    let grid = grid.reshape(&[n, 1, count, axes]);
    // The last coordinate of a grid is that of the first axis.
    let mut taps = Vec::new();
    for (axis, &size) in inner.iter().enumerate() {
        let coordinates = grid.index_axis(3, axes - 1 - axis);
        taps.push(Axis { size, options }.taps(&coordinates)?);
    }
    let mut sum: Option<Value> = None;
    for tap in products(&taps, inner)? {
        let seen = gather(&flat, 2, &tap.index.expand(name, &[n, channels, count])?)?;
        let seen = match &tap.weight {
            Some(weight) => seen.mul(weight)?,
            None => seen,
        };
        let seen = seen.or_where_not(&tap.inside, 0.0)?;
        sum = Some(match sum {
            Some(sum) => sum.add(&seen)?,
            None => seen,
        });
    }
    let sizes: Axes<usize> = [n, channels].into_iter().chain(outer.iter().copied()).collect();
    let out = sum.unwrap_or(flat).reshape(&sizes);
    Ok(out.cast(x.dtype()))
}

/// `x` of `[n, channels, height, width]` at the places of `grid`, `[n, h, w, 2]`: `out[n, c, i, j] = x[n, c, y, x]` with `(x, y) = grid[n, i,
/// j]`, from -1 to 1 over the image. With three axes likewise, and coordinates `(x, y, z)`.
///
/// # Errors
/// Where the sizes do not fit, or the mode is not for so many axes.
///
/// ```
/// use tensor::functional::{GridSample, grid_sample};
/// use tensor::prelude::*;
/// let x = Tensor::<Dynamic>::from_vec(vec![1., 2., 3., 4.], &[1, 1, 2, 2])?;
/// let middle = Tensor::<Dynamic>::from_vec(vec![0., 0.], &[1, 1, 1, 2])?;
/// assert_eq!(grid_sample(&x, &middle, GridSample::default())?.to_vec()?, [2.5]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn grid_sample<T: Differentiable>(
    x: &Tensor<Dynamic, T>,
    grid: &Tensor<Dynamic, T>,
    options: GridSample,
) -> Result<Tensor<Dynamic, T>> {
    sample(x.value(), grid.value(), options).map(Tensor::of)
}

fn affine(theta: &Value, inner: &[usize], align_corners: bool) -> Result<Value> {
    let name = "affine_grid";
    let axes = inner.len();
    let fits = matches!(axes, 2 | 3) && theta.layout.rank() == 3 && theta.sizes()[1..] == [axes, axes + 1];
    if !fits {
        return Err(Error::shape(
            name,
            "matrices [n, 2, 3] for two axes, or [n, 3, 4] for three",
            describe(theta.sizes()),
        ));
    }
    let count = layout::len(inner);
    room(name, &[theta.sizes()[0], count, axes + 1])?;
    let coordinate = |index: usize, size: usize| match align_corners {
        _ if size == 1 => 0.0,
        true => 2.0 * index as f64 / (size - 1) as f64 - 1.0,
        false => (2 * index + 1) as f64 / size as f64 - 1.0,
    };
    let mut places = Vec::with_capacity(count * (axes + 1));
    for place in 0..count {
        let mut rest = place;
        for &size in inner.iter().rev() {
            places.push(coordinate(rest % size, size));
            rest /= size;
        }
        places.push(1.0);
    }
    let theta_wide = wide(theta);
    let places = Value::from_slice(theta.device(), &[1, count, axes + 1], &places).cast(theta_wide.dtype());
    let out = places.matmul(&theta_wide.transpose(1, 2))?;
    let sizes: Axes<usize> = [theta.sizes()[0]]
        .into_iter()
        .chain(inner.iter().copied())
        .chain([axes])
        .collect();
    Ok(out.reshape(&sizes).cast(theta.dtype()))
}

/// The grid of an affine map for [`grid_sample`]: `theta` of `[n, 2, 3]` for the axes `[height, width]` to `[n, height, width, 2]`, of `[n,
/// 3, 4]` for three axes. PyTorch takes batch and channels with the sizes, too.
///
/// # Errors
/// Where the matrices do not fit the axes.
///
/// ```
/// use tensor::functional::affine_grid;
/// use tensor::prelude::*;
/// let flipped = tensor![[[-1., 0., 0.], [0., 1., 0.]]].into_dynamic();
/// let grid = affine_grid(&flipped, &[1, 2], false)?;
/// assert_eq!(grid, tensor![[[[0.5, 0.], [-0.5, 0.]]]].into_dynamic());
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn affine_grid<T: Differentiable>(
    theta: &Tensor<Dynamic, T>,
    sizes: &[usize],
    align_corners: bool,
) -> Result<Tensor<Dynamic, T>> {
    affine(theta.value(), sizes, align_corners).map(Tensor::of)
}
