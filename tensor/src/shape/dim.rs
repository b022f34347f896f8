//! What a size is.

use typenum::{Bit, Eq, IsEqual, Unsigned};

use super::bindings::Bindings;
use super::digits::Choice;
use super::size::One;

/// The size of one axis: static (`dim![784]`), named and known at run time (`Batch`, or one of your own by
/// [`declare_dims!`](crate::declare_dims)), or an expression of those (`dim![4 * Width]`).
///
/// A model that is generic over its sizes needs this bound and no other.
#[diagnostic::on_unimplemented(
    message = "a type that is not a size stands where a size is expected",
    label = "expected a size, such as `dim![784]` or `Batch`",
    note = "sizes known when compiling are written `dim![784]`, in shapes `dims![Batch, 784]`",
    note = "sizes known at run time get a name by `declare_dims! {{ Seq; }}`"
)]
pub trait Dim: 'static + Copy + Send + Sync {
    /// The value, where the type alone settles it.
    const STATIC: Option<usize>;

    /// The size as messages show it: `784`, `batch`, `4 * seq`.
    fn describe() -> String;

    /// The value under `bindings`; `None` where it takes a named size that has none there.
    fn evaluate(bindings: &Bindings) -> Option<usize>;

    /// Notes what an axis of this size was found to be. Only a named size learns from it.
    fn bind(_bindings: &mut Bindings, _found: usize) {}
}

/// A size with nothing left open: not, or not made from, a type parameter. Sizes of this kind can be compared and multiplied.
///
/// Every size is a static number times a product of names, and is compared as two numbers: the one in front, and one for the
/// names. Each name has a number of 12 digits of its own, drawn from where it was declared, and a product of names has their
/// sum: so `Batch * Seq` is `Seq * Batch`, `[Batch, 28, 28]` has as many elements as `[Batch, 784]`, and nothing is ever sorted.
/// (That two products of different names have the same sum happens once in some 10^11 pairs.)
#[diagnostic::on_unimplemented(
    message = "`{Self}` may be any size here, so the compiler cannot compare it with another",
    label = "the size `{Self}` is left open here",
    note = "compare sizes where they are known, or bound the parameter: `{Self}: Comparable` for operations on equal sizes"
)]
pub trait Known: Dim {
    /// The static factor: 4 of `4 * batch`, 1 of `batch`; of a static size, the size.
    type Number: Unsigned;
    /// The sum of the numbers of its names; 0 of a static size.
    type Names: Unsigned;
    /// Whether it is the size 1, which broadcasting stretches.
    type IsOne: Choice;
    /// [`Fixed`] or [`Named`].
    type Kind: Kind;
}

/// A size whose value the type settles.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is known only at run time, and its value is needed when compiling",
    label = "the size `{Self}` has no static value",
    note = "write a number, such as `dim![784]`, or declare a name for one: `declare_dims! {{ Width = 784; }}`"
)]
pub trait StaticDim: Known<Kind = Fixed> {
    /// The value.
    const SIZE: usize;
}

/// The value of a size that a parameter is made for, in a model that is generic over it. The compiler of models asks for the value where
/// it sees the size; what it does not see ends here, when compiling.
#[doc(hidden)]
pub const fn settled<D: Dim>() -> usize {
    match D::STATIC {
        Some(size) => size,
        None => panic!("a size that is known only at run time is given to a model whose parameters are made for it"),
    }
}

/// Whether an expression can be worked out when compiling. It can if all of its parts can.
pub trait Kind {
    /// The kind of an expression of this and another.
    type And<Other: Kind>: Kind;
}

/// The kind of static sizes.
#[derive(Clone, Copy, Debug)]
pub struct Fixed;

/// The kind of named sizes and of what is made from them.
#[derive(Clone, Copy, Debug)]
pub struct Named;

impl Kind for Fixed {
    type And<Other: Kind> = Other;
}

impl Kind for Named {
    type And<Other: Kind> = Named;
}

/// `D`, which must be static: what a generated model calls a size that has a name.
///
/// That the name has a value is asked once, where it is written. Where it has none this is 1, so that no other use of it is an
/// error too.
pub type Static<D> = <<D as Known>::Kind as Settle<D>>::Size;

/// The rule of [`Static`], told apart by the kind of the size.
#[doc(hidden)]
pub trait Settle<D> {
    type Size: StaticDim;
}

#[diagnostic::do_not_recommend]
impl<D: StaticDim> Settle<D> for Fixed {
    type Size = D;
}

