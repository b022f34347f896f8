//! The products as methods.

use super::contract::{cross, inner, kron, tensordot, vecdot};
use super::matrix::{Product, add_product, outer, product};
use crate::element::{Element, Numeric};
use crate::error::{Error, Result};
use crate::layout::describe;
use crate::shape::Dynamic;
use crate::tensors::Tensor;

/// Methods of two operands of one rank each.
macro_rules! products {
    ($($(#[$doc:meta])* $name:ident($other:ident) => $letters:expr, $a:literal $b:literal => $y:literal;)*) => {
        impl<T: Numeric> Tensor<Dynamic, T> {
            $($(#[$doc])*
            ///
            /// # Errors
            /// Where an operand has another number of axes, or the sizes do not fit. Nothing broadcasts: that is
            /// [`matmul`](Tensor::matmul).
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("let (a, b) = (tensor!", $a, ".into_dynamic(), tensor!", $b, ".into_dynamic());")]
            #[doc = concat!("assert_eq!(a.", stringify!($name), "(&b)?, ", $y, ".into_dynamic());")]
            /// # Ok::<(), tensor::Error>(())
            /// ```
            pub fn $name(&self, $other: &Self) -> Result<Self> {
                product(stringify!($name), $letters, self.value(), $other.value()).map(Self::of)
            })*
        }
    };
}

products! {
    /// The product of two matrices, `[M, K] [K, N] -> [M, N]`.
    mm(other) => ["mk", "kn"], "[[1., 2.], [3., 4.]]" "[[1., 2.], [3., 4.]]" => "tensor![[7., 10.], [15., 22.]]";
    /// The products of two batches of matrices, `[B, M, K] [B, K, N] -> [B, M, N]`.
    bmm(other) => ["bmk", "bkn"], "[[[1., 2.]], [[3., 4.]]]" "[[[1.], [1.]], [[2.], [0.]]]" => "tensor![[[3.]], [[6.]]]";
    /// The product of a matrix and a vector, `[M, K] [K] -> [M]`.
    mv(vector) => ["mk", "k"], "[[1., 2.], [3., 4.]]" "[10., 1.]" => "tensor![12., 34.]";
    /// The sum of the products of the elements of two vectors, `[K] [K] -> []`.
    dot(other) => ["k", "k"], "[1., 2.]" "[3., 4.]" => "Tensor::scalar(11.)";
}

/// Methods that add a product to something.
macro_rules! sums {
    ($($(#[$doc:meta])* $name:ident($a:ident, $b:ident) => $how:expr, $first:literal $second:literal => $y:literal;)*) => {
        impl<T: Numeric> Tensor<Dynamic, T> {
            $($(#[$doc])*
            ///
            /// `self` is stretched to the sizes of the product. Where `beta` is 0 nothing of it comes through, NaN neither. Of whole
            /// numbers the factors lose their fractions.
            ///
            /// # Errors
            /// Where the sizes do not fit.
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("let (a, b) = (tensor!", $first, ".into_dynamic(), tensor!", $second, ".into_dynamic());")]
            /// let x = tensor![1., 0.].into_dynamic();
            #[doc = concat!("assert_eq!(x.", stringify!($name), "(&a, &b, 10., 1.)?, tensor!", $y, ".into_dynamic());")]
            /// # Ok::<(), tensor::Error>(())
            /// ```
            pub fn $name(&self, $a: &Self, $b: &Self, beta: f64, alpha: f64) -> Result<Self> {
                add_product($how, self.value(), $a.value(), $b.value(), beta, alpha).map(Self::of)
            })*
        }
    };
}

sums! {
    /// `beta self + alpha a b`, with matrices `[M, K] [K, N]`.
    addmm(a, b) => Product::Mm, "[[1., 2.], [3., 4.]]" "[[1., 2.], [3., 4.]]" => "[[17., 10.], [25., 22.]]";
    /// `beta self + alpha a b`, with batches of matrices `[B, M, K] [B, K, N]`.
    baddbmm(a, b) => Product::Bmm, "[[[1.]], [[2.]]]" "[[[1., 2.]], [[3., 4.]]]" => "[[[11., 2.]], [[16., 8.]]]";
    /// `beta self + alpha (the sum over B of a b)`, with batches of matrices `[B, M, K] [B, K, N]`.
    addbmm(a, b) => Product::BmmSum, "[[[1.]], [[2.]]]" "[[[1., 2.]], [[3., 4.]]]" => "[[17., 10.]]";
    /// `beta self + alpha a b`, with a matrix and a vector `[M, K] [K]`.
    addmv(a, b) => Product::Mv, "[[1., 2.], [3., 4.]]" "[10., 1.]" => "[22., 34.]";
    /// `beta self + alpha a b^T`, with vectors `[M] [N]`.
    addr(a, b) => Product::Outer, "[1., 2.]" "[3., 4.]" => "[[13., 4.], [16., 8.]]";
}

impl<T: Numeric> Tensor<Dynamic, T> {
    /// The sums of products over the last axes, `[.., K] [.., K]`; what is left of `self` comes first. A scalar multiplies all.
    ///
    /// # Errors
    /// Where the last axes differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (a, b) = (tensor![[1., 2.], [3., 4.]].into_dynamic(), tensor![10., 1.].into_dynamic());
    /// assert_eq!(a.inner(&b)?.to_vec()?, [12., 34.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn inner(&self, other: &Self) -> Result<Self> {
        inner(self.value(), other.value()).map(Self::of)
    }

    /// The sums of products along an axis of both, broadcast. PyTorch's `linalg.vecdot`.
    ///
    /// # Errors
    /// Where the sizes do not broadcast, or there is no such axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let a = tensor![[1., 2.], [3., 4.]].into_dynamic();
    /// assert_eq!(a.vecdot(&a, -1)?.to_vec()?, [5., 25.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn vecdot(&self, other: &Self, axis: isize) -> Result<Self> {
        vecdot(self.value(), other.value(), axis).map(Self::of)
    }

    /// The sums of products over the last `count` axes of `self` and the first `count` of `other`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let a = tensor![[1., 2.], [3., 4.]].into_dynamic();
    /// assert_eq!(a.tensordot(&a, 1)?, a.mm(&a)?);
    /// assert_eq!(a.tensordot_axes(&a, &[0, 1], &[0, 1])?.to_vec()?, [30.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where one has fewer axes, or their sizes differ and none is 1.
    pub fn tensordot(&self, other: &Self, count: usize) -> Result<Self> {
        let (a, b) = (self.sizes().len(), other.sizes().len());
        if count > a.min(b) {
            let found = format!("{} and {}", describe(self.sizes()), describe(other.sizes()));
            return Err(Error::shape(
                "tensordot",
                format!("at least {count} axes of both"),
                found,
            ));
        }
        let a_axes: Vec<isize> = (a - count..a).map(|axis| axis as isize).collect();
        let b_axes: Vec<isize> = (0..count).map(|axis| axis as isize).collect();
        self.tensordot_axes(other, &a_axes, &b_axes)
    }

    /// The sums of products over pairs of axes, `axes[i]` of `self` with `other_axes[i]` of `other`; what is left of `self` comes first.
    /// PyTorch's `tensordot` with lists.
    ///
    /// # Errors
    /// Where there is no such axis, one is there twice, or the sizes of a pair differ and none is 1.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let a = tensor![[1., 2.], [3., 4.]].into_dynamic();
    /// assert_eq!(a.tensordot_axes(&a, &[0, 1], &[0, 1])?.item()?, 30.);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn tensordot_axes(&self, other: &Self, axes: &[isize], other_axes: &[isize]) -> Result<Self> {
        tensordot("tensordot", self.value(), other.value(), axes, other_axes).map(Self::of)
    }

    /// The vector product along an axis, which has size 3 in both; the others broadcast. PyTorch's `linalg.cross`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (x, y) = (tensor![1., 0., 0.].into_dynamic(), tensor![0., 1., 0.].into_dynamic());
    /// assert_eq!(x.cross(&y, -1)?, tensor![0., 0., 1.].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the axis has another size, there is no such axis, or the others do not broadcast.
    pub fn cross(&self, other: &Self, axis: isize) -> Result<Self> {
        cross(self.value(), other.value(), axis).map(Self::of)
    }
}

impl<T: Element> Tensor<Dynamic, T> {
    /// `out[i, j] = a[i] b[j]`, of vectors `[M] [N] -> [M, N]`; of truth values whether both hold.
    ///
    /// # Errors
    /// Where an operand is no vector.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (a, b) = (tensor![1., 2.].into_dynamic(), tensor![3., 4., 5.].into_dynamic());
    /// assert_eq!(a.outer(&b)?, tensor![[3., 4., 5.], [6., 8., 10.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn outer(&self, other: &Self) -> Result<Self> {
        outer("outer", self.value(), other.value()).map(Self::of)
    }

    /// The Kronecker product: each element of `self` times all of `other`, in its place: `[M, N] [P, Q] -> [M P, N Q]`.
    ///
    /// # Errors
    /// Where the operands are on two devices.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (a, b) = (tensor![[1., 2.]].into_dynamic(), tensor![[1., 0.], [0., 1.]].into_dynamic());
    /// assert_eq!(a.kron(&b)?, tensor![[1., 0., 2., 0.], [0., 1., 0., 2.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn kron(&self, other: &Self) -> Result<Self> {
        kron(self.value(), other.value()).map(Self::of)
    }
}

