//! The derivative of a chain: values between the operations are computed again, block by block.

use tensor_ops::{Saves, Unary};

use super::{BLOCK, PIECE, Random, apply, drop_out, forward};
use crate::kernels::Real;
use crate::kernels::math;
use crate::kernels::simd::tiered;
use crate::threads::{Shared, parallel_pieces};

/// How many values of a chain are kept of a block at a time; a longer chain computes its beginning again.
const DEPTH: usize = 8;
/// Elements a block in backward: `DEPTH` of them stay in the first cache.
const SHORT: usize = BLOCK / 2;

/// `d_x (+)= d_out * ops'`: the gradient of the chain's input.
///
/// `x` is the chain's input and `y` its output; which one is read is what [`tensor_ops::chain::saves`] says, and the input will do always.
/// `random` and `first_index` are those of the forward pass.
///
/// # Panics
/// If lengths differ, or what the chain saves is not given.
#[allow(clippy::too_many_arguments)]
pub fn chain_backward<T: Real>(
    ops: &[Unary],
    random: Option<Random>,
    first_index: usize,
    x: Option<&[T]>,
    y: Option<&[T]>,
    d_out: &[T],
    d_x: &mut [T],
    accumulate: bool,
) {
    assert_eq!(d_out.len(), d_x.len());
    let chain = Chain::new(ops, random, first_index, x, y, d_x.len());
    let shared = Shared::new(d_x);
    parallel_pieces(d_out.len(), PIECE, |first, length| {
        let mut scratch = [T::ZERO; SHORT];
        let mut at = first;
        while at < first + length {
            let count = SHORT.min(first + length - at);
            // SAFETY: pieces are disjoint, and so are their blocks.
            let d_x = unsafe { shared.part(at, count) };
            let d_out = &d_out[at..at + count];
            if accumulate {
                let d = &mut scratch[..count];
                d.copy_from_slice(d_out);
                chain.block(at, d);
                d_x.iter_mut().zip(d).for_each(|(d_x, d)| *d_x += *d);
            } else {
                d_x.copy_from_slice(d_out);
                chain.block(at, d_x);
            }
            at += count;
        }
    });
}

/// `d = d * ops'`: as [`chain_backward`], in the place of the gradient of the output.
pub fn chain_backward_in_place<T: Real>(
    ops: &[Unary],
    random: Option<Random>,
    first_index: usize,
    x: Option<&[T]>,
    y: Option<&[T]>,
    d: &mut [T],
) {
    let length = d.len();
    let chain = Chain::new(ops, random, first_index, x, y, length);
    let shared = Shared::new(d);
    parallel_pieces(length, PIECE, |first, length| {
        let mut at = first;
        while at < first + length {
            let count = SHORT.min(first + length - at);
            // SAFETY: pieces are disjoint, and so are their blocks.
            chain.block(at, unsafe { shared.part(at, count) });
            at += count;
        }
    });
}

struct Chain<'a, T> {
    ops: &'a [Unary],
    random: Option<Random>,
    first_index: usize,
    /// What the derivatives are computed from; empty where nothing is needed.
    saved: Saved<'a, T>,
}

