//! Operations on sizes, parts and joins of tensors.

use tensor::{Indexing, Tensor};
use tests::Chance;
use tests::differences::{Values, check};

type Function = fn(&Values) -> tensor::Result<Values>;

/// Sizes of 1 and 0 among those of ordinary ones, all divisible by nothing in particular.
const SIZES: [[usize; 3]; 4] = [[2, 3, 4], [1, 1, 1], [3, 0, 2], [5, 2, 1]];

#[test]
fn of_one_tensor() {
    let functions: &[(&str, Function)] = &[
        ("flatten", |x| x.flatten(0, 1)),
        ("unsqueeze and squeeze", |x| x.unsqueeze(1)?.squeeze_axes(&[1, -1])),
        ("permute", |x| x.permute(&[2, 0, 1])),
        ("movedim", |x| x.movedim(&[0, 1], &[2, 0])),
        ("expand", |x| x.unsqueeze(1)?.expand(&[-1, 3, -1, -1])),
        ("repeat", |x| x.repeat(&[2, 1, 3, 2])),
        ("tile", |x| x.tile(&[2])),
        ("repeat_interleave", |x| x.repeat_interleave(3, Some(1))),
        ("repeat_interleave in a row", |x| x.repeat_interleave(2, None)),
        ("narrow", |x| x.narrow(0, -1, 1)),
        ("select", |x| x.select(0, -1)),
        ("chunk", |x| Ok(x.chunk(2, 2)?.remove(0))),
        ("tensor_split_at", |x| Ok(x.tensor_split_at(&[1, -1, 1], 2)?.remove(3))),
        ("flip", |x| x.flip(&[0, 2])),
        ("roll", |x| x.roll(&[1, -5], &[0, 2])),
        ("rot90", |x| x.rot90(1, [0, 2])),
        ("rot90 backwards", |x| x.rot90(-1, [0, 1])),
        ("diagonal", |x| x.diagonal(-1, 0, 2)),
        ("diag_embed", |x| x.diag_embed(1, 0, -1)),
        ("diagflat", |x| x.diagflat(-2)),
        ("tril", |x| x.tril(-1)),
        ("triu", |x| x.triu(1)),
        ("unfold", |x| x.unfold(0, 1, 2)),
        ("unfold of a view", |x| x.transpose(0, 2)?.unfold(2, 1, 1)),
        ("as_strided", |x| {
            x.transpose(0, 1)?.as_strided(&[x.len().min(1), 3], &[1, 0], 0)
        }),
        ("combinations", |x| x.ravel().combinations(2, true)),
        ("vander", |x| x.ravel().vander(3, false)),
    ];
    let mut chance = Chance::new(11);
    for (name, function) in functions {
        for sizes in SIZES {
            let x = chance.normal(&sizes);
            check(&format!("{name} of {sizes:?}"), &[x], |inputs| {
                function(&inputs[0]).expect(name).sin()
            });
        }
    }
}

#[test]
fn of_overlapping_windows() {
    let mut chance = Chance::new(12);
    check("unfold", &[chance.normal(&[7, 2])], |inputs| {
        inputs[0].unfold(0, 3, 2).expect("windows").sin()
    });
    check("as_strided", &[chance.normal(&[3, 3])], |inputs| {
        inputs[0].as_strided(&[3, 4], &[2, 1], 1).expect("places inside").sin()
    });
}

#[test]
fn of_several_tensors() {
    let mut chance = Chance::new(13);
    let parts: Vec<Values> = [[2, 3], [2, 0], [2, 1]]
        .iter()
        .map(|sizes| chance.normal(sizes))
        .collect();
    check("cat", &parts, |x| {
        let empty = Tensor::from(Vec::new());
        Tensor::cat(&[&x[0], &empty, &x[1], &x[2], &x[0]], 1)
            .expect("rows of 2")
            .sin()
    });
    let parts: Vec<Values> = (0..3).map(|_| chance.normal(&[2, 3])).collect();
    for axis in [0, 1, -1] {
        check("stack", &parts, |x| {
            Tensor::stack(&[&x[0], &x[1], &x[2]], axis).expect("equal sizes").sin()
        });
    }
    type Join = fn(&[&Values]) -> tensor::Result<Values>;
    let joins: [(&str, Join); 5] = [
        ("hstack", Tensor::hstack),
        ("vstack", Tensor::vstack),
        ("dstack", Tensor::dstack),
        ("column_stack", Tensor::column_stack),
        ("block_diag", Tensor::block_diag),
    ];
    for (name, join) in joins {
        check(name, &parts, |x| join(&[&x[0], &x[1], &x[2]]).expect(name).sin());
    }
    let vectors = [chance.normal(&[2]), chance.normal(&[3])];
    check("cartesian_prod", &vectors, |x| {
        Tensor::cartesian_prod(&[&x[0], &x[1]]).expect("vectors").sin()
    });
    check("meshgrid", &vectors, |x| {
        let grids = Tensor::meshgrid(&[&x[0], &x[1]], Indexing::Xy).expect("vectors");
        grids[0].sin().mul(&grids[1]).expect("equal sizes")
    });
}
