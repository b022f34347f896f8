//! Pieces of an axis, of lengths that are written.

use super::known;
use crate::element::Element;
use crate::shape::{Ranked, ReduceAxis, SameSize, StaticDim, Total};
use crate::tensors::Tensor;

/// The lengths that an axis is cut into, `dims![2, 3, 4]`: a tuple of as many tensors comes out.
pub trait Lengths<S: ReduceAxis<AXIS>, T: Element, const AXIS: isize>: Total {
    /// The pieces.
    type Pieces;

    /// Cuts the axis.
    #[doc(hidden)]
    fn pieces(of: &Tensor<S, T>) -> Self::Pieces;
}

macro_rules! lengths {
    ($($length:ident)+) => {
        impl<S: Ranked + ReduceAxis<AXIS>, T: Element, $($length: StaticDim,)+ const AXIS: isize> Lengths<S, T, AXIS>
            for ($($length,)+)
        where
            Self: Total<Sum: SameSize<<S as ReduceAxis<AXIS>>::Axis>>,
        {
            type Pieces = ($(Tensor<<S as ReduceAxis<AXIS>>::With<$length>, T>,)+);

            fn pieces(of: &Tensor<S, T>) -> Self::Pieces {
                let whole = of.dynamic();
                let mut end = 0;
                ($({
                    end += $length::SIZE;
                    known(whole.narrow(AXIS, (end - $length::SIZE) as isize, $length::SIZE))
                },)+)
            }
        }
    };
}

lengths!(A);
lengths!(A B);
lengths!(A B C);
lengths!(A B C D);
lengths!(A B C D E);
lengths!(A B C D E F);

impl<S: Ranked, T: Element> Tensor<S, T> {
    /// An axis cut into pieces of these lengths, up to six, which add up to its size; views. PyTorch's `split` with a list.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (a, b, c) = tensor![1., 2., 3., 4.].split_sizes::<0, dims![1, 2, 1]>();
    /// assert_eq!((a, b, c), (tensor![1.], tensor![2., 3.], tensor![4.]));
    /// ```
    pub fn split_sizes<const AXIS: isize, L>(&self) -> L::Pieces
    where
        S: ReduceAxis<AXIS>,
        L: Lengths<S, T, AXIS>,
    {
        L::pieces(self)
    }
}
