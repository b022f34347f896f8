//! The gradient of a reduction along one axis.

use tensor_ops::Reduce;

use super::PIECE;
use crate::kernels::Real;
use crate::threads::{Shared, parallel_pieces};

/// The gradient of a sum, a mean or an extreme along the middle one of three axes: `d` and the result are `[before, after]`.
///
/// An extreme is told from `x` and what it was; where several elements are the extreme, each takes an even share.
///
/// # Panics
/// If `d_x` is smaller than `sizes` say.
pub fn spread<T: Real>(op: Reduce, sizes: [usize; 3], extremes: Option<[&[T]; 2]>, d: &[T], d_x: &mut [T]) {
    let [before, count, after] = sizes;
    let each = count * after;
    if each == 0 {
        return;
    }
    let scale = match op {
        Reduce::Mean => T::ONE / T::from_usize(count),
        Reduce::Sum | Reduce::Max | Reduce::Min | Reduce::Prod => T::ONE,
    };
    let shared = Shared::new(d_x);
    parallel_pieces(before, (PIECE / each).max(1), |first, number| {
        // SAFETY: pieces are disjoint.
        let d_x = unsafe { shared.part(first * each, number * each) };
        for (index, d_x) in (first..).zip(d_x.chunks_exact_mut(each)) {
            let d = &d[index * after..][..after];
            match extremes {
                None => {
                    for row in d_x.chunks_exact_mut(after) {
                        row.iter_mut().zip(d).for_each(|(d_x, &d)| *d_x = scale * d);
                    }
                }
                Some([x, extreme]) => shares(&x[index * each..][..each], &extreme[index * after..][..after], d, d_x),
            }
        }
    });
}

/// The gradient of the extreme of each column of `[count, after]`.
fn shares<T: Real>(x: &[T], extreme: &[T], d: &[T], d_x: &mut [T]) {
    let after = d.len();
    for (column, (&extreme, &d)) in extreme.iter().zip(d).enumerate() {
        let hits = x.iter().skip(column).step_by(after).filter(|x| **x == extreme).count();
        // Nothing equals NaN: the gradient of what is none is none.
        let share = d / T::from_usize(hits);
        let pairs = x.iter().zip(&mut *d_x).skip(column).step_by(after);
        for (&x, d_x) in pairs {
            *d_x = if hits == 0 || x == extreme { share } else { T::ZERO };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::reduce::reduce;
    use crate::kernels::strided::Source;
    use crate::kernels::strided::tests::Dice;

    fn reduced(op: Reduce, [before, count, after]: [usize; 3], x: &[f64]) -> Vec<f64> {
        let mut out = vec![9.0; before * after];
        let strides = [(count * after) as isize, after as isize, 1];
        let x = Source {
            data: x,
            offset: 0,
            strides: &strides,
        };
        reduce(op, &[before, count, after], x, &[false, true, false], &mut out, false);
        out
    }

    #[test]
    fn gradients_are_differences() {
        let mut dice = Dice::new(5);
        for sizes in [
            [2, 3, 4],
            [1, 1, 1],
            [3, 1, 2],
            [1, 5, 1],
            [0, 2, 3],
            [2, 2, 0],
            [2, 0, 2],
            [40, 30, 20],
        ] {
            let [before, count, after] = sizes;
            let (mut x, d) = (dice.numbers(before * count * after), dice.numbers(before * after));
            for op in [Reduce::Sum, Reduce::Mean, Reduce::Max, Reduce::Min] {
                let out = reduced(op, sizes, &x);
                let extremes = matches!(op, Reduce::Max | Reduce::Min).then_some([&x[..], &out[..]]);
                let mut d_x = vec![9.0; x.len()];
                spread(op, sizes, extremes, &d, &mut d_x);
                let loss = |x: &[f64]| {
                    reduced(op, sizes, x)
                        .iter()
                        .zip(&d)
                        .map(|(out, d)| out * d)
                        .sum::<f64>()
                };
                for at in (0..x.len()).step_by(x.len().div_ceil(60).max(1)) {
                    x[at] += 1e-7;
                    let above = loss(&x);
                    x[at] -= 2e-7;
                    let slope = (above - loss(&x)) / 2e-7;
                    x[at] += 1e-7;
                    assert!(
                        (slope - d_x[at]).abs() < 1e-5,
                        "{op:?} {sizes:?} {at}: {slope} {}",
                        d_x[at]
                    );
                }
            }
        }
    }

    #[test]
    fn equal_extremes_share() {
        let mut d_x = [9.0; 4];
        spread(
            Reduce::Max,
            [1, 4, 1],
            Some([&[1.0, 3.0, 3.0, 2.0], &[3.0]]),
            &[1.0],
            &mut d_x,
        );
        assert_eq!(d_x, [0.0, 0.5, 0.5, 0.0]);
    }
}
