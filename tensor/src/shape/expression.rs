//! Sizes made from sizes: expressions as they are written, and arithmetic that works out what can be worked out.

use std::marker::PhantomData;
use std::ops::{Add, Div, Mul};

use typenum::{B0, B1, Eq, IsEqual, Prod, Quot, Sum, U0, U1, UInt, Unsigned};

use super::bindings::Bindings;
use super::decimal::ToDecimal;
use super::digits::Choice;
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

        #[diagnostic::do_not_recommend]
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

        #[diagnostic::do_not_recommend]
        impl<A: StaticDim, B: StaticDim> StaticDim for $expression<A, B>
        where
            Self: Known<Kind = Fixed>,
        {
            const SIZE: usize = match Self::STATIC {
                Some(value) => value,
                None => panic!("a size is larger than the machine can count"),
            };
        }

        $(#[$rule_docs])*
        #[diagnostic::on_unimplemented(
            message = "the size made from `{Self}` and `{Rhs}` cannot be worked out here, where one of them may be any size",
            label = "`{Self}` and `{Rhs}` meet here",
            note = "do this where the sizes are known"
        )]
        pub trait $rule<Rhs>: Known {
            /// The result: a written size where both are static, an expression else.
            type Output: Dim;
        }

        #[diagnostic::do_not_recommend]
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
        #[diagnostic::on_unimplemented(
            message = "the size made from `{A}` and `{B}` cannot be worked out here, where one of them may be any size",
            label = "`{A}` and `{B}` meet here",
            note = "do this where the sizes are known"
        )]
        pub trait $by_kind<A, B, RhsKind> {
            type Output: Dim;
        }

        #[diagnostic::do_not_recommend]
        impl<A: StaticDim, B: StaticDim> $by_kind<A, B, Fixed> for Fixed
        where
            A::Number: $trait<B::Number>,
            $result<A::Number, B::Number>: ToDecimal,
        {
            type Output = SizeOf<$result<A::Number, B::Number>>;
        }

        #[diagnostic::do_not_recommend]
        impl<A: Dim, B: Dim> $by_kind<A, B, Named> for Fixed {
            type Output = $expression<A, B>;
        }

        #[diagnostic::do_not_recommend]
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

/// The size `A / B`, as a generic model spells it: `linear(D, D / H)`. A model is refused where its sizes leave a rest; by itself this
/// is rounded down.
pub struct Quotient<A, B>(PhantomData<(A, B)>);

impl<A, B> Clone for Quotient<A, B> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A, B> Copy for Quotient<A, B> {}

#[diagnostic::do_not_recommend]
impl<A: Dim, B: Dim> Dim for Quotient<A, B> {
    const STATIC: Option<usize> = match (A::STATIC, B::STATIC) {
        (Some(a), Some(b)) => a.checked_div(b),
        (None, _) | (_, None) => None,
    };

    fn describe() -> String {
        match Self::STATIC {
            Some(value) => value.to_string(),
            None => format!("{} / {}", factor(A::describe()), divisor(B::describe())),
        }
    }

    fn evaluate(bindings: &Bindings) -> Option<usize> {
        A::evaluate(bindings)?.checked_div(B::evaluate(bindings)?)
    }
}

#[diagnostic::do_not_recommend]
impl<A: StaticDim, B: StaticDim> StaticDim for Quotient<A, B>
where
    Self: Known<Kind = Fixed>,
{
    const SIZE: usize = match Self::STATIC {
        Some(value) => value,
        None => panic!("a size is divided by 0"),
    };
}

#[diagnostic::do_not_recommend]
impl<A: StaticDim, B: StaticDim> Known for Quotient<A, B>
where
    A::Number: Div<B::Number>,
    Quot<A::Number, B::Number>: Unsigned + IsEqual<U1>,
    Eq<Quot<A::Number, B::Number>, U1>: Choice,
{
    type Number = Quot<A::Number, B::Number>;
    type Names = U0;
    type IsOne = Eq<Quot<A::Number, B::Number>, U1>;
    type Kind = Fixed;
}

/// What stands behind `/` needs parentheses, unless it is a name or a number.
fn divisor(text: String) -> String {
    if text.contains(' ') { format!("({text})") } else { text }
}

/// A sum that stands as a factor needs parentheses.
fn factor(text: String) -> String {
    if text.contains('+') { format!("({text})") } else { text }
}

