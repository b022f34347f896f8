use tensor::prelude::*;

mod mine {
    pub struct Linear<I, O>(core::marker::PhantomData<(I, O)>);
}

#[model]
struct Mlp {
    fc: mine::Linear<784, 10>,
}

fn main() {}
