//! Elements by their places: gathering, scattering, indexing, and the gradients of views whose elements share places.

use tensor::{Element, Float, bf16, f16};

use super::{Check, in_both_types};
use crate::Chance;
use crate::gpu::check::in_child;
use crate::gpu::sides::{Tolerance, Values, agree, both, device, equal, flip, sure};

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    let mut checks = in_both_types!("places": gradients windows);
    checks.extend([
        Check {
            name: "ops::places::of_every_type",
            run: || {
                of_a_type::<f32>();
                of_a_type::<f64>();
                of_a_type::<f16>();
                of_a_type::<bf16>();
                of_a_type::<i64>();
                of_a_type::<i32>();
                of_a_type::<u8>();
                of_a_type::<bool>();
            },
        },
        // What the device has to report goes to whoever waits for it next.
        Check {
            name: "ops::places::indices_outside",
            run: || drop(in_child("ops::places::indices_outside", &[], indices_outside)),
        },
    ]);
    checks
}

/// Random places below `end`, here and there.
fn index(chance: &mut Chance, sizes: &[usize], end: usize) -> [Values<i64>; 2] {
    let here = chance.labels(sizes, end);
    let there = sure("to", here.to(device()));
    [here, there]
}

fn of_a_type<T: Element>() {
    let mut chance = Chance::new(15);
    let data: Vec<f64> = (0..42).map(|i| f64::from(i % 5)).collect();
    let (x, more) = (both::<T>(&data, &[6, 7]), both::<T>(&data[7..], &[5, 7]));
    for axis in [0, 1] {
        let places = index(&mut chance, &[5, 6], 6);
        equal(
            "gather",
            [0, 1].map(|at| sure("gather", x[at].gather(axis, &places[at]))),
        );
        equal(
            "gather",
            [0, 1].map(|at| sure("gather", flip(&x[at]).gather(axis, &places[at]))),
        );
        equal(
            "scatter",
            [0, 1].map(|at| sure("scatter", x[at].scatter(axis, &places[at], &more[at]))),
        );
        let line = index(&mut chance, &[9], 6);
        equal(
            "index_select",
            [0, 1].map(|at| sure("index_select", x[at].index_select(axis, &line[at]))),
        );
    }
}

fn gradients<T: Float>() {
    let mut chance = Chance::new(16);
    let (x, source) = (chance.normal::<T>(&[5, 8]), chance.normal::<T>(&[4, 8]));
    for axis in [0, 1] {
        let places = chance.labels(&[4, 8], 5);
        let on = |x: &Values<T>| sure("to", places.to(x.device()));
        agree("gather", Tolerance::SUMS, std::slice::from_ref(&x), |inputs| {
            sure("gather", inputs[0].gather(axis, &on(&inputs[0])))
        });
        agree("scatter_add", Tolerance::SUMS, &[x.clone(), source.clone()], |inputs| {
            sure("scatter_add", inputs[0].scatter_add(axis, &on(&inputs[0]), &inputs[1]))
        });
        let line = chance.labels(&[20], 5);
        agree("index_select", Tolerance::SUMS, std::slice::from_ref(&x), |inputs| {
            sure(
                "index_select",
                inputs[0].index_select(axis, &sure("to", line.to(inputs[0].device()))),
            )
        });
    }
    // As many rows as an embedding has, most of them often.
    let many = chance.labels(&[700], 30);
    agree(
        "index_select",
        Tolerance::SUMS,
        &[chance.normal::<T>(&[30, 40])],
        |inputs| {
            sure(
                "index_select",
                inputs[0].index_select(0, &sure("to", many.to(inputs[0].device()))),
            )
        },
    );
}

fn windows<T: Float>() {
    let mut chance = Chance::new(17);
    for (size, step) in [(3, 1), (2, 2), (4, 3), (1, 5)] {
        agree("unfold", Tolerance::SUMS, &[chance.normal::<T>(&[3, 11])], |inputs| {
            sure("unfold", inputs[0].unfold(1, size, step))
        });
        agree("unfold", Tolerance::SUMS, &[chance.normal::<T>(&[11, 3])], |inputs| {
            sure("unfold", inputs[0].unfold(0, size, step))
        });
    }
    agree(
        "as_strided",
        Tolerance::SUMS,
        &[chance.normal::<T>(&[4, 5])],
        |inputs| sure("as_strided", inputs[0].as_strided(&[3, 2, 4], &[2, 0, 1], 1)),
    );
}

/// The device says of an index what the processor says, when something is read.
fn indices_outside() {
    let data = [1.0, 2.0, 3.0];
    let x = both::<f32>(&data, &[3]);
    for wrong in [3.0, -1.0, 1e15] {
        let places = both::<i64>(&[0.0, wrong, 2.0], &[3]);
        type Call = fn(&Values<f32>, &Values<i64>) -> tensor::Result<Values<f32>>;
        let calls: [Call; 3] = [
            |x, places| x.gather(0, places),
            |x, places| x.scatter(0, places, x),
            |x, places| x.scatter_add(0, places, x),
        ];
        for call in calls {
            let [expected, found] = [0, 1].map(|at| {
                let out = call(&x[at], &places[at]).and_then(|out| out.to_vec());
                out.expect_err("no such place").to_string()
            });
            assert_eq!(found, expected);
            // It is said once.
            assert_eq!(sure("to_vec", x[1].to_vec()), [1.0, 2.0, 3.0]);
        }
    }
}
