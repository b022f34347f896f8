//! Parameters as fields: values of a forward.

use tensor::prelude::*;

use crate::hold;

declare_dims! { pub Places; pub Wide = 6; }

/// A class token in front and a position for each place: a vision transformer's beginning.
#[model]
#[forward(|x: [3, 4]| {
    let x = cat(class, x, axis = 1) + position;
    out(flatten(tanh(x)))
})]
pub struct Tokens {
    #[init(normal(0.5))]
    class: Parameter<1, 4>,
    #[init(uniform(-1.0, 1.0))]
    position: parameter!(4, 4),
    out: Linear<16, 2>,
}

/// Repeated along axes of a value, on either side of every operation; used twice; a value by itself.
#[model]
#[forward(|x: [2, 3, 6]| {
    let x = scale * x - shift;
    let y = (shift + x) / (2.0 + sigmoid(scale));
    rows - y * along + one
})]
pub struct Broadcast {
    #[init(normal(1.0))]
    scale: Parameter<2, 3, Wide>,
    #[init(ones)]
    shift: Parameter<6>,
    #[init(constant(0.3))]
    rows: Parameter<3, 1>,
    #[init(uniform(0.5))]
    along: Parameter<2, 1, 1>,
    #[init(ones)]
    one: Parameter<1>,
}

/// With an axis for the batch, as PyTorch's files have them.
#[model]
#[forward(|x: [3, 4]| {
    let x = cat(reshape(class, 1, 4), x, axis = 1) + position;
    flatten(x * scale)
})]
pub struct Batched {
    #[init(normal(0.5))]
    class: Parameter<1, 1, 4>,
    #[init(normal(0.5))]
    position: Parameter<1, 4, 4>,
    #[init(normal(0.5))]
    scale: Parameter<1, 1, 4>,
}

/// A scale for each of an array of blocks.
#[model]
#[forward(|mut x: [5]| {
    for scale in scales {
        x = x + scale * tanh(fc(x));
    }
    x
})]
pub struct Scales {
    #[init(ones)]
    scales: [Parameter<5>; 3],
    fc: Linear<5, 5>,
}

/// Inside another, twice, and with a gradient that goes nowhere else.
#[model]
#[forward(|x: [3, 4]| {
    let a: [2] = tokens(x);
    let b: [2] = tokens(0.5 * x);
    a - b + bias
})]
pub struct Holds {
    tokens: Tokens,
    bias: Parameter<2>,
}

/// Made for sizes that come with the model's type.
#[model]
#[forward(|x: [S, D]| fc(scale * x + position))]
pub struct Placed<S: Dim, D: Dim> {
    #[init(ones)]
    scale: Parameter<D>,
    #[init(normal(0.2))]
    position: Parameter<S, D>,
    #[init(orthogonal)]
    fc: Linear<D, D>,
}

#[model]
#[forward(|x: [3, 4]| placed(x))]
pub struct Places34 {
    placed: Placed<3, 4>,
}

hold! {
    placed Places34
    tokens Tokens
    batched Batched
    broadcast Broadcast
    scales Scales
    holds Holds
}

/// An axis whose size comes with the data: the parameter has none for it.
#[model]
#[forward(|x: [Places, 4]| x * scale + shift)]
pub struct OfAnySize {
    #[init(ones)]
    scale: Parameter<4>,
    shift: Parameter<1, 4>,
}

#[test]
fn names_counts_and_first_values() {
    let model = Tokens::new(&Device::cpu(), Seed(0));
    let names: Vec<String> = model.parameters().into_iter().map(|parameter| parameter.name).collect();
    assert_eq!(names, ["class", "position", "out.weight", "out.bias"]);
    assert_eq!(model.num_parameters(), 4 + 16 + 34);
    assert_eq!(model.class.sizes(), [1, 4]);
    assert!(model.position.abs().max().item().unwrap() <= 1.0);
    let holds = Holds::new(&Device::cpu(), Seed(0));
    assert_eq!(holds.parameters()[0].name, "tokens.class");
    assert_eq!(holds.bias.to_vec().unwrap(), [0.0, 0.0]);
    let text = format!("{model}");
    assert!(text.contains("class: parameter(1, 4)"), "{text}");
    assert!(text.contains("total"), "{text}");
}

#[test]
fn they_are_saved_under_their_names() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    let (model, mut other) = (Holds::new(&Device::cpu(), Seed(1)), Holds::new(&Device::cpu(), Seed(2)));
    model.save(&path).unwrap();
    let file = tensor::files::Archive::load_safetensors(&path).unwrap();
    assert!(file.names().any(|name| name == "tokens.position"));
    other.load(&path).unwrap();
    assert_eq!(*other.tokens.position, *model.tokens.position);
}

#[test]
fn sizes_of_the_data() {
    let mut model = OfAnySize::new(&Device::cpu(), Seed(0));
    model.shift.set(&tensor![[1., 2., 3., 4.]]).unwrap();
    for (batch, places) in [(2, 3), (1, 1), (0, 2), (3, 0), (2, 5)] {
        let x = Tensor::<dims![Batch, Places, 4]>::try_from(tensor::random::randn::<f32>(&[batch, places, 4]).unwrap())
            .unwrap();
        let out = model.forward(&x);
        assert_eq!(out.sizes(), [batch, places, 4]);
        out.sum().backward();
        let count = (batch * places) as f32;
        assert_eq!(model.shift.grad().unwrap(), tensor![[count, count, count, count]]);
        model.zero_grad();
    }
}

#[test]
fn a_frozen_one_gets_no_gradient() {
    let mut model = Tokens::new(&Device::cpu(), Seed(0));
    model.position.freeze();
    model.forward(&Tensor::<dims![2, 3, 4]>::zeros()).sum().backward();
    assert!(model.position.grad().is_none() && model.class.grad().is_some());
}
