//! The typed face: each method against the shape that its rule says, and its values against the dynamic method.

#![allow(clippy::type_complexity, reason = "shapes are types, and the tests write them out")]

mod arranged;
mod broadcasting;
mod contractions;
mod counted;
mod einsum;
mod factors;
mod images;
mod joins;
mod layers;
mod losses;
mod names;
mod pooled;
mod products;
mod reductions;
mod systems;
mod transforms;
mod views;
