//! What is known of every operation, in one place: the macro, the run time's checks, the messages and the summary read it.

mod elementwise;

pub use elementwise::{Binary, Reduce, Unary};
