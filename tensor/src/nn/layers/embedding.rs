//! Rows of a table.

use crate::element::Float;
use crate::nn::{Builder, Init, Module, Parameter, Walk};
use crate::shape::{Dim, settled};

/// What `embedding` has learned: a row of features for each of so many numbers.
///
/// `weight` is `[Num, Features]` and starts normal, of mean 0 and deviation 1. The row `PADDING`, PyTorch's `padding_idx`, starts as 0, whatever the others
/// start from, and no gradient goes to it; without one that is `usize::MAX`. A number that names no row makes a tensor that carries the
/// error. A model's input that goes into it holds whole numbers, `i64`.
///
/// ```
/// use tensor::prelude::*;
/// net! { #[input(3)] type Net = embedding(65, 8) >> linear(_, 2) }
/// let net = Net::new(&Device::cpu(), Seed(0));
/// let out = net.infer(&tensor![[1, 64, 1]]);
/// assert_eq!((out.sizes(), net.0.weight.sizes()), (&[1, 3, 2][..], &[65, 8][..]));
/// let error = net.infer(&tensor![[1, 65, 1]]).to_vec().expect_err("there are 65 rows, from 0 on");
/// assert_eq!(error.to_string(), "`embedding`: index 65 is out of range for a table of 65 rows");
/// net! { #[input(3)] type Padded = embedding(65, 8, padding_idx = 0) }
/// let padded = Padded::new(&Device::cpu(), Seed(0));
/// assert_eq!(padded.0.weight.to_vec()?[..8], [0.; 8]);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Embedding<Num: Dim, Features: Dim, T: Float = f32, const PADDING: usize = { usize::MAX }> {
    /// `[Num, Features]`.
    pub weight: Parameter<(Num, Features), T>,
}

impl<Num: Dim, Features: Dim, T: Float, const PADDING: usize> Module<T> for Embedding<Num, Features, T, PADDING> {
    fn build(builder: &mut Builder<'_>) -> Self {
        let (num, features) = const { (settled::<Num>(), settled::<Features>()) };
        let weight = builder.parameter("weight", &[num, features], Init::Normal { deviation: 1.0 });
        const {
            assert!(
                PADDING == usize::MAX || PADDING < settled::<Num>(),
                "`padding_idx` names no row of the table"
            )
        };
        if PADDING < num {
            builder.zeros(PADDING * features, features);
        }
        Self { weight }
    }

    fn visit(&self, walk: &mut Walk<'_>) {
        walk.parameter("weight", &self.weight);
    }
}
