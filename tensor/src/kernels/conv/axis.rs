//! How a convolution, or its adjoint, goes along one axis: what is read, in which order it is laid out, and what each element of the kernel sees.
//!
//! What is read is copied with its zeros, elements that are a stride apart side by side: then every element of the kernel sees a run of
//! neighbours, whatever stride and dilation are.

use crate::kernels::windows::Along;

/// One axis of a sweep over copied planes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    /// The size of what is read.
    pub source: usize,
    /// Which of it is the first element of the copy for the first place; it may lie before or behind.
    first: isize,
    /// From an element of the copy to the next.
    step: usize,
    /// How many copies there are, each of other elements.
    pub phases: usize,
    /// How much longer than its places a copy is.
    pub reach: usize,
    /// The number of places.
    pub places: usize,
    /// The elements of the kernel that take part.
    pub taps: usize,
    /// The size of what is written.
    pub out: usize,
    /// Where the first place goes.
    pub out_first: usize,
    /// From where one goes to where the next goes.
    pub out_step: usize,
    way: Way,
}

#[derive(Clone, Copy, Debug)]
enum Way {
    /// From inputs to outputs.
    Forward {
        stride: usize,
        dilation: usize,
        /// After so many elements of the kernel comes the same phase.
        cycle: usize,
    },
    /// From outputs to those inputs that are seen by the `k`-th elements of the kernel, `first + n cycle` of them.
    Backward {
        first: usize,
        cycle: usize,
        /// How many places from one of these to the next.
        apart: usize,
    },
}

/// An element of the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tap {
    /// Its index.
    pub index: usize,
    /// The copy that it reads.
    pub phase: usize,
    /// Where it begins in it.
    pub shift: usize,
}

/// What of a copy is there: the rest are zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Inside {
    /// Zeros before.
    pub before: usize,
    /// How many elements.
    pub count: usize,
    /// The first of them in the source.
    pub first: usize,
    /// From one to the next in the source.
    pub step: usize,
}

fn greatest_divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { greatest_divisor(b, a % b) }
}

impl Axis {
    /// The axis of a convolution.
    pub fn forward(along: &Along) -> Self {
        let cycle = along.stride / greatest_divisor(along.stride, along.dilation);
        Self {
            source: along.input,
            first: -(along.before as isize),
            step: along.stride,
            phases: along.size.min(cycle),
            reach: along.size.saturating_sub(1) * along.dilation / along.stride,
            places: along.output,
            taps: along.size,
            out: along.output,
            out_first: 0,
            out_step: 1,
            way: Way::Forward {
                stride: along.stride,
                dilation: along.dilation,
                cycle,
            },
        }
    }

    /// The axis of the adjoint, for the inputs at `residue` from the first zero on, and every stride behind it.
    pub fn backward(along: &Along, residue: usize) -> Self {
        let (stride, dilation) = (along.stride, along.dilation);
        let cycle = stride / greatest_divisor(stride, dilation);
        let seeing = (0..along.size.min(cycle)).find(|tap| tap * dilation % stride == residue);
        let (first, taps) = seeing.map_or((0, 0), |first| (first, (along.size - first).div_ceil(cycle)));
        let apart = cycle * dilation / stride;
        // Where the first place sees its output through the first of these elements, and through the last.
        let near = if taps == 0 {
            0
        } else {
            (first * dilation - residue) / stride
        };
        let far = near + taps.saturating_sub(1) * apart;
        let skipped = along.before.saturating_sub(residue).div_ceil(stride);
        let out_first = skipped * stride + residue - along.before;
        Self {
            source: along.output,
            first: skipped as isize - far as isize,
            step: 1,
            phases: 1,
            reach: far - near,
            places: along.input.saturating_sub(out_first).div_ceil(stride),
            taps,
            out: along.input,
            out_first,
            out_step: stride,
            way: Way::Backward { first, cycle, apart },
        }
    }

