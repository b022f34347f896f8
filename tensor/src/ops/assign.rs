//! `x += y` and its like: the tensor becomes the result. What others hold of its elements stays as it was; where nobody does, and nothing
//! is recorded, the result takes their place in memory.

use tensor_ops::{Binary, Pair};

use crate::device::reading;
use crate::element::{Bits, DType, Differentiable, Element, Kind, Numeric};
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

/// An operator by its core.
#[derive(Clone, Copy)]
enum Assigned {
    Numbers(Binary),
    Bits(Pair),
}

impl Assigned {
    fn name(self) -> &'static str {
        match self {
            Self::Numbers(op) => op.name(),
            Self::Bits(op) => op.name(),
        }
    }

    /// `x` becomes `op(x, y)`; `y` stretches to it.
    fn run<S: Shape, T: Element>(self, x: &mut Tensor<S, T>, y: &Value) {
        if let Self::Numbers(op) = self
            && in_place(op, x.value_mut(), y)
        {
            return;
        }
        let out = match self {
            Self::Numbers(op) => binary::binary(op, x.value(), y, x.sizes()),
            Self::Bits(op) => pair::pair(op, x.value(), y, x.sizes()),
        };
        put(x, out);
    }
}

/// Writes `op(x, y)` where `x` is, if nobody can see it and there is a kernel for it; whether it did.
fn in_place(op: Binary, x: &mut Value, y: &Value) -> bool {
    let dtype = x.dtype();
    let here = match dtype.kind() {
        // Those of 16 bits are computed with in 32.
        Kind::Float => matches!(dtype, DType::F32 | DType::F64),
        Kind::Integer => op != Binary::Div,
        Kind::Bool => false,
    };
    let sound = x.buffer.poison().is_none() && y.buffer.poison().is_none() && x.device() == y.device();
    if !here || !sound || !x.is_free(y) {
        return false;
    }
    let layout = y.stretched(x.sizes());
    let _reading = reading([&y.buffer]);
    x.device().backend().binary_in_place(op, y.seen(&layout), x.view());
    true
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
    ($($Trait:ident $method:ident $T:ident $op:expr;)*) => {
        $(
            assign! { @tensor $Trait $method $T $op, [S: BroadcastWith<R, Output = S>, R: Shape,] S, &Tensor<R, T> }
            assign! { @tensor $Trait $method $T $op, [S: BroadcastWith<R, Output = S>, R: Shape,] S, Tensor<R, T> }
            assign! { @tensor $Trait $method $T $op, [] Dynamic, &Tensor<Dynamic, T> }
            assign! { @tensor $Trait $method $T $op, [] Dynamic, Tensor<Dynamic, T> }

            impl<S: Shape, T: $T> std::ops::$Trait<T> for Tensor<S, T> {
                fn $method(&mut self, other: T) {
                    let number = Value::from_slice(self.device(), &[], &[other]);
                    $op.run(self, &number);
                }
            }
        )*
    };
    (@tensor $Trait:ident $method:ident $T:ident $op:expr, [$($generics:tt)*] $S:ty, $Right:ty) => {
        impl<$($generics)* T: $T> std::ops::$Trait<$Right> for Tensor<$S, T> {
            #[track_caller]
            fn $method(&mut self, other: $Right) {
                if let Err(error) = check($op.name(), self, &other) {
                    panic!("{error}");
                }
                $op.run(self, other.value());
            }
        }
    };
}

assign! {
    AddAssign add_assign Numeric Assigned::Numbers(Binary::Add);
    SubAssign sub_assign Numeric Assigned::Numbers(Binary::Sub);
    MulAssign mul_assign Numeric Assigned::Numbers(Binary::Mul);
    DivAssign div_assign Differentiable Assigned::Numbers(Binary::Div);
    BitAndAssign bitand_assign Bits Assigned::Bits(Pair::BitAnd);
    BitOrAssign bitor_assign Bits Assigned::Bits(Pair::BitOr);
    BitXorAssign bitxor_assign Bits Assigned::Bits(Pair::BitXor);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tape::no_grad;

    type Numbers = Tensor<Dynamic, f64>;

    fn numbers(data: &[f64], sizes: &[usize]) -> Numbers {
        Tensor::from_slice(data, sizes).expect("a number for each place")
    }

    fn place<T: Element>(x: &Tensor<Dynamic, T>) -> usize {
        x.value().buffer.address(0, 0).addr().get()
    }

    #[test]
    fn what_nobody_else_holds_is_written_where_it_is() {
        let mut x = numbers(&[1., 2., 3., 4., 5., 6.], &[2, 3]);
        let there = place(&x);
        x += numbers(&[10., 20., 30.], &[3]);
        x -= &numbers(&[1., 2.], &[2, 1]);
        x *= numbers(&[2., 4., 3., 5., 2., 1.], &[3, 2])
            .transpose(0, 1)
            .expect("two axes");
        x /= 2.0;
        assert_eq!(x.to_vec().unwrap(), [10., 31.5, 32., 24., 57.5, 17.]);
        assert_eq!(place(&x), there);
        let mut whole = Tensor::<Dynamic, u8>::from_slice(&[250, 3], &[2]).expect("two");
        let there = place(&whole);
        whole += 10;
        whole -= 5;
        whole *= 2;
        assert_eq!((whole.to_vec().unwrap(), place(&whole)), (vec![254, 16], there));
        let (mut empty, mut scalar) = (numbers(&[], &[0, 2]), numbers(&[3.], &[]));
        empty += 1.0;
        scalar *= &numbers(&[2.], &[]);
        assert_eq!((empty.len(), scalar.item().unwrap()), (0, 6.0));
    }

    #[test]
    fn what_others_hold_stays() {
        let mut x = numbers(&[1., 2., 3., 4.], &[2, 2]);
        let (clone, row) = (x.clone(), x.select(0, 1).expect("a row"));
        x += &row;
        assert_eq!(clone.to_vec().unwrap(), [1., 2., 3., 4.]);
        assert_eq!(row.to_vec().unwrap(), [3., 4.]);
        assert_eq!(x.to_vec().unwrap(), [4., 6., 6., 8.]);
        // One element in several places.
        let mut wide = numbers(&[1., 2.], &[2]).expand(&[2, 2]).expect("rows");
        wide += numbers(&[1., 2., 3., 4.], &[2, 2]);
        assert_eq!(wide.to_vec().unwrap(), [2., 4., 4., 6.]);
    }

    #[test]
    fn what_is_recorded_stays_for_the_gradient() {
        let x = numbers(&[1., 2.], &[2]).requires_grad();
        let mut y = &x * 3.0;
        y *= &x;
        y.sum().backward();
        assert_eq!(x.grad().expect("a gradient").to_vec().unwrap(), [6., 12.]);
        // A leaf is written by hand, and stays one.
        let mut leaf = numbers(&[1., 2.], &[2]).requires_grad();
        let there = place(&leaf);
        no_grad(|| leaf -= 0.5);
        assert_eq!((leaf.to_vec().unwrap(), place(&leaf)), (vec![0.5, 1.5], there));
        let squares = &leaf * &leaf;
        no_grad(|| leaf += 1.0);
        squares.sum().backward();
        assert!(leaf.is_leaf() && leaf.to_vec().unwrap() == [1.5, 2.5]);
        assert_eq!(
            leaf.grad().expect("a gradient").to_vec().unwrap(),
            [1., 3.],
            "of what was multiplied"
        );
    }
}
