//! Which keys take part for which queries.

use crate::kernels::Real;

/// A row of marks for the keys of each query: that of query `i` of head `h` of sample `n` begins at `n image + h head + i query`.
#[derive(Clone, Copy, Debug)]
pub struct Mask<'a, T> {
    /// What they lie in.
    pub marks: Marks<'a, T>,
    /// From a sample to the next; 0 where one row is that of all.
    pub image: usize,
    /// From a head to the next.
    pub head: usize,
    /// From a query to the next.
    pub query: usize,
}

/// What is said of a key.
#[derive(Clone, Copy, Debug)]
pub enum Marks<'a, T> {
    /// It takes part where this is true.
    Allowed(&'a [bool]),
    /// It takes part where this is not 0.
    Counted(&'a [i64]),
    /// This is added to its scaled score; it takes no part where it is minus infinity.
    Added(&'a [T]),
}

impl<T: Real> Mask<'_, T> {
    /// Scales the scores of a query, the others being minus infinity after that. Whether one takes part.
    ///
    /// # Panics
    /// If there is no such query.
    pub(super) fn scale(&self, scale: T, [image, head, query]: [usize; 3], scores: &mut [T]) -> bool {
        let first = image * self.image + head * self.head + query * self.query;
        let places = first..first + scores.len();
        match self.marks {
            Marks::Allowed(marks) => each(scores, &marks[places], |score, &mark| match mark {
                true => score * scale,
                false => T::NEG_INFINITY,
            }),
            Marks::Counted(marks) => each(scores, &marks[places], |score, &mark| match mark {
                0 => T::NEG_INFINITY,
                _ => score * scale,
            }),
            Marks::Added(marks) => each(scores, &marks[places], |score, &mark| score * scale + mark),
        }
        scores.iter().any(|&score| score != T::NEG_INFINITY)
    }
}

fn each<T: Copy, M>(scores: &mut [T], marks: &[M], of: impl Fn(T, &M) -> T) {
    for (score, mark) in scores.iter_mut().zip(marks) {
        *score = of(*score, mark);
    }
}