    /// The `n`-th element of the kernel that takes part.
    pub fn tap(&self, n: usize) -> Tap {
        match self.way {
            Way::Forward {
                stride,
                dilation,
                cycle,
            } => Tap {
                index: n,
                phase: n % cycle,
                shift: n * dilation / stride,
            },
            Way::Backward { first, cycle, apart } => Tap {
                index: first + n * cycle,
                phase: 0,
                shift: (self.taps - 1 - n) * apart,
            },
        }
    }

    /// What is inside of the copy of `phase` for `places` places from `place` on.
    pub fn inside(&self, phase: usize, place: usize, places: usize) -> Inside {
        let ahead = match self.way {
            Way::Forward { stride, dilation, .. } => phase * dilation % stride,
            Way::Backward { .. } => 0,
        };
        let (length, step) = (places + self.reach, self.step);
        let start = self.first + (place * step + ahead) as isize;
        let before = if start < 0 { (-start as usize).div_ceil(step) } else { 0 };
        let first = (start + (before * step) as isize) as usize;
        let count = self.source.saturating_sub(first).div_ceil(step);
        let count = count.min(length.saturating_sub(before));
        Inside {
            before: before.min(length),
            count,
            first: if count == 0 { 0 } else { first },
            step,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> impl Iterator<Item = Along> {
        let sizes = [1usize, 2, 5, 8].into_iter();
        sizes.flat_map(|input| {
            let kernels = [
                (1, 1, 0, 1),
                (3, 1, 1, 1),
                (2, 2, 1, 1),
                (3, 2, 2, 2),
                (2, 3, 1, 3),
                (3, 4, 2, 3),
                (1, 2, 0, 1),
                (5, 2, 4, 1),
            ];
            kernels.into_iter().filter_map(move |(size, stride, zeros, dilation)| {
                let room = (input + 2 * zeros).checked_sub(dilation * (size - 1) + 1)?;
                Some(Along {
                    input,
                    output: room / stride + 1,
                    size,
                    stride,
                    before: zeros,
                    after: zeros,
                    dilation,
                })
            })
        })
    }

    /// Which element of the source is at a place of a copy.
    fn element(inside: Inside, at: usize) -> Option<usize> {
        let at = at.checked_sub(inside.before).filter(|&at| at < inside.count)?;
        Some(inside.first + at * inside.step)
    }

    #[test]
    fn each_place_sees_what_it_should() {
        for along in all() {
            let axis = Axis::forward(&along);
            for (n, lead) in (0..axis.taps).flat_map(|n| [0, 1, 2].map(|lead| (n, lead))) {
                let (tap, count) = (axis.tap(n), axis.places.saturating_sub(lead));
                let inside = axis.inside(tap.phase, lead, count);
                assert!(tap.phase < axis.phases && tap.shift <= axis.reach);
                for place in 0..count {
                    let found = element(inside, place + tap.shift);
                    assert_eq!(found, along.at(place + lead, tap.index), "{along:?} {n} {place}");
                }
            }
        }
    }

    #[test]
    fn each_input_hears_from_all_that_see_it() {
        for along in all() {
            let mut heard = vec![Vec::new(); along.input];
            for residue in 0..along.stride {
                let axis = Axis::backward(&along, residue);
                for n in 0..axis.taps {
                    let tap = axis.tap(n);
                    assert!(tap.shift <= axis.reach);
                    let inside = axis.inside(0, 0, axis.places);
                    for place in 0..axis.places {
                        if let Some(output) = element(inside, place + tap.shift) {
                            heard[axis.out_first + place * axis.out_step].push((output, tap.index));
                        }
                    }
                }
            }
            for (input, mut heard) in heard.into_iter().enumerate() {
                let taps = (0..along.output).flat_map(|place| (0..along.size).map(move |tap| (place, tap)));
                let expected: Vec<_> = taps
                    .filter(|&(place, tap)| along.at(place, tap) == Some(input))
                    .collect();
                heard.sort_unstable();
                assert_eq!(heard, expected, "{along:?} {input}");
            }
        }
    }
}
