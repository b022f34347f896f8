//! A product added to something.

use super::{agree, known};
use crate::element::Numeric;
use crate::shape::{BroadcastTo, Dim, Ranked, RowsFor, SameSize, Shape};
use crate::tensors::Tensor;

macro_rules! sums {
    ($(
        $(#[$doc:meta])* $name:ident: [$($size:ident)*] $J:ident $($C:ident)?; $left:ty, $right:ty => $out:ty;
        $first:literal $second:literal => $y:literal;
    )*) => {
        impl<S: Ranked, T: Numeric> Tensor<S, T> {$(
            $(#[$doc])*
            ///
            /// `self` is stretched to the sizes of the product. Where `beta` is 0 nothing of it comes through, NaN neither. Of whole
            /// numbers the factors lose their fractions. Panics where two values of one named size differ.
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("let (a, b) = (tensor!", $first, ", tensor!", $second, ");")]
            #[doc = concat!("let y = tensor![1., 0.].", stringify!($name), "(&a, &b, 10., 1.);")]
            #[doc = concat!("assert_eq!(y, tensor!", $y, ");")]
            /// ```
            #[track_caller]
            pub fn $name<$($size: Dim,)* K: Dim, $J: RowsFor<K>, $($C: SameSize<B>)?>(
                &self,
                a: &Tensor<$left, T>,
                b: &Tensor<$right, T>,
                beta: f64,
                alpha: f64,
            ) -> Tensor<$out, T>
            where
                S: BroadcastTo<$out>,
            {
                let (of_a, of_b) = (<$left as Shape>::AXES, <$right as Shape>::AXES);
                agree(stringify!($name), of_a, a.sizes(), of_b, b.sizes());
                agree(stringify!($name), S::AXES, self.sizes(), of_a, a.sizes());
                agree(stringify!($name), S::AXES, self.sizes(), of_b, b.sizes());
                known(self.dynamic().$name(&a.dynamic(), &b.dynamic(), beta, alpha))
            }
        )*}
    };
}

sums! {
    /// `beta self + alpha a b`, with matrices `[m, k] [k, n]`.
    addmm: [M N] J; (M, K), (J, N) => (M, N); "[[1., 2.], [3., 4.]]" "[[1., 2.], [3., 4.]]" => "[[17., 10.], [25., 22.]]";
    /// `beta self + alpha a b`, with batches of matrices `[b, m, k] [b, k, n]`.
    baddbmm: [B M N] J C; (B, M, K), (C, J, N) => (B, M, N);
        "[[[1.]], [[2.]]]" "[[[1., 2.]], [[3., 4.]]]" => "[[[11., 2.]], [[16., 8.]]]";
    /// `beta self + alpha (the sum over b of a b)`, with batches of matrices `[b, m, k] [b, k, n]`.
    addbmm: [B M N] J C; (B, M, K), (C, J, N) => (M, N); "[[[1.]], [[2.]]]" "[[[1., 2.]], [[3., 4.]]]" => "[[17., 10.]]";
    /// `beta self + alpha a b`, with a matrix and a vector `[m, k] [k]`.
    addmv: [M] J; (M, K), (J,) => (M,); "[[1., 2.], [3., 4.]]" "[10., 1.]" => "[22., 34.]";
}

impl<S: Ranked, T: Numeric> Tensor<S, T> {
    /// `beta self + alpha a b^T`, with vectors `[m] [n]`.
    ///
    /// `self` is stretched to the sizes of the product. Where `beta` is 0 nothing of it comes through, NaN neither. Of whole numbers the
    /// factors lose their fractions. Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let y = tensor![1., 0.].addr(&tensor![1., 2.], &tensor![3., 4.], 10., 1.);
    /// assert_eq!(y, tensor![[13., 4.], [16., 8.]]);
    /// ```
    #[track_caller]
    pub fn addr<M: Dim, N: Dim>(
        &self,
        a: &Tensor<(M,), T>,
        b: &Tensor<(N,), T>,
        beta: f64,
        alpha: f64,
    ) -> Tensor<(M, N), T>
    where
        S: BroadcastTo<(M, N)>,
    {
        let (of_a, of_b) = (<(M,) as Shape>::AXES, <(N,) as Shape>::AXES);
        agree("addr", of_a, a.sizes(), of_b, b.sizes());
        agree("addr", S::AXES, self.sizes(), of_a, a.sizes());
        agree("addr", S::AXES, self.sizes(), of_b, b.sizes());
        known(self.dynamic().addr(&a.dynamic(), &b.dynamic(), beta, alpha))
    }
}
