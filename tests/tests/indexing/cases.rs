//! What the index language says, case by case; sizes are PyTorch's.

use tensor::prelude::*;
use tensor::{Ellipsis, Pad, ScatterReduction, Span, bf16, f16};

fn numbers(sizes: &[usize]) -> Tensor<Dynamic, i64> {
    Tensor::from_vec((0..sizes.iter().product::<usize>() as i64).collect(), sizes).expect("as many")
}

#[test]
fn axes_of_index_tensors_come_where_they_stand_or_first() {
    let (x, two) = (numbers(&[2, 3, 4]), tensor![0, 1]);
    let sizes = |index: &[Index]| x.get(index).expect("inside").sizes().to_vec();
    assert_eq!(sizes(&i![0, .., &two]), [3, 2]);
    assert_eq!(sizes(&i![.., 0, &two]), [2, 2]);
    assert_eq!(sizes(&i![&two, 0, &two]), [2]);
    assert_eq!(sizes(&i![&two, .., 0]), [2, 3]);
    assert_eq!(sizes(&i![&two, NewAxis, 0]), [2, 1, 4]);
    assert_eq!(sizes(&i![&two, .., &two]), [2, 3]);
    assert_eq!(sizes(&i![&two, ..., &two]), [2, 3]);
    assert_eq!(sizes(&i![.., &tensor![[0], [1]], &two]), [2, 2, 2]);
    assert_eq!(sizes(&i![true]), [1, 2, 3, 4]);
    assert_eq!(sizes(&i![false]), [0, 2, 3, 4]);
    assert_eq!(sizes(&i![.., true]), [2, 1, 3, 4]);
    assert_eq!(sizes(&i![&two, true]), [2, 3, 4]);
    assert_eq!(sizes(&i![true, true]), [1, 2, 3, 4]);
    assert_eq!(sizes(&i![0, NewAxis, ..., 1]), [1, 3]);
    assert_eq!(sizes(&i![&Tensor::scalar(1i64), .., &two]), [3, 2]);
    assert_eq!(sizes(&i![Vec::<i64>::new()]), [0, 3, 4]);
    assert_eq!(sizes(&[]), [2, 3, 4]);
}

#[test]
fn every_kind_of_range() {
    let x = numbers(&[6]);
    let read = |index: &[Index]| x.get(index).expect("a range").to_vec().expect("numbers");
    assert_eq!(read(&i![1..3]), [1, 2]);
    assert_eq!(read(&i![1usize..=3]), [1, 2, 3]);
    assert_eq!(read(&i![-2i64..]), [4, 5]);
    assert_eq!(read(&i![..-4]), [0, 1]);
    assert_eq!(read(&i![..=-2]), [0, 1, 2, 3, 4]);
    assert_eq!(read(&i![2..=-1]), [2, 3, 4, 5]);
    assert_eq!(read(&i![4..100]), [4, 5]);
    assert_eq!(read(&i![-100..1]), [0]);
    assert_eq!(read(&i![4..2]), [0; 0]);
    assert_eq!(read(&i![(.., 4)]), [0, 4]);
    assert_eq!(read(&i![(1..6, 2)]), [1, 3, 5]);
    assert_eq!(read(&i![(.., i64::MAX)]), [0]);
    assert_eq!(read(&i![i64::MIN..i64::MAX]), [0, 1, 2, 3, 4, 5]);
    assert_eq!(
        read(&[Span {
            start: None,
            stop: Some(2),
            step: 1
        }
        .into()]),
        [0, 1]
    );
    assert_eq!(read(&[Ellipsis.into()]), read(&i![..]));
}

#[test]
fn what_cannot_be_is_an_error() {
    let x = numbers(&[2, 3]);
    let refused: [&[Index]; 11] = [
        &i![2],
        &i![-3],
        &i![.., i64::MIN],
        &i![0, 0, 0],
        &i![..., ...],
        &i![(.., 0)],
        &i![(.., -1)],
        &i![[0, 2]],
        &i![&tensor![0, 1], &tensor![0, 1, 2]],
        &i![&tensor![true, false, true]],
        &i![&tensor![[true, false]]],
    ];
    for (at, index) in refused.into_iter().enumerate() {
        assert!(x.get(index).is_err(), "case {at}");
        let mut copy = x.clone();
        assert!(copy.fill_at(index, 1).is_err(), "case {at}");
        assert_eq!(copy, x);
    }
    let error = x.get(i![0, 7]).expect_err("outside").to_string();
    assert_eq!(error, "`get`: index 7 is out of range for axis 0 of [3]");
    let mut copy = x.clone();
    let error = copy.set(i![0], &tensor![1, 2]).expect_err("two for three").to_string();
    assert_eq!(error, "`set`: expected values that stretch to [3], found [2]");
}

#[test]
fn basic_indices_copy_nothing() {
    let x = numbers(&[4, 5, 6]);
    for index in [
        &i![1][..],
        &i![.., 2..4],
        &i![..., (.., 2)],
        &i![NewAxis, -1, 1.., NewAxis, 3],
    ] {
        assert!(x.get(index).expect("inside").shares_memory_with(&x));
    }
    assert!(!x.get(i![[1]]).expect("inside").shares_memory_with(&x));
}

