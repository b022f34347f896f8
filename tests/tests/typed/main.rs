//! The typed face: each method against the shape that its rule says, and its values against the dynamic method.

mod broadcasting;
mod images;
mod joins;
mod names;
mod reductions;
mod views;
