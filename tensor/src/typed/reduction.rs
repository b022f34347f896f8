//! What becomes of the losses of elements, as types: the last argument of a typed loss, which settles its shape.

use crate::functional::Reduction;
use crate::shape::Ranked;

/// [`Mean`], [`Sum`] or [`Unreduced`].
///
/// ```
/// use tensor::prelude::*;
/// use tensor::reduction::{Mean, Sum, Unreduced};
/// let (x, y) = (tensor![1., 5.], tensor![0., 2.]);
/// assert_eq!(x.l1_loss(&y, Mean)?.item()?, 2.);
/// assert_eq!(x.l1_loss(&y, Sum)?.item()?, 4.);
/// assert_eq!(x.l1_loss(&y, Unreduced)?, tensor![1., 3.]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub trait Reduces {
    /// The same at run time.
    const REDUCTION: Reduction;
    /// What is left of the shape of the losses.
    type Output<S: Ranked>: Ranked;
}

/// The mean of the losses, a number; of none NaN.
#[derive(Clone, Copy, Debug)]
pub struct Mean;

/// The sum of the losses, a number.
#[derive(Clone, Copy, Debug)]
pub struct Sum;

/// Every loss by itself. PyTorch's `none`.
#[derive(Clone, Copy, Debug)]
pub struct Unreduced;

impl Reduces for Mean {
    const REDUCTION: Reduction = Reduction::Mean;
    type Output<S: Ranked> = ();
}

impl Reduces for Sum {
    const REDUCTION: Reduction = Reduction::Sum;
    type Output<S: Ranked> = ();
}

impl Reduces for Unreduced {
    const REDUCTION: Reduction = Reduction::None;
    type Output<S: Ranked> = S;
}
