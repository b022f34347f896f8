//! Shapes as types.

mod bindings;
mod decimal;
pub mod digits;
mod dim;
mod dynamic;
mod error;
mod expression;
mod named;
mod rules;
mod shape;
mod size;

pub use bindings::Bindings;
pub use decimal::{Decimal, ToDecimal};
pub use dim::{Compare, Dim, Fixed, Kind, Known, Named, Same, StaticDim};
pub use dynamic::Dynamic;
pub use error::ShapeError;
pub use expression::{AddDim, MultiplyDim, Plus, ProductOf, SumOf, Times};
pub use named::Batch;
pub use rules::*;
pub use shape::{Axis, MAX_RANK, Ranked, Shape, StaticShape};
pub use size::{One, Size, SizeOf, Zero};
