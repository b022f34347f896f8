//! Static sizes.

use std::fmt;
use std::marker::PhantomData;

use typenum::U0;

use super::bindings::Bindings;
use super::decimal::{Decimal, ToDecimal};
use super::digits::{_0, _1};
use super::dim::{Dim, Fixed, Known, StaticDim};

/// A static size: `Size<_7, _8, _4>` is 784.
///
/// Written `dim![784]`, or inside a shape `dims![Batch, 784]`. It is nominal and decimal, so that rustc prints it readably in
/// messages of its own; the typenum number behind it is [`Known::Number`].
///
/// The digits stand as parameters with defaults, not as a tuple: rustc leaves defaults out when it prints a type, and calls two
/// sizes two sizes, where it would call two tuples "a tuple with 3 elements" and "one with 2 elements".
#[rustfmt::skip]
#[allow(clippy::type_complexity, reason = "a list of digits has no parts to name")]
pub struct Size<A = (), B = (), C = (), D = (), E = (), F = (), G = (), H = (), I = (), J = (), K = (), L = ()>(
    PhantomData<(A, B, C, D, E, F, G, H, I, J, K, L)>,
);

/// The size 0.
pub type Zero = Size<_0>;
/// The size 1: an axis that broadcasting stretches.
pub type One = Size<_1>;

/// The size that a typenum number is.
pub type SizeOf<Number> = <<Number as ToDecimal>::Digits as Decimal>::Written;

/// `size! { impl Dim {..} }`: for a size of any digits.
macro_rules! size {
    (impl $trait:path $(where Self: $bound:path)? { $($body:tt)* }) => {
        #[diagnostic::do_not_recommend]
        impl<A, B, C, D, E, F, G, H, I, J, K, L> $trait for Size<A, B, C, D, E, F, G, H, I, J, K, L>
        $(where Self: $bound)?
        {
            $($body)*
        }
    };
}

size! {
    impl Clone {
        fn clone(&self) -> Self {
            *self
        }
    }
}

size! { impl Copy {} }

size! {
    impl fmt::Debug where Self: Decimal {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(formatter, "{}", <Self as Decimal>::VALUE)
        }
    }
}

size! {
    impl Dim where Self: Decimal {
        const STATIC: Option<usize> = Some(<Self as Decimal>::VALUE);

        fn describe() -> String {
            <Self as Decimal>::VALUE.to_string()
        }

        fn evaluate(_: &Bindings) -> Option<usize> {
            Self::STATIC
        }
    }
}

size! {
    impl Known where Self: Decimal {
        type Number = <Self as Decimal>::Binary;
        type Names = U0;
        type IsOne = <Self as Decimal>::IsOne;
        type Kind = Fixed;
    }
}

size! {
    impl StaticDim where Self: Decimal {
        const SIZE: usize = <Self as Decimal>::VALUE;
    }
}

#[cfg(test)]
mod tests {
    use typenum::{U1, U9, U10, U128, U784, U1000000, Unsigned};

    use super::*;
    use crate::{
        dim,
        shape::expression::{ProductOf, SumOf},
    };

    fn same<A, B: SameType<A>>() {}

    trait SameType<A> {}

    impl<A> SameType<A> for A {}

    fn round_trip<S: StaticDim>() -> [usize; 3]
    where
        S::Number: ToDecimal,
    {
        [
            S::SIZE,
            <S::Number as Unsigned>::USIZE,
            <SizeOf<S::Number> as StaticDim>::SIZE,
        ]
    }

    macro_rules! round_trips {
        ($($size:literal)*) => {$(
            assert_eq!(round_trip::<dim![$size]>(), [$size; 3]);
            // The way back ends at the very type that was written.
            same::<dim![$size], SizeOf<<dim![$size] as Known>::Number>>();
        )*};
    }

    #[test]
    fn decimal_and_binary_agree_both_ways() {
        round_trips!(0 1 2 3 4 5 6 7 8 9 10 11 19 20 99 100 127 128 255 256 500 512 784 999 1000 1023 1024 3072 4095 9999 10000);
        round_trips!(50257 65535 65536 99999 100000 123456 999999 1000000 1048576 9999999 12345678 2147483647 4294967296);
    }

    #[test]
    fn numbers_are_those_of_typenum() {
        same::<U0, <Zero as Known>::Number>();
        same::<U1, <One as Known>::Number>();
        same::<U9, <dim![9] as Known>::Number>();
        same::<U10, <dim![10] as Known>::Number>();
        same::<U128, <dim![128] as Known>::Number>();
        same::<U784, <dim![784] as Known>::Number>();
        same::<U1000000, <dim![1000000] as Known>::Number>();
    }

    #[test]
    fn arithmetic_ends_in_written_sizes() {
        same::<dim![1000], SumOf<dim![999], One>>();
        same::<dim![784], ProductOf<dim![28], dim![28]>>();
        same::<Zero, ProductOf<dim![28], Zero>>();
        same::<Zero, SumOf<Zero, Zero>>();
        same::<dim![150528], ProductOf<ProductOf<dim![224], dim![224]>, dim![3]>>();
    }
}
