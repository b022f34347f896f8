//! Convolution by products of matrices.
//!
//! With columns `[channels * kernel, positions]`, which hold what the kernel sees at each of its positions, all three are products: `out = w
//! columns`, `d_columns = w^T d`, `d_w = d columns^T`. A few images take part in a product at once, so that columns stay small.

use smallvec::smallvec;

use super::{Geometry, Reach};
use crate::device::{Matrix, reading};
use crate::error::Result;
use crate::layout::{Axes, Layout};
use crate::tape::Value;

/// How many elements the columns of one product have, where that is not less than one image's.
const COLUMNS: usize = 1 << 18;

impl Reach {
    fn padded(&self) -> usize {
        self.before + self.input + self.after
    }

    /// Whether each position sees the one element that is there.
    fn is_plain(&self) -> bool {
        self.kernel == 1 && self.stride == 1 && self.before + self.after == 0 && self.output == self.input
    }
}

impl Geometry {
    fn is_plain(&self) -> bool {
        self.axes.iter().all(Reach::is_plain)
    }

    /// How many images take part in one product.
    fn at_once(&self, images: usize) -> usize {
        if self.is_plain() {
            return 1;
        }
        let one = self.channels * self.taps() * self.positions();
        (COLUMNS / one.max(1)).clamp(1, images.max(1))
    }

    /// The matrix of one group, of a value whose rows belong to the groups in turn.
    fn group<'a>(&self, x: &'a Value, group: usize) -> Matrix<'a> {
        let (sizes, strides) = (x.sizes(), x.layout.strides());
        let rows = sizes[0] / self.groups;
        Matrix {
            buffer: &x.buffer,
            offset: x.offset + group * rows * strides[0] as usize,
            rows,
            cols: sizes[1],
            row_stride: strides[0] as usize,
            col_stride: strides[1] as usize,
        }
    }

    /// What the kernel sees of `count` images from `first` on, as a view of the padded input: `[channels, kernel.., count, output..]`.
    fn windows(&self, padded: &Value, first: usize, count: usize) -> Value {
        let steps = padded.layout.strides();
        let (mut sizes, mut strides): (Axes<usize>, Axes<isize>) = (smallvec![self.channels], smallvec![steps[1]]);
        for (axis, step) in self.axes.iter().zip(&steps[2..]) {
            sizes.push(axis.kernel);
            strides.push(step * axis.dilation as isize);
        }
        sizes.push(count);
        strides.push(steps[0]);
        for (axis, step) in self.axes.iter().zip(&steps[2..]) {
            sizes.push(axis.output);
            strides.push(step * axis.stride as isize);
        }
        Value {
            offset: padded.offset + first * steps[0] as usize,
            layout: Layout::strided(&sizes, &strides),
            ..padded.detach()
        }
    }

    /// The same as a matrix: `[channels * kernel, count * positions]`.
    fn columns(&self, padded: &Value, first: usize, count: usize) -> Value {
        self.windows(padded, first, count)
            .reshape(&[self.channels * self.taps(), count * self.positions()])
    }

    /// `count` images of an output from `first` on as a matrix: `[outputs, count * positions]`.
    fn rows(&self, d: &Value, first: usize, count: usize) -> Value {
        let images = d.slice(0, first, count, 1);
        let flat = images.reshape(&[count, self.outputs, self.positions()]);
        flat.transpose(0, 1).reshape(&[self.outputs, count * self.positions()])
    }

    /// The input with its zeros around it, in strides that do not go backwards.
    fn padded(&self, x: &Value) -> Value {
        if self.axes.iter().all(|axis| axis.before + axis.after == 0) {
            let backwards = x.layout.strides().iter().any(|&stride| stride < 0);
            return if backwards { x.copied() } else { x.clone() };
        }
        let out = Value::filled(
            x.device(),
            x.dtype(),
            0.0,
            &self.each([x.sizes()[0], self.channels], Reach::padded),
        );
        if out.buffer.poison().is_none() {
            let inner = self.inner(&out);
            let _reading = reading([&x.buffer]);
            x.device().backend().copy(x.view(), inner.view());
        }
        out
    }

    /// A padded input without the zeros around it.
    fn inner(&self, padded: &Value) -> Value {
        let axes = self.axes.iter().enumerate();
        axes.fold(padded.clone(), |x, (axis, reach)| {
            x.slice(axis + 2, reach.before, reach.input, 1)
        })
    }
}

/// The pieces that the images are taken in: where each begins, and how many images it has.
fn pieces(images: usize, geometry: &Geometry) -> impl Iterator<Item = (usize, usize)> {
    let at_once = geometry.at_once(images);
    (0..images)
        .step_by(at_once)
        .map(move |first| (first, at_once.min(images - first)))
}

