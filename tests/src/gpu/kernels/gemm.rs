//! Matrix products.

use gpu_kernels::{Code, Epilogue, Float, Operand, Ptr, Step, Tiles};

use super::placed::{Placed, tolerance, wide};
use crate::Chance;
use crate::gpu::naive::{assert_near, numbers};
use crate::gpu::{Check, gpu};

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    vec![
        Check {
            name: "kernels::gemm::random_products",
            run: || {
                random_products::<f32>();
                random_products::<f64>();
            },
        },
        Check {
            name: "kernels::gemm::every_tile_of_every_layout",
            run: || {
                every_tile_of_every_layout::<f32>();
                every_tile_of_every_layout::<f64>();
            },
        },
        Check {
            name: "kernels::gemm::few_rows_or_columns",
            run: || {
                few_rows_or_columns::<f32>();
                few_rows_or_columns::<f64>();
            },
        },
        Check {
            name: "kernels::gemm::every_activation",
            run: || {
                every_activation::<f32>();
                every_activation::<f64>();
            },
        },
        Check {
            name: "kernels::gemm::long_sums_of_few_elements",
            run: || {
                long_sums_of_few_elements::<f32>();
                long_sums_of_few_elements::<f64>();
            },
        },
        Check {
            name: "kernels::gemm::what_is_beside_stays_out",
            run: what_is_beside_stays_out,
        },
    ]
}

/// A matrix in memory of its own.
#[derive(Debug)]
struct Matrix<T> {
    memory: Placed<T>,
    data: Vec<f64>,
    row: usize,
    col: usize,
}

/// How a matrix lies.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Lie {
    /// Row by row, with so many elements between.
    Rows(usize),
    /// Column by column, with so many between.
    Columns(usize),
    /// No neighbours anywhere.
    Apart,
}

const LIES: [Lie; 5] = [Lie::Rows(0), Lie::Columns(0), Lie::Rows(3), Lie::Columns(4), Lie::Apart];

impl<T: Float> Matrix<T> {
    fn random(chance: &mut Chance, rows: usize, cols: usize, lie: Lie, shift: usize) -> Self {
        let (row, col) = match lie {
            Lie::Rows(gap) => (cols + gap, 1),
            Lie::Columns(gap) => (1, rows + gap),
            Lie::Apart => (2 * cols + 1, 2),
        };
        let len = if rows * cols == 0 {
            0
        } else {
            (rows - 1) * row + (cols - 1) * col + 1
        };
        // What is between the elements must not be taken for one of them.
        let mut data = vec![T::from_f64(f64::NAN); len];
        for i in 0..rows {
            for (j, x) in numbers::<T>(chance, cols).into_iter().enumerate() {
                data[i * row + j * col] = x;
            }
        }
        Self {
            memory: Placed::new(&data, shift),
            data: wide(&data),
            row,
            col,
        }
    }

    fn operand(&self) -> Operand<T> {
        Operand {
            ptr: self.memory.ptr(),
            row: self.row,
            col: self.col,
        }
    }

    fn at(&self, i: usize, j: usize) -> f64 {
        self.data[i * self.row + j * self.col]
    }
}

/// The operation on one number, in double precision.
fn activated(step: &Step, x: f64) -> f64 {
    let normal = |x: f64| 0.5 * (1.0 + erf(x / std::f64::consts::SQRT_2));
    match step.code {
        Code::Relu => x.max(0.0),
        Code::LeakyRelu => {
            if x > 0.0 {
                x
            } else {
                x * step.a
            }
        }
        Code::Tanh => x.tanh(),
        Code::Sigmoid => 1.0 / (1.0 + (-x).exp()),
        Code::Gelu => x * normal(x),
        Code::GeluTanh => {
            let angle = 0.797_884_560_802_865_4 * (x + 0.044_715 * x * x * x);
            0.5 * x * (1.0 + angle.tanh())
        }
        Code::Silu => x / (1.0 + (-x).exp()),
        Code::Elu => {
            if x > 0.0 {
                x
            } else {
                step.a * x.exp_m1()
            }
        }
        Code::Softplus => {
            if x * step.a > step.b {
                x
            } else {
                (x * step.a).exp().ln_1p() / step.a
            }
        }
        Code::Affine => x * step.a + step.b,
        Code::Sin => x.sin(),
        code => unreachable!("{code:?} is not among the steps of these checks"),
    }
}

/// The error function, by its series and its continued fraction (Abramowitz and Stegun, 7.1.6 and 7.1.14).
fn erf(x: f64) -> f64 {
    let y = x.abs();
    let value = if y < 3.0 {
        let (mut term, mut sum) = (y, y);
        for n in 1..200 {
            term *= 2.0 * y * y / (2 * n + 1) as f64;
            sum += term;
        }
        sum * (-y * y).exp() * std::f64::consts::FRAC_2_SQRT_PI
    } else {
        let tail = (1..100).rev().fold(y, |tail, n| y + n as f64 / 2.0 / tail);
        1.0 - (-y * y).exp() / (tail * std::f64::consts::PI.sqrt())
    };
    value.copysign(x)
}

