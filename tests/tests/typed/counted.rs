//! Tensors to compare with.

use tensor::prelude::*;
use tensor::shape::StaticShape;

/// Numbers that differ, in no order, in a shape.
pub fn counted<S: StaticShape>() -> Tensor<S> {
    let number = |i: usize| (i * 7 % 11) as f32 - 3. + i as f32 / 64.;
    Tensor::from_vec((0..S::LEN).map(number).collect(), S::SIZES).expect("as many elements as the shape has")
}

/// The same tensor with its shape at run time.
pub fn dynamic<S: Shape, T: Element>(x: &Tensor<S, T>) -> Tensor<Dynamic, T> {
    x.clone().into_dynamic()
}

/// That a typed result is the dynamic one: `same!(x.f() => dynamic(&x).f(), dims![2, 3])`.
#[macro_export]
macro_rules! same {
    ($($typed:expr => $dynamic:expr, $shape:ty;)*) => {
        $({
            let typed: tensor::Tensor<$shape, _> = $typed;
            assert_eq!(typed.into_dynamic(), $dynamic, "{}", stringify!($typed));
        })*
    };
}