#[diagnostic::do_not_recommend]
impl<A: Known, B: Known> Known for Times<A, B>
where
    A::Number: Mul<B::Number>,
    A::Names: Add<B::Names>,
    Prod<A::Number, B::Number>: Unsigned,
    Sum<A::Names, B::Names>: Unsigned,
{
    type Number = Prod<A::Number, B::Number>;
    type Names = Sum<A::Names, B::Names>;
    type IsOne = <A::IsOne as Choice>::And<B::IsOne>;
    type Kind = <A::Kind as Kind>::And<B::Kind>;
}

#[diagnostic::do_not_recommend]
impl<A: Known, B: Known> Known for Plus<A, B>
where
    (A::Kind, B::Kind): Total<A, B>,
{
    type Number = <(A::Kind, B::Kind) as Total<A, B>>::Number;
    type Names = <(A::Kind, B::Kind) as Total<A, B>>::Names;
    type IsOne = B0;
    type Kind = <A::Kind as Kind>::And<B::Kind>;
}

/// The two numbers of a sum, told apart by the kinds of its parts.
///
/// A sum with a name in it counts as a name of its own, made from its parts: the same for `Batch + 1` and `1 + Batch`. Nothing
/// else is seen through: `2 * Batch` and `Batch + Batch` are taken for two sizes.
#[doc(hidden)]
pub trait Total<A, B> {
    type Number: Unsigned;
    type Names: Unsigned;
}

/// A number with `101` behind it: what a sum of names is as a name, so that `A + B` is not taken for `A * B`.
type SumName<Value> = UInt<UInt<UInt<Value, B1>, B0>, B1>;
/// A number with `011` behind it: what stands for names inside a sum, so that `2 * A + B` is not taken for `A + A * B`.
type PartName<Names> = UInt<UInt<UInt<Names, B0>, B1>, B1>;

impl<A: StaticDim, B: StaticDim> Total<A, B> for (Fixed, Fixed)
where
    A::Number: Add<B::Number>,
    Sum<A::Number, B::Number>: Unsigned,
{
    type Number = Sum<A::Number, B::Number>;
    type Names = U0;
}

macro_rules! named_total {
    ($a:ident, $b:ident) => {
        impl<A: Known, B: Known> Total<A, B> for ($a, $b)
        where
            $a: Part<A>,
            $b: Part<B>,
            <$a as Part<A>>::Value: Add<<$b as Part<B>>::Value>,
            Sum<<$a as Part<A>>::Value, <$b as Part<B>>::Value>: Unsigned,
        {
            type Number = U1;
            type Names = SumName<Sum<<$a as Part<A>>::Value, <$b as Part<B>>::Value>>;
        }
    };
}

named_total!(Fixed, Named);
named_total!(Named, Fixed);
named_total!(Named, Named);

/// A part of a sum as one number, by its kind.
#[doc(hidden)]
pub trait Part<D> {
    type Value: Unsigned;
}

impl<D: Known> Part<D> for Fixed {
    type Value = D::Number;
}

impl<D: Known> Part<D> for Named
where
    D::Number: Mul<PartName<D::Names>>,
    Prod<D::Number, PartName<D::Names>>: Unsigned,
{
    type Value = Prod<D::Number, PartName<D::Names>>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dim;
    use crate::shape::{Compare, settled};

    crate::declare_dims! { Seq; }

    #[test]
    fn quotients_are_worked_out() {
        type Head = Quotient<dim![64], dim![8]>;
        assert_eq!((Head::SIZE, settled::<Head>()), (8, 8));
        const {
            assert!(<<Head as Compare<dim![8]>>::Same as typenum::Bit>::BOOL);
            assert!(<<Quotient<dim![8], Head> as Known>::IsOne as typenum::Bit>::BOOL);
        }
        assert_eq!(Quotient::<dim![7], dim![0]>::STATIC, None);
    }

    #[test]
    fn quotients_of_names_take_their_values() {
        type Half = Quotient<dim![Seq + 1], dim![2]>;
        assert_eq!(Half::describe(), "(seq + 1) / 2");
        assert_eq!(Quotient::<Seq, dim![2 * Seq]>::describe(), "seq / (2 * seq)");
        let mut bindings = Bindings::default();
        assert_eq!(Half::evaluate(&bindings), None);
        Seq::bind(&mut bindings, 5);
        assert_eq!(Half::evaluate(&bindings), Some(3));
    }
}
