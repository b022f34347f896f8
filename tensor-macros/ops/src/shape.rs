//! [`Shape`]: the sizes of a value, as the compiler knows them.

use crate::Poly;
use std::fmt;

/// The sizes of a value, axis by axis, the batch included where the value has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    axes: Vec<Poly>,
}

impl Shape {
    /// A shape of these axes.
    pub fn new(axes: impl IntoIterator<Item = Poly>) -> Self {
        Shape {
            axes: axes.into_iter().collect(),
        }
    }

    /// The sizes, axis by axis.
    pub fn axes(&self) -> &[Poly] {
        &self.axes
    }

    /// The size of the last axis, on which layers act; 1 for a scalar.
    pub fn features(&self) -> Poly {
        self.axes.last().cloned().unwrap_or_else(|| Poly::number(1))
    }

    /// The product of all axes but the last: how often a layer acts.
    pub fn rows(&self) -> Poly {
        self.axes
            .split_last()
            .map_or(Poly::number(1), |(_, rows)| rows.iter().product())
    }

    /// The number of elements.
    pub fn elements(&self) -> Poly {
        self.axes.iter().product()
    }

    /// Whether the two can be the same shape, axis by axis, as [`Poly::may_equal`].
    pub fn may_equal(&self, other: &Shape) -> bool {
        self.axes.len() == other.axes.len() && self.axes.iter().zip(&other.axes).all(|(a, b)| a.may_equal(b))
    }

    /// The same shape with another last axis.
    pub fn with_features(&self, features: Poly) -> Shape {
        let mut axes = self.axes.clone();
        if let Some(last) = axes.last_mut() {
            *last = features;
        }
        Shape { axes }
    }

    /// The first axis kept, all others made one: `[batch, 28, 28]` to `[batch, 784]`.
    pub fn flattened(&self) -> Shape {
        match self.axes.split_first() {
            Some((batch, rest)) => Shape::new([batch.clone(), rest.iter().product()]),
            None => self.clone(),
        }
    }
}

/// `[batch, 784]`.
impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let axes: Vec<String> = self.axes.iter().map(Poly::to_string).collect();
        write!(f, "[{}]", axes.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image() -> Shape {
        Shape::new([Poly::variable("batch"), Poly::number(28), Poly::number(28)])
    }

    #[test]
    fn rows_times_features_are_the_elements() {
        let shape = image();
        assert_eq!(&shape.rows() * &shape.features(), shape.elements());
        assert_eq!(shape.rows().to_string(), "28 * batch");
    }

    #[test]
    fn flattening_keeps_the_batch() {
        assert_eq!(image().flattened().to_string(), "[batch, 784]");
        assert_eq!(image().with_features(Poly::number(10)).to_string(), "[batch, 28, 10]");
    }
}
