//! Elementwise operations as kernels take them: [`Step`], one after the other a chain.

use crate::ptr::Ptr;

/// An elementwise operation by its number. `kernels/codes.cuh` has the same, and a check of the suite compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u32)]
pub enum Code {
    /// `max(x, 0)`; the gradient at 0 is 0.
    Relu = 0,
    /// `x` where positive, `a * x` elsewhere.
    LeakyRelu = 1,
    /// The hyperbolic tangent.
    Tanh = 2,
    /// `1 / (1 + exp(-x))`.
    Sigmoid = 3,
    /// `x * Phi(x)`, by `erf`.
    Gelu = 4,
    /// The tanh form of GELU.
    GeluTanh = 5,
    /// `x * sigmoid(x)`.
    Silu = 6,
    /// `x` where positive, `a * (exp(x) - 1)` elsewhere.
    Elu = 7,
    /// `log(1 + exp(a * x)) / a`, and `x` where `a * x > b`.
    Softplus = 8,
    /// `-x`.
    Neg = 9,
    /// `|x|`; the gradient at 0 is 0.
    Abs = 10,
    /// `x * x`.
    Square = 11,
    /// The square root.
    Sqrt = 12,
    /// `1 / x`.
    Recip = 13,
    /// `e` to the power of `x`.
    Exp = 14,
    /// The natural logarithm.
    Log = 15,
    /// The sine, in radians.
    Sin = 16,
    /// The cosine, in radians.
    Cos = 17,
    /// The error function.
    Erf = 18,
    /// -1, 0 or 1; it has no gradient.
    Sign = 19,
    /// `a * x + b`.
    Affine = 20,
    /// `x` to the power of `a`.
    Powf = 21,
    /// Keeps an element whose random word is at least `threshold`, times `a`; see [`Step::dropout`].
    Dropout = 22,
    /// Dropout of everything: 0.
    Zero = 23,
}

impl Code {
    /// One of each, in the order of their numbers.
    pub const ALL: [Self; 24] = [
        Self::Relu,
        Self::LeakyRelu,
        Self::Tanh,
        Self::Sigmoid,
        Self::Gelu,
        Self::GeluTanh,
        Self::Silu,
        Self::Elu,
        Self::Softplus,
        Self::Neg,
        Self::Abs,
        Self::Square,
        Self::Sqrt,
        Self::Recip,
        Self::Exp,
        Self::Log,
        Self::Sin,
        Self::Cos,
        Self::Erf,
        Self::Sign,
        Self::Affine,
        Self::Powf,
        Self::Dropout,
        Self::Zero,
    ];

    /// What its kernels need of the forward pass for its derivative.
    pub fn reads(self) -> Reads {
        match self {
            Self::Neg | Self::Sign | Self::Affine | Self::Dropout | Self::Zero => Reads::Nothing,
            Self::Relu | Self::LeakyRelu | Self::Tanh | Self::Sigmoid => Reads::Either,
            Self::Elu | Self::Sqrt | Self::Recip | Self::Exp => Reads::Either,
            Self::Gelu | Self::GeluTanh | Self::Silu | Self::Softplus | Self::Abs | Self::Square => Reads::Input,
            Self::Log | Self::Sin | Self::Cos | Self::Erf | Self::Powf => Reads::Input,
        }
    }

    fn drops(self) -> bool {
        matches!(self, Self::Dropout | Self::Zero)
    }
}

/// What a derivative is computed from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// Nothing: it is the same everywhere, or its mask is computed again.
    Nothing,
    /// The input or the output.
    Either,
    /// The input.
    Input,
}

/// One operation of a chain, with its attributes.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct Step {
    /// Which operation.
    pub code: Code,
    /// Slope, alpha, beta, scale or exponent; of dropout `1 / (1 - p)`.
    pub a: f64,
    /// Threshold or shift; of dropout `1 - p`.
    pub b: f64,
    /// Of dropout: a random word below it drops the element.
    pub threshold: u32,
    /// Of dropout: which of the seed's sequences of random words.
    pub stream: u64,
}

impl Step {
    /// An operation with its attributes in order; 0 stands for those it has not.
    pub const fn new(code: Code, a: f64, b: f64) -> Self {
        Self {
            code,
            a,
            b,
            threshold: 0,
            stream: 0,
        }
    }

    /// Dropout with probability `p`, its mask from `stream`: word `i` of the stream, below `p * 2^32`, drops element `i`; the others
    /// are scaled by `1 / (1 - p)`.
    pub const fn dropout(p: f64, stream: u64) -> Self {
        let threshold = (p * 4_294_967_296.0) as u64;
        if threshold > u32::MAX as u64 {
            // Every word is below 2^32, which 32 bits cannot say.
            return Self::new(Code::Zero, 0.0, 0.0);
        }
        // So rare that no word says so: it drops nothing, and is a dropout all the same to whoever asks what its backward reads.
        let kept = if threshold == 0 { 1.0 } else { 1.0 - p };
        Self {
            code: Code::Dropout,
            a: 1.0 / kept,
            b: kept,
            threshold: threshold as u32,
            stream,
        }
    }
}

/// What the backward of a chain reads of its forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved<T> {
    /// Nothing: the derivative of every step is the same everywhere, or its mask is computed again.
    Nothing,
    /// The chain's output: of one operation whose derivative is known from it, and dropouts after it; of a root alone.
    Output(Ptr<T>),
    /// The chain's input, which will do always.
    Input(Ptr<T>),
}

impl<T> Saved<T> {
    /// Whether it is enough for the backward of these steps.
    pub fn suffices(&self, steps: &[Step]) -> bool {
        match (self, steps) {
            (Self::Input(_), _) | (_, []) => true,
            (Self::Nothing, steps) => steps.iter().all(|step| step.code.reads() == Reads::Nothing),
            (Self::Output(_), [first, dropouts @ ..]) => {
                // What a dropout made 0 in the output of a root has an infinite derivative there.
                let is_last = dropouts.is_empty() || first.code != Code::Sqrt;
                is_last && first.code.reads() != Reads::Input && dropouts.iter().all(|step| step.code.drops())
            }
        }
    }
}

/// The most steps of one launch.
pub(crate) const STEPS: usize = 16;

/// The steps of one launch, as the kernels of `elementwise.cu` take them.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Steps {
    count: u32,
    unused: u32,
    at: [Step; STEPS],
}

impl Steps {
    /// # Panics
    /// If they are more than [`STEPS`].
    pub(crate) fn new(steps: &[Step]) -> Self {
        let mut at = [Step::new(Code::Zero, 0.0, 0.0); STEPS];
        at[..steps.len()].copy_from_slice(steps);
        Self {
            count: steps.len() as u32,
            unused: 0,
            at,
        }
    }
}
