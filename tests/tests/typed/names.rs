//! Sizes known at run time, with their coefficients.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tensor::prelude::*;

declare_dims! { Seq; Heads; }

fn words(panics: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(panics)).expect_err("two values of one name");
    panic.downcast_ref::<String>().cloned().expect("a text")
}

fn of<S: Shape>(sizes: &[usize]) -> Tensor<S> {
    Tensor::full_of(1.0, sizes).expect("sizes of the shape")
}

#[test]
fn heads_are_cut_out_of_features_and_joined_again() {
    let x = of::<dims![Batch, Seq, 512]>(&[2, 5, 512]);
    let heads: Tensor<dims![Batch, Seq, 8, 64]> = x.reshape::<dims![Batch, Seq, 8, 64]>();
    let cut: Tensor<dims![Batch, Seq, 8, 64]> = x.unflatten::<-1, dims![8, 64]>();
    assert_eq!((heads.sizes(), cut.sizes()), (&[2, 5, 8, 64][..], &[2, 5, 8, 64][..]));
    let rows: Tensor<dims![Batch * Seq, 512]> = x.reshape::<dims![Batch * Seq, 512]>();
    assert_eq!(rows.sizes(), [10, 512]);
    let rows: Tensor<dims![Batch * Seq, 512]> = x.flatten_axes::<0, 1>();
    assert_eq!(rows.sizes(), [10, 512]);
    let turned: Tensor<dims![Batch, 8, Seq, 64]> = cut.permute::<Axes<0, 2, 1, 3>>();
    let scores: Tensor<dims![Batch, 8, Seq, Seq]> = turned.matmul(&turned.swapaxes::<-1, -2>());
    assert_eq!(scores.sizes(), [2, 8, 5, 5]);
    let halves: Tensor<dims![Batch, 2 * Seq, 256]> = x.reshape::<dims![Batch, 2 * Seq, 256]>();
    assert_eq!(halves.sizes(), [2, 10, 256]);
}

#[test]
fn named_sizes_add_up() {
    let (a, b) = (
        of::<dims![Batch, Seq, 3]>(&[2, 5, 3]),
        of::<dims![Batch, 1, 3]>(&[2, 1, 3]),
    );
    let more: Tensor<dims![Batch, Seq + 1, 3]> = (&a, &b).cat::<1>();
    assert_eq!(more.sizes(), [2, 6, 3]);
    let twice: Tensor<dims![Batch * 2, Seq, 3]> = a.repeat::<dims![2, 1, 1]>();
    assert_eq!(twice.sizes(), [4, 5, 3]);
    let chosen: Tensor<dims![Batch, Heads, 3]> = a
        .index_select::<1, _>(&Tensor::<dims![Heads], i64>::from_vec(vec![4, 0], &[2]).unwrap())
        .unwrap();
    assert_eq!(chosen.sizes(), [2, 2, 3]);
}

#[test]
fn two_values_of_one_name_panic_by_name() {
    let (a, b) = (of::<dims![Batch, 3]>(&[2, 3]), of::<dims![Batch, 3]>(&[4, 3]));
    let expected = "expected `batch` of 2, as on the left, found 4";
    assert_eq!(words(|| drop((&a, &b).cat::<1>())), format!("`cat`: {expected}"));
    assert_eq!(words(|| drop((&a, &b).cat::<0>())), format!("`cat`: {expected}"));
    assert_eq!(words(|| drop([&a, &b].stack::<0>())), format!("`stack`: {expected}"));
    assert_eq!(words(|| drop(&a + &b)), format!("`add`: {expected}"));
    assert_eq!(words(|| drop(a.t().mm(&b))), format!("`mm`: {expected}"));
    assert_eq!(words(|| drop(a.expand_as(&b))), format!("`expand_as`: {expected}"));
    let (a, b) = (a.into_dynamic(), b.into_dynamic());
    assert!(Tensor::<Dynamic>::cat(&[&a, &b], 1).is_err());
    assert!(Tensor::<Dynamic>::stack(&[&a, &b], 0).is_err());
    assert!(a.add(&b).is_err());
}

#[test]
fn a_name_without_a_value_panics_by_name() {
    let x = of::<dims![3]>(&[3]);
    assert_eq!(
        words(|| drop(x.broadcast_to::<dims![Batch, 3]>())),
        "`broadcast_to`: expected [batch, 3], found [3], which does not determine it"
    );
    let y = of::<dims![Batch, 1]>(&[4, 1]);
    assert_eq!(x.expand_as(&(&x + &y)).sizes(), [4, 3]);
}
