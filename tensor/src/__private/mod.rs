//! What generated code names. Not for people: it may change with every version.

mod methods;

pub use std::clone::Clone;
pub use std::convert::AsRef;
pub use std::fmt::{Debug, Display, Formatter, Result as FmtResult};
pub use std::ops::Fn;
pub use std::path::Path as FilePath;
pub use std::vec::Vec;

pub use tensor_ops::{
    Binary, Primitive, Text, Unary, agree, differ, elements, fits, leaves, primitive, refuses, takes, unless,
};

pub use crate::device::Saved;
#[cfg(feature = "cuda")]
pub use crate::device::table as devices_table;
pub use crate::model::{
    Body, Call, Core, Eager, Extent, Functions, Given, Gives, How, Inputs, Made, Model, Outputs, Part, Pass, Plan,
    PlannedOutputs, Program, Shared, TakesInput, Traced, build, copied, eager, forward, infer, load, moved,
    num_parameters, parameters, save, set_training, summary, traced, zero_grad,
};
pub use crate::nn::init::{Fan, Nonlinearity};
pub use crate::nn::{Builder, Init, Module, Of, Rule, Walk, layout};
pub use crate::shape::settled;
pub use crate::tensors::Nested;
