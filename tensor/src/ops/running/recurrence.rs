//! Linear recurrences along an axis: what the gradients of running results are made of.

use smallvec::smallvec;

use crate::device::typed::float;
use crate::element::Differentiable;
use crate::error::Result;
use crate::ops::rows::Rows;
use crate::ops::view::{Look, unlook};
use crate::tape::{Rule, Value, record};

/// Which way something runs along an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// From the first element to the last.
    Forward,
    /// From the last element to the first.
    Back,
}

impl Way {
    pub(crate) fn turned(self) -> Self {
        match self {
            Self::Forward => Self::Back,
            Self::Back => Self::Forward,
        }
    }

    /// The places of a row of `len` in the order of this way.
    pub(crate) fn places(self, len: usize) -> impl Iterator<Item = usize> {
        (0..len).map(move |place| match self {
            Self::Forward => place,
            Self::Back => len - 1 - place,
        })
    }
}

/// `out[i] = b[i] + a[i] out[i - 1]` along an axis, or `out[i + 1]` on the way back; `out` is 0 before the first. Both are floats of the same
/// sizes, with at least one axis.
pub(crate) fn recurrence(a: &Value, b: &Value, axis: usize, way: Way) -> Result<Value> {
    const NAME: &str = "recurrence";
    let rows = Rows::of(NAME, b, axis as isize)?;
    let out = float!(b, T => {
        let (a, numbers) = (rows.elements::<T>(a)?, rows.elements::<T>(b)?);
        let pairs: Vec<(T, T)> = a.into_iter().zip(numbers).collect();
        rows.value::<T>(b.device(), rows.len(), &rows.run(&pairs, rows.len(), |row, out| run(row, out, way)))
    });
    let rule = move || {
        Rule::own(move |step| {
            let (a, out) = (&step.saved[0], &step.saved[1]);
            let d_b = recurrence(&shifted(a, axis, way.turned(), 0.0)?, step.gradient, axis, way.turned())?;
            let d_a = d_b.mul(&shifted(out, axis, way, 0.0)?)?;
            Ok(smallvec![Some(d_a), Some(d_b)])
        })
    };
    Ok(record(NAME, out, [a, b], rule, |out| {
        smallvec![a.clone(), out.as_own()]
    }))
}

fn run<T: Differentiable>(row: &[(T, T)], out: &mut [T], way: Way) {
    let mut before: Option<f64> = None;
    for place in way.places(row.len()) {
        let (a, b) = row[place];
        let last = b.as_f64() + before.map_or(0.0, |before| a.as_f64() * before);
        out[place] = T::from_f64(last);
        before = Some(last);
    }
}

/// `out[i] = x[i - 1]` along an axis, or `x[i + 1]` on the way back, and `fill` where there is none; it is 0 or 1.
pub(crate) fn shifted(x: &Value, axis: usize, way: Way, fill: f64) -> Result<Value> {
    let len = x.sizes()[axis];
    if x.len() == 0 {
        return Ok(x.clone());
    }
    let (from, to, edge) = match way {
        Way::Forward => (0, 1, 0),
        Way::Back => (1, 0, len - 1),
    };
    let place = Look::Slice {
        axis,
        start: to,
        len: len - 1,
        step: 1,
    };
    let moved = unlook(&x.slice(axis, from, len - 1, 1), place, x.sizes());
    if fill == 0.0 {
        return Ok(moved);
    }
    let mut along = vec![1; x.layout.rank()];
    along[axis] = len;
    let numbers: Vec<f64> = (0..len).map(|place| if place == edge { fill } else { 0.0 }).collect();
    moved.add(&Value::from_slice(x.device(), &along, &numbers).cast(x.dtype()))
}
