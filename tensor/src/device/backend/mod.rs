//! The seam: what a device must be able to do.

mod chains;
mod elements;
mod matrices;
mod places;
mod primitives;
mod recurrent;
mod rows;
mod storage;
mod updates;

use std::fmt::Debug;

use crate::device::Operation;
use crate::element::DType;

pub use chains::Chains;
pub use elements::Elements;
pub use matrices::{Linear, Matrices};
pub use places::Places;
pub use primitives::{PrimitiveBackward, PrimitiveForward, Primitives, Saved};
pub use recurrent::{CellBackward, CellStep, Recurrent};
pub use rows::{LayerNormBackward, Rows};
pub use storage::{Pending, Storage};
pub use updates::{Moments, Updates};

/// A device: a family of operations a trait, an operation a method, over buffer handle, offset, sizes and strides.
///
/// Outputs never overlap inputs. Operands are on this device, of one element type and of fitting sizes: the operations
/// above check that, a backend may assert it.
///
/// A device may run behind the program: a method returns once the operation is in the device's queue, and operations run in
/// the order in which they were called, from whichever thread. What fails then leaves its error in the buffers it should have
/// written ([`Buffer::fail`](crate::device::Buffer::fail)), or, if it is found out later, gives it to the next who waits for the device, in [`Storage::download`].
pub trait Backend:
    Debug + Send + Sync + Storage + Elements + Chains + Places + Matrices + Rows + Primitives + Recurrent + Updates
{
    /// The name people see: `cpu`, `cuda:0`.
    fn name(&self) -> &str;
    /// Whether an operation is there for elements of a type. What is not there fails as [`crate::Error::Unsupported`].
    fn supports(&self, operation: Operation, dtype: DType) -> bool;
}
