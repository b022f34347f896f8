//! Linear algebra: systems, factorizations, eigenvalues, norms. PyTorch's `torch.linalg`.
//!
//! All functions work on the last two axes, `[.., M, N]`, those before are batches. Elements are `f32` or `f64`; both are computed in double
//! precision. They run on the processor: elsewhere they are errors. Gradients are there of every order.
//!
//! ```
//! use tensor::linalg;
//! use tensor::prelude::*;
//! let a = tensor![[4., 2.], [2., 3.]].into_dynamic();
//! let x = linalg::solve(&a, &tensor![8., 8.].into_dynamic())?;
//! assert_eq!(x, tensor![1., 2.].into_dynamic());
//! assert_eq!(linalg::det(&a)?.to_vec()?, [8.]);
//! assert!(linalg::inv(&a.zeros_like()).is_err(), "a singular matrix has no inverse");
//! # Ok::<(), tensor::Error>(())
//! ```

mod factors;
mod functions;
mod least;
mod norms;
mod systems;

pub use factors::{
    cholesky, eigh, eigvalsh, householder_product, lu, lu_factor, qr, qr_complete, qr_r, svd, svd_full, svdvals,
};
pub use functions::{det, logdet, matrix_exp, matrix_power, multi_dot, slogdet};
pub use least::{Cutoff, Lstsq, lstsq, lstsq_with, matrix_rank, matrix_rank_with, pinv, pinv_with};
pub use norms::{cond, matrix_norm, norm, vector_norm};
pub use systems::{
    Triangular, cholesky_inverse, cholesky_solve, inv, lu_solve, solve, solve_right, solve_triangular, tensorinv,
    tensorsolve,
};

pub use crate::ops::linalg::eigh::Triangle;
pub use crate::ops::linalg::lstsq::Driver;
pub use crate::ops::linalg::norms::Order;

use crate::shape::Dynamic;

/// What the functions take and give.
type Tensor<T> = crate::tensors::Tensor<Dynamic, T>;
