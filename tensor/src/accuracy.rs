//! How often a model is right.

use crate::data::Dataset;
use crate::error::Result;
use crate::kernels::reduce::Extreme;
use crate::model::Mapping;
use crate::ops;
use crate::shape::Batch;
use crate::tape::Value;

/// How many samples are looked at at once.
const AT_ONCE: usize = 512;

/// The share of samples whose largest output is the one of their class, from 0 to 1; NaN for no sample.
///
/// # Errors
/// Where the device has no room.
///
/// ```
/// use tensor::prelude::*;
/// net! { type Small = linear(64, 10) }
/// let share = accuracy(&Small::new(&Device::cpu(), Seed(0)), &data::digits())?;
/// assert!((0.0..0.5).contains(&share));
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn accuracy<M>(model: &M, data: &Dataset<M::Input<Batch>>) -> Result<f64>
where
    M: Mapping<Element = f32>,
{
    let (mut hits, mut seen) = (0, 0);
    for (x, _) in data.batches(AT_ONCE).on(model.core().device()) {
        let out = crate::model::infer::<M, Batch>(model, &x);
        for guess in guesses(out.value())? {
            hits += usize::from(guess == data.label(seen));
            seen += 1;
        }
    }
    Ok(hits as f64 / data.len() as f64)
}

/// The class of each row.
fn guesses(out: &Value) -> Result<Vec<i64>> {
    ops::reduce::arg(Extreme::Max, out).to_vec()
}
