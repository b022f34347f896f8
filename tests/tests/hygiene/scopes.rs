//! Models wherever an item or an expression may stand.

use tensor::prelude::*;

fn points() -> Tensor<dims![Batch, 2]> {
    Tensor::randn(&[3, 2], 1).expect("three points")
}

#[test]
fn inside_a_function() {
    net! {
        type First = linear(2, 3) >> relu;
        type Second = linear(3, 2);
    }
    #[model]
    struct Both {
        first: First,
        second: Second,
    }
    assert_eq!(Both::new(&Device::cpu(), Seed(0)).infer(&points()).sizes(), [3, 2]);
}

#[test]
fn the_same_name_in_two_blocks() {
    let first = {
        net! { type Mlp = linear(2, 3) }
        Mlp::new(&Device::cpu(), Seed(0)).infer(&points())
    };
    let second = {
        net! { type Mlp = linear(2, 5) }
        Mlp::new(&Device::cpu(), Seed(0)).infer(&points())
    };
    assert_eq!((first.sizes()[1], second.sizes()[1]), (3, 5));
}

#[test]
fn expressions() {
    let first = net!(linear(2, 3) >> relu >> linear(3, 4));
    let mut second = net!(< linear(4, 3) >> relu >> linear(3, 2) >);
    second.eval();
    let middle = first.forward(&points());
    assert_eq!(second.forward(&middle).sizes(), [3, 2]);
    let sum: usize = [net!(linear(2, 3)).num_parameters(), net!(linear(2, 4)).num_parameters()]
        .iter()
        .sum();
    assert_eq!(sum, 9 + 12);
    let made: Vec<_> = (0..3).map(|_| net!(linear(2, 3))).collect();
    assert_ne!(
        made[0].infer(&points()),
        made[1].infer(&points()),
        "each has a seed of its own"
    );
    let from_a_closure = || net!(linear(2, 7) >> gelu);
    assert_eq!(from_a_closure().infer(&points()).sizes(), [3, 7]);
    let nested = net!(linear(2, 3)).infer(&net!(linear(2, 2)).infer(&points()));
    assert_eq!(nested.sizes(), [3, 3]);
}

fn generic<T: Clone>(value: T) -> (T, usize) {
    net! { type Inner = linear(2, 3) }
    (value, Inner::new(&Device::cpu(), Seed(0)).num_parameters())
}

struct Holder;

impl Holder {
    fn method<const N: usize>(&self) -> usize {
        net! { type Inner = linear(2, 4) }
        N + Inner::new(&Device::cpu(), Seed(0)).num_parameters() + net!(linear(2, 1)).num_parameters()
    }
}

#[test]
fn inside_generic_functions_and_methods() {
    assert_eq!(generic("text"), ("text", 9));
    assert_eq!(Holder.method::<5>(), 5 + 12 + 3);
}

mod outer {
    pub(crate) mod inner {
        tensor::net! {
            /// Seen in the whole crate.
            pub(crate) type Everywhere = pub(crate) fc: linear(2, 3) >> relu >> pub(in crate::hygiene) last: linear(3, 2);
            /// Seen next door.
            pub(super) type NextDoor = linear(2, 3);
        }
    }

    #[tensor::model]
    pub(crate) struct Of {
        pub(crate) model: inner::Everywhere,
        other: self::inner::NextDoor,
        last: tensor::layers::Linear<3, 1>,
    }
}

#[test]
fn nested_modules() {
    let model = outer::Of::new(&Device::cpu(), Seed(0));
    assert_eq!(model.infer(&points()).sizes(), [3, 1]);
    assert_eq!(model.model.fc.weight.sizes(), [3, 2]);
    assert_eq!(model.model.last.weight.sizes(), [2, 3]);
    assert_eq!(
        outer::inner::Everywhere::new(&Device::cpu(), Seed(0)).num_parameters(),
        17
    );
}

macro_rules! perceptron {
    ($Name:ident, $inputs:literal, $part:ident) => {
        net! { type $Name = $part: linear($inputs, 8) >> relu >> output: linear(8, 1) }
    };
    ($inputs:literal) => {
        net!(linear($inputs, 8) >> relu >> linear(8, 1))
    };
}

perceptron!(FromMacro, 2, hidden);

#[test]
fn from_a_macro_of_the_users() {
    let model = FromMacro::new(&Device::cpu(), Seed(0));
    assert_eq!(model.infer(&points()).sizes(), [3, 1]);
    assert_eq!(model.hidden.weight.sizes(), [8, 2]);
    assert_eq!(perceptron!(2).infer(&points()).sizes(), [3, 1]);
}

const SIZES: usize = {
    net! { type InAConstant = linear(2, 3) }
    size_of::<InAConstant>()
};

#[test]
fn inside_a_constant() {
    const { assert!(SIZES > 0) }
}

declare_dims! {
    Points;
    Width = 2;
}

#[test]
fn sizes_with_names() {
    net! { type Named = linear(Width, 3) >> relu >> linear(3, Width) }
    let x = Tensor::<dims![Points, Width]>::randn(&[4, 2], 0).expect("four points");
    let out: Tensor<dims![Points, Width]> = Named::new(&Device::cpu(), Seed(0)).infer(&x);
    assert_eq!(out.sizes(), [4, 2]);
}
