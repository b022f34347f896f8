//! Systems of equations, least squares, inverses of what has none.

use super::{agree, named};
use crate::element::Float;
use crate::error::Result;
use crate::linalg::{self, Cutoff, Driver, Triangle, Triangular};
use crate::shape::{
    FitsRowsOf, LastAxis, One, Prefixed, Ranked, ReduceAxis, Reshape, SameShape, Shape, Solves, SolvesRight, Square,
    TensorInverse, Transpose,
};
use crate::tensors::Tensor;

/// Of each of the matrices `[.., n, n]`.
impl<S: Ranked, T: Float> Tensor<S, T> {
    /// The matrices `[.., k, n]` that make the given ones in front of these, `X A = B`, as [`linalg::solve_right`](crate::linalg::solve_right).
    /// Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[2., 0.], [0., 4.]].solve_right(&tensor![[2., 4.]])?;
    /// assert_eq!(x, tensor![[1., 1.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where a matrix is singular.
    #[track_caller]
    pub fn solve_right<R>(&self, sides: &Tensor<R, T>) -> Result<Tensor<R, T>>
    where
        R: Ranked + SolvesRight<S>,
    {
        agree("solve_right", S::AXES, self.sizes(), R::AXES, sides.sizes());
        named(linalg::solve_right(&self.dynamic(), &sides.dynamic()))
    }

    /// [`Tensor::solve`] by one triangle of the matrices alone, whose diagonal counts as ones where `unit`, as
    /// [`linalg::solve_triangular`](crate::linalg::solve_triangular) from the left. Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::linalg::Triangle;
    /// use tensor::prelude::*;
    /// let x = tensor![[2., 9.], [1., 4.]].solve_triangular(&tensor![[2.], [9.]], Triangle::Lower, false)?;
    /// assert_eq!(x, tensor![[1.], [2.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device does not have it.
    #[track_caller]
    pub fn solve_triangular<R>(&self, sides: &Tensor<R, T>, triangle: Triangle, unit: bool) -> Result<Tensor<R, T>>
    where
        R: Ranked + Solves<S>,
    {
        agree("solve_triangular", S::AXES, self.sizes(), R::AXES, sides.sizes());
        let system = Triangular {
            triangle,
            left: true,
            unit,
        };
        named(linalg::solve_triangular(&self.dynamic(), &sides.dynamic(), system))
    }

    /// [`Tensor::solve`] by what [`Tensor::lu_factor`] gave of the matrices, or of their transposes where `transposed`, as
    /// [`linalg::lu_solve`](crate::linalg::lu_solve). Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (factors, pivots) = tensor![[0., 2.], [4., 0.]].lu_factor()?;
    /// let x = factors.lu_solve(&pivots, &tensor![[2.], [8.]], false)?;
    /// assert_eq!(x, tensor![[2.], [1.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where a pivot is no row.
    #[track_caller]
    pub fn lu_solve<Pivots: Ranked, R>(
        &self,
        pivots: &Tensor<Pivots, i32>,
        sides: &Tensor<R, T>,
        transposed: bool,
    ) -> Result<Tensor<R, T>>
    where
        S: Square<Vectors: SameShape<Pivots>>,
        R: Ranked + Solves<S>,
    {
        agree("lu_solve", S::AXES, self.sizes(), Pivots::AXES, pivots.sizes());
        agree("lu_solve", S::AXES, self.sizes(), R::AXES, sides.sizes());
        let (factors, pivots) = (self.dynamic(), pivots.dynamic());
        named(linalg::lu_solve(&factors, &pivots, &sides.dynamic(), transposed))
    }

    /// [`Tensor::solve`] for these right sides by a triangle that [`Tensor::cholesky`] gave, as
    /// [`linalg::cholesky_solve`](crate::linalg::cholesky_solve). Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::linalg::Triangle;
    /// use tensor::prelude::*;
    /// let factor = tensor![[2., 0.], [0., 1.]];
    /// assert_eq!(tensor![[4.], [3.]].cholesky_solve(&factor, Triangle::Lower)?, tensor![[1.], [3.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device does not have it.
    #[track_caller]
    pub fn cholesky_solve<F: Ranked>(&self, factor: &Tensor<F, T>, triangle: Triangle) -> Result<Self>
    where
        S: Solves<F>,
    {
        agree("cholesky_solve", F::AXES, factor.sizes(), S::AXES, self.sizes());
        named(linalg::cholesky_solve(&self.dynamic(), &factor.dynamic(), triangle))
    }

    /// The inverse of the matrix whose [`Tensor::cholesky`] this is, as [`linalg::cholesky_inverse`](crate::linalg::cholesky_inverse).
    ///
    /// ```
    /// use tensor::linalg::Triangle;
    /// use tensor::prelude::*;
    /// let factor = tensor![[2., 0.], [0., 1.]];
    /// assert_eq!(factor.cholesky_inverse(Triangle::Lower)?, tensor![[0.25, 0.], [0., 1.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device does not have it.
    pub fn cholesky_inverse(&self, triangle: Triangle) -> Result<Self>
    where
        S: Square,
    {
        named(linalg::cholesky_inverse(&self.dynamic(), triangle))
    }
}

