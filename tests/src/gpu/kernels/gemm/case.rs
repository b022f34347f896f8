//! [`Case`]: a product and what follows it, against the sums written out.

use gpu_kernels::{Code, Epilogue, Float, Operand, Step, Tiles};

use crate::Chance;
use crate::gpu::gpu;
use crate::gpu::kernels::placed::{Placed, tolerance, wide};
use crate::gpu::naive::{assert_near, numbers};

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
pub(super) enum Lie {
    /// Row by row, with so many elements between.
    Rows(usize),
    /// Column by column, with so many between.
    Columns(usize),
    /// No neighbours anywhere.
    Apart,
}

pub(super) const LIES: [Lie; 5] = [Lie::Rows(0), Lie::Columns(0), Lie::Rows(3), Lie::Columns(4), Lie::Apart];

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
pub(super) fn steps() -> [Step; 11] {
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
pub(super) struct Case {
    pub(super) sizes: [usize; 3],
    pub(super) lies: [Lie; 2],
    /// Elements between an aligned address and each of `a`, `b` and everything of the result.
    pub(super) shifts: [usize; 3],
    pub(super) accumulate: bool,
    pub(super) bias: bool,
    pub(super) pre: bool,
    pub(super) activation: Option<Step>,
    /// Tiles and parts, or what the launcher chooses.
    pub(super) by: Option<(Tiles, usize)>,
}

impl Case {
    pub(super) fn plain(m: usize, n: usize, k: usize) -> Self {
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

    pub(super) fn check<T: Float>(self, chance: &mut Chance) {
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