/// A sum of products, written as an equation: `einsum("ij,jk->ik", &[&a, &b])` is the product of two matrices.
///
/// A letter, upper or lower case, names an axis of each operand that has it. Letters that the result does not name are summed
/// over; of a letter that an operand has twice the diagonal is taken; `...` stands for any leading axes, which broadcast. Without `->`
/// the result has the axes of `...` and then the letters that occur once, in alphabetical order. Products are taken from the left.
///
/// ```
/// use tensor::prelude::*;
/// let a = tensor![[1., 2.], [3., 4.]].into_dynamic();
/// assert_eq!(tensor::einsum("ij,jk->ik", &[&a, &a])?, a.mm(&a)?);
/// assert_eq!(tensor::einsum("ii", &[&a])?.to_vec()?, [5.]);
/// assert_eq!(tensor::einsum("ij->ji", &[&a])?, a.transpose(0, 1)?);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where the equation is none, has not as many operands, or a letter stands for two sizes (1 stretches).
pub fn einsum<T: Numeric>(equation: &str, operands: &[&Tensor<Dynamic, T>]) -> Result<Tensor<Dynamic, T>> {
    let values: Vec<_> = operands.iter().map(|operand| operand.value()).collect();
    super::einsum::einsum(equation, &values).map(Tensor::of)
}
