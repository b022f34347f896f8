//! Macros of the user's with the names of the standard library's and of this one's.

#![allow(unused_macros)]

macro_rules! vec {
    ($($any:tt)*) => {
        compile_error!("the user's `vec` was called")
    };
}
macro_rules! format {
    ($($any:tt)*) => {
        compile_error!("the user's `format` was called")
    };
}
macro_rules! write {
    ($($any:tt)*) => {
        compile_error!("the user's `write` was called")
    };
}
macro_rules! panic {
    ($($any:tt)*) => {
        compile_error!("the user's `panic` was called")
    };
}
macro_rules! unreachable {
    ($($any:tt)*) => {
        compile_error!("the user's `unreachable` was called")
    };
}
macro_rules! concat {
    ($($any:tt)*) => {
        compile_error!("the user's `concat` was called")
    };
}
macro_rules! stringify {
    ($($any:tt)*) => {
        compile_error!("the user's `stringify` was called")
    };
}
macro_rules! net {
    ($($any:tt)*) => {
        compile_error!("the user's `net` was called")
    };
}
macro_rules! dims {
    ($($any:tt)*) => {
        compile_error!("the user's `dims` was called")
    };
}
macro_rules! dim {
    ($($any:tt)*) => {
        compile_error!("the user's `dim` was called")
    };
}
macro_rules! __model_methods {
    ($($any:tt)*) => {
        compile_error!("the user's `__model_methods` was called")
    };
}

tensor::net! { type Mlp = hidden: linear(2, 8) >> relu >> output: linear(8, 2) }

#[tensor::model]
struct Twice {
    first: Mlp,
    second: tensor::net!(linear(2, 2) >> gelu),
}

#[test]
fn runs() {
    let x = tensor::tensor![[0., 0.], [0., 1.]];
    let out = Twice::new(&tensor::Device::cpu(), tensor::Seed(1)).infer(&x);
    assert_eq!(out.sizes(), [2, 2]);
    assert_eq!(tensor::net!(linear(2, 3)).infer(&x).sizes(), [2, 3]);
}