#[diagnostic::do_not_recommend]
impl<D> Settle<D> for Named {
    type Size = One;
}

/// Same or other: the question behind every rule.
#[diagnostic::on_unimplemented(
    message = "the sizes `{Rhs}` and `{Self}` cannot be compared here, where one of them may be any size",
    label = "`{Rhs}` on the left, `{Self}` on the right",
    note = "a type parameter `D` can be compared with itself if it has the bound `D: Comparable`, of `tensor::shape`"
)]
pub trait Compare<Rhs>: Known {
    /// Whether both are the same size.
    type Same: Bit;
}

// Not recommended: the bounds are on the numbers behind sizes, which nobody should have to read.
#[diagnostic::do_not_recommend]
impl<A: Known, B: Known> Compare<B> for A
where
    A::Number: IsEqual<B::Number>,
    A::Names: IsEqual<B::Names>,
    Eq<A::Number, B::Number>: Choice,
    Eq<A::Names, B::Names>: Choice,
{
    type Same = <Eq<A::Number, B::Number> as Choice>::And<Eq<A::Names, B::Names>>;
}

/// Whether `A` and `B` are the same size.
pub type Same<A, B> = <A as Compare<B>>::Same;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::Batch;
    use crate::{declare_dims, dim};

    declare_dims! { Seq; Heads; Width = 384; }

    mod elsewhere {
        crate::declare_dims! { pub Seq; }
    }

    fn same<A: Compare<B>, B>() -> bool {
        <A::Same as Bit>::BOOL
    }

    #[test]
    fn static_sizes_compare_by_number() {
        assert!(same::<dim![0], dim![0]>());
        assert!(same::<dim![784], dim![784]>());
        assert!(same::<Width, dim![384]>());
        assert!(same::<dim![4 * Width], dim![1536]>());
        assert!(same::<dim![Width * 4 + 1], dim![1537]>());
        assert!(!same::<dim![784], dim![783]>());
        assert!(!same::<dim![0], dim![1]>());
    }

    #[test]
    fn names_compare_by_where_they_are_declared() {
        assert!(same::<Seq, Seq>());
        assert!(!same::<Seq, Heads>());
        assert!(!same::<Seq, elsewhere::Seq>());
        assert!(!same::<Seq, Batch>());
        assert!(!same::<Seq, dim![1]>());
        assert!(!same::<dim![0], Seq>());
    }

    #[test]
    fn products_compare_whatever_their_order() {
        assert!(same::<dim![Batch * Seq], dim![Seq * Batch]>());
        assert!(same::<dim![4 * Batch * Width], dim![Batch * 1536]>());
        assert!(same::<dim![1 * Batch], Batch>());
        assert!(!same::<dim![2 * Batch], Batch>());
        assert!(!same::<dim![Batch * Batch], Batch>());
        assert!(!same::<dim![Batch * Seq], dim![Batch * Heads]>());
    }

    #[test]
    fn sums_compare_by_their_parts() {
        assert!(same::<dim![Batch + 1], dim![1 + Batch]>());
        assert!(same::<dim![2 * (Batch + Seq)], dim![(Seq + Batch) * 2]>());
        assert!(!same::<dim![Batch + 1], Batch>());
        assert!(!same::<dim![Batch + 1], dim![Batch + 2]>());
        assert!(!same::<dim![Batch + Seq], dim![Batch * Seq]>());
        assert!(!same::<dim![2 * Batch + Seq], dim![Batch + Batch * Seq]>());
    }

    #[test]
    fn sizes_describe_themselves() {
        assert_eq!(<dim![784]>::describe(), "784");
        assert_eq!(<dim![4 * Width]>::describe(), "1536");
        assert_eq!(<dim![4 * Seq]>::describe(), "4 * seq");
        assert_eq!(<dim![(Seq + 1) * Heads]>::describe(), "(seq + 1) * heads");
    }

    #[test]
    fn expressions_take_the_values_of_names() {
        let mut bindings = Bindings::default();
        assert_eq!(<dim![4 * Seq + 1]>::evaluate(&bindings), None);
        Seq::bind(&mut bindings, 5);
        assert_eq!(<dim![4 * Seq + 1]>::evaluate(&bindings), Some(21));
        assert_eq!(<dim![784]>::evaluate(&bindings), Some(784));
        assert_eq!(<dim![Seq * 999999999999 * 999999999999]>::evaluate(&bindings), None);
    }
}
