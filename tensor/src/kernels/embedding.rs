//! Rows of a table by their numbers.

use super::Real;

/// `out[i] = weight[ids[i]]`, each a row of so many features; the first number that names no row, if there is one.
pub fn forward<T: Real>(ids: &[i64], weight: &[T], features: usize, out: &mut [T]) -> Result<(), i64> {
    let mut wrong = None;
    for (&id, out) in ids.iter().zip(out.chunks_exact_mut(features)) {
        match row(id, features, weight.len()) {
            Some(row) => out.copy_from_slice(&weight[row]),
            None => {
                out.fill(T::ZERO);
                wrong = wrong.or(Some(id));
            }
        }
    }
    wrong.map_or(Ok(()), Err)
}

/// `d_weight[ids[i]] += d[i]`, one after the other; from 0 on, unless `adds`. Nothing goes to the row `padding`.
pub fn backward<T: Real>(
    ids: &[i64],
    d: &[T],
    features: usize,
    padding: Option<usize>,
    d_weight: &mut [T],
    adds: bool,
) {
    if !adds {
        d_weight.fill(T::ZERO);
    }
    let len = d_weight.len();
    for (&id, d) in ids.iter().zip(d.chunks_exact(features)) {
        let is_padding = padding.is_some_and(|padding| usize::try_from(id) == Ok(padding));
        if let (Some(row), false) = (row(id, features, len), is_padding) {
            d_weight[row].iter_mut().zip(d).for_each(|(sum, &d)| *sum += d);
        }
    }
}

/// Where a row lies.
fn row(id: i64, features: usize, len: usize) -> Option<std::ops::Range<usize>> {
    let first = usize::try_from(id).ok()?.checked_mul(features)?;
    let end = first.checked_add(features)?;
    (end <= len).then_some(first..end)
}

#[cfg(test)]
mod tests {
    use super::{backward, forward};

    #[test]
    fn rows_are_taken_and_their_gradients_added() {
        let weight = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let mut out = [9.0; 8];
        assert_eq!(forward(&[2, 0, 2, 1], &weight, 2, &mut out), Ok(()));
        assert_eq!(out, [5.0, 6.0, 1.0, 2.0, 5.0, 6.0, 3.0, 4.0]);
        let mut d_weight = [9.0; 6];
        backward(
            &[2, 0, 2],
            &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
            2,
            None,
            &mut d_weight,
            false,
        );
        assert_eq!(d_weight, [3.0, 4.0, 0.0, 0.0, 6.0, 8.0]);
        backward(&[1], &[1.0, 1.0], 2, None, &mut d_weight, true);
        backward(&[0, 1], &[1.0; 4], 2, Some(1), &mut [0.0; 6], true);
        assert_eq!(d_weight, [3.0, 4.0, 1.0, 1.0, 6.0, 8.0]);
    }

    #[test]
    fn a_number_of_no_row_is_told_and_makes_zeros() {
        for wrong in [3, -1, i64::MIN, i64::MAX] {
            let mut out = [9.0; 4];
            assert_eq!(
                forward(&[wrong, 0], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 2, &mut out),
                Err(wrong)
            );
            assert_eq!(out, [0.0, 0.0, 1.0, 2.0]);
            backward(&[wrong], &[1.0, 1.0], 2, None, &mut [0.0; 6], true);
        }
        assert_eq!(forward::<f32>(&[], &[1.0], 1, &mut []), Ok(()));
    }
}