/// Of each of the matrices `[.., m, n]`.
impl<S: Ranked, T: Float> Tensor<S, T> {
    /// The `X` of the least norm among those for which `A X - B` has the least norm, `[.., m, n] [.., m, k]` to `[.., n, k]`, as
    /// [`linalg::lstsq`](crate::linalg::lstsq), whose struct has the residuals. Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x: Tensor<dims![2, 1]> = tensor![[1., 0.], [1., 0.], [0., 2.]].lstsq(&tensor![[1.], [3.], [2.]])?;
    /// tensor::testing::assert_close(&x, &tensor![[2.], [1.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the matrices hold what is not finite.
    #[track_caller]
    pub fn lstsq<R>(&self, sides: &Tensor<R, T>) -> Result<Tensor<<R as FitsRowsOf<S>>::Output, T>>
    where
        R: Ranked + FitsRowsOf<S>,
    {
        self.lstsq_with(sides, None, Driver::default())
    }

    /// [`Tensor::lstsq`] by a driver, with singular values up to `rcond` times the largest one taken for zero.
    ///
    /// ```
    /// use tensor::linalg::Driver;
    /// use tensor::prelude::*;
    /// let x = tensor![[2., 0.], [0., 0.01]].lstsq_with(&tensor![[4.], [1.]], Some(0.1), Driver::Gelsd)?;
    /// tensor::testing::assert_close(&x, &tensor![[2.], [0.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`Tensor::lstsq`]; by [`Driver::Gels`] also where a matrix is seen to be not of full rank.
    #[track_caller]
    pub fn lstsq_with<R>(
        &self,
        sides: &Tensor<R, T>,
        rcond: Option<f64>,
        driver: Driver,
    ) -> Result<Tensor<<R as FitsRowsOf<S>>::Output, T>>
    where
        R: Ranked + FitsRowsOf<S>,
    {
        agree("lstsq", S::AXES, self.sizes(), R::AXES, sides.sizes());
        named(linalg::lstsq_with(&self.dynamic(), &sides.dynamic(), rcond, driver).map(|found| found.solution))
    }

    /// The pseudoinverse `[.., n, m]`, as [`linalg::pinv`](crate::linalg::pinv).
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[2.], [0.]].pinv()?, tensor![[0.5, 0.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the matrices hold what is not finite.
    pub fn pinv(&self) -> Result<Tensor<<S as Transpose>::Output, T>>
    where
        S: Transpose,
    {
        self.pinv_with(Cutoff::default())
    }

    /// [`Tensor::pinv`] with a tolerance.
    ///
    /// ```
    /// use tensor::linalg::Cutoff;
    /// use tensor::prelude::*;
    /// let cutoff = Cutoff { rtol: Some(0.1), ..Cutoff::default() };
    /// assert_eq!(tensor![[2., 0.], [0., 0.01]].pinv_with(cutoff)?, tensor![[0.5, 0.], [0., 0.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`Tensor::pinv`]; and where the tolerance is negative.
    pub fn pinv_with(&self, cutoff: Cutoff) -> Result<Tensor<<S as Transpose>::Output, T>>
    where
        S: Transpose,
    {
        named(linalg::pinv_with(&self.dynamic(), cutoff))
    }

    /// The product of the first columns of the reflections whose vectors are the columns of these matrices, below the diagonal, and whose
    /// factors are `tau`, `[.., k]`, as [`linalg::householder_product`](crate::linalg::householder_product). Panics where two values of one
    /// named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let q = tensor![[1.], [1.]].householder_product(&tensor![1.])?;
    /// assert_eq!(q, tensor![[0.], [-1.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where there are more columns than rows, or more factors than columns.
    #[track_caller]
    pub fn householder_product<R>(&self, tau: &Tensor<R, T>) -> Result<Self>
    where
        S: ReduceAxis<-1, Output: ReduceAxis<-1, Kept: SameShape<<R as LastAxis>::With<One>>>>,
        R: Ranked + LastAxis,
    {
        agree("householder_product", S::AXES, self.sizes(), R::AXES, tau.sizes());
        named(linalg::householder_product(&self.dynamic(), &tau.dynamic()))
    }

    /// The tensor that undoes [`Tensor::tensordot`] with this one over its last axes: of `[a.., b..]`, with `FIRST` axes in front and a
    /// product of their sizes that is that of the others, `[b.., a..]`. As [`linalg::tensorinv`](crate::linalg::tensorinv).
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[[1., 0.], [0., 2.]]].swapaxes::<0, 1>(); // `[2, 1, 2]`
    /// let inverse: Tensor<dims![1, 2, 2]> = x.tensorinv::<1>()?;
    /// assert_eq!(inverse, tensor![[[1., 0.], [0., 0.5]]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the matrix that it is is singular.
    pub fn tensorinv<const FIRST: isize>(&self) -> Result<Tensor<<S as TensorInverse<FIRST>>::Output, T>>
    where
        S: TensorInverse<FIRST> + ReduceAxis<FIRST>,
    {
        named(linalg::tensorinv(&self.dynamic(), <S as ReduceAxis<FIRST>>::INDEX))
    }

    /// The tensor `[x..]` whose [`Tensor::tensordot`] with this one, `[b.., x..]`, is the given one, `[b..]`; there are as many `x` as `b`.
    /// As [`linalg::tensorsolve`](crate::linalg::tensorsolve). Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x: Tensor<dims![1, 2]> = tensor![[[1., 0.]], [[0., 2.]]].tensorsolve(&tensor![3., 4.])?;
    /// assert_eq!(x, tensor![[3., 2.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the matrix that it is is singular.
    #[track_caller]
    pub fn tensorsolve<R, To>(&self, right: &Tensor<R, T>) -> Result<Tensor<To, T>>
    where
        R: Ranked,
        S: Prefixed<R, Rest = To>,
        To: Shape + Reshape<R>,
    {
        agree("tensorsolve", S::AXES, self.sizes(), R::AXES, right.sizes());
        named(linalg::tensorsolve(&self.dynamic(), &right.dynamic()))
    }
}