#[test]
fn written_in_place_only_where_nobody_sees_it() {
    let mut x = numbers(&[3, 2]);
    let start = x.get(i![..]).expect("a view");
    x.fill_at(i![0], 9).expect("inside");
    assert_eq!(start, numbers(&[3, 2]), "a view keeps what it saw");
    assert!(!x.shares_memory_with(&start));
    let mut column = x.get(i![.., 0]).expect("a view");
    column.fill_at(i![1..], -1).expect("inside");
    assert_eq!(
        (x.to_vec().unwrap(), column.to_vec().unwrap()),
        (vec![9, 9, 2, 3, 4, 5], vec![9, -1, -1])
    );
    // What repeats one element is many of them after a write.
    let mut spread = Tensor::<Dynamic, i64>::from_vec(vec![1], &[1])
        .unwrap()
        .broadcast_to(&[3])
        .unwrap();
    spread.fill_at(i![0], 5).expect("inside");
    assert_eq!(spread.to_vec().unwrap(), [5, 1, 1]);
}

#[test]
fn all_element_types() {
    let index = tensor![1, 1, 0];
    let halves = Tensor::<Dynamic, f16>::from_vec([1., 2.].map(f16::from_f64).to_vec(), &[2]).unwrap();
    assert_eq!(
        halves
            .index_add(0, &index, &halves.get(i![[0, 1, 1]]).unwrap(), f16::from_f64(2.))
            .unwrap()
            .cast::<f32>()
            .to_vec()
            .unwrap(),
        [5., 8.]
    );
    let brains = halves.cast::<bf16>();
    assert_eq!(
        brains
            .scatter_reduce(
                0,
                &index,
                &brains.get(i![&index]).unwrap(),
                ScatterReduction::Mean,
                false
            )
            .unwrap(),
        brains
    );
    let truths = Tensor::<Dynamic, bool>::from_vec(vec![true, false], &[2]).unwrap();
    assert_eq!(
        truths
            .index_put(i![[1, 1]], &tensor![false, true], true)
            .unwrap()
            .to_vec()
            .unwrap(),
        [true, true]
    );
    assert_eq!(
        truths.pad(&[1, 0], Pad::Constant(true)).unwrap().to_vec().unwrap(),
        [true, true, false]
    );
    let bytes = truths.cast::<u8>();
    assert_eq!(bytes.nonzero().unwrap().sizes(), [1, 1]);
    assert_eq!(Tensor::scalar(3i32).nonzero().unwrap().sizes(), [1, 0]);
    assert_eq!(Tensor::scalar(3i32).nonzero_tuple().unwrap().len(), 1);
}

#[test]
fn means_of_whole_numbers_round_down() {
    let x = tensor![0, -3];
    let found = x.scatter_reduce(0, &tensor![1, 1], &tensor![-1, -1], ScatterReduction::Mean, true);
    assert_eq!(found.unwrap(), tensor![0, -2]);
    let alone = x.scatter_reduce(0, &tensor![1, 1], &tensor![4, 3], ScatterReduction::Amin, false);
    assert_eq!(alone.unwrap(), tensor![0, 3]);
}

#[test]
fn borders_that_cannot_be() {
    let x = |sizes: &[usize]| numbers(sizes);
    assert!(x(&[4]).pad(&[1, 1], Pad::Reflect).is_err(), "no axis beside");
    assert!(x(&[1, 4]).pad(&[4, 0], Pad::Reflect).is_err(), "as large as the axis");
    assert!(x(&[1, 4]).pad(&[5, 0], Pad::Circular).is_err(), "more than once around");
    assert_eq!(x(&[1, 4]).pad(&[4, 0], Pad::Circular).unwrap().sizes(), [1, 8]);
    assert_eq!(x(&[1, 4]).pad(&[-4, 0], Pad::Constant(0)).unwrap().sizes(), [1, 0]);
    assert!(x(&[1, 4]).pad(&[-5, 0], Pad::Constant(0)).is_err());
    assert!(x(&[1, 4]).pad(&[-5, 6], Pad::Constant(0)).is_err());
    assert!(x(&[1, 4]).pad(&[-4, 0], Pad::Replicate).is_err(), "nothing left");
    assert!(x(&[1, 3, 0]).pad(&[1, 1], Pad::Replicate).is_err(), "nothing to repeat");
    assert!(x(&[3]).pad(&[1], Pad::Constant(0)).is_err(), "half a pair");
    assert!(
        x(&[3]).pad(&[1, 1, 1, 1], Pad::Constant(0)).is_err(),
        "more axes than there are"
    );
    assert!(x(&[3]).pad(&[isize::MAX, isize::MAX], Pad::Constant(0)).is_err());
    assert_eq!(x(&[]).pad(&[], Pad::Constant(0)).unwrap().sizes(), [0; 0]);
}

#[test]
fn labels_out_of_range() {
    assert!(tensor![1, -1].one_hot(None).is_err());
    assert!(tensor![3].one_hot(Some(3)).is_err());
    assert!(tensor![0].one_hot(Some(0)).is_err());
    assert!(
        Tensor::<Dynamic, i64>::from_vec(vec![], &[0])
            .unwrap()
            .one_hot(None)
            .is_err()
    );
    assert_eq!(
        Tensor::<Dynamic, i64>::from_vec(vec![], &[0])
            .unwrap()
            .one_hot(Some(3))
            .unwrap()
            .sizes(),
        [0, 3]
    );
}

#[test]
fn what_has_no_room_is_an_error() {
    assert!(tensor![i64::MAX].one_hot(None).and_then(|out| out.to_vec()).is_err());
    assert!(
        tensor![i64::MAX, 5]
            .into_dynamic()
            .one_hot(Some(1 << 60))
            .and_then(|out| out.to_vec())
            .is_err()
    );
    assert!(
        numbers(&[2, 3])
            .pad(&[1 << 60, 0], Pad::Constant(0))
            .and_then(|out| out.to_vec())
            .is_err()
    );
    assert!(
        numbers(&[2, 3])
            .pad(&[1 << 61, 1 << 61, 1 << 61, 0], Pad::Constant(0))
            .and_then(|out| out.to_vec())
            .is_err()
    );
}
