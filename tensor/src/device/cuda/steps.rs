//! Operations as the kernels know them. The matches are closed: a new operation stands here, or is `None` and so refused by name.

use gpu_kernels::{Code, Step};
use smallvec::SmallVec;
use tensor_ops::{Binary, Compare, Math, Reduce, Unary};

use crate::kernels::chain::Random;

/// A chain as the kernels take it, and the seed of its dropouts.
pub(super) struct Chain {
    pub(super) steps: SmallVec<[Step; 4]>,
    pub(super) seed: u64,
}

/// The steps of a chain, or the operation that the kernels do not have. Without random numbers a dropout is the identity.
pub(super) fn chain(ops: &[Unary], random: Option<Random>) -> Result<Chain, Unary> {
    let steps = ops
        .iter()
        .filter(|op| random.is_some() || !matches!(op, Unary::Dropout { .. }))
        .map(|&op| step(op, random).ok_or(op))
        .collect::<Result<_, _>>()?;
    Ok(Chain {
        steps,
        seed: random.map_or(0, |random| random.seed),
    })
}

/// An elementwise operation, if the kernels have it.
pub(super) fn step(op: Unary, random: Option<Random>) -> Option<Step> {
    let plain = |code| Some(Step::new(code, 0.0, 0.0));
    let with = |code, a, b| Some(Step::new(code, a, b));
    match op {
        Unary::Relu => plain(Code::Relu),
        Unary::LeakyRelu { slope } => with(Code::LeakyRelu, slope, 0.0),
        Unary::Tanh => plain(Code::Tanh),
        Unary::Sigmoid => plain(Code::Sigmoid),
        Unary::Gelu => plain(Code::Gelu),
        Unary::GeluTanh => plain(Code::GeluTanh),
        Unary::Silu => plain(Code::Silu),
        Unary::Elu { alpha } => with(Code::Elu, alpha, 0.0),
        Unary::Softplus { beta, threshold } => with(Code::Softplus, beta, threshold),
        Unary::Neg => plain(Code::Neg),
        Unary::Abs => plain(Code::Abs),
        Unary::Square => plain(Code::Square),
        Unary::Sqrt => plain(Code::Sqrt),
        Unary::Recip => plain(Code::Recip),
        Unary::Exp => plain(Code::Exp),
        Unary::Log => plain(Code::Log),
        Unary::Sin => plain(Code::Sin),
        Unary::Cos => plain(Code::Cos),
        Unary::Erf => plain(Code::Erf),
        Unary::Sign => plain(Code::Sign),
        Unary::Affine { scale, shift } => with(Code::Affine, scale, shift),
        Unary::Powf { exponent } => with(Code::Powf, exponent, 0.0),
        Unary::Dropout { p, layer } => {
            let stream = random.map_or(0, |random| random.stream(layer).stream);
            Some(Step::dropout(p, stream))
        }
    }
}

/// An operation of two operands, if the kernels have it.
pub(super) fn binary(op: Binary) -> Option<gpu_kernels::Binary> {
    use gpu_kernels::Binary as Gpu;
    Some(match op {
        Binary::Add => Gpu::Add,
        Binary::Sub => Gpu::Sub,
        Binary::Mul => Gpu::Mul,
        Binary::Div => Gpu::Div,
        Binary::Pow => Gpu::Pow,
        Binary::Maximum => Gpu::Maximum,
        Binary::Minimum => Gpu::Minimum,
    })
}

/// A reduction, if the kernels have it.
pub(super) fn reduce(op: Reduce) -> Option<gpu_kernels::Reduce> {
    use gpu_kernels::Reduce as Gpu;
    Some(match op {
        Reduce::Sum => Gpu::Sum,
        Reduce::Mean => Gpu::Mean,
        Reduce::Max => Gpu::Max,
        Reduce::Min => Gpu::Min,
        Reduce::Prod => Gpu::Prod,
    })
}

/// A function of one number, if the kernels have it.
pub(super) fn function(op: Math) -> Option<gpu_kernels::Special> {
    use gpu_kernels::Special as Gpu;
    Some(match op {
        Math::Floor => Gpu::Floor,
        Math::Ceil => Gpu::Ceil,
        Math::Round => Gpu::Round,
        Math::Trunc => Gpu::Trunc,
        Math::Tan => Gpu::Tan,
        Math::Asin => Gpu::Asin,
        Math::Acos => Gpu::Acos,
        Math::Atan => Gpu::Atan,
        Math::Sinh => Gpu::Sinh,
        Math::Cosh => Gpu::Cosh,
        Math::Asinh => Gpu::Asinh,
        Math::Acosh => Gpu::Acosh,
        Math::Atanh => Gpu::Atanh,
        Math::Exp2 => Gpu::Exp2,
        Math::Expm1 => Gpu::Expm1,
        Math::Log2 => Gpu::Log2,
        Math::Log10 => Gpu::Log10,
        Math::Log1p => Gpu::Log1p,
        Math::LogSigmoid => Gpu::LogSigmoid,
        Math::Erfc => Gpu::Erfc,
        Math::Lgamma => Gpu::Lgamma,
        _ => return None,
    })
}

/// A comparison.
pub(super) fn comparison(op: Compare) -> gpu_kernels::Compare {
    use gpu_kernels::Compare as Gpu;
    match op {
        Compare::Eq => Gpu::Eq,
        Compare::Ne => Gpu::Ne,
        Compare::Lt => Gpu::Lt,
        Compare::Le => Gpu::Le,
        Compare::Gt => Gpu::Gt,
        Compare::Ge => Gpu::Ge,
    }
}
