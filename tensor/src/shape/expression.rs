//! Sizes made from sizes: expressions as they are written, and arithmetic that works out what can be worked out.

use std::marker::PhantomData;
use std::ops::{Add, Mul};

use typenum::{Prod, Sum, Unsigned};

use super::bindings::Bindings;
use super::decimal::ToDecimal;
use super::dim::{Dim, Fixed, Kind, Known, Named, StaticDim};
use super::size::SizeOf;

macro_rules! expression {
    (
        $(#[$docs:meta])*
        $expression:ident: $trait:ident $result:ident, $checked:ident, $describe:expr;
        $(#[$rule_docs:meta])*
        $rule:ident, $alias:ident, $by_kind:ident
    ) => {
        $(#[$docs])*
        pub struct $expression<A, B>(PhantomData<(A, B)>);

        impl<A, B> Clone for $expression<A, B> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<A, B> Copy for $expression<A, B> {}

        impl<A: Dim, B: Dim> Dim for $expression<A, B> {
            const STATIC: Option<usize> = match (A::STATIC, B::STATIC) {
                (Some(a), Some(b)) => a.$checked(b),
                (None, _) | (_, None) => None,
            };

            fn describe() -> String {
                match Self::STATIC {
                    Some(value) => value.to_string(),
                    None => $describe(A::describe(), B::describe()),
                }
            }

            fn evaluate(bindings: &Bindings) -> Option<usize> {
                A::evaluate(bindings)?.$checked(B::evaluate(bindings)?)
            }
        }

        impl<A: Known, B: Known> Known for $expression<A, B>
        where
            A::Number: $trait<B::Number>,
            $result<A::Number, B::Number>: Unsigned,
        {
            type Number = $result<A::Number, B::Number>;
            type Kind = <A::Kind as Kind>::And<B::Kind>;
        }

        impl<A: StaticDim, B: StaticDim> StaticDim for $expression<A, B>
        where
            A::Number: $trait<B::Number>,
            $result<A::Number, B::Number>: Unsigned,
        {
            const SIZE: usize = match Self::STATIC {
                Some(value) => value,
                None => panic!("a size is larger than the machine can count"),
            };
        }

        $(#[$rule_docs])*
        pub trait $rule<Rhs>: Known {
            /// The result: a written size where both are static, an expression else.
            type Output: Dim;
        }

        impl<A: Known, B: Known> $rule<B> for A
        where
            A::Kind: $by_kind<A, B, B::Kind>,
        {
            type Output = <A::Kind as $by_kind<A, B, B::Kind>>::Output;
        }

        /// The result of two sizes.
        pub type $alias<A, B> = <A as $rule<B>>::Output;

        /// The rule, told apart by the kinds of both sizes: `Self` and `RhsKind`.
        #[doc(hidden)]
        pub trait $by_kind<A, B, RhsKind> {
            type Output: Dim;
        }

        impl<A: StaticDim, B: StaticDim> $by_kind<A, B, Fixed> for Fixed
        where
            A::Number: $trait<B::Number>,
            $result<A::Number, B::Number>: ToDecimal,
        {
            type Output = SizeOf<$result<A::Number, B::Number>>;
        }

        impl<A: Dim, B: Dim> $by_kind<A, B, Named> for Fixed {
            type Output = $expression<A, B>;
        }

        impl<A: Dim, B: Dim, RhsKind: Kind> $by_kind<A, B, RhsKind> for Named {
            type Output = $expression<A, B>;
        }
    };
}

expression! {
    /// The size `A * B`, as `dim![4 * Width]` spells it: a size for any two sizes, so that a generic model needs no where-clause.
    Times: Mul Prod, checked_mul, |a, b| format!("{} * {}", factor(a), factor(b));
    /// The product of two sizes, worked out.
    MultiplyDim, ProductOf, ProductByKind
}

expression! {
    /// The size `A + B`, as `dim![Width + 1]` spells it.
    Plus: Add Sum, checked_add, |a, b| format!("{a} + {b}");
    /// The sum of two sizes, worked out.
    AddDim, SumOf, SumByKind
}

/// A sum that stands as a factor needs parentheses.
fn factor(text: String) -> String {
    if text.contains('+') {
        format!("({text})")
    } else {
        text
    }
}
