//! Losses, whose last argument says what becomes of those of the elements: [`reduction`](super::reduction).

mod classes;
mod elements;
mod rows;

use super::reduction::Reduces;
use crate::shape::LastAxis;

/// The shape of a loss.
type Of<By, S> = <By as Reduces>::Output<S>;
/// A shape without its last axis.
type Rows<S> = <S as LastAxis>::Rest;
/// The shape of a loss of rows.
type OfRows<By, S> = Of<By, Rows<S>>;
