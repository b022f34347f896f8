//! What is known of every operation, in one place: the macro, the run time's checks, the messages and the summary read it.
//!
//! [`Primitive`] is every operation over blocks of several axes. [`Unary`], [`Math`], [`Binary`], [`Pair`], [`Compare`] and [`Reduce`] are the families of kernels. [`Op`] is what the compiler's graph is made of; each of its
//! facts has a file: the shape rule over [`Poly`]nomials, the cost, what its backward needs.

mod agree;
pub mod chain;
mod cost;
mod elementwise;
mod math;
mod misfit;
mod name;
mod op;
mod pair;
mod poly;
pub mod primitive;
mod rule;
mod shape;
mod text;

pub use agree::{agree, differ, elements, fits, leaves, refuses, takes, unless};
pub use elementwise::{Binary, Compare, Reduce, Saves, Unary};
pub use math::Math;
pub use misfit::Misfit;
pub use op::{Class, Op, Signature};
pub use pair::{Pair, Takes};
pub use poly::{Fraction, Poly};
pub use primitive::Primitive;
pub use shape::Shape;
pub use text::Text;
