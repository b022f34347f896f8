//! What is made of two elements, and of many pairwise.

use std::marker::PhantomData;

use crate::kernels::Real;

/// An associative operation with an identity.
pub(crate) trait Fold: 'static {
    /// What changes nothing.
    fn identity<T: Real>() -> T;
    /// Two into one.
    fn join<T: Real>(a: T, b: T) -> T;
}

/// The sum.
pub(crate) struct Sum;
/// The product.
pub(crate) struct Product;
/// The largest; NaN wins.
pub(crate) struct Largest;
/// The smallest; NaN wins.
pub(crate) struct Smallest;

macro_rules! fold {
    ($name:ident, $identity:expr, |$a:ident, $b:ident| $join:expr) => {
        impl Fold for $name {
            #[inline(always)]
            fn identity<T: Real>() -> T {
                $identity
            }
            #[inline(always)]
            fn join<T: Real>($a: T, $b: T) -> T {
                $join
            }
        }
    };
}

fold!(Sum, T::ZERO, |a, b| a + b);
fold!(Product, T::ONE, |a, b| a * b);
fold!(Largest, T::NEG_INFINITY, |a, b| a.larger(b));
fold!(Smallest, T::INFINITY, |a, b| a.smaller(b));

/// Joins values pairwise as they come: level `i` holds the result of `2^i` of them, as a binary counter does.
pub(crate) struct Cascade<T, F> {
    levels: [T; 48],
    count: u64,
    fold: PhantomData<F>,
}

impl<T: Real, F: Fold> Cascade<T, F> {
    #[inline(always)]
    pub(crate) fn new() -> Self {
        Self {
            levels: [T::ZERO; 48],
            count: 0,
            fold: PhantomData,
        }
    }

    /// Takes the next value.
    #[inline(always)]
    pub(crate) fn push(&mut self, mut value: T) {
        let mut level = 0;
        let mut count = self.count;
        while count & 1 == 1 {
            value = F::join(self.levels[level], value);
            count >>= 1;
            level += 1;
        }
        self.levels[level] = value;
        self.count += 1;
    }

    /// The result of all.
    #[inline(always)]
    pub(crate) fn finish(self) -> T {
        let mut left = self.count;
        if left == 0 {
            return F::identity();
        }
        let mut result = self.levels[left.trailing_zeros() as usize];
        // Only the levels that hold something: a row of a matrix is finished with one or two of them.
        left &= left - 1;
        while left != 0 {
            result = F::join(self.levels[left.trailing_zeros() as usize], result);
            left &= left - 1;
        }
        result
    }
}
