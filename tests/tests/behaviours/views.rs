//! What is a view and what a copy, what sizes and axes are refused, and how tensors are made.

use tensor::{Dynamic, Element, Indexing, Result, Tensor, bf16};

fn counted(sizes: &[usize]) -> Tensor<Dynamic> {
    let len: usize = sizes.iter().product();
    Tensor::arange(0, len, 1)
        .and_then(|x| x.reshape(sizes))
        .expect("as many numbers")
}

#[test]
fn views_share_memory_and_copies_do_not() {
    let x = counted(&[4, 6]);
    let views: [(&str, Result<Tensor<Dynamic>>); 16] = [
        ("reshape", x.reshape(&[2, -1])),
        ("view", x.view(&[24])),
        ("flatten", x.flatten(0, -1)),
        ("unflatten", x.unflatten(1, &[2, 3])),
        ("unsqueeze", x.unsqueeze(-1)),
        ("transpose", x.transpose(0, 1)),
        ("permute", x.permute(&[1, 0])),
        ("movedim", x.movedim(&[0], &[1])),
        ("expand", x.expand(&[3, -1, -1])),
        ("narrow", x.narrow(1, 2, 3)),
        ("select", x.select(0, -1)),
        ("split", x.split(3, 1).map(|parts| parts[1].clone())),
        ("diagonal", x.diagonal(1, 0, 1)),
        ("unfold", x.unfold(1, 3, 2)),
        ("as_strided", x.as_strided(&[2, 2], &[1, 1], 3)),
        (
            "reshape of a slice",
            x.narrow(0, 1, 2).and_then(|rows| rows.reshape(&[3, 4])),
        ),
    ];
    for (name, view) in views {
        let view = view.expect(name);
        assert!(view.shares_memory_with(&x), "{name} copies");
    }
    let copies = [
        ("reshape", x.transpose(0, 1).and_then(|x| x.reshape(&[24]))),
        ("repeat", x.repeat(&[2, 1])),
        ("tile", x.tile(&[2])),
        ("repeat_interleave", x.repeat_interleave(2, Some(0))),
        ("flip", x.flip(&[0])),
        ("cat", Tensor::cat(&[&x], 0)),
    ];
    for (name, copy) in copies {
        let copy = copy.expect(name);
        assert!(copy.is_contiguous() && !copy.shares_memory_with(&x), "{name} is a view");
    }
    let part = x.narrow(1, 2, 3).expect("columns");
    assert_eq!((part.strides(), part.storage_offset()), (&[6, 1][..], 2));
    assert!(!part.is_contiguous() && part.contiguous().is_contiguous());
}

#[test]
fn a_view_needs_strides_that_allow_it() {
    let x = counted(&[2, 3, 4]).transpose(1, 2).expect("three axes");
    assert_eq!(x.view(&[2, 2, 2, 3]).expect("an axis cut in two").sizes(), [2, 2, 2, 3]);
    assert_eq!(
        x.view(&[2, 12]).expect_err("no strides show it so").to_string(),
        "`view`: expected strides that let [2, 4, 3] be seen as [2, 12] (`reshape` copies where they do not), found strides [12, 1, 4]"
    );
    assert!(x.view_as(&counted(&[2, 12])).is_err() && x.reshape_as(&counted(&[2, 12])).is_ok());
    let error = x.reshape(&[5, -1]).expect_err("24 is not divisible by 5").to_string();
    assert_eq!(
        error,
        "`reshape`: expected sizes of 24 elements, as [2, 4, 3] has, found [5, -1]"
    );
}

#[test]
fn sizes_are_written_in_many_ways() {
    let x = counted(&[6]);
    let (rows, sizes, negative) = (2usize, vec![3usize, 2], [-1i64, 2]);
    assert_eq!(x.reshape(&[rows, 3]).expect("6").sizes(), [2, 3]);
    assert_eq!(x.reshape(&sizes).expect("6").sizes(), [3, 2]);
    assert_eq!(x.reshape(sizes.as_slice()).expect("6").sizes(), [3, 2]);
    assert_eq!(x.reshape(&[2, -1]).expect("6").sizes(), [2, 3]);
    assert_eq!(x.reshape(&negative).expect("6").sizes(), [3, 2]);
    assert_eq!(
        x.narrow(0, 0, 1)
            .and_then(|one| one.reshape(()))
            .expect("1")
            .sizes()
            .len(),
        0
    );
}

