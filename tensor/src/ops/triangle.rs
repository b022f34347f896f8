//! Triangles of matrices, and the unit matrix.

use crate::device::Device;
use crate::element::{DType, Element, Numeric};
use crate::error::{Error, Result};
use crate::layout::describe;
use crate::ops::join::stack;
use crate::ops::view::{Look, unlook};
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
    if rows.max(columns) > isize::MAX as usize / 2 {
        return Err(Error::shape(
            side.name(),
            "sizes that fit into memory",
            describe(&[rows, columns]),
        ));
    }
    let columns_of = |row| side.columns(row, columns, offset);
    let below = |offset: i128| below(rows as i128, columns as i128, offset);
    let count = match side {
        Side::Lower => below(offset as i128),
        Side::Upper => rows as i128 * columns as i128 - below(offset as i128 - 1),
    };
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    Value::empty(Device::cpu(), DType::I64, &[2, count]).buffer.check()?;
    // Rows without any may be many.
    let (lowest, highest) = match side {
        Side::Lower => (offset.min(0).unsigned_abs().min(rows), rows),
        Side::Upper => (
            0,
            (columns as isize).saturating_sub(offset).clamp(0, rows as isize) as usize,
        ),
    };
    let rows = if count == 0 { 0..0 } else { lowest..highest };
    let mut places = Vec::with_capacity(2 * count);
    places.extend(
        rows.clone()
            .flat_map(|row| std::iter::repeat_n(row as i64, columns_of(row).len())),
    );
    places.extend(rows.flat_map(|row| columns_of(row).map(|column| column as i64)));
    Ok(Value::from_slice(Device::cpu(), &[2, count], &places))
}

/// How many places of a matrix are on or below a diagonal.
fn below(rows: i128, columns: i128, offset: i128) -> i128 {
    // Rows from `first` on have some, those from `full` on have all.
    let first = (-offset).clamp(0, rows);
    let full = (columns - offset - 1).clamp(first, rows);
    let shortest = (first + offset + 1).min(columns);
    let growing = full - first;
    growing * shortest + growing * (growing - 1) / 2 + (rows - full) * columns
}

/// 1 on the main diagonal, 0 elsewhere.
pub(crate) fn eye(dtype: DType, rows: usize, columns: usize) -> Result<Value> {
    Value::empty(Device::cpu(), dtype, &[rows, columns]).buffer.check()?;
    let ones = Value::filled(Device::cpu(), dtype, 1.0, &[rows.min(columns)]);
    let diagonal = Look::Diagonal { a: 0, b: 1, offset: 0 };
    Ok(unlook(&ones, diagonal, &[rows, columns]))
}

/// The powers of a vector as columns, the highest first unless `increasing`.
pub(crate) fn vander(x: &Value, columns: usize, increasing: bool) -> Result<Value> {
    if x.layout.rank() != 1 {
        return Err(Error::shape("vander", "one axis", describe(x.sizes())));
    }
    Value::empty(x.device(), x.dtype(), &[x.len(), columns])
        .buffer
        .check()?;
    if x.len() == 0 || columns == 0 {
        return Ok(x.slice(0, 0, 0, 1).reshape(&[x.len(), columns]));
    }
    let mut powers = vec![x.ones_like()];
    for power in 1..columns {
        powers.push(powers[power - 1].mul(x)?);
    }
    if !increasing {
        powers.reverse();
    }
    stack(&powers.iter().collect::<Vec<_>>(), 1)
}

impl<T: Element> Tensor<Dynamic, T> {
    /// The lower triangles of matrices, up to the diagonal that lies `offset` right of the main one; 0 elsewhere.
    ///
    /// # Errors
    /// Where there are fewer than two axes.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2.], [3., 4.]].into_dynamic();
    /// assert_eq!(x.tril(0)?, tensor![[1., 0.], [3., 4.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn tril(&self, offset: isize) -> Result<Self> {
        triangle(Side::Lower, self.value(), offset).map(Self::of)
    }

    /// The upper triangles of matrices, from the diagonal that lies `offset` right of the main one on; 0 elsewhere.
    ///
    /// # Errors
    /// Where there are fewer than two axes.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2.], [3., 4.]].into_dynamic();
    /// assert_eq!(x.triu(1)?, tensor![[0., 2.], [0., 0.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn triu(&self, offset: isize) -> Result<Self> {
        triangle(Side::Upper, self.value(), offset).map(Self::of)
    }

    /// `[rows, columns]` with 1 on the main diagonal and 0 elsewhere.
    ///
    /// # Errors
    /// Where that would not fit into memory.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(Tensor::<Dynamic>::eye(2, 3)?, tensor![[1., 0., 0.], [0., 1., 0.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn eye(rows: usize, columns: usize) -> Result<Self> {
        eye(T::DTYPE, rows, columns).map(Self::of)
    }
}

impl Tensor<Dynamic, i64> {
    /// Rows and columns of the places that [`tril`](Self::tril) keeps of `[rows, columns]`, row by row: `[2, n]`.
    ///
    /// # Errors
    /// Where that would not fit into memory.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let places = Tensor::<Dynamic, i64>::tril_indices(2, 2, 0)?;
    /// assert_eq!(places, tensor![[0i64, 1, 1], [0, 0, 1]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn tril_indices(rows: usize, columns: usize, offset: isize) -> Result<Self> {
        indices(Side::Lower, rows, columns, offset).map(Self::of)
    }

    /// Rows and columns of the places that [`triu`](Self::triu) keeps of `[rows, columns]`, row by row: `[2, n]`.
    ///
    /// # Errors
    /// Where that would not fit into memory.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let places = Tensor::<Dynamic, i64>::triu_indices(2, 3, 1)?;
    /// assert_eq!(places, tensor![[0i64, 0, 1], [1, 2, 2]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn triu_indices(rows: usize, columns: usize, offset: isize) -> Result<Self> {
        indices(Side::Upper, rows, columns, offset).map(Self::of)
    }
}

impl<T: Numeric> Tensor<Dynamic, T> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_before_they_are_listed() {
        for rows in 0..5 {
            for columns in 0..5 {
                for offset in -6..=6 {
                    let listed = (0..rows)
                        .map(|row| Side::Lower.columns(row, columns, offset).len())
                        .sum::<usize>();
                    assert_eq!(below(rows as i128, columns as i128, offset as i128), listed as i128);
                    let upper = indices(Side::Upper, rows, columns, offset).unwrap();
                    let places = (0..rows).map(|row| Side::Upper.columns(row, columns, offset).len());
                    assert_eq!(upper.sizes(), [2, places.sum()]);
                    assert!(upper.to_vec::<i64>().is_ok());
                }
            }
        }
        assert!(indices(Side::Lower, usize::MAX, 2, 0).is_err());
        assert_eq!(
            indices(Side::Upper, isize::MAX as usize / 2, 2, 0).unwrap().sizes(),
            [2, 3]
        );
        assert_eq!(
            indices(Side::Lower, isize::MAX as usize / 2, 0, 0).unwrap().sizes(),
            [2, 0]
        );
    }
}
