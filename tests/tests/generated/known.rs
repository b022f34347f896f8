//! The models of the examples: they are larger than the others, and what people begin with. Finite differences would meet the kinks of
//! their `relu` and `max_pool2d`.

use examples::models::gpt::Gpt;
use examples::models::{Bert, CharLstm, Gpt2, LeNet, MobileNetV2, ResNet18, ResNet50, UNet, Vae, Vit};
use tensor::prelude::*;
use tests::eager::{hold_deep, hold_for};

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

#[test]
fn resnet18() {
    hold_deep::<ResNet18<f64>>(5, &[1]);
}

#[test]
fn resnet50() {
    hold_deep::<ResNet50<f64>>(6, &[1]);
}

#[test]
fn mobilenet() {
    hold_deep::<MobileNetV2<f64>>(7, &[1]);
}

#[test]
fn vit() {
    type Small<T> = Vit<dim![2], dim![10], T>;
    hold_for::<Small<f32>, Small<f64>>(8, &[0, 2]);
}

#[test]
fn vae() {
    hold_for::<Vae<f32>, Vae<f64>>(9, &[0, 2]);
}

#[test]
fn char_lstm() {
    hold_for::<CharLstm<f32>, CharLstm<f64>>(10, &[0, 2]);
}

#[test]
fn gpt2() {
    type Tiny<T> = Gpt2<dim![65], dim![32], dim![24], dim![12], T>;
    hold_for::<Tiny<f32>, Tiny<f64>>(11, &[0, 2]);
}

#[test]
fn bert() {
    type Tiny<T> = Bert<dim![65], dim![32], dim![2], T>;
    hold_for::<Tiny<f32>, Tiny<f64>>(12, &[0, 2]);
}
