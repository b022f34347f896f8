//! Two tensors put together in PyTorch's other ways.

use super::{agree, known};
use crate::element::Element;
use crate::error::Result;
use crate::ops::combine::Indexing;
use crate::shape::{
    BlockDiagonal, Broadcast, BroadcastWith, CatSideways, ColumnsBeside, Dynamic, FormPairs, Ranked, Shape,
};
use crate::tensors::Tensor;

/// Two tensors that can be put together: `(&x, &y).vstack()`.
///
/// A method of pairs, and not of [`Tensor`], where functions of the same names take any number of dynamic ones. All of them panic where
/// two values of one named size differ.
///
/// ```
/// use tensor::prelude::*;
/// let (a, b) = (tensor![1., 2.], tensor![3., 4.]);
/// assert_eq!((&a, &b).hstack(), tensor![1., 2., 3., 4.]);
/// assert_eq!((&a, &b).vstack(), tensor![[1., 2.], [3., 4.]]);
/// assert_eq!((&a, &b).dstack(), tensor![[[1., 3.], [2., 4.]]]);
/// assert_eq!((&a, &b).column_stack(), tensor![[1., 3.], [2., 4.]]);
/// assert_eq!((&a, &b).block_diag(), tensor![[1., 2., 0., 0.], [0., 0., 3., 4.]]);
/// assert_eq!((&a, &b).cartesian_prod(), tensor![[1., 3.], [1., 4.], [2., 3.], [2., 4.]]);
/// assert_eq!((&a, &b).meshgrid().0, tensor![[1., 1.], [2., 2.]]);
/// assert_eq!((&a, &tensor![[5.]]).broadcast_tensors().1, tensor![[5., 5.]]);
/// ```
pub trait JoinTensors {
    /// The shape of the first.
    type Left: Ranked;
    /// The shape of the second.
    type Right: Ranked;
    /// Their elements.
    type Element: Element;

    /// One behind the other along axis 1, or along their one axis.
    #[track_caller]
    fn hstack(self) -> Tensor<<Self::Right as CatSideways<Self::Left, 1>>::Output, Self::Element>
    where
        Self::Right: CatSideways<Self::Left, 1>;

    /// One below the other along axis 0; vectors are rows.
    #[track_caller]
    fn vstack(self) -> Tensor<<Self::Right as CatSideways<Self::Left, 0>>::Output, Self::Element>
    where
        Self::Right: CatSideways<Self::Left, 0>;

    /// One behind the other along axis 2, with [`Tensor::atleast_3d`].
    #[track_caller]
    fn dstack(self) -> Tensor<<Self::Right as CatSideways<Self::Left, 2>>::Output, Self::Element>
    where
        Self::Right: CatSideways<Self::Left, 2>;

    /// One beside the other along axis 1; vectors are columns.
    #[track_caller]
    fn column_stack(self) -> Tensor<<Self::Right as ColumnsBeside<Self::Left>>::Output, Self::Element>
    where
        Self::Right: ColumnsBeside<Self::Left>;

    /// A matrix with both on its diagonal, and zeros elsewhere: `[m, n] [p, q]` to `[m + p, n + q]`; vectors are rows.
    #[track_caller]
    fn block_diag(self) -> Tensor<<Self::Right as BlockDiagonal<Self::Left>>::Output, Self::Element>
    where
        Self::Right: BlockDiagonal<Self::Left>;

    /// Each element of one vector with each of the other, a row each: `[m] [n]` to `[m n, 2]`.
    #[track_caller]
    fn cartesian_prod(self) -> Tensor<<Self::Right as FormPairs<Self::Left>>::List, Self::Element>
    where
        Self::Right: FormPairs<Self::Left>;

