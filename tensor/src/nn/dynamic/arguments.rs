//! What the constructors of layers ask of their arguments.

use crate::error::{Error, Result};

/// That a probability is one.
pub(super) fn probability(name: &'static str, p: f64) -> Result<()> {
    match (0.0..=1.0).contains(&p) {
        true => Ok(()),
        false => Err(Error::argument(name, "a probability from 0 to 1", p)),
    }
}

/// That heads divide the features.
pub(super) fn divided(features: usize, heads: usize) -> Result<()> {
    if features > 0 && heads > 0 && features.is_multiple_of(heads) {
        return Ok(());
    }
    match features {
        0 => Err(Error::argument("features", "a number from 1 on", features)),
        _ => Err(Error::argument(
            "heads",
            format!("a number that divides {features}"),
            heads,
        )),
    }
}

/// More layers than this are a mistake, which is found before there is memory for them all.
const LAYERS: usize = 1 << 16;

/// That there are layers, and not more than anyone has.
pub(super) fn layers(name: &'static str, count: usize) -> Result<()> {
    match (1..=LAYERS).contains(&count) {
        true => Ok(()),
        false => Err(Error::argument(name, format!("a number from 1 to {LAYERS}"), count)),
    }
}

/// That there is a state.
pub(super) fn state(hidden: usize) -> Result<()> {
    match hidden {
        0 => Err(Error::argument("hidden", "a number from 1 on", hidden)),
        _ => Ok(()),
    }
}
