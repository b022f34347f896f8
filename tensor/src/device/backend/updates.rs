//! What optimizers do to flat memory.

use crate::device::Matrix;
use crate::error::Result;
use crate::kernels::optimizers::{AdamRule, SgdRule};

/// What Adam keeps of each parameter.
#[derive(Clone, Copy, Debug)]
pub struct Moments<'a> {
    /// The running mean of the gradient.
    pub first: Matrix<'a>,
    /// The running mean of its square.
    pub second: Matrix<'a>,
    /// The largest second moment so far, for AMSGrad.
    pub largest: Option<Matrix<'a>>,
}

/// Steps of optimizers, over parameters that lie side by side.
pub trait Updates {
    /// One step of stochastic gradient descent; `first` says that the momentum buffer has no value yet.
    fn sgd(
        &self,
        values: Matrix<'_>,
        gradients: Matrix<'_>,
        momentum: Option<Matrix<'_>>,
        first: bool,
        rule: SgdRule,
    ) -> Result<()>;
    /// One step of Adam.
    fn adam(&self, values: Matrix<'_>, gradients: Matrix<'_>, moments: Moments<'_>, rule: AdamRule) -> Result<()>;
    /// The sum of the squares, in double precision; a NaN or an infinity shows in it. Waits for it.
    fn sum_of_squares(&self, x: Matrix<'_>) -> Result<f64>;
    /// `x = scale * x`.
    fn scale(&self, scale: f64, x: Matrix<'_>) -> Result<()>;
}
