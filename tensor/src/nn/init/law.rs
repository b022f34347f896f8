//! What parameters start from.

use crate::device::{Device, Matrix, View};
use crate::error::{Error, Result};
use crate::kernels::linalg::qr;
use crate::kernels::random::Stream;
use crate::kernels::random::laws::elements;
use crate::kernels::special::error::{erf, erfinv};
use crate::layout::{Layout, describe, len};
use crate::nn::init::fan::{Fan, Nonlinearity, calculate_gain, fans};
use crate::ops::cast::cast;
use crate::tape::Value;

/// The first value of a parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Init {
    /// The same number everywhere.
    Constant(f64),
    /// Uniform numbers of `[-bound, bound)`.
    Uniform {
        /// The bound.
        bound: f64,
    },
    /// Uniform numbers of `[low, high)`.
    Between {
        /// The least.
        low: f64,
        /// Above all.
        high: f64,
    },
    /// Normal numbers of mean 0.
    Normal {
        /// Their standard deviation.
        deviation: f64,
    },
    /// Normal numbers around a mean.
    Around {
        /// The mean.
        mean: f64,
        /// Their standard deviation.
        deviation: f64,
    },
    /// Normal numbers, those outside of `[low, high]` drawn again.
    Truncated {
        /// The mean of the whole law.
        mean: f64,
        /// Its standard deviation.
        deviation: f64,
        /// The least.
        low: f64,
        /// The greatest.
        high: f64,
    },
    /// Ones on the diagonal of a matrix.
    Eye,
    /// Convolutions that hand channels on as they are.
    Dirac {
        /// In so many groups.
        groups: usize,
    },
    /// `gain sqrt(2 / (in + out))` as standard deviation.
    Xavier {
        /// Uniform, or else normal.
        uniform: bool,
        /// What the deviation is multiplied with.
        gain: f64,
    },
    /// `gain / sqrt(in)`, or `out`, as standard deviation.
    Kaiming {
        /// Uniform, or else normal.
        uniform: bool,
        /// Which of the two.
        fan: Fan,
        /// What follows the layer.
        nonlinearity: Nonlinearity,
    },
    /// Rows, or columns where there are fewer, that are orthogonal to each other.
    Orthogonal {
        /// Their length.
        gain: f64,
    },
    /// Normal numbers, and in each column a share of zeros.
    Sparse {
        /// The share.
        sparsity: f64,
        /// The standard deviation of the others.
        deviation: f64,
    },
}

impl Init {
    /// What weight and bias of a linear layer start from: PyTorch's `kaiming_uniform` with `a = sqrt(5)`, which is uniform in
    /// `[-1 / sqrt(inputs), 1 / sqrt(inputs))`.
    pub(crate) fn linear(inputs: usize) -> Self {
        let bound = if inputs == 0 { 0.0 } else { 1.0 / (inputs as f64).sqrt() };
        Self::Uniform { bound }
    }

    /// What keeps the variance of both values and gradients: uniform in `[-b, b)` with `b = sqrt(6 / (inputs + outputs))`. X. Glorot and
    /// Y. Bengio, *Understanding the difficulty of training deep feedforward neural networks*, 2010; PyTorch's `xavier_uniform`.
    pub(crate) fn glorot(inputs: usize, outputs: usize) -> Self {
        let bound = match inputs.saturating_add(outputs) {
            0 => 0.0,
            both => (6.0 / both as f64).sqrt(),
        };
        Self::Uniform { bound }
    }

    /// Puts the first value of a parameter into its place.
    ///
    /// # Errors
    /// Where the law is not for these sizes, or its numbers make no sense.
    pub(crate) fn fill(self, stream: Stream, place: Matrix<'_>, sizes: &[usize]) -> Result<()> {
        let backend = place.buffer.device().backend();
        let Stream { seed, stream: number } = stream;
        match self.spelled_out(sizes)? {
            Drawn::Uniform(low, high) => backend.uniform(low, high, seed, number, place),
            Drawn::Normal(mean, deviation) => backend.normal(mean, deviation, seed, number, place),
            Drawn::Constant(value) => backend.fill(value, view(place, &Layout::contiguous(sizes))),
            Drawn::OnProcessor => {
                let numbers = self.numbers(stream, sizes);
                let device = place.buffer.device();
                let value = Value::from_slice(Device::cpu(), sizes, &numbers);
                let value = cast(&value, place.buffer.dtype());
                let value = if device == Device::cpu() {
                    value
                } else {
                    value.moved(device)
                };
                value.buffer.check()?;
                backend.copy(value.view(), view(place, &Layout::contiguous(sizes)));
            }
        }
        Ok(())
    }

