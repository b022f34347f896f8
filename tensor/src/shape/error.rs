//! Sizes found at run time that are not what a shape says.

use std::fmt;

/// Sizes that are not those of the shape they were checked against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShapeError {
    /// Another number of axes.
    Rank {
        /// The shape, as `[batch, 784]`.
        shape: String,
        /// How many axes it has.
        expected: usize,
        /// The sizes found.
        found: Vec<usize>,
    },
    /// An axis of another size.
    Mismatch {
        /// The shape, as `[batch, 784]`.
        shape: String,
        /// Which axis, counted from 0.
        axis: usize,
        /// The axis as the shape has it: `784`, `seq`, `4 * seq`.
        name: String,
        /// Its value: that of a named size is set by the first axis that has the name.
        expected: usize,
        /// The sizes found.
        found: Vec<usize>,
    },
}

impl fmt::Display for ShapeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rank { shape, expected, found } => {
                let axes = if *expected == 1 { "axis" } else { "axes" };
                write!(
                    formatter,
                    "expected `{shape}`, which has {expected} {axes}, found `{found:?}`, which has {}",
                    found.len()
                )
            }
            Self::Mismatch {
                shape,
                axis,
                name,
                expected,
                found,
            } => {
                write!(
                    formatter,
                    "expected `{shape}`, found `{found:?}`: axis {axis} is {} instead of ",
                    found[*axis]
                )?;
                if name.parse() == Ok(*expected) {
                    write!(formatter, "{expected}")
                } else {
                    write!(formatter, "`{name}` = {expected}")
                }
            }
        }
    }
}

impl std::error::Error for ShapeError {}
