//! `&`, `|`, `^` and `!` between tensors of integers or truth values.

use tensor_ops::Pair;

use crate::element::Bits;
use crate::ops::names::meet;
use crate::ops::pair::pair;
use crate::shape::{BroadcastWith, Dynamic, Shape};
use crate::tape::Value;
use crate::tensors::Tensor;

impl<S: Shape, T: Bits> Tensor<S, T> {
    /// All bits turned; of truth values, whether they do not hold. The operator `!`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![0, 1].bitwise_not(), tensor![-1, -2]);
    /// let (a, b) = (tensor![6u8], tensor![3u8]);
    /// assert_eq!((&a & &b, &a | &b, &a ^ &b, !&a), (tensor![2u8], tensor![7u8], tensor![5u8], tensor![249u8]));
    /// ```
    pub fn bitwise_not(&self) -> Self {
        let ones = Value::from_slice(self.device(), &[], &[T::from_i64(-1)]);
        Self::of(pair(Pair::BitXor, self.value(), &ones, self.sizes()))
    }
}

/// Operators take tensors and references to them alike, typed and dynamic ones; sizes that do not fit panic.
macro_rules! operators {
    ($($Trait:ident $method:ident $op:expr;)*) => {
        $(
            operators! { @all $Trait $method $op, [S: BroadcastWith<R>, R: Shape,] S, R => <S as BroadcastWith<R>>::Output }
            operators! { @all $Trait $method $op, [] Dynamic, Dynamic => Dynamic }
        )*
    };
    (@all $Trait:ident $method:ident $op:expr, $generics:tt $S:ty, $R:ty => $Out:ty) => {
        operators! { @one $Trait $method $op, $generics &Tensor<$S, T>, &Tensor<$R, T> => $Out }
        operators! { @one $Trait $method $op, $generics &Tensor<$S, T>, Tensor<$R, T> => $Out }
        operators! { @one $Trait $method $op, $generics Tensor<$S, T>, &Tensor<$R, T> => $Out }
        operators! { @one $Trait $method $op, $generics Tensor<$S, T>, Tensor<$R, T> => $Out }
    };
    (@one $Trait:ident $method:ident $op:expr, [$($generics:tt)*] $Left:ty, $Right:ty => $Out:ty) => {
        impl<$($generics)* T: Bits> std::ops::$Trait<$Right> for $Left {
            type Output = Tensor<$Out, T>;

            #[track_caller]
            fn $method(self, other: $Right) -> Self::Output {
                match meet($op.name(), &self, &other) {
                    Ok(sizes) => Tensor::of(pair($op, self.value(), other.value(), &sizes)),
                    Err(error) => panic!("{error}"),
                }
            }
        }
    };
}

operators! {
    BitAnd bitand Pair::BitAnd;
    BitOr bitor Pair::BitOr;
    BitXor bitxor Pair::BitXor;
}

impl<S: Shape, T: Bits> std::ops::Not for &Tensor<S, T> {
    type Output = Tensor<S, T>;

    fn not(self) -> Tensor<S, T> {
        self.bitwise_not()
    }
}

impl<S: Shape, T: Bits> std::ops::Not for Tensor<S, T> {
    type Output = Self;

    fn not(self) -> Self {
        self.bitwise_not()
    }
}
