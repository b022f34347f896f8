//! Models with the names that the expansion of a model uses itself, and models of these.

use tensor::{Device, Seed};

tensor::net! {
    type Core = linear(2, 2);
    type Builder = linear(2, 2);
    type Pass = linear(2, 2);
    type Plan = linear(2, 2);
    type Program = linear(2, 2);
    type Part = linear(2, 2);
    type Module = linear(2, 2);
    type Model = linear(2, 2);
    type Walk = linear(2, 2);
    type Unary = linear(2, 2) >> relu;
    type Eager = linear(2, 2);
    type Call = linear(2, 2);
    type Dim = linear(2, 2);
    type Size = linear(2, 2);
    type Float = linear(2, 2);
    type Result = linear(2, 2);
    type Vec = linear(2, 2);
    type Option = linear(2, 2);
    type Sequential = linear(2, 2);
    type Nested = linear(2, 2);
    type Net = linear(2, 2);
    type Clone = linear(2, 2);
    type Display = linear(2, 2);
    type Send = linear(2, 2);
}

/// All of them in a row.
#[tensor::model]
struct All {
    core: Core,
    builder: Builder,
    pass: Pass,
    plan: Plan,
    program: Program,
    part: Part,
    module: Module,
    model: Model,
    walk: Walk,
    unary: Unary,
    eager: Eager,
    call: Call,
    dim: Dim,
    size: Size,
    float: Float,
    result: Result,
    vec: Vec,
    option: Option,
    sequential: Sequential,
    nested: Nested,
    net: Net,
    copy: Clone,
    display: Display,
    send: Send,
}

/// Names of traits and types of the library for types of the user's, one within the other.
#[tensor::model]
struct Tensor {
    all: All,
    last: tensor::net!(linear(2, 2) >> softplus),
}

#[test]
fn runs() {
    let model = Tensor::new(&Device::cpu(), Seed(1));
    assert_eq!(model.num_parameters(), 25 * 6);
    let x = tensor::tensor![[1., 2.], [3., 4.]];
    let loss = tensor::mse_loss(&model.forward(&x), &x);
    loss.backward();
    assert!(loss.item().unwrap().is_finite());
    assert!(
        model
            .parameters()
            .iter()
            .any(|parameter| parameter.name == "all.core.0.weight")
    );
}
