//! What a shape is.

use std::fmt::Debug;

use super::bindings::Bindings;
use super::dim::{Dim, StaticDim};
use super::error::ShapeError;

/// The most axes that a typed shape has.
pub const MAX_RANK: usize = 6;

/// The shape of a tensor: a tuple of up to six sizes, spelled `dims![Batch, 784]`, or [`Dynamic`](super::Dynamic).
#[diagnostic::on_unimplemented(
    message = "a type that is not a shape stands where a shape is expected",
    label = "expected a shape, such as `dims![Batch, 784]`",
    note = "a shape is a tuple of up to 6 sizes, or `Dynamic`; one axis is `dims![784]`, none is `dims![]`"
)]
pub trait Shape: 'static + Send + Sync {
    /// The number of axes; `None` if the type leaves it open.
    const RANK: Option<usize>;

    /// What each axis is. Empty if the rank is open.
    const AXES: &'static [Axis];

    /// One number an axis: a size or a position for each. `[usize; RANK]`, or a `Vec` where the rank is open.
    type Index: AsRef<[usize]> + AsMut<[usize]> + Clone + Debug + PartialEq + Send + Sync;

    /// `sizes` as an index; `None` if it has another number of axes.
    fn index(sizes: &[usize]) -> Option<Self::Index>;

    /// The shape as messages show it: `[batch, 784]`.
    fn describe() -> String {
        let axes: Vec<String> = Self::AXES.iter().map(|axis| (axis.describe)()).collect();
        format!("[{}]", axes.join(", "))
    }

    /// Whether `sizes` can be the sizes of this shape: the right number, each static size as written, one value for each name.
    ///
    /// # Errors
    /// The first axis that does not fit.
    fn check(sizes: &[usize]) -> Result<(), ShapeError> {
        check(Self::AXES, sizes)
    }
}

/// A shape whose rank is in its type: any but [`Dynamic`](super::Dynamic).
pub trait Ranked: Shape {
    /// The number of axes.
    const AXIS_COUNT: usize;
}

/// A shape all of whose sizes are static.
#[diagnostic::on_unimplemented(
    message = "not all sizes of `{Self}` are known when compiling",
    label = "the sizes of `{Self}` are needed here",
    note = "give the sizes at run time, or write numbers in the shape"
)]
pub trait StaticShape: Ranked {
    /// The sizes.
    const SIZES: &'static [usize];
    /// The number of elements: their product.
    const LEN: usize;
}

/// What is known of one axis, as plain values and functions: the code that reads them exists once, not once a shape.
#[derive(Clone, Copy, Debug)]
pub struct Axis {
    /// The size, if static.
    pub size: Option<usize>,
    /// [`Dim::describe`].
    pub describe: fn() -> String,
    /// [`Dim::evaluate`].
    pub evaluate: fn(&Bindings) -> Option<usize>,
    /// [`Dim::bind`].
    pub bind: fn(&mut Bindings, usize),
}

impl Axis {
    /// The axis that `D` describes.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let axis = tensor::shape::Axis::of::<dim![7]>();
    /// assert_eq!((axis.size, (axis.describe)()), (Some(7), "7".to_owned()));
    /// ```
    pub const fn of<D: Dim>() -> Self {
        Self {
            size: D::STATIC,
            describe: D::describe,
            evaluate: D::evaluate,
            bind: D::bind,
        }
    }
}

fn check(axes: &[Axis], found: &[usize]) -> Result<(), ShapeError> {
    let shape = || {
        let axes: Vec<String> = axes.iter().map(|axis| (axis.describe)()).collect();
        format!("[{}]", axes.join(", "))
    };
    if axes.len() != found.len() {
        return Err(ShapeError::Rank {
            shape: shape(),
            expected: axes.len(),
            found: found.to_vec(),
        });
    }
    let mut bindings = Bindings::default();
    for (axis, &found) in axes.iter().zip(found) {
        (axis.bind)(&mut bindings, found);
    }
    for (index, axis) in axes.iter().enumerate() {
        // An expression over a name that no axis of this shape has alone is left to whoever knows the name.
        match (axis.evaluate)(&bindings) {
            Some(expected) if expected != found[index] => {
                return Err(ShapeError::Mismatch {
                    shape: shape(),
                    axis: index,
                    name: (axis.describe)(),
                    expected,
                    found: found.to_vec(),
                });
            }
            Some(_) | None => {}
        }
    }
    Ok(())
}

