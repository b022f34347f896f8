//! [`Windows`]: how a kernel goes along the axes behind the channels, and how many places it finds there.

use crate::{Misfit, Poly};

/// How a kernel goes along one to three axes. Entries from `rank` on are of a kernel of 1 that goes nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Windows {
    /// The number of axes.
    pub rank: usize,
    /// The elements of the kernel.
    pub size: [usize; 3],
    /// From one place to the next.
    pub stride: [usize; 3],
    /// The zeros before the first element.
    pub before: [usize; 3],
    /// The zeros behind the last.
    pub after: [usize; 3],
    /// From an element of the kernel to the next.
    pub dilation: [usize; 3],
}

/// How many places a kernel finds along an axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The number.
    pub count: Poly,
    /// How it comes about: `(26 + 2*0 - 3)/1 + 1 = 24`.
    pub steps: String,
}

/// How often a stride goes into what is left beside the first place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Windows that do not fit are left out.
    Down,
    /// A last window may begin inside and end outside.
    Up,
}

impl Windows {
    /// A kernel of these sizes, one step at a time, without zeros around.
    pub fn of(size: &[usize]) -> Self {
        let mut windows = Windows {
            rank: size.len(),
            size: [1; 3],
            stride: [1; 3],
            before: [0; 3],
            after: [0; 3],
            dilation: [1; 3],
        };
        windows.size[..size.len()].copy_from_slice(size);
        windows
    }

    /// The same with so many zeros around that a stride of 1 keeps sizes; of an odd number one more behind.
    pub fn same(mut self) -> Self {
        for axis in 0..self.rank {
            let zeros = (self.span(axis) - 1) as usize;
            (self.before[axis], self.after[axis]) = (zeros / 2, zeros - zeros / 2);
        }
        self
    }

    /// From the first to the last element of the kernel.
    pub fn span(&self, axis: usize) -> u64 {
        self.dilation[axis] as u64 * (self.size[axis] as u64 - 1) + 1
    }

    /// The elements of the kernel.
    pub fn taps(&self) -> u64 {
        self.size.iter().map(|&size| size as u64).product()
    }

    /// `(size + before + after - span) / stride + 1`: the places along an axis.
    pub fn places(&self, axis: usize, size: &Poly, rounding: Rounding) -> Result<Places, Misfit> {
        let (stride, span) = (self.stride[axis] as u64, self.span(axis));
        let (before, after) = (self.before[axis] as u64, self.after[axis] as u64);
        let steps = self.steps(axis, size, rounding);
        let (variable, number) = size.parted();
        let padded = number + before + after;
        if variable.as_number().is_some() {
            let Some(room) = padded.checked_sub(span) else {
                return Err(Misfit::Window { steps, span, padded });
            };
            let mut count = room / stride + 1;
            // A window that is cut must begin inside, or in the zeros before.
            if rounding == Rounding::Up && room % stride != 0 && count * stride < number + before {
                count += 1;
            }
            let count = Poly::number(count);
            let steps = format!("{steps} = {count}");
            return Ok(Places { count, steps });
        }
        // With a name in it: where the stride divides what the name counts, the rest is a number.
        let rest = (padded as i64 - span as i64).div_euclid(stride as i64) + 1;
        let exact = rounding == Rounding::Down || (padded as i64 - span as i64).rem_euclid(stride as i64) == 0;
        match (variable.divided(stride), u64::try_from(rest)) {
            (Some(variable), Ok(rest)) if exact => {
                let count = &variable + &Poly::number(rest);
                let steps = format!("{steps} = {count}");
                Ok(Places { count, steps })
            }
            _ => Err(Misfit::Nameless {
                size: size.clone(),
                steps,
            }),
        }
    }

    /// `(26 + 2*0 - 3)/1 + 1`, as one works it out by hand.
    fn steps(&self, axis: usize, size: &Poly, rounding: Rounding) -> String {
        let (before, after) = (self.before[axis], self.after[axis]);
        let zeros = if before == after {
            format!("2*{before}")
        } else {
            format!("{before} + {after}")
        };
        let kernel = match self.dilation[axis] {
            1 => self.size[axis].to_string(),
            dilation => format!("{dilation}*({} - 1) - 1", self.size[axis]),
        };
        let (open, close) = match rounding {
            Rounding::Down => ("", ""),
            Rounding::Up => ("ceil(", ")"),
        };
        format!("{open}({size} + {zeros} - {kernel})/{}{close} + 1", self.stride[axis])
    }

    /// Kernel and options as they are written, those left out that are as always: `3, stride = 2`.
    pub fn text(&self, stride: [usize; 3]) -> Vec<String> {
        let each = |numbers: [usize; 3]| {
            let numbers = &numbers[..self.rank];
            match numbers.iter().all(|number| *number == numbers[0]) {
                true => numbers[0].to_string(),
                false => {
                    let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
                    format!("({})", numbers.join(", "))
                }
            }
        };
        let mut text = vec![each(self.size)];
        if self.stride != stride {
            text.push(format!("stride = {}", each(self.stride)));
        }
        if self.before != self.after {
            text.push("padding = same".to_owned());
        } else if self.before != [0; 3] {
            text.push(format!("padding = {}", each(self.before)));
        }
        if self.dilation != [1; 3] {
            text.push(format!("dilation = {}", each(self.dilation)));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(size: usize, stride: usize, padding: usize) -> Windows {
        let mut windows = Windows::of(&[size, size]);
        windows.stride = [stride, stride, 1];
        (windows.before, windows.after) = ([padding, padding, 0], [padding, padding, 0]);
        windows
    }

    #[test]
    fn the_arithmetic_is_shown() {
        let places = square(3, 1, 0).places(0, &Poly::number(26), Rounding::Down).unwrap();
        assert_eq!(places.steps, "(26 + 2*0 - 3)/1 + 1 = 24");
        let places = square(7, 2, 3).places(1, &Poly::number(224), Rounding::Down).unwrap();
        assert_eq!(places.steps, "(224 + 2*3 - 7)/2 + 1 = 112");
    }

    #[test]
    fn a_kernel_as_large_as_the_input_finds_one_place() {
        for (size, found) in [(5, Some(1)), (6, None), (4, Some(2))] {
            let places = square(size, 1, 0).places(0, &Poly::number(5), Rounding::Down);
            assert_eq!(places.ok().and_then(|places| places.count.as_number()), found, "{size}");
        }
    }

    #[test]
    fn a_last_window_begins_inside() {
        let count = |size, stride, padding, input| {
            let places = square(size, stride, padding).places(0, &Poly::number(input), Rounding::Up);
            places.unwrap().count.as_number()
        };
        assert_eq!(count(2, 2, 0, 5), Some(3));
        // PyTorch: the window would begin in the zeros behind.
        assert_eq!(count(2, 3, 1, 2), Some(1));
    }

    #[test]
    fn a_name_stays_where_the_stride_divides_it() {
        let width = Poly::variable("Width");
        let same = Windows::of(&[4]).same();
        assert_eq!(same.places(0, &width, Rounding::Down).unwrap().count, width);
        assert_eq!((same.before[0], same.after[0]), (1, 2));
        let twice = &Poly::number(2) * &width;
        assert_eq!(square(2, 2, 0).places(0, &twice, Rounding::Down).unwrap().count, width);
        assert!(square(2, 2, 0).places(0, &width, Rounding::Down).is_err());
        assert!(square(3, 1, 0).places(0, &width, Rounding::Down).is_err());
    }
}
