//! Elements of vectors with each other: `meshgrid`, `cartesian_prod`, `combinations`.

use crate::element::Element;
use crate::error::{Error, Result};
use crate::layout::{Axes, MOST, describe, len};
use crate::ops::gather::index_select;
use crate::ops::host::list;
use crate::ops::join::{stack, values};
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;

/// Which axis of a grid is that of the first vector.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Indexing {
    /// Axis 0, and axis 1 that of the second: as matrices are indexed.
    #[default]
    Ij,
    /// Axis 1, and axis 0 that of the second: as points are.
    Xy,
}

/// Each vector along an axis of its own, repeated along those of the others; views.
pub(crate) fn meshgrid(xs: &[&Value], indexing: Indexing) -> Result<Vec<Value>> {
    if xs.is_empty() {
        return Err(Error::shape("meshgrid", "one tensor or more", "none"));
    }
    if let Some(x) = xs.iter().find(|x| x.layout.rank() > 1) {
        return Err(Error::shape("meshgrid", "one axis at most", describe(x.sizes())));
    }
    let sizes: Axes<usize> = xs.iter().map(|x| x.len()).collect();
    if len(&sizes) == usize::MAX {
        return Err(Error::shape("meshgrid", "a grid with fewer places", describe(&sizes)));
    }
    let grid = |(axis, x): (usize, &&Value)| {
        let mut narrow: Axes<usize> = Axes::from_elem(1, xs.len());
        narrow[axis] = x.len();
        let grid = x.reshape(&narrow).expand("meshgrid", &sizes)?;
        Ok(match indexing {
            Indexing::Xy if xs.len() > 1 => grid.transpose(0, 1),
            _ => grid,
        })
    };
    xs.iter().enumerate().map(grid).collect()
}

/// Every choice of one element of each vector, as rows.
pub(crate) fn cartesian_prod(xs: &[&Value]) -> Result<Value> {
    if let Some(x) = xs.iter().find(|x| x.layout.rank() != 1) {
        return Err(Error::shape("cartesian_prod", "one axis", describe(x.sizes())));
    }
    if let [x] = xs {
        return Ok((*x).clone());
    }
    let columns: Vec<Value> = meshgrid(xs, Indexing::Ij)?
        .iter()
        .map(|grid| grid.reshape(&[grid.len()]))
        .collect();
    stack(&columns.iter().collect::<Vec<_>>(), 1)
}

/// How many ways there are to choose `count` of `size` things; `None` where there are more than a tensor has elements.
fn choices(size: usize, count: usize) -> Option<usize> {
    let few = count.min(size - count);
    let mut ways = 1u128;
    for each in 1..=few {
        // Whole at each step: so many ways to choose `each` things.
        ways = ways * (size - few + each) as u128 / each as u128;
        if ways > MOST as u128 {
            return None;
        }
    }
    Some(ways as usize)
}

/// Every choice of `count` elements of a vector in their order, as rows.
pub(crate) fn combinations(x: &Value, count: usize, repeated: bool) -> Result<Value> {
    let &[size] = x.sizes() else {
        return Err(Error::shape("combinations", "one axis", describe(x.sizes())));
    };
    if count == 0 || count > size && (!repeated || size == 0) {
        let none = x.slice(0, 0, 0, 1);
        return Ok(if count == 0 { none } else { none.reshape(&[0, count]) });
    }
    let full = || Error::argument("count", "rows that fit into memory", count);
    let rows = choices(if repeated { size.saturating_add(count - 1) } else { size }, count);
    let total = rows
        .and_then(|rows| rows.checked_mul(count))
        .filter(|&total| total <= MOST);
    let mut places = list(total.ok_or_else(full)?)?;
    // The places of one row: each not in front of the one before it, and not the same unless repeated.
    let step = usize::from(!repeated);
    let highest = |at: usize| size.checked_sub(1 + step * (count - 1 - at));
    let mut row: Vec<usize> = list(count)?;
    row.extend((0..count).map(|at| step * at));
    let mut more = true;
    while more {
        places.extend(row.iter().map(|&place| place as i64));
        let next = (0..count)
            .rev()
            .find(|&at| highest(at).is_some_and(|highest| row[at] < highest));
        more = next.is_some();
        if let Some(at) = next {
            row[at] += 1;
            for later in at + 1..count {
                row[later] = row[later - 1] + step;
            }
        }
    }
    let index = Value::from_slice(x.device(), &[places.len()], &places);
    Ok(index_select(x, 0, &index)?.reshape(&[places.len() / count, count]))
}

impl<T: Element> Tensor<Dynamic, T> {
    /// A grid for each vector, in which it goes along one axis and is repeated along the others: `[a]` and `[b]` to twice `[a, b]`, or
    /// `[b, a]` with [`Indexing::Xy`]. Views.
    ///
    /// # Errors
    /// Where there is none, or one has more than one axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (x, y) = (tensor![0., 1., 2.].into_dynamic(), tensor![5., 6.].into_dynamic());
    /// let grids = Tensor::meshgrid(&[&x, &y], tensor::Indexing::Ij)?;
    /// assert_eq!(grids[0], tensor![[0., 0.], [1., 1.], [2., 2.]].into_dynamic());
    /// assert_eq!(grids[1], tensor![[5., 6.], [5., 6.], [5., 6.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn meshgrid(tensors: &[&Self], indexing: Indexing) -> Result<Vec<Self>> {
        let grids = meshgrid(&values(tensors), indexing)?;
        Ok(grids.into_iter().map(Self::of).collect())
    }

    /// Every choice of one element of each vector, as rows: `[a]` and `[b]` to `[a b, 2]`. A single vector is itself.
    ///
    /// # Errors
    /// Where there is none, or one has another number of axes than one.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (x, y) = (tensor![0., 1.].into_dynamic(), tensor![5., 6.].into_dynamic());
    /// let choices = Tensor::cartesian_prod(&[&x, &y])?;
    /// assert_eq!(choices, tensor![[0., 5.], [0., 6.], [1., 5.], [1., 6.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn cartesian_prod(tensors: &[&Self]) -> Result<Self> {
        cartesian_prod(&values(tensors)).map(Self::of)
    }

    /// Every choice of `count` elements of a vector in their order, as rows; each as often as one likes where `repeated`. PyTorch's
    /// `torch.combinations(x, r, with_replacement)`.
    ///
    /// # Errors
    /// Where there is another number of axes than one.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![0., 1., 2.].into_dynamic();
    /// assert_eq!(x.combinations(2, false)?, tensor![[0., 1.], [0., 2.], [1., 2.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn combinations(&self, count: usize, repeated: bool) -> Result<Self> {
        combinations(self.value(), count, repeated).map(Self::of)
    }
}
