//! What works on rows: softmax, its logarithm, layer normalisation.

use tensor::dynamic::Layer as _;
use tensor::{Float, dynamic};

use super::{Check, in_both_types};
use crate::Chance;
use crate::gpu::sides::{Numbers, Tolerance, Values, agree, numbers, same, sure, values};

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    in_both_types!("rows": softmax log_softmax views special_rows layer_norm)
}

/// Rows of one element, of fewer than a warp has threads, of more than a block has.
const SHAPES: &[&[usize]] = &[
    &[1],
    &[3],
    &[2, 3],
    &[4, 1],
    &[0, 3],
    &[3, 0],
    &[2, 3, 5],
    &[9, 17],
    &[3, 70],
    &[1, 1, 1],
    &[130, 10],
    &[5, 1031],
    &[2, 5003],
];

fn softmax<T: Float>() {
    let mut chance = Chance::new(1);
    for sizes in SHAPES {
        agree(
            "softmax",
            Tolerance::FUNCTIONS,
            &[chance.normal::<T>(sizes)],
            |inputs| inputs[0].softmax(),
        );
    }
}

fn log_softmax<T: Float>() {
    let mut chance = Chance::new(2);
    for sizes in SHAPES {
        let x = chance.normal::<T>(sizes);
        // A gradient is the difference of one number and a multiple of the sum of all.
        agree("log_softmax", Tolerance::SUMS, &[x], |inputs| inputs[0].log_softmax());
    }
}

fn views<T: Float>() {
    let x = Chance::new(3).normal::<T>(&[5, 7, 3]);
    let flip = |x: &Values<T>| x.transpose(0, 2).expect("three axes");
    let x = std::slice::from_ref(&x);
    agree("softmax of a transpose", Tolerance::FUNCTIONS, x, |inputs| {
        flip(&inputs[0]).softmax()
    });
    agree("log_softmax of a transpose", Tolerance::FUNCTIONS, x, |inputs| {
        flip(&inputs[0]).log_softmax()
    });
    agree("a transpose of softmax", Tolerance::FUNCTIONS, x, |inputs| {
        flip(&inputs[0].softmax())
    });
}

/// Numbers that overflow unless the largest is taken off first, infinities, NaN.
fn special_rows<T: Float>() {
    let (nan, infinity) = (f64::NAN, f64::INFINITY);
    let rows = [
        [1000.0, 1001.0, 999.5],
        [-1000.0, 0.0, 3.0],
        [-infinity, 0.0, 1.0],
        [-infinity, -infinity, -infinity],
        [infinity, 0.0, 1.0],
        [nan, 0.0, 1.0],
        [0.0, 0.0, 0.0],
    ];
    let x = [values::<T>(&rows.concat(), &[7, 3])];
    agree("softmax", Tolerance::FUNCTIONS, &x, |inputs| inputs[0].softmax());
    agree("log_softmax", Tolerance::FUNCTIONS, &x, |inputs| {
        inputs[0].log_softmax()
    });
}

fn layer_norm<T: Float>() {
    let mut chance = Chance::new(4);
    for sizes in SHAPES {
        let features = sizes[sizes.len() - 1];
        for (eps, shift) in [(1e-5, 0.0), (0.1, 10.0)] {
            let x = chance.normal::<T>(sizes).affine(1.0, shift);
            let [weight, bias] = [(); 2].map(|()| chance.normal::<T>(&[features]));
            same::<T>(
                &format!("layer_norm of {sizes:?}, eps {eps}"),
                Tolerance::SUMS,
                |device| {
                    let options = dynamic::LayerNormOptions {
                        eps,
                        ..Default::default()
                    };
                    let mut layer = sure(
                        "layer_norm",
                        dynamic::LayerNorm::<T>::with(&device, &[features], options),
                    );
                    for (own, value) in [(&mut layer.weight, &weight), (&mut layer.bias, &bias)] {
                        sure("layer_norm", own.as_mut().expect("weight and bias").set(value));
                    }
                    let x = sure("layer_norm", x.to(device)).requires_grad();
                    let out = layer.forward(&x).expect("a last axis that fits");
                    let weights = Chance::new(7).normal::<T>(out.sizes());
                    sure("layer_norm", out.backward_with(&sure("layer_norm", weights.to(device))));
                    let gradient = |x: &Values<T>| numbers("layer_norm", &x.grad().expect("a gradient"));
                    Numbers::from([
                        ("result".to_owned(), numbers("layer_norm", &out)),
                        ("gradient of the input".to_owned(), gradient(&x)),
                        (
                            "gradient of the weight".to_owned(),
                            gradient(layer.weight.as_ref().expect("a weight")),
                        ),
                        (
                            "gradient of the bias".to_owned(),
                            gradient(layer.bias.as_ref().expect("a bias")),
                        ),
                    ])
                },
            );
        }
    }
}
