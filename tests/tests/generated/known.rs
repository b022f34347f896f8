//! The models of the examples: they are larger than the others, and what people begin with. Finite differences would meet the kinks of
//! their `relu` and `max_pool2d`.

use examples::models::gpt::Gpt;
use examples::models::{LeNet, UNet};
use tests::eager::hold_for;

#[test]
fn lenet() {
    hold_for::<LeNet<f32>, LeNet<f64>>(2, &[0, 1, 3]);
}

#[test]
fn unet() {
    hold_for::<UNet<f32>, UNet<f64>>(3, &[0, 2]);
}

#[test]
fn gpt() {
    hold_for::<Gpt<f32>, Gpt<f64>>(4, &[0, 2]);
}
