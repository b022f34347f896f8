//! The shape that is known only at run time.

use super::error::ShapeError;
use super::shape::{Axis, Shape};

/// The shape of a tensor whose rank and sizes are known only at run time: `Tensor<Dynamic>`.
///
/// No rule holds for it when compiling; dynamic methods check the same rules at run time and return a `Result`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dynamic;

impl Shape for Dynamic {
    const RANK: Option<usize> = None;
    const AXES: &'static [Axis] = &[];
    type Index = Vec<usize>;

    fn index(sizes: &[usize]) -> Option<Vec<usize>> {
        Some(sizes.to_vec())
    }

    fn describe() -> String {
        "[..]".to_owned()
    }

    fn check(_: &[usize]) -> Result<(), ShapeError> {
        Ok(())
    }
}