    /// The numbers of the law for these sizes.
    fn spelled_out(self, sizes: &[usize]) -> Result<Drawn> {
        let number = |name: &'static str, value: f64, fits: bool, expected: &str| match fits {
            true => Ok(()),
            false => Err(Error::argument(name, expected, format!("{value}"))),
        };
        let deviated = |uniform, deviation: f64| match uniform {
            true => Drawn::Uniform(-(3f64.sqrt() * deviation), 3f64.sqrt() * deviation),
            false => Drawn::Normal(0.0, deviation),
        };
        Ok(match self {
            Self::Constant(value) => Drawn::Constant(value),
            Self::Uniform { bound } => Drawn::Uniform(-bound, bound),
            Self::Between { low, high } => {
                number("uniform", high, low <= high, &format!("a bound of {low} or above"))?;
                Drawn::Uniform(low, high)
            }
            Self::Normal { deviation } => Drawn::Normal(0.0, deviation),
            Self::Around { mean, deviation } => {
                number("normal", deviation, deviation >= 0.0, "a standard deviation from 0")?;
                Drawn::Normal(mean, deviation)
            }
            Self::Truncated {
                deviation, low, high, ..
            } => {
                let operation = "trunc_normal";
                number(operation, deviation, deviation > 0.0, "a standard deviation above 0")?;
                number(operation, high, low <= high, &format!("a bound of {low} or above"))?;
                Drawn::OnProcessor
            }
            Self::Eye => match sizes {
                [_, _] => Drawn::OnProcessor,
                _ => return Err(Error::shape("eye", "two axes", describe(sizes))),
            },
            Self::Dirac { groups } => match sizes {
                [out, _, _, ..] if sizes.len() <= 5 => {
                    let fits = groups > 0 && out.is_multiple_of(groups);
                    number(
                        "dirac",
                        groups as f64,
                        fits,
                        &format!("groups that divide {out} channels"),
                    )?;
                    Drawn::OnProcessor
                }
                _ => return Err(Error::shape("dirac", "three to five axes", describe(sizes))),
            },
            Self::Xavier { uniform, gain } => {
                let [input, output] = fans("xavier", sizes)?;
                deviated(uniform, over(gain * 2f64.sqrt(), input + output))
            }
            Self::Kaiming {
                uniform,
                fan,
                nonlinearity,
            } => {
                let [input, output] = fans("kaiming", sizes)?;
                let count = if fan == Fan::In { input } else { output };
                deviated(uniform, over(calculate_gain(nonlinearity), count))
            }
            Self::Orthogonal { .. } => match sizes {
                [_, _, ..] => Drawn::OnProcessor,
                _ => return Err(Error::shape("orthogonal", "two axes or more", describe(sizes))),
            },
            Self::Sparse { sparsity, .. } => match sizes {
                [_, _] => {
                    number(
                        "sparse",
                        sparsity,
                        (0.0..=1.0).contains(&sparsity),
                        "a share from 0 to 1",
                    )?;
                    Drawn::OnProcessor
                }
                _ => return Err(Error::shape("sparse", "two axes", describe(sizes))),
            },
        })
    }

    /// The elements of a law that is made on the processor.
    fn numbers(self, stream: Stream, sizes: &[usize]) -> Vec<f64> {
        match self {
            Self::Truncated {
                mean,
                deviation,
                low,
                high,
            } => {
                // The inverse of the law's distribution function, of numbers that are uniform between its values at both ends.
                let below = |bound: f64| erf((bound - mean) / deviation / 2f64.sqrt());
                let (from, to) = (below(low), below(high));
                elements(len(sizes), stream, |_, words| {
                    let number = erfinv(from + (to - from) * words.unit());
                    (mean + deviation * 2f64.sqrt() * number).clamp(low, high)
                })
            }
            Self::Eye => {
                let columns = sizes[1];
                let element = |at: usize| f64::from(at / columns == at % columns);
                (0..len(sizes)).map(element).collect()
            }
            Self::Dirac { groups } => dirac(sizes, groups),
            Self::Orthogonal { gain } => orthogonal(stream, sizes, gain),
            Self::Sparse { sparsity, deviation } => sparse(stream, sizes, sparsity, deviation),
            Self::Constant(_) | Self::Uniform { .. } | Self::Between { .. } | Self::Normal { .. } => Vec::new(),
            Self::Around { .. } | Self::Xavier { .. } | Self::Kaiming { .. } => Vec::new(),
        }
    }
}

