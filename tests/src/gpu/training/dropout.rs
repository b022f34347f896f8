//! Dropout draws the same masks on every device, element by element.

use tensor::prelude::*;

use crate::Chance;
use crate::gpu::Check;
use crate::gpu::sides::{Numbers, Tolerance, numbers, same, sure};

use super::course::input;

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    macro_rules! list {
        ($($name:ident)*) => {
            vec![$(Check {
                name: concat!("training::dropout::", stringify!($name)),
                run: || {
                    $name::<f32>();
                    $name::<f64>();
                },
            }),*]
        };
    }
    list! { masks_are_the_same_bits several_dropouts everything_and_nothing_dropped behind_a_product }
}

net! {
    type Masked = [1031] => dropout(0.3);
    type Twice = [37, 3] => dropout(0.5) >> dropout(0.125);
    type Between = [64] => relu >> dropout(0.25) >> dropout(0.75) >> inner: Masked64;
    type Masked64 = [64] => dropout(0.5);
    type All = [33] => dropout(0.9999999);
    type Nothing = [33] => dropout(0.0);
    type Fused = [64] => fc: linear(64, 32) >> dropout(0.5) >> tanh >> out: linear(32, 5, bias = false) >> dropout(0.5)
}

/// Outputs and gradients of some passes: each draws masks of its own.
fn masks<M: Mapping>(tolerance: Tolerance) {
    same::<M::Element>(M::PROGRAM.name, tolerance, |device| {
        let model: M = tensor::__private::build(&device, Seed(9));
        let mut all = Numbers::new();
        for (pass, batch) in [3, 1, 20].into_iter().enumerate() {
            let x = input::<M>(device, batch, &mut Chance::new(4)).requires_grad();
            let out = model.forward::<Batch>(&x).into_dynamic();
            sure("dropout", out.backward_with(&out.ones_like()));
            all.insert(format!("pass {pass}"), numbers("dropout", &out));
            all.insert(
                format!("gradient of pass {pass}"),
                numbers("dropout", &x.grad().expect("a leaf")),
            );
        }
        all
    });
}

fn masks_are_the_same_bits<T: Float>() {
    masks::<Masked<T>>(Tolerance::NONE);
}

fn several_dropouts<T: Float>() {
    masks::<Twice<T>>(Tolerance::NONE);
    masks::<Between<T>>(Tolerance::NONE);
}

fn everything_and_nothing_dropped<T: Float>() {
    masks::<All<T>>(Tolerance::NONE);
    masks::<Nothing<T>>(Tolerance::NONE);
}

fn behind_a_product<T: Float>() {
    masks::<Fused<T>>(Tolerance::SUMS);
}
