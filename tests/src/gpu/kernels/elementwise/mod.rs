//! Chains of elementwise operations, forward and backward.

mod backward;
mod formula;
mod forward;

use gpu_kernels::{Code, Float, Step};

use crate::gpu::Check;
use crate::gpu::naive::numbers;
use crate::{Chance, gpu::kernels::random::SEED};

/// The checks of this folder.
pub fn checks() -> Vec<Check> {
    let mut checks = forward::checks();
    checks.extend(backward::checks());
    checks
}

/// Every code, with attributes where it takes them.
fn every_step() -> Vec<Step> {
    let attributes = |code: Code| match code {
        Code::LeakyRelu => vec![(0.1, 0.0), (-0.5, 0.0)],
        Code::Elu => vec![(1.5, 0.0), (-0.3, 0.0)],
        Code::Softplus => vec![(2.0, 1.5), (0.5, 20.0)],
        Code::Affine => vec![(-2.0, 0.5), (3.0, 0.0)],
        Code::Powf => [2.5, -1.5, 0.0, 1.0, 2.0, 3.0, 0.5, -1.0].map(|a| (a, 0.0)).to_vec(),
        Code::Dropout => vec![],
        Code::Relu | Code::Tanh | Code::Sigmoid | Code::Gelu | Code::GeluTanh | Code::Silu => vec![(0.0, 0.0)],
        Code::Neg | Code::Abs | Code::Square | Code::Sqrt | Code::Recip | Code::Exp => vec![(0.0, 0.0)],
        Code::Log | Code::Sin | Code::Cos | Code::Erf | Code::Sign | Code::Zero => vec![(0.0, 0.0)],
    };
    let steps = Code::ALL
        .into_iter()
        .flat_map(|code| attributes(code).into_iter().map(move |(a, b)| Step::new(code, a, b)));
    steps
        .chain([Step::dropout(0.3, 7), Step::dropout(0.9, 1 << 40)])
        .collect()
}

/// Numbers on which an operation is defined and smooth enough to compare.
fn arguments<T: Float>(chance: &mut Chance, step: &Step, n: usize) -> Vec<T> {
    let mut x: Vec<T> = numbers(chance, n);
    let above_zero = match step.code {
        Code::Sqrt | Code::Log | Code::Recip => true,
        Code::Powf => step.a.fract() != 0.0 || step.a < 0.0,
        _ => false,
    };
    if above_zero {
        x.iter_mut().for_each(|x| *x = T::from_f64(x.as_f64().abs() + 0.0625));
    }
    x
}

/// Chains of so many smooth steps with dropouts among them, whose values stay of the size of 1.
fn smooth_chain(chance: &mut Chance, length: usize) -> Vec<Step> {
    let kinds = [
        Step::new(Code::Tanh, 0.0, 0.0),
        Step::new(Code::Sigmoid, 0.0, 0.0),
        Step::new(Code::Gelu, 0.0, 0.0),
        Step::new(Code::GeluTanh, 0.0, 0.0),
        Step::new(Code::Silu, 0.0, 0.0),
        Step::new(Code::Elu, 1.0, 0.0),
        Step::new(Code::Softplus, 1.0, 20.0),
        Step::new(Code::Neg, 0.0, 0.0),
        Step::new(Code::Sin, 0.0, 0.0),
        Step::new(Code::Cos, 0.0, 0.0),
        Step::new(Code::Erf, 0.0, 0.0),
        Step::new(Code::Affine, -0.9, 0.25),
        Step::new(Code::Affine, 0.75, 0.0),
    ];
    let step = |number: usize| match chance.once_in(4) {
        true => Step::dropout(0.2, SEED ^ number as u64),
        false => *chance.one_of(&kinds),
    };
    (0..length).map(step).collect()
}
