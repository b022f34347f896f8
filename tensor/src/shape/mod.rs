//! Sizes and shapes as types.
//!
//! A size is a type: `dim![784]` is the number 784, [`Batch`] is a size that has a name when compiling and a value at run time.
//! A shape is a tuple of them: `dims![Batch, 784]`. What an operation makes of shapes is a trait, so wrong ones do not compile.
//!
//! ```
//! use tensor::prelude::*;
//! use tensor::shape::{Broadcast, FlattenFrom, MatMul};
//!
//! declare_dims! { Seq; Width = 384; }
//!
//! type Scores = <dims![Batch, Seq, Width] as MatMul<dims![Width, 10]>>::Output;
//! assert_eq!(Scores::describe(), "[batch, seq, 10]");
//! assert_eq!(Broadcast::<Scores, dims![10]>::describe(), "[batch, seq, 10]");
//!
//! type Flat = <dims![Batch, 28, 28] as FlattenFrom<1>>::Output;
//! assert!(Flat::check(&[64, 784]).is_ok());
//! assert_eq!(
//!     Flat::check(&[64, 783]).unwrap_err().to_string(),
//!     "expected `[batch, 784]`, found `[64, 783]`: axis 1 is 783 instead of 784",
//! );
//! ```
//!
//! ```compile_fail
//! # use tensor::prelude::*;
//! # use tensor::shape::MatMul;
//! type Scores = <dims![Batch, 784] as MatMul<dims![783, 10]>>::Output;
//! let _ = Scores::describe();
//! // error: the inner sizes of a matrix product differ: the left has `Size<_7, _8, _4>` columns, the right `Size<_7, _8, _3>` rows
//! ```
//!
//! # Sizes
//!
//! | written | type | known |
//! |---|---|---|
//! | `dim![784]` | [`Size<_7, _8, _4>`](Size) | when compiling |
//! | `declare_dims! { Width = 384; }` | the same type as `dim![384]` | when compiling |
//! | `declare_dims! { Seq; }` | a type of its own | at run time, one value in all shapes of an operation |
//! | `dim![4 * Width]`, `dim![Seq + 1]` | [`Times`], [`Plus`] | as its parts |
//! | `D / H`, of a generic model | [`Quotient`] | as its parts |
//! | `D`, of a generic function or model | any of these | where it is used |
//!
//! Sizes are decimal as types, so that rustc's own messages show numbers that people write; the arithmetic behind them is
//! [typenum](https://docs.rs/typenum)'s. A size that is generic needs the bound [`Dim`]; only where two such sizes meet in one
//! operation, [`Comparable`].
//!
//! # Rules
//!
//! | rule | operation | shapes |
//! |---|---|---|
//! | [`BroadcastWith`] | `x + y` | `[batch, 784]`, `[784]` to `[batch, 784]` |
//! | [`MatMul`] | `x.matmul(&y)` | `[.., m, k]`, `[.., k, n]` to `[.., m, n]` |
//! | [`ReduceAxis`] | `x.sum_axis::<-1>()` | `[batch, 784]` to `[batch]`, or `[batch, 1]` |
//! | [`Reshape`] | `x.reshape::<dims![Batch, 784]>()` | `[batch, 28, 28]` to `[batch, 784]` |
//! | [`FlattenFrom`] | `x.flatten::<1>()` | `[batch, 28, 28]` to `[batch, 784]` |
//! | [`Transpose`] | `x.transpose()` | `[.., m, n]` to `[.., n, m]` |
//! | [`Permute`], [`SwapIn`], [`MoveAxis`] | `x.permute::<Axes<2, 0, 1>>()` | `[batch, 8, 28]` to `[28, batch, 8]` |
//! | [`InsertAxis`] | `x.unsqueeze::<1>()`, `[&x, &y].stack::<0>()` | `[batch, 28]` to `[batch, 1, 28]`, to `[2, batch, 28]` |
//! | [`Unflatten`], [`FlattenBetween`] | `x.unflatten::<-1, dims![8, 64]>()` | `[batch, 512]` to `[batch, 8, 64]`, and back |
//! | [`ReduceAxes`] | `x.var_axes::<KeptAxes<0, -1>>(1.)` | `[batch, 8, 28]` to `[1, 8, 1]` |
//! | [`Within`], [`DividedBy`] | `x.narrow::<1, dim![2], dim![5]>()`, `x.chunk::<1, 2>()` | `[batch, 28]` to `[batch, 5]`, to `[batch, 14]` |
//! | [`Cat`], [`PadAxis`] | `(&x, &y).cat::<1>()` | `[batch, 3]`, `[batch, 4]` to `[batch, 7]` |
//! | [`BroadcastTo`], [`Repeat`] | `x.expand::<dims![5, 3]>()` | `[1, 3]` to `[5, 3]` |
//! | [`Square`], [`Solves`] | `x.inv()`, `x.solve(&y)` | `[.., n, n]`; `[.., n, k]` |
//! | [`Matrices`], [`FitsRowsOf`] | `x.svd_full()`, `x.lstsq(&y)` | `[.., m, n]`; `[.., m, k]` to `[.., n, k]` |
//! | [`Contracts`], [`ContractsAxes`], [`Inner`] | `x.tensordot::<2, _>(&y)` | `[a.., k..]`, `[k.., b..]` to `[a.., b..]` |
//! | [`Spectrum`], [`Frames`] | `x.rfft::<-1>(norm)`, `x.stft::<dim![8], dim![2], _>(&w, beyond)` | n to n / 2 + 1; `[length]` to `[n / 2 + 1, frames]` |
//! | [`Windows`], [`Covered`] | one axis of a convolution or pooling, and of a transposed one | n to (n + 2p - d(k - 1) - 1) / s + 1, and back |
//! | [`Convolve`], [`WindowsOver`] | `x.conv2d::<_, dims![1, 1], dims![0, 0], dims![1, 1]>(&w, None)` | `[n, c, h, w]` to `[n, o, ..]` |
//! | [`Resized`], [`Enlarged`], [`Bordered`] | `x.interpolate::<dims![14, 14]>(options)`, `x.pad::<dims![1], dims![2]>(with)` | `[n, c, ..]` to `[n, c, 14, 14]`, `[.., n]` to `[.., n + 3]` |
//! | [`EndsIn`], [`WeightsOf`], [`Attended`] | `x.layer_norm(Some(&w), None, eps)`, `x.linear(&w, None)` | `[.., n]`, `[o, n]` to `[.., o]` |
//! | [`Scores`] | `x.cross_entropy(&labels, options, Mean)` | `[batch, classes, ..]` to `[batch, ..]` |
//! | [`LastAxis`] | a loss over classes | `[batch, 10]` to `[batch]` |
//! | [`SameShape`], [`SameSize`] | no stretching | equal axis by axis |
//!
//! [`Dynamic`] is the shape of a tensor whose rank and sizes are known only at run time; no rule holds for it.

mod bindings;
mod decimal;
pub mod digits;
mod dim;
mod dynamic;
mod error;
mod expression;
mod named;
mod resolve;
mod rules;
// The module is named after its one noun, as all are.
#[allow(clippy::module_inception)]
mod shape;
mod size;

pub use bindings::Bindings;
pub use decimal::{Decimal, ToDecimal};
pub use dim::{Compare, Dim, Fixed, Kind, Known, Named, Same, Settle, Static, StaticDim, settled};
pub use dynamic::Dynamic;
pub use error::ShapeError;
pub use expression::{AddDim, MultiplyDim, Plus, ProductOf, Quotient, SumOf, Times};
pub use named::Batch;
pub use resolve::{Sizes, resolve};
pub use rules::*;
pub use shape::{Axis, MAX_RANK, Ranked, Shape, StaticShape};
pub use size::{One, Size, SizeOf, Zero};
