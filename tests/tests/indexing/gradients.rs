//! Gradients of reading and writing, against finite differences.

use tensor::autograd::{Tolerance, gradgradcheck};
use tensor::prelude::*;
use tensor::{Pad, ScatterReduction};
use tests::Chance;
use tests::differences::check;

#[test]
fn reading() {
    let mut chance = Chance::new(11);
    let two = tensor![0, 2];
    let indices: [&[Index]; 8] = [
        &i![1],
        &i![.., -1, NewAxis],
        &i![..., (1.., 2)],
        &i![[1, 1, 0]],
        &i![.., &two, &two],
        &i![[0, 1], .., &two],
        &i![&tensor![true, false]],
        &i![.., 0..0],
    ];
    for index in indices {
        let x = chance.normal::<f64>(&[2, 3, 4]);
        check("get", &[x], |inputs| inputs[0].get(index).expect("inside").square());
    }
}

#[test]
fn writing() {
    let mut chance = Chance::new(12);
    let cases: [(&[Index], &[usize]); 5] = [
        (&i![1], &[3]),
        (&i![.., (.., 2)], &[2, 1]),
        (&i![[1, 0], 2], &[2]),
        (&i![.., [0, 2]], &[]),
        (&i![&tensor![[true, false, true], [false, false, true]]], &[3]),
    ];
    for (index, sizes) in cases {
        for accumulate in [false, true] {
            let inputs = [chance.normal::<f64>(&[2, 3]), chance.normal::<f64>(sizes)];
            check("index_put", &inputs, |inputs| {
                inputs[0]
                    .index_put(index, &inputs[1], accumulate)
                    .expect("inside")
                    .sin()
            });
            check("set", &inputs, |inputs| {
                let mut x = inputs[0].exp();
                match accumulate {
                    true => x.add_at(index, &inputs[1]),
                    false => x.set(index, &inputs[1]),
                }
                .expect("inside");
                x.sin()
            });
        }
    }
    let inputs = [chance.normal::<f64>(&[2, 3])];
    check("add_at twice", &inputs, |inputs| {
        inputs[0]
            .index_put(i![[0, 0]], &inputs[0].square(), true)
            .expect("inside")
    });
}

#[test]
fn a_leaf_that_is_written_without_recording_stays_one() {
    let mut x = tensor![1., 2.].requires_grad();
    no_grad(|| x.fill_at(i![0], 5.)).expect("inside");
    (&x * &x).sum().backward();
    assert_eq!(x.grad().expect("a gradient"), tensor![10., 4.]);
}

#[test]
fn by_places() {
    let mut chance = Chance::new(13);
    let index = tensor![[0, 2, 2], [1, 1, 0]];
    let line = tensor![2, 0, 2];
    let x = [chance.normal::<f64>(&[3, 3])];
    check("gather", &x, |inputs| {
        inputs[0].gather(0, &index).expect("inside").into_dynamic().square()
    });
    check("take", &x, |inputs| {
        inputs[0]
            .take(&tensor![8, -1, 0])
            .expect("inside")
            .into_dynamic()
            .square()
    });
    check("index_select", &x, |inputs| {
        inputs[0].index_select(1, &line).expect("inside").square()
    });
    check("take_along_dim", &x, |inputs| {
        inputs[0]
            .take_along_dim(&tensor![[1, 2]], Some(1))
            .expect("inside")
            .square()
    });
    let pair = [chance.normal::<f64>(&[3, 3]), chance.normal::<f64>(&[3, 3])];
    check("index_add", &pair, |inputs| {
        inputs[0].index_add(1, &line, &inputs[1], -2.).expect("inside").square()
    });
    check("index_copy", &pair, |inputs| {
        inputs[0]
            .index_copy(0, &tensor![2, 0, 1], &inputs[1])
            .expect("inside")
            .square()
    });
    check("scatter", &pair, |inputs| {
        inputs[0]
            .scatter(1, &tensor![[1, 0], [0, 2]], &inputs[1])
            .expect("inside")
            .square()
    });
    check("put", &pair, |inputs| {
        inputs[0]
            .put(&tensor![4, -1], &inputs[1].get(i![0, ..2]).expect("inside"), true)
            .expect("inside")
            .square()
    });
    for reduction in [
        ScatterReduction::Sum,
        ScatterReduction::Prod,
        ScatterReduction::Mean,
        ScatterReduction::Amax,
        ScatterReduction::Amin,
    ] {
        for include_self in [false, true] {
            check("scatter_reduce", &pair, |inputs| {
                inputs[0]
                    .scatter_reduce(0, &index, &inputs[1], reduction, include_self)
                    .expect("inside")
                    .square()
            });
            check("index_reduce", &pair, |inputs| {
                inputs[0]
                    .index_reduce(1, &line, &inputs[1], reduction, include_self)
                    .expect("inside")
                    .square()
            });
        }
    }
}