macro_rules! shape {
    ($rank:literal: $($axis:ident)*) => {
        impl<$($axis: Dim),*> Shape for ($($axis,)*) {
            const RANK: Option<usize> = Some($rank);
            const AXES: &'static [Axis] = &[$(Axis::of::<$axis>()),*];
            type Index = [usize; $rank];

            fn index(sizes: &[usize]) -> Option<[usize; $rank]> {
                sizes.try_into().ok()
            }
        }

        impl<$($axis: Dim),*> Ranked for ($($axis,)*) {
            const AXIS_COUNT: usize = $rank;
        }

        #[diagnostic::do_not_recommend]
        impl<$($axis: StaticDim),*> StaticShape for ($($axis,)*) {
            const SIZES: &'static [usize] = &[$($axis::SIZE),*];
            const LEN: usize = 1 $(* $axis::SIZE)*;
        }
    };
}

shape!(0:);
shape!(1: A);
shape!(2: A B);
shape!(3: A B C);
shape!(4: A B C D);
shape!(5: A B C D E);
shape!(6: A B C D E F);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::{Batch, Dynamic};
    use crate::{declare_dims, dims};

    declare_dims! { Seq; BatchSize; Width = 384; }

    fn error<S: Shape>(sizes: &[usize]) -> String {
        S::check(sizes).expect_err("sizes that do not fit").to_string()
    }

    #[test]
    fn shapes_describe_themselves() {
        assert_eq!(<dims![]>::describe(), "[]");
        assert_eq!(<dims![784]>::describe(), "[784]");
        assert_eq!(<dims![Batch, Seq, Width]>::describe(), "[batch, seq, 384]");
        assert_eq!(
            <dims![BatchSize, 4 * Seq, 4 * Width, 4 * (Seq + 1)]>::describe(),
            "[batch_size, 4 * seq, 1536, 4 * (seq + 1)]"
        );
        assert_eq!(Dynamic::describe(), "[..]");
    }

    #[test]
    fn ranks_and_static_sizes() {
        assert_eq!(
            (<dims![]>::RANK, <dims![1, 2]>::RANK, Dynamic::RANK),
            (Some(0), Some(2), None)
        );
        assert_eq!(<dims![3, Width]>::SIZES, [3, 384]);
        assert_eq!(
            (<dims![]>::LEN, <dims![3, Width]>::LEN, <dims![3, 0]>::LEN),
            (1, 1152, 0)
        );
        let sizes: Vec<_> = <dims![Batch, 784]>::AXES.iter().map(|axis| axis.size).collect();
        assert_eq!(sizes, [None, Some(784)]);
        assert_eq!(<dims![Batch, 784]>::index(&[1, 2]), Some([1, 2]));
        assert_eq!(<dims![Batch, 784]>::index(&[1]), None);
    }

    #[test]
    fn sizes_that_fit() {
        assert_eq!(<dims![]>::check(&[]), Ok(()));
        assert_eq!(<dims![Batch, 784]>::check(&[0, 784]), Ok(()));
        assert_eq!(<dims![Batch, Seq, Seq]>::check(&[2, 3, 3]), Ok(()));
        assert_eq!(<dims![Batch, 4 * Batch, Seq * 2]>::check(&[2, 8, 5]), Ok(()));
        assert_eq!(Dynamic::check(&[1, 2, 3, 4, 5, 6, 7]), Ok(()));
    }

    #[test]
    fn sizes_that_do_not_fit() {
        assert_eq!(
            error::<dims![Batch, 784]>(&[64, 783]),
            "expected `[batch, 784]`, found `[64, 783]`: axis 1 is 783 instead of 784"
        );
        assert_eq!(
            error::<dims![Batch, 784]>(&[64]),
            "expected `[batch, 784]`, which has 2 axes, found `[64]`, which has 1"
        );
        assert_eq!(
            error::<dims![Batch, Seq, Seq]>(&[2, 3, 4]),
            "expected `[batch, seq, seq]`, found `[2, 3, 4]`: axis 2 is 4 instead of `seq` = 3"
        );
        assert_eq!(
            error::<dims![4 * Batch, Batch]>(&[9, 2]),
            "expected `[4 * batch, batch]`, found `[9, 2]`: axis 0 is 9 instead of `4 * batch` = 8"
        );
    }
}