/// The steps that follow products here: all that the kernels know themselves, and two that they do not.
fn steps() -> [Step; 11] {
    [
        Step::new(Code::Relu, 0.0, 0.0),
        Step::new(Code::LeakyRelu, 0.25, 0.0),
        Step::new(Code::Tanh, 0.0, 0.0),
        Step::new(Code::Sigmoid, 0.0, 0.0),
        Step::new(Code::Gelu, 0.0, 0.0),
        Step::new(Code::GeluTanh, 0.0, 0.0),
        Step::new(Code::Silu, 0.0, 0.0),
        Step::new(Code::Elu, 1.5, 0.0),
        Step::new(Code::Softplus, 2.0, 20.0),
        Step::new(Code::Affine, -2.0, 0.5),
        Step::new(Code::Sin, 0.0, 0.0),
    ]
}

/// A product to check.
#[derive(Clone, Copy, Debug)]
struct Case {
    sizes: [usize; 3],
    lies: [Lie; 2],
    /// Elements between an aligned address and each of `a`, `b` and everything of the result.
    shifts: [usize; 3],
    accumulate: bool,
    bias: bool,
    pre: bool,
    activation: Option<Step>,
    /// Tiles and parts, or what the launcher chooses.
    by: Option<(Tiles, usize)>,
}

impl Case {
    fn plain(m: usize, n: usize, k: usize) -> Self {
        Self {
            sizes: [m, n, k],
            lies: [Lie::Rows(0); 2],
            shifts: [0; 3],
            accumulate: false,
            bias: false,
            pre: false,
            activation: None,
            by: None,
        }
    }

    fn check<T: Float>(self, chance: &mut Chance) {
        let [m, n, k] = self.sizes;
        let [a_shift, b_shift, shift] = self.shifts;
        let a = Matrix::<T>::random(chance, m, k, self.lies[0], a_shift);
        let b = Matrix::<T>::random(chance, k, n, self.lies[1], b_shift);
        let before = numbers::<T>(chance, m * n);
        let biases = numbers::<T>(chance, n);
        let bias = Placed::new(&biases, shift);
        let run = || {
            let out = if self.accumulate {
                Placed::new(&before, shift)
            } else {
                Placed::filled_with_nan(m * n, shift)
            };
            let pre = Placed::filled_with_nan(m * n, shift);
            let epilogue = Epilogue {
                bias: self.bias.then(|| bias.ptr()),
                pre: self.pre.then(|| pre.ptr()),
                activation: self.activation,
            };
            let (a, b, to, accumulate) = (a.operand(), b.operand(), out.ptr(), self.accumulate);
            // SAFETY: the matrices are of these sizes and steps.
            let result = unsafe {
                match self.by {
                    Some((tiles, parts)) => gpu().gemm_by_tiles(tiles, parts, a, b, to, m, n, k, accumulate, epilogue),
                    None => gpu().gemm(a, b, to, m, n, k, accumulate, epilogue),
                }
            };
            result.expect("a launch");
            (out.read(), pre.read())
        };
        let (out, pre) = run();

        let element = |index: usize| {
            let (i, j) = (index / n, index % n);
            let sum: f64 = (0..k).map(|k| a.at(i, k) * b.at(k, j)).sum();
            let sum = if self.accumulate {
                sum + before[index].as_f64()
            } else {
                sum
            };
            if self.bias { sum + biases[j].as_f64() } else { sum }
        };
        let values: Vec<f64> = (0..m * n).map(element).collect();
        // Each of k additions rounds a sum of products of numbers below 2.
        let near = tolerance::<T>(2e-7, 4e-16) * (k + 10) as f64;
        let what = format!("{self:?}");
        if self.pre {
            assert_near(&pre, &values, near, &what);
        } else {
            assert!(
                pre.iter().all(|x| x.as_f64().is_nan()),
                "{what}: a value nobody asked for"
            );
        }
        let of = |x: &f64| self.activation.map_or(*x, |step| activated(&step, *x));
        assert_near(&out, &values.iter().map(of).collect::<Vec<_>>(), 2.0 * near, &what);

        let bits = |x: &[T]| x.iter().map(|x| x.bits()).collect::<Vec<_>>();
        assert_eq!(bits(&out), bits(&run().0), "{what}: other bits the second time");
    }
}

/// Around threads, warps and tiles.
const SIZES: [usize; 17] = [1, 2, 3, 4, 7, 8, 9, 16, 31, 32, 33, 60, 64, 65, 127, 128, 129];

fn random_products<T: Float>() {
    let chance = &mut Chance::new(1);
    for _ in 0..150 {
        let sizes = [(); 3].map(|()| if chance.once_in(25) { 0 } else { *chance.one_of(&SIZES) });
        Case {
            sizes,
            lies: [(); 2].map(|()| *chance.one_of(&LIES)),
            shifts: [(); 3].map(|()| *chance.one_of(&[0, 0, 0, 1, 4])),
            accumulate: chance.once_in(2),
            bias: chance.once_in(2),
            pre: chance.once_in(3),
            activation: chance.once_in(2).then(|| *chance.one_of(&steps())),
            by: None,
        }
        .check::<T>(chance);
    }
}

