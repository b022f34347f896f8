//! Rules on shapes of every kind: each case is an equality of types, so that compiling is passing.

use super::*;
use crate::shape::{Batch, Dim};
use crate::{declare_dims, dim, dims};

declare_dims! { Seq; Heads; Width = 384; }

trait SameType<A> {}
impl<A> SameType<A> for A {}

macro_rules! same {
    ($($given:ty => $expected:ty;)*) => {
        $({
            fn same<A: SameType<B>, B>() {}
            same::<$given, $expected>();
        })*
    };
}

type Product<A, B> = <A as MatMul<B>>::Output;
type Reduced<S, const AXIS: isize> = <S as ReduceAxis<AXIS>>::Output;
type Kept<S, const AXIS: isize> = <S as ReduceAxis<AXIS>>::Kept;
type Flat<S, const AXIS: isize> = <S as FlattenFrom<AXIS>>::Output;
type Transposed<S> = <S as Transpose>::Output;

#[test]
fn broadcasting_aligns_on_the_right_and_stretches_ones() {
    same! {
        Broadcast<dims![], dims![]> => dims![];
        Broadcast<dims![3], dims![]> => dims![3];
        Broadcast<dims![], dims![Batch, 3]> => dims![Batch, 3];
        Broadcast<dims![Batch, 784], dims![784]> => dims![Batch, 784];
        Broadcast<dims![784], dims![Batch, 784]> => dims![Batch, 784];
        Broadcast<dims![Batch, 1], dims![1, 784]> => dims![Batch, 784];
        Broadcast<dims![1, Seq, 1], dims![Batch, Seq, 8]> => dims![Batch, Seq, 8];
        Broadcast<dims![1], dims![1]> => dims![1];
        Broadcast<dims![0], dims![1]> => dims![0];
        Broadcast<dims![2, 1, 4, 1, 6, 1], dims![1, 3, 1, 5, 1, 7]> => dims![2, 3, 4, 5, 6, 7];
        Broadcast<dims![2, 3, 4, 5, 6, 7], dims![7]> => dims![2, 3, 4, 5, 6, 7];
        Broadcast<(dim![4 * Width],), dims![1536]> => (dim![4 * Width],);
        Broadcast<(dim![Batch * Seq],), (dim![Seq * Batch],)> => (dim![Batch * Seq],);
    }
}

#[test]
fn products_have_the_ranks_of_pytorch() {
    same! {
        Product<dims![5], dims![5]> => dims![];
        Product<dims![3, 5], dims![5]> => dims![3];
        Product<dims![5], dims![5, 2]> => dims![2];
        Product<dims![Batch, 784], dims![784, 10]> => dims![Batch, 10];
        Product<dims![7, 3, 5], dims![5]> => dims![7, 3];
        Product<dims![5], dims![7, 5, 2]> => dims![7, 2];
        Product<dims![Batch, Seq, 5], dims![5, 2]> => dims![Batch, Seq, 2];
        Product<dims![3, 5], dims![Batch, 5, 2]> => dims![Batch, 3, 2];
        Product<dims![Batch, 3, 5], dims![Batch, 5, 2]> => dims![Batch, 3, 2];
        Product<dims![Batch, Heads, Seq, 64], dims![Batch, Heads, 64, Seq]> => dims![Batch, Heads, Seq, Seq];
        Product<dims![Batch, 1, 3, 5], dims![Heads, 5, 2]> => dims![Batch, Heads, 3, 2];
        Product<dims![2, 1, 4, 1, 3, 5], dims![1, 6, 1, 8, 5, 9]> => dims![2, 6, 4, 8, 3, 9];
    }
}

