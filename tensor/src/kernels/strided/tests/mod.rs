mod cut;

use tensor_ops::Binary;

use super::*;
use crate::kernels::random::Stream;
use crate::kernels::random::philox::fill_uniform;

/// Small random choices for tests.
pub(crate) struct Dice(Stream, u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Stream::new(seed, 77), 0)
    }
    /// A number below `n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.1 += 1;
        self.0.u32_at(self.1) as usize % n
    }
    pub(crate) fn numbers(&mut self, count: usize) -> Vec<f64> {
        self.1 += 1;
        let mut x = vec![0.0; count];
        fill_uniform(&mut x, -2.0, 2.0, Stream::new(self.1, 5));
        x
    }
}

/// `out = x` in row-major order.
fn copy_from(sizes: &[usize], x: Source<'_, f64>, data: &mut [f64]) {
    let strides: Vec<isize> = (0..sizes.len())
        .map(|axis| loops::row_major_step(sizes, axis))
        .collect();
    let out = Target {
        data,
        offset: 0,
        strides: &strides,
    };
    copy(sizes, x, out);
}

/// `out = x`, which is in row-major order.
fn copy_to(sizes: &[usize], data: &[f64], out: Target<'_, f64>) {
    let strides: Vec<isize> = (0..sizes.len())
        .map(|axis| loops::row_major_step(sizes, axis))
        .collect();
    let x = Source {
        data,
        offset: 0,
        strides: &strides,
    };
    copy(sizes, x, out);
}

/// A random view: sizes are given, strides permuted, broadcast or negative.
pub(crate) struct View {
    pub(crate) data: Vec<f64>,
    pub(crate) offset: usize,
    pub(crate) strides: Vec<isize>,
}

impl View {
    pub(crate) fn random(dice: &mut Dice, sizes: &[usize], broadcast: bool) -> Self {
        let mut order: Vec<usize> = (0..sizes.len()).collect();
        if dice.below(2) == 0 {
            for i in (1..order.len()).rev() {
                order.swap(i, dice.below(i + 1));
            }
        }
        let gap = 1 + dice.below(2) * dice.below(3);
        let (mut strides, mut offset, mut length) = (vec![0isize; sizes.len()], dice.below(3), gap);
        for &axis in order.iter().rev() {
            if broadcast && dice.below(4) == 0 {
                continue;
            }
            strides[axis] = length as isize;
            if dice.below(4) == 0 && sizes[axis] > 0 {
                strides[axis] = -(length as isize);
                offset += (sizes[axis] - 1) * length;
            }
            length *= sizes[axis].max(1);
        }
        Self {
            data: dice.numbers(length + offset + 3),
            offset,
            strides,
        }
    }

    pub(crate) fn source(&self) -> Source<'_, f64> {
        Source {
            data: &self.data,
            offset: self.offset,
            strides: &self.strides,
        }
    }

    pub(crate) fn at(&self, index: &[usize]) -> f64 {
        self.data[position(self.offset, &self.strides, index)]
    }
}

fn position(offset: usize, strides: &[isize], index: &[usize]) -> usize {
    index
        .iter()
        .zip(strides)
        .fold(offset as isize, |at, (&i, &stride)| at + i as isize * stride) as usize
}

/// All indices in row-major order.
pub(crate) fn indices(sizes: &[usize]) -> Vec<Vec<usize>> {
    sizes.iter().fold(vec![vec![]], |all, &size| {
        all.iter()
            .flat_map(|index| (0..size).map(move |i| [&index[..], &[i]].concat()))
            .collect()
    })
}

pub(crate) fn random_sizes(dice: &mut Dice, most_axes: usize) -> Vec<usize> {
    (0..dice.below(most_axes + 1))
        .map(|_| [0, 1, 2, 3, 5, 7, 20, 33][dice.below(8)])
        .collect()
}

