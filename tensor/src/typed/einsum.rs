//! Sums of products with a shape that the caller names.

use crate::element::Numeric;
use crate::error::{Error, Result};
use crate::layout::describe;
use crate::ops::names;
use crate::shape::{Axis, Dynamic, Ranked};
use crate::tensors::Tensor;

/// Tensors that a sum of products is taken of: `(&x, &y).einsum::<dims![2, 4]>("ij,jk->ik")`.
///
/// A method of tuples of 1 to 6, and not of [`Tensor`]; [`einsum`](crate::einsum) takes any number of dynamic ones.
///
/// ```
/// use tensor::prelude::*;
/// let (a, b) = (tensor![[1., 2.], [3., 4.]], tensor![[1., 10., 0.], [0., 0., 1.]]);
/// let product = (&a, &b).einsum::<dims![2, 3]>("ij,jk->ik")?;
/// assert_eq!(product, tensor![[1., 10., 2.], [3., 30., 4.]]);
/// assert_eq!((&a,).einsum::<dims![]>("ii")?.item()?, 5.);
/// assert!((&a, &b).einsum::<dims![3, 2]>("ij,jk->ik").is_err());
/// # Ok::<(), tensor::Error>(())
/// ```
pub trait EinsumTensors {
    /// Their elements.
    type Element: Numeric;

    /// The sum of products that the equation says, as [`einsum`](crate::einsum), in the shape `To`.
    ///
    /// # Errors
    /// Those of [`einsum`](crate::einsum), and where the result has another shape or two values of one named size differ.
    fn einsum<To: Ranked>(self, equation: &str) -> Result<Tensor<To, Self::Element>>;
}

/// What the tuples have in common: the axes and the elements of each operand.
fn checked<To: Ranked, T: Numeric>(
    equation: &str,
    operands: &[(&'static [Axis], Tensor<Dynamic, T>)],
) -> Result<Tensor<To, T>> {
    for (place, (axes, operand)) in operands.iter().enumerate() {
        for (left_axes, left) in &operands[..place] {
            names::agree("einsum", left_axes, left.sizes(), axes, operand.sizes())?;
        }
    }
    let tensors: Vec<&Tensor<Dynamic, T>> = operands.iter().map(|(_, operand)| operand).collect();
    let out = crate::einsum(equation, &tensors)?;
    To::check(out.sizes()).map_err(|_| Error::shape("einsum", To::describe(), describe(out.sizes())))?;
    for (axes, operand) in operands {
        names::agree("einsum", axes, operand.sizes(), To::AXES, out.sizes())?;
    }
    Ok(Tensor::of(out.value().clone()))
}

macro_rules! einsum_tensors {
    ($($S:ident $operand:ident),+) => {
        impl<$($S: Ranked,)+ T: Numeric> EinsumTensors for ($(&Tensor<$S, T>,)+) {
            type Element = T;

            fn einsum<To: Ranked>(self, equation: &str) -> Result<Tensor<To, T>> {
                let ($($operand,)+) = self;
                checked(equation, &[$(($S::AXES, $operand.dynamic())),+])
            }
        }
    };
}

einsum_tensors!(A a);
einsum_tensors!(A a, B b);
einsum_tensors!(A a, B b, C c);
einsum_tensors!(A a, B b, C c, D d);
einsum_tensors!(A a, B b, C c, D d, E e);
einsum_tensors!(A a, B b, C c, D d, E e, F f);
