//! Transforms along the last axis, each of which is one node on the tape.

use smallvec::smallvec;

use crate::device::typed::float;
use crate::error::{Error, Result};
use crate::kernels::fft;
use crate::layout::{Axes, describe, len};
use crate::ops::complex::part;
use crate::ops::host::on_processor;
use crate::ops::view::placed;
use crate::tape::{Rule, Value, record};

/// That there is something to transform.
pub(crate) fn positive(operation: &'static str, sizes: &[usize], n: usize) -> Result<()> {
    if n > 0 {
        return Ok(());
    }
    Err(Error::shape(
        operation,
        "at least one number to transform",
        describe(sizes),
    ))
}

/// `factor * sum over j of z[j] exp(-+ 2 pi i j k / n)` of pairs `[.., n, 2]`; `+` in the exponent where it is `inverse`.
pub(crate) fn complex(operation: &'static str, z: &Value, inverse: bool, factor: f64) -> Result<Value> {
    on_processor(operation, &[z])?;
    let rank = z.layout.rank();
    let n = z.sizes()[rank - 2];
    positive(operation, z.sizes(), n)?;
    let out = float!(z, T => {
        let mut data = z.to_vec::<T>()?;
        fft::fft(len(&z.sizes()[..rank - 2]), n, &mut data, inverse, factor);
        Value::from_slice(z.device(), z.sizes(), &data)
    });
    let rule = || Rule::own(move |step| Ok(smallvec![Some(complex(operation, step.gradient, !inverse, factor)?)]));
    Ok(record(operation, out, [z], rule, |_| smallvec![]))
}

/// The first half of the transform of real numbers, `[.., n] -> [.., n / 2 + 1, 2]`: the other one mirrors it.
pub(crate) fn half(operation: &'static str, x: &Value, factor: f64) -> Result<Value> {
    on_processor(operation, &[x])?;
    let last = x.layout.rank() - 1;
    let n = x.sizes()[last];
    positive(operation, x.sizes(), n)?;
    let mut sizes: Axes<usize> = x.sizes()[..last].into();
    let rows = len(&sizes);
    sizes.extend([n / 2 + 1, 2]);
    let out = float!(x, T => {
        let mut out = vec![0.0 as T; len(&sizes)];
        fft::rfft(rows, n, &x.to_vec::<T>()?, &mut out, factor);
        Value::from_slice(x.device(), &sizes, &out)
    });
    // What is not there has no gradient.
    let rule = || {
        Rule::own(move |step| {
            let whole = placed(step.gradient, last, 0, n);
            Ok(smallvec![Some(part(&complex(operation, &whole, true, factor)?, 0))])
        })
    };
    Ok(record(operation, out, [x], rule, |_| smallvec![]))
}

/// The real numbers of which this is half of the transform, `[.., n / 2 + 1, 2] -> [.., n]`.
pub(crate) fn from_half(operation: &'static str, z: &Value, n: usize, factor: f64) -> Result<Value> {
    on_processor(operation, &[z])?;
    positive(operation, z.sizes(), n)?;
    let last = z.layout.rank() - 2;
    let count = n / 2 + 1;
    let mut sizes: Axes<usize> = z.sizes()[..last].into();
    let rows = len(&sizes);
    sizes.push(n);
    let out = float!(z, T => {
        let mut out = vec![0.0 as T; len(&sizes)];
        fft::irfft(rows, n, &z.to_vec::<T>()?, &mut out, factor);
        Value::from_slice(z.device(), &sizes, &out)
    });
    // All but the first, and for even n the last, stand for two.
    let rule = || {
        Rule::own(move |step| {
            let times = (0..count).map(|k| if (n - k) % n == k { 1.0 } else { 2.0 });
            let times: Vec<f64> = times.flat_map(|times| [times; 2]).collect();
            let times = Value::from_slice(step.gradient.device(), &[count, 2], &times).cast(step.gradient.dtype());
            Ok(smallvec![Some(half(operation, step.gradient, factor)?.mul(&times)?)])
        })
    };
    Ok(record(operation, out, [z], rule, |_| smallvec![]))
}
