//! What a workload is.

use tensor::Result;

use super::clock::Clock;

/// Something that is measured.
pub(super) struct Workload {
    /// What `--only` calls it.
    pub name: &'static str,
    /// Where it is measured without being asked for.
    pub scale: Scale,
    /// What one step takes.
    pub work: Work,
    /// Sets it up and measures.
    pub measure: Measure,
}

/// What is measured.
#[derive(Clone, Copy)]
pub(super) enum Measure {
    /// The median seconds of one step.
    Step(fn(&Clock) -> Result<f64>),
    /// As well as those of the same step on elements that lie one after the other, the two in turn.
    Beside(fn(&Clock) -> Result<[f64; 2]>),
}

impl Measure {
    /// The seconds of one step, and those of the step beside it.
    pub fn run(self, clock: &Clock) -> Result<(f64, Option<f64>)> {
        Ok(match self {
            Self::Step(measure) => (measure(clock)?, None),
            Self::Beside(measure) => {
                let [seconds, contiguous] = measure(clock)?;
                (seconds, Some(contiguous))
            }
        })
    }
}

/// Where a workload is measured without being asked for by name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
    /// On every device.
    Any,
    /// On every device but the processor, which would take seconds for a step or measure nothing but its memory.
    Large,
    /// As `Large`, and it is no work at all on the processor.
    Transfer,
    /// Nowhere.
    Asked,
}

/// The work of one step, as far as it can be counted beforehand.
#[derive(Clone, Copy)]
pub(super) enum Work {
    /// Nothing worth a figure: calls, not numbers, take the time.
    Calls,
    /// So many floating-point operations, those of the matrix products alone.
    Operations(f64),
    /// So many bytes, read and written, each once.
    Bytes(f64),
}

impl Work {
    /// The product of `[m, k]` and `[k, n]`.
    pub const fn product(m: usize, k: usize, n: usize) -> Self {
        Self::Operations(2.0 * m as f64 * k as f64 * n as f64)
    }

    /// The forward pass of linear layers, from size to size.
    pub const fn forward(batch: usize, sizes: &[usize]) -> Self {
        Self::Operations(layers(batch, sizes, 0))
    }

    /// A training step: forward, the gradients of all weights, and those of all inputs but the first.
    pub const fn training(batch: usize, sizes: &[usize]) -> Self {
        Self::Operations(2.0 * layers(batch, sizes, 0) + layers(batch, sizes, 1))
    }

    /// So many f32, each read or written once.
    pub const fn floats(count: usize) -> Self {
        Self::Bytes(4.0 * count as f64)
    }

    /// More fields for the JSON object.
    pub fn rates(self, seconds: f64) -> String {
        match self {
            Self::Calls => String::new(),
            Self::Operations(count) => format!(r#", "gflop_per_s": {:.1}"#, count / seconds * 1e-9),
            Self::Bytes(count) => format!(r#", "gb_per_s": {:.1}"#, count / seconds * 1e-9),
        }
    }
}

/// The operations of the products of linear layers, from the `first` on.
const fn layers(batch: usize, sizes: &[usize], first: usize) -> f64 {
    let (mut sum, mut index) = (0.0, first);
    while index + 1 < sizes.len() {
        sum += 2.0 * batch as f64 * sizes[index] as f64 * sizes[index + 1] as f64;
        index += 1;
    }
    sum
}