    /// The elements of the first along axis 0 and those of the second along axis 1, each the same along the other one: `[m] [n]` to `[m, n]`
    /// twice. PyTorch's with `indexing="ij"`.
    #[track_caller]
    #[allow(clippy::type_complexity, reason = "two results of one shape")]
    fn meshgrid(
        self,
    ) -> (
        Tensor<<Self::Right as FormPairs<Self::Left>>::Grid, Self::Element>,
        Tensor<<Self::Right as FormPairs<Self::Left>>::Grid, Self::Element>,
    )
    where
        Self::Right: FormPairs<Self::Left>;

    /// Both stretched to the shape that they broadcast to; views.
    #[track_caller]
    #[allow(clippy::type_complexity, reason = "two results of one shape")]
    fn broadcast_tensors(
        self,
    ) -> (
        Tensor<Broadcast<Self::Left, Self::Right>, Self::Element>,
        Tensor<Broadcast<Self::Left, Self::Right>, Self::Element>,
    )
    where
        Self::Left: BroadcastWith<Self::Right>;
}

/// What a function of a list of dynamic tensors makes of two.
#[track_caller]
fn joined<S: Ranked, R: Ranked, T: Element, Out>(
    name: &'static str,
    (left, right): (&Tensor<S, T>, &Tensor<R, T>),
    join: impl FnOnce(&[&Tensor<Dynamic, T>]) -> Result<Out>,
) -> Result<Out> {
    agree(name, S::AXES, left.sizes(), R::AXES, right.sizes());
    join(&[&left.dynamic(), &right.dynamic()])
}

/// Two of a list.
#[track_caller]
fn both<To: Shape, T: Element>(out: Result<Vec<Tensor<Dynamic, T>>>) -> (Tensor<To, T>, Tensor<To, T>) {
    let mut tensors = out.map(Vec::into_iter).unwrap_or_else(|error| panic!("{error}"));
    let mut next = || known(Ok(tensors.next().expect("as many tensors as were given")));
    (next(), next())
}

impl<S: Ranked, R: Ranked, T: Element> JoinTensors for (&Tensor<S, T>, &Tensor<R, T>) {
    type Left = S;
    type Right = R;
    type Element = T;

    fn hstack(self) -> Tensor<<R as CatSideways<S, 1>>::Output, T>
    where
        R: CatSideways<S, 1>,
    {
        known(joined("hstack", self, Tensor::hstack))
    }

    fn vstack(self) -> Tensor<<R as CatSideways<S, 0>>::Output, T>
    where
        R: CatSideways<S, 0>,
    {
        known(joined("vstack", self, Tensor::vstack))
    }

    fn dstack(self) -> Tensor<<R as CatSideways<S, 2>>::Output, T>
    where
        R: CatSideways<S, 2>,
    {
        known(joined("dstack", self, Tensor::dstack))
    }

    fn column_stack(self) -> Tensor<<R as ColumnsBeside<S>>::Output, T>
    where
        R: ColumnsBeside<S>,
    {
        known(joined("column_stack", self, Tensor::column_stack))
    }

    fn block_diag(self) -> Tensor<<R as BlockDiagonal<S>>::Output, T>
    where
        R: BlockDiagonal<S>,
    {
        known(joined("block_diag", self, Tensor::block_diag))
    }

    fn cartesian_prod(self) -> Tensor<<R as FormPairs<S>>::List, T>
    where
        R: FormPairs<S>,
    {
        known(joined("cartesian_prod", self, Tensor::cartesian_prod))
    }

    fn meshgrid(
        self,
    ) -> (
        Tensor<<R as FormPairs<S>>::Grid, T>,
        Tensor<<R as FormPairs<S>>::Grid, T>,
    )
    where
        R: FormPairs<S>,
    {
        both(joined("meshgrid", self, |tensors| {
            Tensor::meshgrid(tensors, Indexing::Ij)
        }))
    }

    fn broadcast_tensors(self) -> (Tensor<Broadcast<S, R>, T>, Tensor<Broadcast<S, R>, T>)
    where
        S: BroadcastWith<R>,
    {
        both(joined("broadcast_tensors", self, Tensor::broadcast_tensors))
    }
}