/// How the elements of a law are made.
enum Drawn {
    Constant(f64),
    Uniform(f64, f64),
    Normal(f64, f64),
    OnProcessor,
}

fn view<'a>(place: Matrix<'a>, layout: &'a Layout) -> View<'a> {
    View {
        buffer: place.buffer,
        offset: place.offset,
        layout,
    }
}

/// `gain / sqrt(count)`; 0 where there is nothing.
fn over(gain: f64, count: f64) -> f64 {
    if count == 0.0 { 0.0 } else { gain / count.sqrt() }
}

/// 1 in the middle of the window from channel `i` to channel `i` of each group.
fn dirac(sizes: &[usize], groups: usize) -> Vec<f64> {
    let (out, input, window) = (sizes[0], sizes[1], &sizes[2..]);
    let middle = window.iter().fold(0, |at, size| at * size + size / 2);
    let mut numbers = vec![0.0; len(sizes)];
    let (each, size) = (out / groups, len(window));
    for group in 0..groups {
        for channel in 0..each.min(input) {
            if let Some(number) = numbers.get_mut(((group * each + channel) * input + channel) * size + middle) {
                *number = 1.0;
            }
        }
    }
    numbers
}

/// `Q` of a matrix of normal numbers, with signs that make it uniform among all such. Saxe et al., *Exact solutions to the nonlinear
/// dynamics of learning in deep linear neural networks*, 2013.
fn orthogonal(stream: Stream, sizes: &[usize], gain: f64) -> Vec<f64> {
    let (rows, columns) = (sizes[0], len(&sizes[1..]));
    // At least as many rows as columns.
    let (long, short) = (rows.max(columns), rows.min(columns));
    let normal = elements(long * short, stream, |_, words| words.normal());
    let (mut q, mut r) = (vec![0.0; long * short], vec![0.0; short * short]);
    if short > 0 {
        qr::qr(long, short, &normal, &mut q, &mut r);
    }
    let signed = |row: usize, column: usize| gain * q[row * short + column] * r[column * short + column].signum();
    let element = |at: usize| {
        let (row, column) = (at / columns, at % columns);
        if rows >= columns {
            signed(row, column)
        } else {
            signed(column, row)
        }
    };
    (0..rows * columns).map(element).collect()
}

/// Of each column the first of its rows, in a random order, are zeros.
fn sparse(stream: Stream, sizes: &[usize], sparsity: f64, deviation: f64) -> Vec<f64> {
    let (rows, columns) = (sizes[0], sizes[1]);
    let zeros = (sparsity * rows as f64).ceil() as usize;
    let drawn = elements(rows * columns, stream, |_, words| {
        [deviation * words.normal(), words.unit()]
    });
    let mut numbers: Vec<f64> = drawn.iter().map(|[number, _]| *number).collect();
    for column in 0..columns {
        let mut order: Vec<usize> = (0..rows).collect();
        order.sort_by(|a, b| drawn[a * columns + column][1].total_cmp(&drawn[b * columns + column][1]));
        order[..zeros.min(rows)]
            .iter()
            .for_each(|row| numbers[row * columns + column] = 0.0);
    }
    numbers
}