#[test]
fn copies_go_both_ways() {
    let mut dice = Dice::new(1);
    for _ in 0..if cfg!(miri) { 5 } else { 300 } {
        let sizes = random_sizes(&mut dice, 4);
        let view = View::random(&mut dice, &sizes, true);
        let all = indices(&sizes);
        let mut out = vec![0.0; all.len()];
        copy_from(&sizes, view.source(), &mut out);
        assert!(all.iter().zip(&out).all(|(index, &out)| out == view.at(index)));

        let mut target = View::random(&mut dice, &sizes, false);
        let (offset, strides) = (target.offset, target.strides.clone());
        copy_to(
            &sizes,
            &out,
            Target {
                data: &mut target.data,
                offset,
                strides: &strides,
            },
        );
        assert!(all.iter().zip(&out).all(|(index, &out)| out == target.at(index)));
        fill(
            &sizes,
            9.0,
            Target {
                data: &mut target.data,
                offset,
                strides: &strides,
            },
        );
        assert!(all.iter().all(|index| target.at(index) == 9.0));
        copy(
            &sizes,
            view.source(),
            Target {
                data: &mut target.data,
                offset,
                strides: &strides,
            },
        );
        assert!(all.iter().all(|index| target.at(index) == view.at(index)));
    }
}

#[test]
fn large_copies() {
    let mut dice = Dice::new(2);
    for (sizes, strides) in [
        ([300, 500], [1, 300]),
        ([300, 500], [500, 1]),
        ([500, 300], [-300, 1]),
        ([500, 300], [0, 2]),
    ] {
        let data = dice.numbers(300 * 500 + 300);
        let view = View {
            data,
            offset: if strides[0] < 0 { 499 * 300 } else { 0 },
            strides: strides.to_vec(),
        };
        let mut out = vec![0.0; 300 * 500];
        copy_from(&sizes, view.source(), &mut out);
        assert!(
            indices(&sizes)
                .iter()
                .zip(&out)
                .all(|(index, &out)| out == view.at(index))
        );
    }
}

#[test]
fn more_axes_than_the_stack_holds() {
    let sizes = [1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 2, 1, 2, 1];
    let mut dice = Dice::new(3);
    let view = View::random(&mut dice, &sizes, false);
    let mut out = vec![0.0; 256];
    copy_from(&sizes, view.source(), &mut out);
    assert!(
        indices(&sizes)
            .iter()
            .zip(&out)
            .all(|(index, &out)| out == view.at(index))
    );
}

const BINARY: [Binary; 7] = [
    Binary::Add,
    Binary::Sub,
    Binary::Mul,
    Binary::Div,
    Binary::Pow,
    Binary::Maximum,
    Binary::Minimum,
];

fn naive(op: Binary, a: f64, b: f64) -> f64 {
    match op {
        Binary::Add => a + b,
        Binary::Sub => a - b,
        Binary::Mul => a * b,
        Binary::Div => a / b,
        Binary::Pow => a.powf(b),
        Binary::Maximum => {
            if a.is_nan() || a > b {
                a
            } else {
                b
            }
        }
        Binary::Minimum => {
            if a.is_nan() || a < b {
                a
            } else {
                b
            }
        }
    }
}

fn same(a: f64, b: f64, tolerance: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= tolerance * b.abs().max(1.0)
}

#[test]
fn binary_of_views() {
    let mut dice = Dice::new(5);
    for round in 0..if cfg!(miri) { 7 } else { 400 } {
        let op = BINARY[round % 7];
        let sizes = if round < 380 {
            random_sizes(&mut dice, 4)
        } else {
            vec![40_000]
        };
        let (a, b) = (
            View::random(&mut dice, &sizes, true),
            View::random(&mut dice, &sizes, true),
        );
        let mut out = vec![0.0; sizes.iter().product()];
        binary(op, &sizes, a.source(), b.source(), &mut out);
        for (index, &out) in indices(&sizes).iter().zip(&out) {
            assert!(same(out, naive(op, a.at(index), b.at(index)), 0.0), "{op:?}");
        }
    }
}

#[test]
#[should_panic(expected = "reaches outside its data")]
fn a_view_stays_inside_its_data() {
    copy_from(
        &[2, 2],
        Source {
            data: &[1.0; 3],
            offset: 0,
            strides: &[2, 1],
        },
        &mut [0.0; 4],
    );
}
