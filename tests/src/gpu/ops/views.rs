//! Operations that only look at the same elements in another way, copies of views, and what makes tensors.

use tensor::{Element, Float, Tensor};

use super::{Check, in_both_types};
use crate::Chance;
use crate::gpu::sides::{Tolerance, agree, device, numbers, same, sure, values};

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    let mut checks = in_both_types!("views": reshape transpose broadcast_to copies_of_views large_copies filled);
    checks.push(Check {
        name: "ops::views::views_of_integers",
        run: views_of_integers,
    });
    checks
}

fn reshape<T: Float>() {
    let mut chance = Chance::new(1);
    let pairs: &[(&[usize], &[usize])] = &[
        (&[], &[1]),
        (&[1], &[]),
        (&[6], &[2, 3]),
        (&[2, 3, 4], &[4, 6]),
        (&[0, 3], &[2, 0, 5]),
        (&[1, 5], &[5, 1, 1]),
    ];
    for (from, to) in pairs {
        agree("reshape", Tolerance::NONE, &[chance.normal::<T>(from)], |inputs| {
            inputs[0].reshape(*to).expect("as many elements")
        });
    }
    agree(
        "reshape of a transpose",
        Tolerance::NONE,
        &[chance.normal::<T>(&[2, 3, 4])],
        |inputs| {
            let flipped = inputs[0].transpose(0, 2).expect("three axes");
            flipped.reshape(&[6, 4]).expect("as many elements")
        },
    );
}

fn transpose<T: Float>() {
    let mut chance = Chance::new(2);
    for rank in 1..=5_usize {
        let sizes = chance.sizes(rank);
        for a in 0..rank as isize {
            for b in -(rank as isize)..0 {
                agree("transpose", Tolerance::NONE, &[chance.normal::<T>(&sizes)], |inputs| {
                    inputs[0].transpose(a, b).expect("two axes")
                });
            }
        }
    }
}

fn broadcast_to<T: Float>() {
    let mut chance = Chance::new(3);
    let pairs: &[(&[usize], &[usize])] = &[
        (&[], &[3]),
        (&[], &[0]),
        (&[3], &[2, 3]),
        (&[1], &[4]),
        (&[2, 1], &[2, 3]),
        (&[1, 3], &[5, 2, 3]),
        (&[1, 1], &[0, 2]),
        (&[33, 1, 17], &[33, 40, 17]),
    ];
    for (from, to) in pairs {
        agree("broadcast_to", Tolerance::SUMS, &[chance.normal::<T>(from)], |inputs| {
            inputs[0].broadcast_to(*to).expect("sizes that stretch")
        });
    }
}

fn copies_of_views<T: Float>() {
    let mut chance = Chance::new(4);
    for rank in 2..=6_usize {
        let sizes = chance.sizes(rank);
        agree("contiguous", Tolerance::NONE, &[chance.normal::<T>(&sizes)], |inputs| {
            // Every axis ends somewhere else.
            let moved = (0..rank as isize - 1).try_fold(inputs[0].clone(), |x, axis| x.transpose(axis, axis + 1));
            moved.expect("axes of the tensor").contiguous()
        });
    }
}

/// Past the tiles in which a transpose is copied.
fn large_copies<T: Float>() {
    let mut chance = Chance::new(5);
    for sizes in [
        &[131, 67][..],
        &[32, 33],
        &[1, 300],
        &[5, 40, 41],
        &[70, 3, 35],
        &[33, 5, 34],
    ] {
        agree("contiguous", Tolerance::NONE, &[chance.normal::<T>(sizes)], |inputs| {
            inputs[0].transpose(0, -1).expect("two axes or more").contiguous()
        });
        agree("contiguous", Tolerance::NONE, &[chance.normal::<T>(sizes)], |inputs| {
            inputs[0].transpose(-2, -1).expect("two axes or more").contiguous()
        });
    }
}

fn views_of_integers() {
    let data: Vec<i64> = (0..60).map(|number| (number - 30) * ((1 << 58) + 1)).collect();
    let x = Tensor::<tensor::Dynamic, i64>::from_vec(data, &[3, 4, 5]).expect("60 numbers");
    let there = sure("integers", x.to(device()));
    for (a, b) in [(0, 1), (0, 2), (1, 2)] {
        let flip = |x: &Tensor<tensor::Dynamic, i64>| x.transpose(a, b).expect("three axes");
        let (found, expected) = (flip(&there), flip(&x));
        assert_eq!(found.to_vec().expect("integers"), expected.to_vec().expect("integers"));
        let (found, expected) = (found.contiguous(), expected.contiguous());
        assert_eq!(found.device(), device());
        assert_eq!(found.to_vec().expect("integers"), expected.to_vec().expect("integers"));
    }
    let repeated = there.reshape(&[1, 60]).and_then(|row| row.broadcast_to(&[2, 60]));
    let expected = x.reshape(&[1, 60]).and_then(|row| row.broadcast_to(&[2, 60]));
    assert_eq!(
        repeated.expect("sizes that stretch"),
        expected.expect("sizes that stretch")
    );
}

fn filled<T: Float>() {
    for sizes in [&[][..], &[0], &[1], &[3, 5], &[1031]] {
        same::<T>("full_like", Tolerance::NONE, |device| {
            let x = values::<T>(&vec![1.5; sizes.iter().product()], sizes);
            let x = sure("to", x.to(device));
            let all = [
                ("data", &x),
                ("2/3", &x.full_like(Element::from_f64(2.0 / 3.0))),
                ("0", &x.zeros_like()),
                ("1", &x.ones_like()),
            ];
            assert!(all.iter().all(|(_, x)| x.device() == device && x.sizes() == sizes));
            all.map(|(name, x)| (name.to_owned(), numbers("full_like", x))).into()
        });
        // Not every integer is a double.
        for integer in [i64::MAX, i64::MIN, (1 << 53) + 1, -7] {
            let data = vec![0; sizes.iter().product()];
            let x = sure("on", Tensor::<tensor::Dynamic, i64>::on(device(), &data, sizes));
            assert_eq!(
                sure("full_like", x.full_like(integer).to_vec()),
                vec![integer; data.len()]
            );
        }
    }
}
