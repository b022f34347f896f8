//! Weights that two parts have, and weights that lie the other way round.

use tensor::files::Archive;
use tensor::prelude::*;

use crate::hold;

/// One matrix on both ends.
#[model]
#[forward(|x: [3, 6]| last(gelu(middle(tanh(first(x))))))]
pub struct Ends {
    first: Linear<6, 5>,
    middle: linear!(5, 6, bias = false),
    #[tied(first)]
    last: linear!(6, 5, bias = false),
}

/// What goes down by a matrix comes up by the same, turned.
#[model]
#[forward(|x: [6]| {
    let code = tanh(encoder(x) + shift);
    decoder(code) * scale
})]
pub struct Auto {
    #[tied(encoder)]
    decoder: linear!(4, 6, bias = false, transposed = true),
    shift: Parameter<4>,
    encoder: linear!(6, 4, bias = false),
    #[init(ones)]
    scale: Parameter<6>,
}

/// Tied to a parameter, to a part of a group under a word of Rust, and twice.
#[model]
#[forward(|x: [4, 4]| {
    let y = head(relu(r#type(x)) + row) + other(x);
    y + head(y) - table
})]
pub struct Many {
    #[init(normal(0.5))]
    table: Parameter<4, 4>,
    r#type: net!(a: linear(4, 4) >> tanh >> r#fn: linear(4, 4)),
    row: Parameter<4>,
    #[tied(table)]
    head: linear!(4, 4, bias = false),
    #[tied(type.fn)]
    other: linear!(4, 4, bias = false),
}

/// The options of a weight that is turned: a bias, what is fused behind, several rows, wide and narrow.
#[model]
#[forward(|x: [3, 5]| fourth(flatten(third(sigmoid(second(relu(first(x))))))))]
pub struct Turned {
    first: linear!(5, 7, transposed = true),
    second: linear!(7, 2, bias = false, transposed = true),
    third: linear!(2, 2, transposed = true),
    fourth: Linear<6, 3>,
}

net! { pub type Chained = first: linear(4, 9, transposed = true) >> silu >> last: linear(9, 1, transposed = true) }

hold! {
    ends Ends
    auto Auto
    many Many
    turned Turned
    chained Chained
}

#[test]
fn one_parameter_with_one_gradient() {
    let mut model = Auto::new(&Device::cpu(), Seed(0));
    let names: Vec<String> = model.parameters().into_iter().map(|parameter| parameter.name).collect();
    assert_eq!(names, ["shift", "encoder.weight", "scale"]);
    assert_eq!(model.num_parameters(), 4 + 24 + 6);
    let text = format!("{model}");
    assert!(
        text.contains("decoder: linear(4, 6, bias = false, transposed = true)"),
        "{text}"
    );
    let x = Tensor::<dims![Batch, 6]>::randn(&[5, 6], 1).unwrap();
    model.forward(&x).sum().backward();
    let mut sgd = Sgd::new(0.1).momentum(0.9);
    let before = model.encoder.weight.to_vec().unwrap();
    let gradient = model.encoder.weight.grad().unwrap().to_vec().unwrap();
    sgd.step(&mut model).unwrap();
    let after = model.encoder.weight.to_vec().unwrap();
    for ((before, after), gradient) in before.iter().zip(after).zip(gradient) {
        assert!((before - 0.1 * gradient - after).abs() < 1e-6, "one step and not two");
    }
}

#[test]
fn files_hold_it_once_and_may_hold_either_name_or_both() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("auto.safetensors");
    let model = Auto::new(&Device::cpu(), Seed(1));
    model.save(&path).unwrap();
    let file = Archive::load_safetensors(&path).unwrap();
    assert_eq!(file.names().collect::<Vec<_>>(), ["encoder.weight", "scale", "shift"]);
    let weight = file.get::<f32>("encoder.weight").unwrap();
    let other = &weight * 3.0;
    let written = |names: &[(&str, &Tensor<Dynamic>)]| {
        let mut archive = Archive::new();
        archive.insert("scale", &file.get::<f32>("scale").unwrap()).unwrap();
        archive.insert("shift", &file.get::<f32>("shift").unwrap()).unwrap();
        for (name, tensor) in names {
            archive.insert(*name, tensor).unwrap();
        }
        let path = folder.path().join("other.safetensors");
        archive.save_safetensors(&path).unwrap();
        let mut model = Auto::new(&Device::cpu(), Seed(2));
        model.load(&path).map(|()| model.encoder.weight.to_vec().unwrap())
    };
    let expected = weight.to_vec().unwrap();
    assert_eq!(written(&[("encoder.weight", &weight)]).unwrap(), expected);
    assert_eq!(written(&[("decoder.weight", &weight)]).unwrap(), expected);
    assert_eq!(
        written(&[("decoder.weight", &other), ("encoder.weight", &weight)]).unwrap(),
        expected
    );
    let text = written(&[]).unwrap_err().to_string();
    assert!(text.contains("missing `encoder.weight`"), "{text}");
    let wrong = tensor![[1., 2.]].into_dynamic();
    let text = written(&[("decoder.weight", &wrong)]).unwrap_err().to_string();
    assert!(text.contains("`decoder.weight` is [1, 2] and not [4, 6]"), "{text}");
}

#[test]
fn a_clone_has_one_of_its_own() {
    let model = Ends::new(&Device::cpu(), Seed(0));
    let mut copy = model.clone();
    copy.first.weight.set(&Tensor::<dims![5, 6]>::zeros()).unwrap();
    let x = Tensor::<dims![Batch, 3, 6]>::randn(&[2, 3, 6], 1).unwrap();
    assert_eq!(copy.forward(&x).abs().max().item().unwrap(), 0.0);
    assert_ne!(model.forward(&x).abs().max().item().unwrap(), 0.0);
}

#[test]
fn a_turned_weight_is_that_of_the_usual_layer() {
    let model = Chained::new(&Device::cpu(), Seed(3));
    assert_eq!(model.first.weight.sizes(), [4, 9]);
    let x = Tensor::<dims![Batch, 4]>::randn(&[3, 4], 1).unwrap();
    let mut usual = Linear::<dim![4], dim![9]>::new(&Device::cpu(), Seed(3));
    usual.weight.set(&model.first.weight.transpose()).unwrap();
    usual.bias.set(&model.first.bias).unwrap();
    assert_eq!(model.first.forward(&x), usual.forward(&x));
}
