//! `functions!`: methods that are a function of each element by itself.

/// Typed and dynamic alike: the shape stays as it is; whole numbers and truth values become `f32`. Examples are rounded to four decimals.
/// `$how` is the operation on values.
macro_rules! functions {
    ($how:ident; $($(#[$doc:meta])* $name:ident => $op:expr, $x:literal => $y:literal;)*) => {
        impl<S: Shape, T: Element> Tensor<S, T> {
            $($(#[$doc])*
            ///
            /// Whole numbers and truth values give `f32`.
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("assert_eq!(", $x, ".", stringify!($name), "().round_decimals(4), ", $y, ");")]
            /// ```
            pub fn $name(&self) -> Tensor<S, T::Float> {
                Tensor::of(self.value().$how($op))
            })*
        }
    };
}

pub(super) use functions;