#[test]
fn what_does_not_fit_is_refused() {
    let (x, number) = (counted(&[2, 3]), counted(&[1]).reshape(()).expect("one"));
    let ones = |sizes: &[usize]| Tensor::<Dynamic>::ones_of(sizes).expect("room");
    let refused = [
        ("reshape to too many", x.reshape(&[usize::MAX, 2]).is_err()),
        ("unflatten into nothing", x.unflatten(0, ()).is_err()),
        ("permute of one axis twice", x.permute(&[0, 0]).is_err()),
        ("expand to a negative size", x.expand(&[-2, 3]).is_err()),
        ("expand to too many", number.expand(&[usize::MAX, usize::MAX]).is_err()),
        ("repeat fewer axes", x.repeat(&[2]).is_err()),
        ("repeat too often", x.repeat(&[isize::MAX, 4]).is_err()),
        (
            "repeat_interleave too often",
            x.repeat_interleave(usize::MAX, None).is_err(),
        ),
        ("narrow beyond the end", x.narrow(1, 2, usize::MAX).is_err()),
        ("select of nothing", x.select(1, 3).is_err()),
        ("split in nothing", x.split(0, 0).is_err()),
        ("split elsewhere", x.split_sizes(&[usize::MAX, 1, 2], 1).is_err()),
        ("chunk in nothing", x.chunk(0, 0).is_err()),
        ("tensor_split in nothing", x.tensor_split(0, 0).is_err()),
        ("hsplit unevenly", x.hsplit(2).is_err()),
        ("dsplit of a matrix", x.dsplit(1).is_err()),
        ("flip twice", x.flip(&[1, -1]).is_err()),
        ("fliplr of a vector", ones(&[2]).fliplr().is_err()),
        ("roll without shifts", x.roll(&[], &[]).is_err()),
        ("diag_embed far out", ones(&[2]).diag_embed(isize::MIN, 0, 1).is_err()),
        ("unfold without steps", x.unfold(0, 1, 0).is_err()),
        ("unfold too wide", x.unfold(0, 3, 1).is_err()),
        ("as_strided outside", x.as_strided(&[2], &[6], 0).is_err()),
        (
            "as_strided far outside",
            x.as_strided(&[2], &[isize::MAX], usize::MAX).is_err(),
        ),
        ("cat of nothing", Tensor::<Dynamic>::cat(&[], 0).is_err()),
        ("cat of a number", Tensor::cat(&[&number], 0).is_err()),
        ("stack of other sizes", Tensor::stack(&[&x, &number], 0).is_err()),
        (
            "meshgrid of nothing",
            Tensor::<Dynamic>::meshgrid(&[], Indexing::Ij).is_err(),
        ),
        ("cartesian_prod of a matrix", Tensor::cartesian_prod(&[&x]).is_err()),
        ("zeros without room", x.new_zeros(&[usize::MAX, 2]).is_err()),
        ("eye without room", Tensor::<Dynamic>::eye(usize::MAX, 2).is_err()),
        (
            "arange without end",
            Tensor::<Dynamic>::arange(0, f64::INFINITY, 1).is_err(),
        ),
        (
            "arange of too many",
            Tensor::<Dynamic, i64>::arange(i64::MIN, i64::MAX, 1).is_err(),
        ),
        (
            "linspace of too many",
            Tensor::<Dynamic>::linspace(0, 1, usize::MAX).is_err(),
        ),
        (
            "tril_indices of too many",
            Tensor::tril_indices(usize::MAX, 2, 0).is_err(),
        ),
    ];
    for (what, refused) in refused {
        assert!(refused, "{what}");
    }
}