fn every_tile_of_every_layout<T: Float>() {
    let chance = &mut Chance::new(2);
    for tiles in [Tiles::Large, Tiles::Small] {
        for a in LIES {
            for b in LIES {
                // Once with room for 16 bytes at a time everywhere, once not.
                for sizes in [[132, 140, 84], [131, 67, 37]] {
                    Case {
                        lies: [a, b],
                        shifts: if chance.once_in(4) { [1; 3] } else { [0; 3] },
                        accumulate: chance.once_in(2),
                        bias: chance.once_in(2),
                        pre: chance.once_in(2),
                        activation: chance.once_in(2).then(|| *chance.one_of(&steps())),
                        by: Some((tiles, if chance.once_in(2) { 2 } else { 1 })),
                        ..Case::plain(sizes[0], sizes[1], sizes[2])
                    }
                    .check::<T>(chance);
                }
            }
        }
    }
}

fn few_rows_or_columns<T: Float>() {
    let chance = &mut Chance::new(3);
    let lies = [LIES.as_slice(), &[Lie::Columns(3)]].concat();
    for few in 1..=8 {
        for many in [1, 2, 31, 33, 70] {
            for k in [0, 1, 5, 64, 129, 600] {
                let by_rows = chance.once_in(2);
                let [m, n] = if by_rows { [few, many] } else { [many, few] };
                Case {
                    lies: [(); 2].map(|()| *chance.one_of(&lies)),
                    shifts: [(); 3].map(|()| chance.below(2)),
                    accumulate: chance.once_in(2),
                    bias: chance.once_in(2),
                    pre: chance.once_in(2),
                    activation: chance.once_in(2).then(|| *chance.one_of(&steps())),
                    ..Case::plain(m, n, k)
                }
                .check::<T>(chance);
            }
        }
    }
    // 16 bytes at a time, with something beside the last of them.
    for k in [5, 129, 601] {
        let gap = 4 - k % 4;
        Case {
            lies: [Lie::Rows(gap), Lie::Columns(gap)],
            ..Case::plain(3, 20, k)
        }
        .check::<T>(chance);
    }
}

fn every_activation<T: Float>() {
    let chance = &mut Chance::new(4);
    for step in steps() {
        for by in [(Tiles::Large, 1), (Tiles::Small, 1), (Tiles::Small, 3)] {
            Case {
                bias: true,
                pre: true,
                activation: Some(step),
                by: Some(by),
                ..Case::plain(40, 36, 132)
            }
            .check::<T>(chance);
        }
        Case {
            activation: Some(step),
            ..Case::plain(3, 20, 10)
        }
        .check::<T>(chance);
    }
}

fn long_sums_of_few_elements<T: Float>() {
    let chance = &mut Chance::new(5);
    // The launcher cuts k here, by tiles and by lines.
    for [m, n, k] in [
        [20, 24, 5000],
        [9, 9, 20_001],
        [1, 1, 30_000],
        [5, 40, 9000],
        [30, 2, 4097],
    ] {
        for lies in [
            [Lie::Rows(0), Lie::Rows(0)],
            [Lie::Rows(0), Lie::Columns(0)],
            [Lie::Columns(0), Lie::Rows(0)],
        ] {
            Case {
                lies,
                accumulate: true,
                bias: true,
                activation: Some(Step::new(Code::Relu, 0.0, 0.0)),
                ..Case::plain(m, n, k)
            }
            .check::<T>(chance);
        }
    }
    for parts in [2, 5, 8, 17, 40] {
        Case {
            by: Some((Tiles::Small, parts)),
            pre: true,
            activation: Some(Step::new(Code::Tanh, 0.0, 0.0)),
            ..Case::plain(33, 5, 64 * parts - 3)
        }
        .check::<T>(chance);
    }
}

/// A NaN or an infinity stays in its row and its column, and edges of tiles add nothing to others.
fn what_is_beside_stays_out() {
    let (m, n, k) = (70, 66, 20);
    let (mut a, b) = (vec![1f32; m * k], vec![1f32; k * n]);
    a[3 * k + 7] = f32::NAN;
    a[69 * k] = f32::INFINITY;
    for tiles in [Tiles::Large, Tiles::Small] {
        let (a, b, out) = (
            Placed::new(&a, 0),
            Placed::new(&b, 0),
            Placed::filled_with_nan(m * n, 0),
        );
        let operand = |ptr: Ptr<f32>, row| Operand { ptr, row, col: 1 };
        let (left, right) = (operand(a.ptr(), k), operand(b.ptr(), n));
        // SAFETY: the matrices are of these sizes.
        unsafe { gpu().gemm_by_tiles(tiles, 1, left, right, out.ptr(), m, n, k, false, Epilogue::default()) }
            .expect("a launch");
        for (index, out) in out.read().into_iter().enumerate() {
            match index / n {
                3 => assert!(out.is_nan()),
                69 => assert_eq!(out, f32::INFINITY),
                _ => assert_eq!(out, k as f32),
            }
        }
    }
}