#[test]
fn products_with_zeros() {
    let x = Tensor::<Dynamic, f64>::from_vec(vec![0., 2., 3.], &[3]).unwrap();
    let source = Tensor::<Dynamic, f64>::from_vec(vec![5., 0., 0., 0., 4.], &[5]).unwrap();
    check("scatter_reduce of zeros", &[x, source], |inputs| {
        let index = tensor![0, 1, 2, 2, 2];
        inputs[0]
            .scatter_reduce(0, &index, &inputs[1], ScatterReduction::Prod, true)
            .expect("inside")
    });
}

#[test]
fn masks_and_borders() {
    let mut chance = Chance::new(14);
    let mask = tensor![[true], [false]];
    let pair = [chance.normal::<f64>(&[2, 3]), chance.normal::<f64>(&[])];
    check("masked_fill", &pair, |inputs| {
        inputs[0].masked_fill(&mask, &inputs[1]).expect("fits").square()
    });
    check("masked_select", &pair[..1], |inputs| {
        inputs[0].masked_select(&mask).expect("fits").square()
    });
    let pair = [chance.normal::<f64>(&[2, 3]), chance.normal::<f64>(&[4])];
    check("masked_scatter", &pair, |inputs| {
        inputs[0].masked_scatter(&mask, &inputs[1]).expect("fits").square()
    });
    let x = [chance.normal::<f64>(&[2, 3, 4])];
    for with in [Pad::Constant(2.), Pad::Reflect, Pad::Replicate, Pad::Circular] {
        check("pad", &x, |inputs| {
            inputs[0]
                .pad(&[2, -1, -1, 2], with)
                .or_else(|_| inputs[0].pad(&[2, -1, -1, 1], with))
                .expect("fits")
                .square()
        });
    }
}

#[test]
fn second_derivatives() {
    let mut chance = Chance::new(15);
    let (x, y) = (chance.normal::<f64>(&[2, 3]), chance.normal::<f64>(&[2, 3]));
    let index = tensor![[0, 1, 1], [1, 1, 0]];
    let checked = |what: &str, function: &dyn Fn(&[Tensor<Dynamic, f64>]) -> tensor::Result<Tensor<Dynamic, f64>>| {
        gradgradcheck(function, &[&x, &y], Tolerance::default()).unwrap_or_else(|error| panic!("{what}: {error}"));
    };
    checked("get", &|at| at[0].mul(&at[1])?.get(i![[1, 0], [0, 0]]));
    checked("index_put", &|at| {
        Ok(at[0]
            .square()
            .index_put(i![.., [0, 2]], &at[1].get(i![.., 1..])?.square(), false)?
            .square())
    });
    for reduction in [ScatterReduction::Prod, ScatterReduction::Mean, ScatterReduction::Amax] {
        checked("scatter_reduce", &|at| {
            Ok(at[0].scatter_reduce(0, &index, &at[1], reduction, true)?.square())
        });
    }
    checked("pad", &|at| at[0].mul(&at[1])?.square().pad(&[2, 1], Pad::Reflect));
    checked("masked_fill", &|at| {
        Ok(at[0]
            .square()
            .masked_fill(&tensor![true, false, true], &at[1].sum())?
            .square())
    });
}
