//! How windows go along an axis: what a position of a kernel sees.

use std::ops::Range;

/// The elements of an axis that a window sees: `count` of them from `first` on, `step` apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first.
    pub first: usize,
    /// How many.
    pub count: usize,
    /// How far apart.
    pub step: usize,
}

impl Window {
    /// The indices that it sees.
    pub fn places(self) -> impl Iterator<Item = usize> {
        (0..self.count).map(move |index| self.first + index * self.step)
    }
}

/// How a kernel goes along one axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Along {
    /// The size of what it goes over.
    pub input: usize,
    /// The number of its places.
    pub output: usize,
    /// The elements of the kernel.
    pub size: usize,
    /// From a place to the next.
    pub stride: usize,
    /// The zeros before the first element.
    pub before: usize,
    /// The zeros behind the last.
    pub after: usize,
    /// From an element of the kernel to the next.
    pub dilation: usize,
}

impl Along {
    /// An axis of one element that a kernel of one element sees.
    pub const ONE: Self = Self {
        input: 1,
        output: 1,
        size: 1,
        stride: 1,
        before: 0,
        after: 0,
        dilation: 1,
    };

    /// The places at which this element of the kernel sees an element of the input, and which it sees from the first of them.
    pub fn seen(&self, tap: usize) -> (Range<usize>, usize) {
        let reach = tap * self.dilation;
        let first = self.before.saturating_sub(reach).div_ceil(self.stride);
        let end = match (self.input + self.before).checked_sub(reach) {
            Some(room) => room.div_ceil(self.stride).min(self.output),
            None => 0,
        };
        if first >= end {
            return (0..0, 0);
        }
        (first..end, first * self.stride + reach - self.before)
    }

    /// The element of the input that an element of the kernel sees from a place, if it sees one.
    #[cfg(test)]
    pub fn at(&self, place: usize, tap: usize) -> Option<usize> {
        let element = (place * self.stride + tap * self.dilation).checked_sub(self.before)?;
        (element < self.input).then_some(element)
    }

    /// All elements of the input that the kernel sees from a place.
    pub fn window(&self, place: usize) -> Window {
        let start = place * self.stride;
        let skipped = self.before.saturating_sub(start).div_ceil(self.dilation);
        let first = (start + skipped * self.dilation).saturating_sub(self.before);
        let room = self.input.saturating_sub(first).div_ceil(self.dilation);
        Window {
            first,
            count: self.size.saturating_sub(skipped).min(room),
            step: self.dilation,
        }
    }

    /// How many of the kernel's elements lie in the input or in the zeros around.
    pub fn with_zeros(&self, place: usize) -> usize {
        let end = self.input + self.before + self.after;
        self.size.min(end.saturating_sub(place * self.stride))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_seen_is_what_each_place_sees() {
        for input in [1usize, 2, 5] {
            for (size, stride, before, after, dilation) in [
                (1, 1, 0, 0, 1),
                (3, 1, 1, 1, 1),
                (2, 2, 1, 0, 1),
                (3, 2, 2, 2, 2),
                (2, 3, 0, 1, 3),
            ] {
                let span = dilation * (size - 1) + 1;
                let Some(room) = (input + before + after).checked_sub(span) else {
                    continue;
                };
                let output = room / stride + 1;
                let along = Along {
                    input,
                    output,
                    size,
                    stride,
                    before,
                    after,
                    dilation,
                };
                for tap in 0..size {
                    let (places, first) = along.seen(tap);
                    let expected: Vec<usize> = (0..output).filter(|&place| along.at(place, tap).is_some()).collect();
                    assert_eq!(places.clone().collect::<Vec<_>>(), expected, "{along:?} {tap}");
                    for (index, place) in places.enumerate() {
                        assert_eq!(along.at(place, tap), Some(first + index * stride));
                    }
                }
                for place in 0..output {
                    let window = along.window(place);
                    let seen: Vec<usize> = (0..window.count).map(|i| window.first + i * window.step).collect();
                    let expected: Vec<usize> = (0..size).filter_map(|tap| along.at(place, tap)).collect();
                    assert_eq!(seen, expected, "{along:?} at {place}");
                }
            }
        }
    }
}
