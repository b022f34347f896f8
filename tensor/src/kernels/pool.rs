//! The places of the largest elements in windows.

use crate::kernels::Number;
use crate::threads::{Shared, parallel_pieces};

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

/// For each plane of `x`, `[planes, sizes..]`, and each of the windows, which are products of those of three axes: where in the plane the
/// largest element is, the first of several. NaN is larger than all, and the last of several NaN is taken.
///
/// # Panics
/// If a window reaches outside the plane, or sees nothing.
pub fn largest<T: Number>(x: &[T], sizes: [usize; 3], windows: [&[Window]; 3], out: &mut [i64]) {
    let plane: usize = sizes.iter().product();
    let positions: usize = windows.iter().map(|windows| windows.len()).product();
    if positions == 0 || plane == 0 {
        return;
    }
    let planes = out.len() / positions;
    assert_eq!(x.len(), planes * plane, "planes of another size");
    // A few thousand elements a task.
    let piece = (1usize << 14).div_ceil(plane.max(positions));
    let shared = Shared::new(out);
    parallel_pieces(planes, piece, |first, count| {
        for index in first..first + count {
            let x = &x[index * plane..][..plane];
            // SAFETY: each task has planes of its own.
            let out = unsafe { shared.part(index * positions, positions) };
            in_plane(x, sizes, windows, out);
        }
    });
}

fn in_plane<T: Number>(x: &[T], [_, rows, columns]: [usize; 3], windows: [&[Window]; 3], out: &mut [i64]) {
    let mut out = out.iter_mut();
    for &depth in windows[0] {
        for &row in windows[1] {
            for &column in windows[2] {
                let mut best: Option<(usize, T)> = None;
                for z in depth.places() {
                    for y in row.places() {
                        let start = (z * rows + y) * columns;
                        for place in column.places() {
                            let number = x[start + place];
                            let takes = match best {
                                None => true,
                                #[allow(clippy::eq_op, reason = "NaN alone differs from itself")]
                                Some((_, largest)) => number > largest || number != number,
                            };
                            if takes {
                                best = Some((start + place, number));
                            }
                        }
                    }
                }
                let (place, _) = best.expect("`functional/pool.rs` lets no window see nothing");
                *out.next().expect("a place for each window") = place as i64;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(first: usize, count: usize) -> Window {
        Window { first, count, step: 1 }
    }

    #[test]
    fn the_first_of_several_is_taken_and_nan_wins() {
        let x = [1.0, 3.0, 3.0, f32::NAN, 0.0, 2.0];
        let mut out = [0; 3];
        let windows = [window(0, 3), window(2, 3), window(4, 2)];
        largest(&x, [1, 1, 6], [&[window(0, 1)], &[window(0, 1)], &windows], &mut out);
        assert_eq!(out, [1, 3, 5]);
    }

    #[test]
    fn places_count_in_the_plane() {
        let x: Vec<i64> = (0..2 * 12).map(|index| -(index % 5)).collect();
        let mut out = [0; 2 * 4];
        let rows = [window(0, 2), window(1, 2)];
        let columns = [window(0, 2), window(2, 2)];
        largest(&x, [1, 3, 4], [&[window(0, 1)], &rows, &columns], &mut out);
        assert_eq!(out, [0, 6, 5, 10, 4, 3, 8, 10]);
    }
}
