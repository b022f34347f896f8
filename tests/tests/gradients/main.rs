//! The gradient of every operation, every layer and every fused pair against finite differences in f64, with sizes of 0 and 1
//! among them; and where a function has no derivative, the value that is agreed on.

mod binary;
mod conventions;
mod functions;
mod fused;
mod layers;
mod linalg;
mod losses;
mod matmul;
mod reduce;
mod rows;
mod shapes;
mod statistics;
mod transforms;
mod unary;
mod views;