enum Saved<'a, T> {
    Nothing,
    Output(&'a [T]),
    Input(&'a [T]),
}

impl<'a, T: Real> Chain<'a, T> {
    fn new(
        ops: &'a [Unary],
        random: Option<Random>,
        first_index: usize,
        x: Option<&'a [T]>,
        y: Option<&'a [T]>,
        length: usize,
    ) -> Self {
        assert!(x.is_none_or(|x| x.len() == length) && y.is_none_or(|y| y.len() == length));
        let saved = match (tensor_ops::chain::saves(ops), x, y) {
            (Saves::Nothing, _, _) => Saved::Nothing,
            (Saves::Output, _, Some(y)) => Saved::Output(y),
            (Saves::Output | Saves::Input, Some(x), _) => Saved::Input(x),
            (Saves::Output | Saves::Input, None, _) => {
                panic!("the chain {ops:?} did not save what its backward needs")
            }
        };
        Self {
            ops,
            random,
            first_index,
            saved,
        }
    }

    /// `d *= ops'` for the elements from `at` on.
    fn block(&self, at: usize, d: &mut [T]) {
        let index = self.first_index + at;
        match self.saved {
            Saved::Nothing => {
                for &op in self.ops.iter().rev() {
                    match op {
                        Unary::Dropout { p, layer } => self.undrop(p, layer, index, d),
                        // The derivative of such an operation reads no input: any will do.
                        op => grad_constant(op, d),
                    }
                }
            }
            Saved::Output(y) => self.by_output(index, &y[at..at + d.len()], d),
            Saved::Input(x) => self.by_input(index, &x[at..at + d.len()], d),
        }
    }

    fn undrop(&self, p: f64, layer: u32, index: usize, d: &mut [T]) {
        if let Some(random) = self.random {
            drop_out(p, random.stream(layer), index, d);
        }
    }

    /// The chain is one operation that knows its derivative from its output, then dropouts.
    fn by_output(&self, index: usize, y: &[T], d: &mut [T]) {
        let [op, dropouts @ ..] = self.ops else {
            return;
        };
        let mut scale = 1.0;
        for op in dropouts {
            if let (Unary::Dropout { p, layer }, Some(_)) = (*op, self.random) {
                self.undrop(p, layer, index, d);
                scale *= 1.0 - p;
            }
        }
        if scale == 1.0 {
            return grad_of_output(*op, y, d);
        }
        // What was dropped has no gradient left, whatever value stands for it.
        let mut value = [T::ZERO; SHORT];
        let value = &mut value[..y.len()];
        let scale = T::from_f64(scale);
        value.iter_mut().zip(y).for_each(|(value, &y)| *value = y * scale);
        grad_of_output(*op, value, d);
    }

    fn by_input(&self, index: usize, x: &[T], d: &mut [T]) {
        if let [op] = self.ops {
            return grad_of_input(*op, x, d);
        }
        let length = x.len();
        let mut values = [[T::ZERO; SHORT]; DEPTH];
        // From the last `DEPTH` operations to the first.
        let mut end = self.ops.len();
        while end > 0 {
            let start = (end - 1) / DEPTH * DEPTH;
            values[0][..length].copy_from_slice(x);
            apply(&self.ops[..start], self.random, index, &mut values[0][..length]);
            for i in 1..end - start {
                let (before, after) = values.split_at_mut(i);
                after[0][..length].copy_from_slice(&before[i - 1][..length]);
                apply(
                    &self.ops[start + i - 1..start + i],
                    self.random,
                    index,
                    &mut after[0][..length],
                );
            }
            for i in (start..end).rev() {
                match self.ops[i] {
                    Unary::Dropout { p, layer } => self.undrop(p, layer, index, d),
                    op => grad_of_input(op, &values[i - start][..length], d),
                }
            }
            end = start;
        }
    }
}

/// `d *= op'` for operations whose derivative is a constant.
fn grad_constant<T: Real>(op: Unary, d: &mut [T]) {
    let no_input: &[T] = &[];
    debug_assert_eq!(op.saves(), Saves::Nothing);
    grad_of_input(op, no_input, d);
}

#[inline(always)]
fn each<T: Real>(d: &mut [T], values: &[T], f: impl Fn(T, T) -> T) {
    for (d, &value) in d.iter_mut().zip(values) {
        *d = f(*d, value);
    }
}

tiered! {
    /// `d = d * op'(x)`.
    fn grad_of_input<S, T>(op: Unary, x: &[T], d: &mut [T]) {
        let real = T::from_f64;
        match op {
            Unary::Relu => each(d, x, |d, x| if x <= T::ZERO { T::ZERO } else { d }),
            Unary::LeakyRelu { slope } => {
                let slope = real(slope);
                each(d, x, |d, x| if x > T::ZERO { d } else { d * slope });
            }
            Unary::Tanh => each(d, x, |d, x| {
                let y = x.tanh::<S>();
                d * (T::ONE - y * y)
            }),
            Unary::Sigmoid => each(d, x, |d, x| {
                let y = math::sigmoid::<S, T>(x);
                d * ((T::ONE - y) * y)
            }),
            Unary::Gelu => each(d, x, |d, x| {
                d * S::mul_add(x, math::normal_density::<S, T>(x), math::normal_cumulative::<S, T>(x))
            }),
            Unary::GeluTanh => each(d, x, |d, x| {
                let t = forward::gelu_angle::<S, T>(x).tanh::<S>();
                let slope = S::mul_add(x * x, real(3.0 * forward::GELU_CUBIC * forward::GELU_SCALE), real(forward::GELU_SCALE));
                let half = real(0.5);
                d * (S::mul_add(half, t, half) + half * x * (T::ONE - t * t) * slope)
            }),
            Unary::Silu => each(d, x, |d, x| {
                let y = math::sigmoid::<S, T>(x);
                d * y * S::mul_add(x, T::ONE - y, T::ONE)
            }),
            Unary::Elu { alpha } => {
                let alpha = real(alpha);
                each(d, x, |d, x| {
                    let below = d * alpha * x.exp::<S>();
                    if x <= T::ZERO { below } else { d }
                });
            }
            Unary::Softplus { beta, threshold } => {
                let (beta, threshold) = (real(beta), real(threshold));
                each(d, x, |d, x| {
                    let scaled = x * beta;
                    let soft = d * math::sigmoid::<S, T>(scaled);
                    if scaled > threshold { d } else { soft }
                });
            }
            Unary::Neg => d.iter_mut().for_each(|d| *d = -*d),
            Unary::Abs => each(d, x, |d, x| d * forward::sign(x)),
            Unary::Square => each(d, x, |d, x| d * (x + x)),
            Unary::Sqrt => each(d, x, |d, x| d / (x.sqrt() * real(2.0))),
            Unary::Recip => each(d, x, |d, x| {
                let y = T::ONE / x;
                -d * y * y
            }),
            Unary::Exp => each(d, x, |d, x| d * x.exp::<S>()),
            Unary::Log => each(d, x, |d, x| d / x),
            Unary::Sin => each(d, x, |d, x| d * x.cos()),
            Unary::Cos => each(d, x, |d, x| d * -x.sin()),
            Unary::Erf => each(d, x, |d, x| d * real(std::f64::consts::FRAC_2_SQRT_PI) * (-(x * x)).exp::<S>()),
            Unary::Sign => d.fill(T::ZERO),
            Unary::Affine { scale, shift: _ } => {
                let scale = real(scale);
                d.iter_mut().for_each(|d| *d *= scale);
            }
            Unary::Powf { exponent } => {
                if exponent == 0.0 {
                    d.fill(T::ZERO);
                } else if exponent == 1.0 {
                } else if exponent == 0.5 {
                    each(d, x, |d, x| d * real(0.5) / x.sqrt());
                } else if exponent == 2.0 {
                    each(d, x, |d, x| d * (x + x));
                } else {
                    let (factor, less) = (real(exponent), real(exponent - 1.0));
                    each(d, x, |d, x| d * (factor * x.powf(less)));
                }
            }
            Unary::Dropout { .. } => {}
        }
    }
}

tiered! {
    /// `d = d * op'` where the derivative is known from the output `y`.
    fn grad_of_output<S, T>(op: Unary, y: &[T], d: &mut [T]) {
        let real = T::from_f64;
        match op {
            Unary::Relu => each(d, y, |d, y| if y <= T::ZERO { T::ZERO } else { d }),
            Unary::LeakyRelu { slope } => {
                let slope = real(slope);
                each(d, y, |d, y| if y > T::ZERO { d } else { d * slope });
            }
            Unary::Tanh => each(d, y, |d, y| d * (T::ONE - y * y)),
            Unary::Sigmoid => each(d, y, |d, y| d * ((T::ONE - y) * y)),
            Unary::Sqrt => each(d, y, |d, y| d / (y + y)),
            Unary::Exp => each(d, y, |d, y| d * y),
            Unary::Recip => each(d, y, |d, y| -d * y * y),
            Unary::Gelu
            | Unary::GeluTanh
            | Unary::Elu { .. }
            | Unary::Silu
            | Unary::Softplus { .. }
            | Unary::Neg
            | Unary::Abs
            | Unary::Square
            | Unary::Log
            | Unary::Sin
            | Unary::Cos
            | Unary::Erf
            | Unary::Sign
            | Unary::Affine { .. }
            | Unary::Powf { .. }
            | Unary::Dropout { .. } => unreachable!("`Unary::saves` of tensor-ops gives the output to none of these"),
        }
    }
}
