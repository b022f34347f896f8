//! Layers and losses: results, and gradients of input and parameters.

use serde_json::Value;
use tensor::dynamic;
use tensor::prelude::*;
use tests::reference::{Argument, Pack, compare, compare_as};

/// What a layer made of its input, and the gradients of its parameters once there are some.
struct Made<T: Float> {
    out: Tensor<Dynamic, T>,
    layer: Option<dynamic::LayerNorm<T>>,
}

/// Runs a layer as a sample says; `None` where it asks for what there is not.
fn run<T: Float>(class: &str, pack: &Pack, sample: &Value, x: &Tensor<Dynamic, T>) -> Option<Made<T>> {
    let arguments = Argument::list(&sample["ctor"]["args"]);
    let number = |index: usize| arguments.get(index).and_then(Argument::number);
    let plain = |out| Some(Made { out, layer: None });
    match class {
        "Sigmoid" => plain(x.sigmoid()),
        "Tanh" => plain(x.tanh()),
        "GELU" => plain(x.gelu()),
        "Softplus" => plain(x.softplus(number(0).unwrap_or(1.0), number(1).unwrap_or(20.0))),
        "Softmax" | "LogSoftmax" => {
            let rows = |x: &Tensor<Dynamic, T>| {
                if class == "Softmax" {
                    x.softmax()
                } else {
                    x.log_softmax()
                }
            };
            if x.sizes().is_empty() {
                return plain(rows(x));
            }
            let axis = number(0)? as isize;
            let turned = |x: &Tensor<Dynamic, T>| x.transpose(axis, -1).expect("an axis of the input");
            plain(turned(&rows(&turned(x))))
        }
        "LayerNorm" => normalised(&arguments, pack, sample, x),
        "CrossEntropyLoss" => {
            let only_mean = sample["ctor"]["kwargs"]
                .as_object()
                .is_some_and(|named| named.len() == 1)
                && sample["ctor"]["kwargs"]["reduction"] == "mean";
            let labels = Argument::list(&sample["args"])
                .get(1)?
                .tensor()
                .map(|name| pack.tensor(name))?;
            // Classes are on axis 1 there, on the last one here.
            if !only_mean || labels.sizes.len() + 1 != x.sizes().len() {
                return None;
            }
            let mut scores = x.clone();
            for axis in 1..x.sizes().len() as isize - 1 {
                scores = scores.transpose(axis, axis + 1).expect("two axes of the input");
            }
            plain(
                cross_entropy(&scores, &labels.tensor())
                    .expect("a label a row")
                    .into_dynamic(),
            )
        }
        _ => None,
    }
}

/// Over several axes, which are one here; without weight and bias they are 1 and 0.
fn normalised<T: Float>(
    arguments: &[Argument],
    pack: &Pack,
    sample: &Value,
    x: &Tensor<Dynamic, T>,
) -> Option<Made<T>> {
    let Argument::Integers(normal) = &arguments[0] else {
        return None;
    };
    let features: i64 = normal.iter().product();
    let options = dynamic::LayerNormOptions {
        eps: arguments[1].number()?,
        ..Default::default()
    };
    let mut layer = dynamic::LayerNorm::with(&Device::cpu(), &[features as usize], options).ok()?;
    let state = |name: &str| {
        let stored = sample["state_dict"][name]
            .as_str()
            .map(|key| pack.tensor(key).tensor::<T>());
        stored.map(|stored| {
            stored
                .reshape(&[features as usize])
                .expect("as many as there are features")
        })
    };
    for (name, own) in [("weight", &mut layer.weight), ("bias", &mut layer.bias)] {
        if let (Some(value), Some(own)) = (state(name), own) {
            own.set(&value).expect("the sizes of weight and bias");
        }
    }
    let lead: usize = x.sizes()[..x.sizes().len() - normal.len()].iter().product();
    let flat = x.reshape(&[lead, features as usize]).expect("the same elements");
    let out = layer
        .forward(&flat)
        .expect("sizes that fit")
        .reshape(x.sizes())
        .expect("the same elements");
    Some(Made {
        out,
        layer: Some(layer),
    })
}

/// Compares every sample that can be run; gives their number.
fn hold<T: Float>(class: &str, dtype: &str) -> usize {
    let pack = Pack::open("layers", &format!("{class}.{dtype}"));
    let mut compared = 0;
    for sample in pack.samples() {
        let what = format!("{class}.{dtype}, sample {}", sample["id"]);
        let arguments = Argument::list(&sample["args"]);
        let name = arguments[0].tensor().unwrap_or_else(|| panic!("{what}: an input"));
        let x: Tensor<Dynamic, T> = pack.tensor(name).tensor().requires_grad();
        let Some(Made { out, layer }) = run(class, &pack, sample, &x) else {
            continue;
        };
        let result = sample["out"]["t"]
            .as_str()
            .unwrap_or_else(|| panic!("{what}: a result"));
        compare(&what, sample, &out, pack.tensor(result));
        let along = sample["cotangents"][result]
            .as_str()
            .unwrap_or_else(|| panic!("{what}: a cotangent"));
        out.backward_with(&pack.tensor(along).tensor())
            .unwrap_or_else(|error| panic!("{what}: {error}"));
        let expected = sample["grads"][name]
            .as_str()
            .unwrap_or_else(|| panic!("{what}: a gradient"));
        let gradient = x.grad().unwrap_or_else(|| panic!("{what}: no gradient arrived"));
        compare_as(&what, sample, "grad_f32_err", &gradient, pack.tensor(expected));
        if let Some(layer) = layer {
            for (name, parameter) in [("weight", &layer.weight), ("bias", &layer.bias)] {
                let Some(expected) = sample["param_grads"][name].as_str() else {
                    continue;
                };
                let expected = pack.tensor(expected);
                let found = parameter
                    .as_ref()
                    .and_then(|parameter| parameter.grad())
                    .unwrap_or_else(|| panic!("{what}: {name} has no gradient"));
                let found = found.reshape(&expected.sizes).expect("the same elements");
                compare_as(&format!("{what}, {name}"), sample, "grad_f32_err", &found, expected);
            }
        }
        compared += 1;
    }
    compared
}

/// How many samples of each are compared: all of them, but for losses with weights, smoothing, probabilities or other sums.
macro_rules! classes {
    ($($test:ident $class:literal $count:literal;)*) => {
        $(
            #[test]
            fn $test() {
                assert_eq!(hold::<f32>($class, "float32"), $count, "samples in f32");
                assert_eq!(hold::<f64>($class, "float64"), $count, "samples in f64");
            }
        )*
    };
}

classes! {
    cross_entropy_loss "CrossEntropyLoss" 1;
    gelu "GELU" 3;
    layer_norm "LayerNorm" 7;
    log_softmax "LogSoftmax" 4;
    sigmoid "Sigmoid" 4;
    softmax "Softmax" 3;
    softplus "Softplus" 5;
    tanh "Tanh" 3;
}