/// `[outputs, channels / groups * kernel]`, row by row.
fn flat(w: &Value, geometry: &Geometry) -> Value {
    let columns = geometry.channels / geometry.groups * geometry.taps();
    w.contiguous().into_value().reshape(&[geometry.outputs, columns])
}

pub(super) fn outputs(x: &Value, w: &Value, geometry: &Geometry) -> Result<Value> {
    let images = x.sizes()[0];
    let sizes = geometry.each([images, geometry.outputs], |axis| axis.output);
    let out = match Value::output(geometry.name, &[x, w], x.dtype(), &sizes) {
        Ok(out) => out,
        Err(poisoned) => return Ok(poisoned),
    };
    let (padded, w) = (geometry.padded(x), flat(w, geometry));
    let (backend, positions) = (out.device().backend(), geometry.positions());
    let image = geometry.outputs * positions;
    for (first, count) in pieces(images, geometry) {
        let columns = geometry.columns(&padded, first, count);
        // One image lies in the output as the product gives it.
        let place = Value {
            offset: out.offset + first * image,
            layout: Layout::contiguous(&[geometry.outputs, count * positions]),
            ..out.detach()
        };
        let to = match count {
            1 => place.clone(),
            _ => Value::empty(out.device(), out.dtype(), place.sizes()),
        };
        columns.buffer.check()?;
        to.buffer.check()?;
        let _reading = reading([&w.buffer, &columns.buffer]);
        for group in 0..geometry.groups {
            let [w, columns, to] = [&w, &columns, &to].map(|x| geometry.group(x, group));
            backend.gemm(w, columns, to, false);
        }
        if count > 1 {
            let sizes = [geometry.outputs, count, positions];
            let layout = Layout::contiguous(&[count, geometry.outputs, positions]);
            let out = Value { layout, ..place };
            backend.copy(to.reshape(&sizes).transpose(0, 1).view(), out.view());
        }
    }
    Ok(out)
}

pub(super) fn inputs(d: &Value, w: &Value, geometry: &Geometry) -> Result<Value> {
    let images = d.sizes()[0];
    let sizes = geometry.each([images, geometry.channels], Reach::padded);
    let out = match Value::output(geometry.name, &[d, w], d.dtype(), &sizes) {
        Ok(out) => out,
        Err(poisoned) => return Ok(poisoned),
    };
    let (backend, w) = (out.device().backend(), flat(w, geometry));
    let plain = geometry.is_plain();
    if !plain {
        backend.fill(0.0, out.view());
    }
    for (first, count) in pieces(images, geometry) {
        let d = geometry.rows(d, first, count);
        let rows = geometry.channels * geometry.taps();
        let sizes = [rows, count * geometry.positions()];
        let columns = match plain {
            true => Value {
                offset: out.offset + first * rows * sizes[1],
                layout: Layout::contiguous(&sizes),
                ..out.detach()
            },
            false => Value::empty(out.device(), out.dtype(), &sizes),
        };
        d.buffer.check()?;
        columns.buffer.check()?;
        let _reading = reading([&w.buffer, &d.buffer]);
        for group in 0..geometry.groups {
            let [w, d, columns] = [&w, &d, &columns].map(|x| geometry.group(x, group));
            backend.gemm(w.transposed(), d, columns, false);
        }
        if !plain {
            let windows = geometry.windows(&out, first, count);
            backend.accumulate(columns.reshape(windows.sizes()).view(), windows.view());
        }
    }
    Ok(geometry.inner(&out))
}

pub(super) fn kernels(x: &Value, d: &Value, geometry: &Geometry) -> Result<Value> {
    let images = x.sizes()[0];
    let sizes = geometry.each([geometry.outputs, geometry.channels / geometry.groups], |axis| {
        axis.kernel
    });
    let out = match Value::output(geometry.name, &[x, d], x.dtype(), &sizes) {
        Ok(out) => out,
        Err(poisoned) => return Ok(poisoned),
    };
    let backend = out.device().backend();
    if images == 0 {
        backend.fill(0.0, out.view());
    }
    let (padded, to) = (geometry.padded(x), flat(&out, geometry));
    for (first, count) in pieces(images, geometry) {
        let (columns, d) = (geometry.columns(&padded, first, count), geometry.rows(d, first, count));
        columns.buffer.check()?;
        d.buffer.check()?;
        let _reading = reading([&columns.buffer, &d.buffer]);
        for group in 0..geometry.groups {
            let [columns, d, to] = [&columns, &d, &to].map(|x| geometry.group(x, group));
            backend.gemm(d, columns.transposed(), to, first > 0);
        }
    }
    Ok(out)
}
