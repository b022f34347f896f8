//! Products of several matrices.

use super::{agree, known};
use crate::element::Numeric;
use crate::linalg;
use crate::shape::{Dim, RowsFor, Shape};
use crate::tensors::Tensor;

/// Matrices that are multiplied in the order that takes the fewest products of numbers: `(&a, &b, &c).multi_dot()`.
///
/// A method of tuples of 2 to 6, and not of [`Tensor`]; [`linalg::multi_dot`](crate::linalg::multi_dot) takes any number of dynamic ones.
///
/// ```
/// use tensor::prelude::*;
/// let (a, b) = (tensor![[1., 2.], [3., 4.]], tensor![[1.], [10.]]);
/// assert_eq!((&a, &a, &b).multi_dot(), tensor![[107.], [235.]]);
/// ```
pub trait MultiDot {
    /// The product.
    type Product;

    /// The product `[m, k] [k, l] .. [p, n]` to `[m, n]`. Panics where two values of one named size differ.
    #[track_caller]
    fn multi_dot(self) -> Self::Product;
}

macro_rules! multi_dot {
    // The rows and columns of each, and its name; the columns of the last.
    ($M:ident $K:ident $a:ident; $($before:ident $J:ident $L:ident $b:ident),+; $N:ident) => {
        impl<$M: Dim, $K: Dim, $($J: RowsFor<$before>, $L: Dim,)+ T: Numeric> MultiDot
            for (&Tensor<($M, $K), T>, $(&Tensor<($J, $L), T>,)+)
        {
            type Product = Tensor<($M, $N), T>;

            fn multi_dot(self) -> Self::Product {
                let ($a, $($b,)+) = self;
                let axes = [<($M, $K) as Shape>::AXES, $(<($J, $L) as Shape>::AXES),+];
                let factors = [$a.dynamic(), $($b.dynamic()),+];
                for (place, right) in factors.iter().enumerate() {
                    for (before, left) in factors[..place].iter().enumerate() {
                        agree("multi_dot", axes[before], left.sizes(), axes[place], right.sizes());
                    }
                }
                known(linalg::multi_dot(&factors.each_ref()))
            }
        }
    };
}

multi_dot!(M K a; K J N b; N);
multi_dot!(M K a; K J L b, L O N c; N);
multi_dot!(M K a; K J L b, L O P c, P Q N d; N);
multi_dot!(M K a; K J L b, L O P c, P Q R d, R S N e; N);
multi_dot!(M K a; K J L b, L O P c, P Q R d, R S U e, U V N f; N);
