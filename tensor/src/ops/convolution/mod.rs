//! Convolution, and the two operations that its gradients are.
//!
//! Each is linear in both operands, and the gradients of each are the two others: so there are gradients of every order, and nothing is kept
//! but the operands. A device that has kernels for them computes them whole (`fused`); the others, and whole numbers, by products of matrices
//! (`columns`).

mod columns;
mod fused;

use smallvec::smallvec;
use tensor_ops::Primitive;
use tensor_ops::primitive::{Conv, Windows};

use crate::device::Operation;
use crate::element::{DType, Kind};
use crate::error::Result;
use crate::layout::Axes;
use crate::ops::cast;
use crate::tape::{Rule, Value, no_grad, record};

/// How the kernel goes along one axis.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reach {
    /// The size of the input.
    pub(crate) input: usize,
    /// The size of the kernel.
    pub(crate) kernel: usize,
    /// How far it goes from one position to the next.
    pub(crate) stride: usize,
    /// How far its elements are apart.
    pub(crate) dilation: usize,
    /// How many zeros stand before the input.
    pub(crate) before: usize,
    /// How many zeros stand behind it.
    pub(crate) after: usize,
    /// The number of positions.
    pub(crate) output: usize,
}

/// What is known of a convolution besides its operands: `x: [n, channels, input..]`, `w: [outputs, channels / groups, kernel..]`,
/// `out: [n, outputs, output..]`.
#[derive(Clone, Debug)]
pub(crate) struct Geometry {
    pub(crate) name: &'static str,
    pub(crate) groups: usize,
    pub(crate) channels: usize,
    pub(crate) outputs: usize,
    pub(crate) axes: Axes<Reach>,
}

impl Geometry {
    fn each(&self, lead: [usize; 2], size: impl Fn(&Reach) -> usize) -> Axes<usize> {
        lead.into_iter().chain(self.axes.iter().map(size)).collect()
    }

    /// The same as devices have it, if that of `x` has it for its elements.
    fn primitive(&self, x: &Value) -> Option<Conv> {
        let sizes: Axes<usize> = self.axes.iter().map(|axis| axis.kernel).collect();
        let mut windows = Windows::of(&sizes);
        for (index, axis) in self.axes.iter().enumerate() {
            windows.stride[index] = axis.stride;
            windows.dilation[index] = axis.dilation;
            windows.before[index] = axis.before;
            windows.after[index] = axis.after;
        }
        let conv = Conv {
            windows,
            groups: self.groups,
            bias: false,
        };
        let operation = Operation::Primitive(Primitive::Conv(conv));
        x.device().backend().supports(operation, x.dtype()).then_some(conv)
    }

    /// The elements of the kernel for one pair of channels.
    fn taps(&self) -> usize {
        self.axes.iter().map(|axis| axis.kernel).product()
    }

    /// The positions of the kernel in one image.
    fn positions(&self) -> usize {
        self.axes.iter().map(|axis| axis.output).product()
    }
}

/// Runs a product in an element type that has one, and says so of the result.
fn product(
    operands: [&Value; 2],
    geometry: &Geometry,
    run: fn([&Value; 2], &Geometry) -> Result<Value>,
) -> Result<Value> {
    match operands[0].dtype().kind() {
        Kind::Float => {
            let mut failed = None;
            let out = cast::widened(operands, |[a, b]| {
                run([a, b], geometry).unwrap_or_else(|error| {
                    failed = Some(error);
                    a.clone()
                })
            });
            failed.map_or(Ok(out), Err)
        }
        Kind::Integer | Kind::Bool => {
            let whole = operands.map(|operand| cast::cast(operand, DType::I64));
            Ok(cast::cast(&run(whole.each_ref(), geometry)?, operands[0].dtype()))
        }
    }
}

/// The convolution of `x` with `w`.
pub(crate) fn convolve(x: &Value, w: &Value, geometry: &Geometry) -> Result<Value> {
    product([x, w], geometry, |[x, w], geometry| {
        let out = no_grad(|| made(&x.detach(), &w.detach(), geometry, fused::outputs, columns::outputs))?;
        let geometry = geometry.clone();
        let rule = || {
            Rule::own(move |step| {
                let ([x, w], d) = (operands(step.saved), step.gradient);
                let d_x = step.wants(0).then(|| spread(d, w, &geometry)).transpose()?;
                let d_w = step.wants(1).then(|| weigh(x, d, &geometry)).transpose()?;
                Ok(smallvec![d_x, d_w])
            })
        };
        let name = "convolution";
        Ok(record(name, out, [x, w], rule, |_| smallvec![x.clone(), w.clone()]))
    })
}

/// The adjoint of the convolution in its input: what has the sizes of outputs spread over an input. It is the gradient of `x`, and the
/// transposed convolution.
pub(crate) fn spread(d: &Value, w: &Value, geometry: &Geometry) -> Result<Value> {
    product([d, w], geometry, |[d, w], geometry| {
        let out = no_grad(|| made(&d.detach(), &w.detach(), geometry, fused::inputs, columns::inputs))?;
        let geometry = geometry.clone();
        let rule = || {
            Rule::own(move |step| {
                let ([d, w], x) = (operands(step.saved), step.gradient);
                let d_d = step.wants(0).then(|| convolve(x, w, &geometry)).transpose()?;
                let d_w = step.wants(1).then(|| weigh(x, d, &geometry)).transpose()?;
                Ok(smallvec![d_d, d_w])
            })
        };
        let name = "transposed convolution";
        Ok(record(name, out, [d, w], rule, |_| smallvec![d.clone(), w.clone()]))
    })
}

/// The adjoint of the convolution in its kernel: the gradient of `w`.
fn weigh(x: &Value, d: &Value, geometry: &Geometry) -> Result<Value> {
    product([x, d], geometry, |[x, d], geometry| {
        let out = no_grad(|| made(&x.detach(), &d.detach(), geometry, fused::kernels, columns::kernels))?;
        let geometry = geometry.clone();
        let rule = || {
            Rule::own(move |step| {
                let ([x, d], w) = (operands(step.saved), step.gradient);
                let d_x = step.wants(0).then(|| spread(d, w, &geometry)).transpose()?;
                let d_d = step.wants(1).then(|| convolve(x, w, &geometry)).transpose()?;
                Ok(smallvec![d_x, d_d])
            })
        };
        let name = "convolution of gradients";
        Ok(record(name, out, [x, d], rule, |_| smallvec![x.clone(), d.clone()]))
    })
}

/// What the device makes in one go where it can, and else by products.
fn made(
    a: &Value,
    b: &Value,
    geometry: &Geometry,
    fused: fn(&Value, &Value, &Geometry, Conv) -> Result<Value>,
    by_products: fn(&Value, &Value, &Geometry) -> Result<Value>,
) -> Result<Value> {
    match geometry.primitive(a) {
        Some(conv) => fused(a, b, geometry, conv),
        None => by_products(a, b, geometry),
    }
}

fn operands(saved: &[Value]) -> [&Value; 2] {
    [&saved[0], &saved[1]]
}
