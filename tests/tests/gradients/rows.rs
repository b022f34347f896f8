//! What works on rows: softmax, its logarithm, layer normalisation.

use std::slice::from_ref;

use tensor::prelude::*;
use tensor::{Device, Dynamic, Parameter, dynamic};
use tests::Chance;
use tests::differences::{Values, check};

const SHAPES: &[&[usize]] = &[
    &[1],
    &[3],
    &[2, 3],
    &[4, 1],
    &[0, 3],
    &[2, 3, 5],
    &[9, 17],
    &[3, 70],
    &[1, 1, 1],
];

#[test]
fn softmax() {
    let mut chance = Chance::new(1);
    for sizes in SHAPES {
        check("softmax", &[chance.normal(sizes)], |inputs| inputs[0].softmax());
    }
}

#[test]
fn log_softmax() {
    let mut chance = Chance::new(2);
    for sizes in SHAPES {
        check("log_softmax", &[chance.normal(sizes)], |inputs| inputs[0].log_softmax());
    }
}

#[test]
fn softmax_of_large_numbers() {
    let x = Values::from_vec(vec![1000.0, 1001.0, 999.5, -1000.0, 0.0, 3.0], &[2, 3]).expect("six numbers");
    check("softmax", &[x.affine(1.0, 0.0)], |inputs| {
        inputs[0].affine(1.0, 0.0).softmax()
    });
    check("log_softmax", &[x], |inputs| inputs[0].log_softmax());
}

#[test]
fn layer_norm() {
    let mut chance = Chance::new(3);
    for sizes in SHAPES {
        let features = sizes[sizes.len() - 1];
        for eps in [1e-5, 0.1] {
            let mut layer = dynamic::LayerNorm::<f64>::with(
                &Device::cpu(),
                &[features],
                dynamic::LayerNormOptions {
                    eps,
                    ..Default::default()
                },
            )
            .expect("room");
            let x: Values = chance.normal(sizes);
            let same = layer.clone();
            check("layer_norm", from_ref(&x), |inputs| {
                same.forward(&inputs[0]).expect("sizes that fit")
            });
            // The parameters' own gradients, held against those of the same formula in operations.
            let (weight, bias): (Values, Values) = (chance.normal(&[features]), chance.normal(&[features]));
            let set = |part: &mut Option<Parameter<Dynamic, f64>>, value: &Values| {
                let part = part.as_mut().expect("a layer with weight and bias");
                part.set(value).expect("its sizes");
            };
            set(&mut layer.weight, &weight);
            set(&mut layer.bias, &bias);
            let out = layer.forward(&x).expect("sizes that fit");
            let along = chance.normal::<f64>(out.sizes());
            out.backward_with(&along).expect("recorded");
            let (weight, bias) = (weight.requires_grad(), bias.requires_grad());
            let same = by_operations(&x, &weight, &bias, eps);
            same.backward_with(&along).expect("recorded");
            let pairs = [
                ("out", Some(out), Some(same)),
                ("weight", layer.weight.and_then(|own| own.grad()), weight.grad()),
                ("bias", layer.bias.and_then(|own| own.grad()), bias.grad()),
            ];
            for (what, found, expected) in pairs {
                let numbers = |x: Option<Values>| x.expect("computed").to_vec().expect("numbers");
                let expected = numbers(expected);
                let tolerance = 1e-11 * tests::largest(&expected).max(1.0);
                tests::assert_close(
                    &format!("{what} of layer_norm, {sizes:?}"),
                    &numbers(found),
                    &expected,
                    tolerance,
                );
            }
        }
    }
}

fn by_operations(x: &Values, weight: &Values, bias: &Values, eps: f64) -> Values {
    let centred = x.sub(&x.mean_keep(-1).expect("an axis")).expect("a row each");
    let variance = centred.square().mean_keep(-1).expect("an axis");
    let normal = centred.div(&variance.affine(1.0, eps).sqrt()).expect("a row each");
    normal
        .mul(weight)
        .and_then(|scaled| scaled.add(bias))
        .expect("a weight a feature")
}
