//! Parts whose names are those of locals, arguments, functions or soft keywords.

use tensor::prelude::*;

net! {
    type Mlp = x: linear(2, 4) >> relu >> x_in: linear(4, 4) >> batch: linear(4, 4) >> tanh >> batch_size: linear(4, 4)
        >> pass: linear(4, 4) >> gelu >> out: linear(4, 4) >> output: linear(4, 4) >> d_output: linear(4, 4)
        >> grad: linear(4, 4) >> weight: linear(4, 4) >> bias: linear(4, 4) >> tensor: linear(4, 4)
        >> relu_1: linear(4, 4) >> relu >> d_x_in: linear(4, 4) >> plan: linear(4, 4) >> walk: linear(4, 4)
        >> builder: linear(4, 4) >> eager: linear(4, 4) >> union: linear(4, 4) >> auto: linear(4, 4)
        >> linear: linear(4, 4) >> none: linear(4, 4) >> r#loop: linear(4, 4) >> capital: linear(4, 4)
        >> forward_call: layer_norm(_) >> softmax: linear(4, 2) >> softmax
}

#[test]
fn runs() {
    let x = tensor![[0., 0.], [0., 1.]];
    let model = Mlp::new(&Device::cpu(), Seed(1));
    let out = model.forward(&x);
    out.sum().backward();
    assert_eq!(out.sizes(), [2, 2]);
    assert_eq!(model.x.weight.sizes(), [4, 2]);
    let names: Vec<_> = model
        .parameters()
        .iter()
        .map(|parameter| parameter.name.clone())
        .collect();
    assert!(names.contains(&"loop.weight".to_owned()), "{names:?}");
}
