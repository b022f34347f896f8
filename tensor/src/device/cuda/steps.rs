//! Operations as the kernels know them. The matches are closed: a new operation stands here, or is `None` and so refused by name.

use std::f64::consts::PI;

use gpu_kernels::{Code, Fold, Function, Step, Whole};
use smallvec::SmallVec;
use tensor_ops::{Binary, Compare, Math, Pair, Reduce, Unary};

use crate::kernels::chain::Random;
use crate::kernels::indexed::Scatter;
use crate::kernels::special::gamma::factorial;

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

/// A function of one number.
pub(super) fn function(op: Math) -> Function {
    use gpu_kernels::Special as Gpu;
    let plain = match op {
        Math::RoundTo { decimals } => {
            let power = 10f64.powf(decimals.unsigned_abs().into());
            return Function::with(Gpu::RoundTo, decimals.into(), power);
        }
        Math::Polygamma { order } => return Function::with(Gpu::Polygamma, order.into(), factorial(order)),
        Math::Multigamma { p } => {
            let p = f64::from(p);
            return Function::with(Gpu::Multigamma, p, 0.25 * p * (p - 1.0) * PI.ln());
        }
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
        Math::Logit => Gpu::Logit,
        Math::Sinc => Gpu::Sinc,
        Math::Entr => Gpu::Entr,
        Math::Erfc => Gpu::Erfc,
        Math::Erfcx => Gpu::Erfcx,
        Math::Erfinv => Gpu::Erfinv,
        Math::Ndtr => Gpu::Ndtr,
        Math::LogNdtr => Gpu::LogNdtr,
        Math::Ndtri => Gpu::Ndtri,
        Math::Lgamma => Gpu::Lgamma,
        Math::Digamma => Gpu::Digamma,
        Math::I0 => Gpu::I0,
        Math::I0e => Gpu::I0e,
        Math::I1 => Gpu::I1,
        Math::I1e => Gpu::I1e,
        Math::BesselJ0 => Gpu::BesselJ0,
        Math::BesselJ1 => Gpu::BesselJ1,
        Math::BesselY0 => Gpu::BesselY0,
        Math::BesselY1 => Gpu::BesselY1,
        Math::K0 => Gpu::K0,
        Math::K0e => Gpu::K0e,
        Math::K1 => Gpu::K1,
        Math::K1e => Gpu::K1e,
    };
    Function::new(plain)
}

/// A function of two numbers with fractions, if it is for them.
pub(super) fn pair(op: Pair) -> Option<gpu_kernels::Pair> {
    use gpu_kernels::Pair as Gpu;
    Some(match op {
        Pair::Atan2 => Gpu::Atan2,
        Pair::Hypot => Gpu::Hypot,
        Pair::Fmod => Gpu::Fmod,
        Pair::Remainder => Gpu::Remainder,
        Pair::FloorDivide => Gpu::FloorDivide,
        Pair::TruncDivide => Gpu::TruncDivide,
        Pair::Fmax => Gpu::Fmax,
        Pair::Fmin => Gpu::Fmin,
        Pair::Copysign => Gpu::Copysign,
        Pair::Nextafter => Gpu::Nextafter,
        Pair::Ldexp => Gpu::Ldexp,
        Pair::Heaviside => Gpu::Heaviside,
        Pair::Logaddexp => Gpu::Logaddexp,
        Pair::Logaddexp2 => Gpu::Logaddexp2,
        Pair::Xlogy => Gpu::Xlogy,
        Pair::Xlog1py => Gpu::Xlog1py,
        Pair::Zeta => Gpu::Zeta,
        Pair::Igamma => Gpu::Igamma,
        Pair::Igammac => Gpu::Igammac,
        Pair::BitAnd | Pair::BitOr | Pair::BitXor | Pair::ShiftLeft | Pair::ShiftRight | Pair::Gcd | Pair::Lcm => {
            return None;
        }
    })
}

/// A function of two whole numbers, or of two truth values, if it is for them.
pub(super) fn whole_pair(op: Pair) -> Option<Whole> {
    Some(match op {
        Pair::Fmax => Whole::Maximum,
        Pair::Fmin => Whole::Minimum,
        Pair::Fmod => Whole::Fmod,
        Pair::Remainder => Whole::Remainder,
        Pair::FloorDivide => Whole::FloorDivide,
        Pair::TruncDivide => Whole::TruncDivide,
        Pair::Heaviside => Whole::Heaviside,
        Pair::BitAnd => Whole::BitAnd,
        Pair::BitOr => Whole::BitOr,
        Pair::BitXor => Whole::BitXor,
        Pair::ShiftLeft => Whole::ShiftLeft,
        Pair::ShiftRight => Whole::ShiftRight,
        Pair::Gcd => Whole::Gcd,
        Pair::Lcm => Whole::Lcm,
        Pair::Atan2
        | Pair::Hypot
        | Pair::Copysign
        | Pair::Nextafter
        | Pair::Ldexp
        | Pair::Logaddexp
        | Pair::Logaddexp2
        | Pair::Xlogy
        | Pair::Xlog1py
        | Pair::Zeta
        | Pair::Igamma
        | Pair::Igammac => return None,
    })
}

/// The function that whole numbers are divided, or otherwise joined, by.
pub(super) fn of_whole(op: Whole) -> &'static str {
    let pair = Pair::ALL.into_iter().find(|&pair| whole_pair(pair) == Some(op));
    pair.map_or("whole", |pair| pair.name())
}

/// An operation of two whole numbers, if it is for them.
pub(super) fn whole(op: Binary) -> Option<Whole> {
    Some(match op {
        Binary::Add => Whole::Add,
        Binary::Sub => Whole::Sub,
        Binary::Mul => Whole::Mul,
        Binary::Pow => Whole::Pow,
        Binary::Maximum => Whole::Maximum,
        Binary::Minimum => Whole::Minimum,
        Binary::Div => return None,
    })
}

/// A reduction of whole numbers, if it is for them.
pub(super) fn fold(op: Reduce) -> Option<Fold> {
    Some(match op {
        Reduce::Sum => Fold::Sum,
        Reduce::Prod => Fold::Prod,
        Reduce::Max => Fold::Max,
        Reduce::Min => Fold::Min,
        Reduce::Mean => return None,
    })
}

/// How an element comes to a place.
pub(super) fn scatter(how: Scatter) -> gpu_kernels::Scatter {
    use gpu_kernels::Scatter as Gpu;
    match how {
        Scatter::Set => Gpu::Set,
        Scatter::Add => Gpu::Add,
        Scatter::Prod => Gpu::Prod,
        Scatter::Max => Gpu::Max,
        Scatter::Min => Gpu::Min,
    }
}

/// What the library calls what is done by an index.
pub(super) fn by_index(how: gpu_kernels::Scatter) -> &'static str {
    let own = Scatter::ALL.into_iter().find(|&own| scatter(own) == how);
    own.map_or("gather", |own| own.name())
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
