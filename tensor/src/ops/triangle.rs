//! Triangles of matrices, and the unit matrix.

use crate::device::Device;
use crate::element::{DType, Element};
use crate::error::{Error, Result};
use crate::layout::{describe, len};
use crate::ops::cast::cast;
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;

/// Which side of a diagonal.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// The diagonal and what is below it.
    Lower,
    /// The diagonal and what is above it.
    Upper,
}

impl Side {
    fn name(self) -> &'static str {
        match self {
            Self::Lower => "tril",
            Self::Upper => "triu",
        }
    }

    /// The columns of a row that are on this side of the diagonal that lies `offset` right of the main one.
    fn columns(self, row: usize, columns: usize, offset: isize) -> std::ops::Range<usize> {
        let diagonal = (row as isize).saturating_add(offset);
        match self {
            Self::Lower => 0..diagonal.saturating_add(1).clamp(0, columns as isize) as usize,
            Self::Upper => diagonal.clamp(0, columns as isize) as usize..columns,
        }
    }
}

/// Matrices with 0 on the other side of a diagonal.
pub(crate) fn triangle(side: Side, x: &Value, offset: isize) -> Result<Value> {
    let &[.., rows, columns] = x.sizes() else {
        return Err(Error::shape(side.name(), "two axes or more", describe(x.sizes())));
    };
    if x.len() == 0 {
        return Ok(x.clone());
    }
    let mut mask = vec![false; rows * columns];
    for (row, mask) in mask.chunks_mut(columns.max(1)).enumerate() {
        mask[side.columns(row, columns, offset)].fill(true);
    }
    let mask = Value::from_slice(x.device(), &[rows, columns], &mask);
    mask.select(x, &x.constant(0.0))
}

/// Rows and columns of the places on one side of a diagonal, row by row: `[2, n]`.
pub(crate) fn indices(side: Side, rows: usize, columns: usize, offset: isize) -> Result<Value> {
    let columns_of = |row| side.columns(row, columns, offset);
    let count = (0..rows).try_fold(0usize, |count, row| count.checked_add(columns_of(row).len()));
    let Some(count) = count.filter(|&count| count <= isize::MAX as usize / 32) else {
        return Err(Error::shape(
            side.name(),
            "sizes that fit into memory",
            describe(&[rows, columns]),
        ));
    };
    let mut places = Vec::with_capacity(2 * count);
    places.extend((0..rows).flat_map(|row| std::iter::repeat_n(row as i64, columns_of(row).len())));
    places.extend((0..rows).flat_map(|row| columns_of(row).map(|column| column as i64)));
    Ok(Value::from_slice(Device::cpu(), &[2, count], &places))
}

/// 1 on the main diagonal, 0 elsewhere.
pub(crate) fn eye(dtype: DType, rows: usize, columns: usize) -> Result<Value> {
    if len(&[rows, columns]) > isize::MAX as usize / 8 {
        return Err(Error::shape(
            "eye",
            "sizes that fit into memory",
            describe(&[rows, columns]),
        ));
    }
    let mut ones = vec![false; rows * columns];
    for place in 0..rows.min(columns) {
        ones[place * columns + place] = true;
    }
    Ok(cast(&Value::from_slice(Device::cpu(), &[rows, columns], &ones), dtype))
}

/// The powers of a vector as columns, the highest first unless `increasing`.
pub(crate) fn vander(x: &Value, columns: usize, increasing: bool) -> Result<Value> {
    if x.layout.rank() != 1 {
        return Err(Error::shape("vander", "one axis", describe(x.sizes())));
    }
    let mut powers = vec![x.ones_like()];
    for power in 1..columns {
        powers.push(powers[power - 1].mul(x)?);
    }
    powers.truncate(columns);
    if !increasing {
        powers.reverse();
    }
    match columns {
        0 => Ok(Value::empty(x.device(), x.dtype(), &[x.len(), 0])),
        _ => crate::ops::join::stack(&powers.iter().collect::<Vec<_>>(), 1),
    }
}

/// ```
/// use tensor::prelude::*;
/// let x = Tensor::<Dynamic>::arange(1, 5, 1)?.reshape(&[2, 2])?;
/// assert_eq!(x.tril(0)?.to_vec()?, [1., 0., 3., 4.]);
/// assert_eq!(x.triu(1)?.to_vec()?, [0., 2., 0., 0.]);
/// assert_eq!(Tensor::<Dynamic>::eye(2, 2)?.to_vec()?, [1., 0., 0., 1.]);
/// assert_eq!(Tensor::tril_indices(2, 2, 0)?.to_vec()?, [0i64, 1, 1, 0, 0, 1]);
/// # Ok::<(), tensor::Error>(())
/// ```
impl<T: Element> Tensor<Dynamic, T> {
    /// The lower triangles of matrices, up to the diagonal that lies `offset` right of the main one; 0 elsewhere.
    ///
    /// # Errors
    /// Where there are fewer than two axes.
    pub fn tril(&self, offset: isize) -> Result<Self> {
        triangle(Side::Lower, self.value(), offset).map(Self::of)
    }

    /// The upper triangles of matrices, from the diagonal that lies `offset` right of the main one on; 0 elsewhere.
    ///
    /// # Errors
    /// Where there are fewer than two axes.
    pub fn triu(&self, offset: isize) -> Result<Self> {
        triangle(Side::Upper, self.value(), offset).map(Self::of)
    }

    /// `[rows, columns]` with 1 on the main diagonal and 0 elsewhere.
    ///
    /// # Errors
    /// Where that would not fit into memory.
    pub fn eye(rows: usize, columns: usize) -> Result<Self> {
        eye(T::DTYPE, rows, columns).and_then(|value| {
            value.buffer.check()?;
            Ok(Self::of(value))
        })
    }
}

impl Tensor<Dynamic, i64> {
    /// Rows and columns of the places that [`tril`](Self::tril) keeps of `[rows, columns]`, row by row: `[2, n]`.
    ///
    /// # Errors
    /// Where that would not fit into memory.
    pub fn tril_indices(rows: usize, columns: usize, offset: isize) -> Result<Self> {
        indices(Side::Lower, rows, columns, offset).map(Self::of)
    }

    /// Rows and columns of the places that [`triu`](Self::triu) keeps of `[rows, columns]`, row by row: `[2, n]`.
    ///
    /// # Errors
    /// Where that would not fit into memory.
    pub fn triu_indices(rows: usize, columns: usize, offset: isize) -> Result<Self> {
        indices(Side::Upper, rows, columns, offset).map(Self::of)
    }
}

impl<T: crate::element::Numeric> Tensor<Dynamic, T> {
    /// The powers of a vector as columns, `[n]` to `[n, columns]`: the highest first, unless `increasing`. PyTorch's `torch.vander`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = Tensor::<Dynamic>::from(vec![2., 3.]);
    /// assert_eq!(x.vander(3, false)?.to_vec()?, [4., 2., 1., 9., 3., 1.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where there is another number of axes than one.
    pub fn vander(&self, columns: usize, increasing: bool) -> Result<Self> {
        vander(self.value(), columns, increasing).map(Self::of)
    }
}
