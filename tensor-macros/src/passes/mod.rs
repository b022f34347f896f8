//! From facts to a plan: each pass takes a graph and gives one.

mod differentiate;
mod fuse;
mod held;
mod lower;
mod plan;

pub use differentiate::differentiate;
pub use fuse::fuse;
pub use lower::{Mode, held, lower};
pub use plan::{Place, Planned, plan};