#[test]
fn axes_count_from_both_ends() {
    same! {
        Reduced<dims![7], 0> => dims![];
        Reduced<dims![7], -1> => dims![];
        Reduced<dims![Batch, Seq, 8], 0> => dims![Seq, 8];
        Reduced<dims![Batch, Seq, 8], 1> => dims![Batch, 8];
        Reduced<dims![Batch, Seq, 8], -1> => dims![Batch, Seq];
        Reduced<dims![1, 2, 3, 4, 5, 6], -5> => dims![1, 3, 4, 5, 6];
        Kept<dims![Batch, Seq, 8], -2> => dims![Batch, 1, 8];
        <dims![Batch, Seq, 8] as ReduceAxis<1>>::Axis => Seq;
    }
    assert_eq!(<dims![Batch, Seq, 8] as ReduceAxis<-3>>::INDEX, 0);
    assert_eq!(<dims![Batch, Seq, 8] as ReduceAxis<-1>>::INDEX, 2);
    assert_eq!(<dims![Batch, Seq, 8] as ReduceAxis<1>>::INDEX, 1);
}

#[test]
fn flattening_joins_the_axes_behind() {
    same! {
        Flat<dims![Batch, 28, 28], 1> => dims![Batch, 784];
        Flat<dims![Batch, 784], 1> => dims![Batch, 784];
        Flat<dims![2, 3, 4], 0> => dims![24];
        Flat<dims![2, 3, 4], -2> => dims![2, 12];
        Flat<dims![Batch, 3, 0, 5], 1> => dims![Batch, 0];
        Flat<dims![Batch, 3, 32, 32], -3> => dims![Batch, 3072];
        Flat<dims![Batch, Seq, 4, 16], 1> => (Batch, dim![Seq * 64]);
    }
}

#[test]
fn transposing_exchanges_the_last_two() {
    same! {
        Transposed<dims![2, 3]> => dims![3, 2];
        Transposed<dims![Batch, Seq, 8]> => dims![Batch, 8, Seq];
        Transposed<dims![1, 2, 3, 4, 5, 6]> => dims![1, 2, 3, 4, 6, 5];
    }
}

#[test]
fn the_last_axis_is_split_off() {
    same! {
        <dims![7] as LastAxis>::Rest => dims![];
        <dims![Batch, Seq, 7] as LastAxis>::Rest => dims![Batch, Seq];
        <dims![Batch, Seq, 7] as LastAxis>::Last => dim![7];
    }
}

#[test]
fn reshaping_counts_names_as_unknowns() {
    fn reshape<From: Reshape<To>, To>() {}
    reshape::<dims![], dims![1]>();
    reshape::<dims![12], dims![3, 4]>();
    reshape::<dims![0, 3], dims![7, 0]>();
    reshape::<dims![Batch, 28, 28], dims![Batch, 784]>();
    reshape::<dims![Batch, 28, 28], dims![7, 112, Batch]>();
    reshape::<dims![Batch, Seq, Heads, 64], dims![Seq * Batch, 64 * Heads]>();
    reshape::<dims![Batch, Seq, Width], dims![Batch, Seq, 6, 64]>();
    reshape::<dims![Batch, Seq + 1], dims![1 + Seq, Batch]>();
}

#[test]
fn equal_shapes_are_the_same() {
    fn same<A: SameShape<B>, B>() {}
    same::<dims![], dims![]>();
    same::<dims![Batch, Width], dims![Batch, 384]>();
    same::<(Batch, dim![4 * Width]), dims![Batch, 1536]>();
    same::<(dim![Batch * Seq],), (dim![Seq * Batch],)>();
    same::<(dim![Seq + 1],), (dim![1 + Seq],)>();
}

#[test]
fn generic_sizes_need_no_bounds() {
    fn generic<B: Dim, D: Dim>()
    where
        (B, dim![4 * D]): LastAxis<Rest = (B,)>,
    {
        same! {
            Product<(B, dim![784]), (dim![784], D)> => (B, D);
            Broadcast<(B, dim![784]), (dim![784],)> => (B, dim![784]);
            Broadcast<(B, D), ()> => (B, D);
            Reduced<(B, D), -1> => (B,);
            Transposed<(B, D)> => (D, B);
            Flat<(B, dim![28], dim![28]), 1> => (B, dim![784]);
        }
    }
    generic::<Batch, Width>();

    fn comparable<B: Comparable, D: Comparable>() {
        same! { Broadcast<(B, D), (B, D)> => (B, D); }
    }
    comparable::<Batch, Width>();
    comparable::<dim![4 * Width], dim![Batch * Seq]>();
}