#[test]
fn a_single_number_has_an_axis_to_name() {
    let x = counted(&[1]).reshape(()).expect("one");
    assert_eq!(x.transpose(0, -1).expect("itself").sizes().len(), 0);
    assert_eq!(x.flatten(0, -1).expect("a row").sizes(), [1]);
    assert_eq!(x.squeeze_axis(-1).expect("itself").sizes().len(), 0);
    assert_eq!(x.flip(&[0]).expect("itself").sizes().len(), 0);
    assert_eq!(x.unfold(0, 1, 1).expect("a window").sizes(), [1]);
    assert_eq!(x.repeat_interleave(3, Some(0)).expect("a row").sizes(), [3]);
    assert_eq!(
        [x.atleast_1d(), x.atleast_2d(), x.atleast_3d()].map(|x| x.sizes().len()),
        [1, 2, 3]
    );
    assert!(x.narrow(0, 0, 1).is_err() && x.split(1, 0).is_err() && x.unbind(0).is_err());
}

#[test]
fn pieces() {
    let lengths = |parts: Vec<Tensor<Dynamic>>| parts.iter().map(|part| part.sizes()[0]).collect::<Vec<_>>();
    let x = counted(&[5]);
    assert_eq!(lengths(x.chunk(4, 0).expect("pieces")), [2, 2, 1]);
    assert_eq!(lengths(x.tensor_split(4, 0).expect("pieces")), [2, 1, 1, 1]);
    assert_eq!(
        lengths(x.tensor_split_at(&[-2, 1, 9], 0).expect("pieces")),
        [3, 0, 4, 0]
    );
    assert_eq!(lengths(counted(&[0]).split(2, 0).expect("pieces")), [0]);
    assert_eq!(lengths(counted(&[0]).chunk(3, 0).expect("pieces")), [0, 0, 0]);
    assert_eq!(counted(&[4, 2]).vsplit_at(&[1]).expect("pieces")[1].sizes(), [3, 2]);
    assert_eq!(counted(&[4, 2]).hsplit(2).expect("pieces")[1].sizes(), [4, 1]);
}

/// Operations that only move elements are for all element types.
#[test]
fn every_element_type_moves() {
    fn moves<T: Element>() {
        let x = Tensor::<Dynamic, T>::eye(2, 3).expect("room");
        let column = x.narrow(1, 0, 1).expect("a column");
        let wide = Tensor::cat(&[&x, &column], 1)
            .and_then(|x| x.flip(&[1]))
            .and_then(|x| x.tril(1));
        let numbers: Vec<f64> = wide
            .and_then(|x| x.to_vec())
            .expect("numbers")
            .into_iter()
            .map(T::as_f64)
            .collect();
        assert_eq!(numbers, [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0], "{}", T::DTYPE.name());
        let full = Tensor::<Dynamic, T>::full_of(T::from_i64(1), &[2]).expect("room");
        assert_eq!(
            full.repeat(&[2]).expect("room").to_vec().expect("numbers"),
            [T::from_i64(1); 4]
        );
    }
    moves::<f32>();
    moves::<f64>();
    moves::<tensor::f16>();
    moves::<bf16>();
    moves::<i64>();
    moves::<i32>();
    moves::<u8>();
    moves::<bool>();
}

#[test]
fn rows_of_numbers() {
    let whole =
        |start: i64, end: i64, step: i64| Tensor::<Dynamic, i64>::arange(start, end, step).and_then(|x| x.to_vec());
    let large = i64::MAX - 2;
    assert_eq!(whole(large, i64::MAX, 1).expect("two"), [large, large + 1]);
    assert!(whole(3, 3, -1).expect("none").is_empty());
    let half: Tensor<Dynamic, bf16> = Tensor::arange(0, 2, 0.5).expect("four");
    assert_eq!(half.sizes(), [4]);
    // The second half is counted from the end, which is reached.
    let x = Tensor::<Dynamic, f64>::linspace(0.1, 0.7, 7)
        .and_then(|x| x.to_vec())
        .expect("seven");
    assert_eq!((x[0], x[6]), (0.1, 0.7));
    assert_eq!(
        Tensor::<Dynamic>::linspace(5, 9, 1)
            .and_then(|x| x.to_vec())
            .expect("one"),
        [5.0]
    );
}
