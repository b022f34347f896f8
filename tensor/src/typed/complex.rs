//! Sums and products of complex numbers, and their pairs.

use super::{agree, known};
use crate::element::Float;
use crate::error::Result;
use crate::ops::complex::Complex;
use crate::shape::{Broadcast, BroadcastWith, InsertAxis, LastAxis, Ranked, SameSize, Shape, Size, digits};
use crate::tensors::Tensor;

/// The size 2.
type Two = Size<digits::_2>;

/// What a dynamic method made of sizes that a rule has admitted.
#[track_caller]
fn made<S: Shape, T: Float>(out: Result<Complex<T>>) -> Complex<T, S> {
    match out {
        Ok(out) => Complex::of(out.value().clone()),
        Err(error) => panic!("{error}"),
    }
}

macro_rules! pairs {
    ($($(#[$doc:meta])* $name:ident => $numbers:literal;)*) => {
        impl<T: Float, S: Ranked> Complex<T, S> {$(
            $(#[$doc])*
            /// Panics where two values of one named size differ.
            ///
            /// ```
            /// use tensor::Complex;
            /// use tensor::prelude::*;
            /// let z = Complex::from_parts(&tensor![1., 0.], &tensor![2., -1.])?;
            #[doc = concat!("assert_eq!(z.", stringify!($name), "(&z).to_vec()?, ", $numbers, ");")]
            /// # Ok::<(), tensor::Error>(())
            /// ```
            #[track_caller]
            #[allow(clippy::should_implement_trait, reason = "it broadcasts")]
            pub fn $name<R: Ranked>(&self, other: &Complex<T, R>) -> Complex<T, Broadcast<S, R>>
            where
                S: BroadcastWith<R>,
            {
                agree(stringify!($name), S::AXES, self.sizes(), R::AXES, other.sizes());
                let (a, b): (Complex<T>, Complex<T>) = (Complex::of(self.value().clone()), Complex::of(other.value().clone()));
                made(a.$name(&b))
            }
        )*}
    };
}

pairs! {
    /// The sums, broadcast.
    add => "[(2., 4.), (0., -2.)]";
    /// The differences, broadcast.
    sub => "[(0., 0.), (0., 0.)]";
    /// The products, broadcast.
    mul => "[(-3., 4.), (-1., 0.)]";
}

impl<T: Float, S: Ranked> Complex<T, S> {
    /// The pairs along a last axis of size 2: `[..]` to `[.., 2]`.
    ///
    /// ```
    /// use tensor::Complex;
    /// use tensor::prelude::*;
    /// let z = Complex::from_parts(&tensor![1., 0.], &tensor![2., -1.])?;
    /// assert_eq!(z.view_as_real(), tensor![[1., 2.], [0., -1.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn view_as_real(&self) -> Tensor<<S as InsertAxis<-1>>::Output<Two>, T>
    where
        S: InsertAxis<-1>,
    {
        known(Ok(Tensor::of(self.value().clone())))
    }
}

impl<S: Ranked, T: Float> Tensor<S, T> {
    /// Pairs along the last axis, `[.., 2]`, as complex numbers `[..]`. PyTorch's function of this name.
    ///
    /// ```
    /// use tensor::Complex;
    /// use tensor::prelude::*;
    /// let z: Complex<f32, dims![2]> = tensor![[1., 2.], [0., -1.]].view_as_complex();
    /// assert_eq!(z.to_vec()?, [(1., 2.), (0., -1.)]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn view_as_complex(&self) -> Complex<T, S::Rest>
    where
        S: LastAxis<Last: SameSize<Two>>,
    {
        Complex::of(self.value().clone())
    }
}
