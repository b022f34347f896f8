//! `x += y` and its like: the tensor becomes the result. What others hold of its elements stays as it was.

use tensor_ops::{Binary, Pair};

use crate::element::{Bits, Differentiable, Element, Numeric};
use crate::error::{Error, Result};
use crate::layout::{broadcast, describe};
use crate::ops::{binary, names, pair};
use crate::shape::{BroadcastWith, Dynamic, Shape};
use crate::tape::{Track, Value, recording};
use crate::tensors::Tensor;

/// Puts a result in the place of `x`. Where nothing is recorded a leaf stays the leaf that it is: that is how weights are changed by hand.
fn put<S: Shape, T: Element>(x: &mut Tensor<S, T>, mut out: Value) {
    if !recording() && matches!(x.value().track, Track::Leaf(_)) {
        out.track = x.value().track.clone();
    }
    *x.value_mut() = out;
}

/// That the result is no larger than the tensor that it is for.
fn check<S: Shape, R: Shape, T: Element>(name: &'static str, x: &Tensor<S, T>, y: &Tensor<R, T>) -> Result<()> {
    names::agree(name, S::AXES, x.sizes(), R::AXES, y.sizes())?;
    let sizes = broadcast(name, x.sizes(), y.sizes())?;
    if sizes.as_slice() == x.sizes() {
        return Ok(());
    }
    let expected = format!("sizes that stretch to {}", describe(x.sizes()));
    Err(Error::shape(name, expected, describe(y.sizes())))
}

macro_rules! assign {
    ($($Trait:ident $method:ident $T:ident $core:path, $op:expr;)*) => {
        $(
            assign! { @tensor $Trait $method $T $core, $op, [S: BroadcastWith<R, Output = S>, R: Shape,] S, &Tensor<R, T> }
            assign! { @tensor $Trait $method $T $core, $op, [S: BroadcastWith<R, Output = S>, R: Shape,] S, Tensor<R, T> }
            assign! { @tensor $Trait $method $T $core, $op, [] Dynamic, &Tensor<Dynamic, T> }
            assign! { @tensor $Trait $method $T $core, $op, [] Dynamic, Tensor<Dynamic, T> }

            impl<S: Shape, T: $T> std::ops::$Trait<T> for Tensor<S, T> {
                fn $method(&mut self, other: T) {
                    let number = Value::from_slice(self.device(), &[], &[other]);
                    let out = $core($op, self.value(), &number, self.sizes());
                    put(self, out);
                }
            }
        )*
    };
    (@tensor $Trait:ident $method:ident $T:ident $core:path, $op:expr, [$($generics:tt)*] $S:ty, $Right:ty) => {
        impl<$($generics)* T: $T> std::ops::$Trait<$Right> for Tensor<$S, T> {
            #[track_caller]
            fn $method(&mut self, other: $Right) {
                if let Err(error) = check($op.name(), self, &other) {
                    panic!("{error}");
                }
                let out = $core($op, self.value(), other.value(), self.sizes());
                put(self, out);
            }
        }
    };
}

assign! {
    AddAssign add_assign Numeric binary::binary, Binary::Add;
    SubAssign sub_assign Numeric binary::binary, Binary::Sub;
    MulAssign mul_assign Numeric binary::binary, Binary::Mul;
    DivAssign div_assign Differentiable binary::binary, Binary::Div;
    BitAndAssign bitand_assign Bits pair::pair, Pair::BitAnd;
    BitOrAssign bitor_assign Bits pair::pair, Pair::BitOr;
    BitXorAssign bitxor_assign Bits pair::pair, Pair::BitXor;
}
