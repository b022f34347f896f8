//! [`Misfit`]: why an operation cannot take its operands, in the words of messages.

use crate::{Poly, Shape};
use std::fmt;

/// Why an operation cannot take its operands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// The last axis of the value has another size than the parameters are made for.
    Features {
        /// What the parameters are made for.
        expected: Poly,
        /// What the value has.
        found: Poly,
    },
    /// Two operands that must have one shape have two.
    Shapes {
        /// Of the first.
        expected: Shape,
        /// Of the second.
        found: Shape,
    },
    /// The value has too few or too many axes.
    Axes {
        /// What is needed, `[batch, channels, length]`.
        needs: &'static str,
        /// The shape it has.
        found: Shape,
    },
    /// A kernel is larger than what it goes over.
    Window {
        /// The arithmetic as far as it goes: `(3 + 2*0 - 5)/1 + 1`.
        steps: String,
        /// From the first to the last element of the kernel.
        span: u64,
        /// The size with its zeros.
        padded: u64,
    },
    /// A size has a name, and the windows along it cannot be counted without its number.
    Nameless {
        /// The size.
        size: Poly,
        /// The arithmetic as far as it goes.
        steps: String,
    },
    /// Features that are not queries, keys and values of so many heads.
    Heads {
        /// How many there are.
        features: Poly,
        /// How many heads.
        heads: u64,
    },
    /// A width that so many heads do not divide.
    Width {
        /// The width.
        width: Poly,
        /// How many heads.
        heads: u64,
    },
    /// Queries, keys and values of different sequences, of a width that has no number.
    Apart {
        /// The width.
        width: Poly,
    },
    /// A border that is larger than what it is taken from.
    Border {
        /// The size of the axis.
        size: Poly,
        /// How wide the border is.
        padding: u64,
        /// How wide it may be, where the size is a number.
        most: Option<u64>,
    },
    /// Numbers for another number of axes.
    Numbers {
        /// What they are called.
        name: &'static str,
        /// How many there are.
        found: usize,
        /// How many axes.
        places: usize,
    },
    /// Numbers for another number of channels.
    PerChannel {
        /// How many there are.
        parameters: u64,
        /// How many channels.
        channels: Poly,
    },
    /// A transposed convolution that loses all that it makes.
    Nothing {
        /// The arithmetic: `(1 - 1)*1 - 2 + 2 + 0 = 0`.
        steps: String,
    },
    /// There is no such axis behind the batch.
    Axis {
        /// As it is written.
        axis: i64,
        /// The last there is.
        last: u64,
    },
    /// Nothing would be left but the batch.
    Bare,
    /// There is no such place along an axis.
    Place {
        /// As it is written.
        index: i64,
        /// The size of the axis.
        size: Poly,
    },
    /// Axes from one to another that lies before it.
    Order {
        /// The one.
        start: u64,
        /// The other.
        end: u64,
    },
    /// An axis that has no two halves.
    Halves {
        /// Its size.
        size: Poly,
    },
    /// An axis that a factor does not divide.
    Factor {
        /// Its size.
        size: Poly,
        /// The factor.
        factor: u64,
    },
    /// Sizes whose product is not what they are to be.
    Product {
        /// The size of the axis.
        size: Poly,
        /// The product.
        product: Poly,
    },
    /// More zeros than half of a window.
    Padding {
        /// How many there are.
        zeros: u64,
        /// How many there may be.
        most: u64,
    },
    /// Channels that do not fall into groups.
    Groups {
        /// `input` or `output`.
        which: &'static str,
        /// How many there are.
        channels: Poly,
        /// How many groups.
        groups: u64,
    },
    /// The number of operands is not the operation's.
    Operands {
        /// By [`Op::signature`](crate::Op::signature).
        expected: usize,
        /// Given.
        found: usize,
    },
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Misfit::Features { expected, found } => {
                write!(f, "expected {expected} features, found {found}")
            }
            Misfit::Shapes { expected, found } => write!(f, "expected {expected}, found {found}"),
            Misfit::Axes { needs, found } => write!(f, "needs {needs}, found {found}"),
            Misfit::Window { steps, span, padded } => {
                write!(f, "has a kernel that spans {span} over an axis of {padded}: {steps}")
            }
            Misfit::Nameless { size, steps } => {
                write!(
                    f,
                    "cannot count its windows along `{size}`, which has no number here: {steps}"
                )
            }
            Misfit::Nothing { steps } => write!(f, "makes nothing: {steps}"),
            Misfit::Heads { features, heads } => write!(
                f,
                "takes queries, keys and values side by side: {features} features are not 3 * {heads} * a size"
            ),
            Misfit::Axis { axis, last: 1 } => {
                write!(f, "goes along an axis behind the batch, which is 1, found {axis}")
            }
            Misfit::Axis { axis, last } => {
                write!(f, "goes along an axis behind the batch, 1 to {last}, found {axis}")
            }
            Misfit::Bare => write!(f, "leaves no axis behind the batch"),
            Misfit::Place { index, size } => match size.as_number() {
                Some(1) => write!(f, "takes what is at place 0, the only one, found {index}"),
                Some(size) => write!(f, "takes one of {size} places, -{size} to {}, found {index}", size - 1),
                None => write!(f, "takes one of {size} places, found {index}"),
            },
            Misfit::Order { start, end } => write!(f, "goes from axis {start} to axis {end}, which lies before it"),
            Misfit::Halves { size } => write!(f, "takes the two halves of an axis, and {size} has none"),
            Misfit::Factor { size, factor } => write!(f, "takes sizes that {factor} divides, found {size}"),
            Misfit::Product { size, product } => write!(f, "makes {product} of an axis of {size}"),
            Misfit::Width { width, heads } => write!(f, "has {heads} heads, which do not divide a width of {width}"),
            Misfit::Apart { width } => write!(
                f,
                "looks at another sequence, for which `{width}` must have a number here"
            ),
            Misfit::Border {
                size,
                padding,
                most: Some(_),
            } => write!(f, "has a padding of {padding}, too much for an axis of {size}"),
            Misfit::Border {
                size,
                padding,
                most: None,
            } => {
                write!(
                    f,
                    "has a padding of {padding}, and `{size}`, which it is taken from, has no number here"
                )
            }
            Misfit::Numbers { found, places: 1, .. } => write!(f, "takes one number, found {found}"),
            Misfit::Numbers { found, places, .. } => {
                write!(f, "takes one number, or one for each of {places} axes, found {found}")
            }
            Misfit::PerChannel { parameters, channels } => {
                write!(f, "has {parameters} weights, but is given {channels} channels")
            }
            Misfit::Padding { zeros, most } => {
                write!(
                    f,
                    "has a padding of {zeros}, and at most {most}, half of its window, makes sense"
                )
            }
            Misfit::Groups {
                which,
                channels,
                groups,
            } => write!(
                f,
                "has {channels} {which} channels, which do not fall into {groups} groups"
            ),
            Misfit::Operands { expected, found } => {
                write!(f, "expected {expected} operands, found {found}")
            }
        }
    }
}

impl Misfit {
    /// The argument of the layer that is to be changed; the layer itself where it is none of them.
    pub fn argument(&self) -> Option<&'static str> {
        match self {
            Misfit::Window { .. } => Some("kernel_size"),
            Misfit::Padding { .. } | Misfit::Nothing { .. } => Some("padding"),
            Misfit::Heads { .. } => Some("heads"),
            Misfit::Width { .. } => Some("num_heads"),
            Misfit::Border { .. } => Some("padding"),
            Misfit::PerChannel { .. } => Some("num_parameters"),
            Misfit::Numbers { name, .. } => Some(name),
            Misfit::Groups { .. } => Some("groups"),
            Misfit::Axis { .. } | Misfit::Halves { .. } => Some("axis"),
            Misfit::Place { .. } => Some("index"),
            Misfit::Order { .. } => Some("end"),
            Misfit::Factor { .. } => Some("factor"),
            Misfit::Product { .. } => Some("sizes"),
            Misfit::Axes { .. } | Misfit::Nameless { .. } | Misfit::Bare | Misfit::Apart { .. } => None,
            Misfit::Features { .. } | Misfit::Shapes { .. } | Misfit::Operands { .. } => None,
        }
    }
}
