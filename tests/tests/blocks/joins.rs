//! Branches side by side in a chain.

use tensor::prelude::*;

use crate::hold;

net! {
    #[input(4)] pub type Rows = cat(linear(4, 3) >> tanh, linear(4, 2), identity, axis = 1) >> linear(9, 2);
    #[input(3, 4, 4)] pub type Inception = conv2d(3, 4, 1) >> cat(conv2d(4, 2, 1), conv2d(4, 2, 1) >> tanh >> conv2d(_, 3, 3, padding = 1), max_pool2d(3, 1, 1) >> conv2d(4, 1, 1), axis = 1) >> conv2d(6, 2, 1);
    #[input(2, 3, 4)] pub type Places = cat(fast: conv2d(2, 2, (1, 2)), slow: (tanh >> conv2d(2, 2, (2, 2), padding = (1, 0)) >> conv2d(2, 2, 1)), axis = -2) >> tanh;
    #[input(4)] pub type Nested = first: linear(4, 4) >> both: cat(residual(linear(4, 4) >> cat(identity, tanh, axis = 1) >> linear(8, 4)), cat(tanh, linear(4, 2), axis = -1), axis = 1) >> last: linear(10, 2);
    #[input(4)] pub type Dense = repeat(2, cat(identity, linear(_, 3) >> tanh, axis = 1)) >> linear(10, 2);
}

hold! {
    rows Rows
    inception Inception
    places Places
    nested Nested
    dense Dense
}

#[test]
fn branches_have_positions_and_names() {
    let names = |parameters: Vec<tensor::NamedParameter>| -> Vec<String> {
        parameters.into_iter().map(|parameter| parameter.name).collect()
    };
    let found = names(Inception::new(&Device::cpu(), Seed(0)).parameters());
    let expected = [
        "0.weight",
        "0.bias",
        "1.0.weight",
        "1.0.bias",
        "1.1.0.weight",
        "1.1.0.bias",
        "1.1.2.weight",
    ];
    assert_eq!(found[..7], expected);
    let found = names(Nested::new(&Device::cpu(), Seed(0)).parameters());
    assert_eq!(
        found[2..6],
        ["both.0.0.weight", "both.0.0.bias", "both.0.2.weight", "both.0.2.bias"]
    );
}

#[test]
fn branches_lie_one_behind_the_other() {
    net! { #[input(2)] type Net = cat(tanh, identity, axis = 1) }
    let out = Net::new(&Device::cpu(), Seed(0)).infer(&tensor![[0., 3.]]);
    assert_eq!(out.to_vec().unwrap()[2..], [0., 3.]);
    assert_eq!(out.sizes(), [1, 4]);
}
