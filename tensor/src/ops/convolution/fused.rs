//! Convolution by kernels of the device.

use tensor_ops::Primitive;
use tensor_ops::primitive::{Conv, ConvTranspose};

use super::{Geometry, Reach};
use crate::device::{Gradient, PrimitiveBackward, PrimitiveForward, Saved, reading};
use crate::error::Result;
use crate::tape::Value;

/// A primitive of two contiguous operands.
fn run(primitive: &Primitive, x: &Value, w: &Value, out: &Value) {
    let (x, w) = (x.contiguous(), w.contiguous());
    let _reading = reading([&x.buffer, &w.buffer]);
    out.device().backend().primitive(PrimitiveForward {
        primitive,
        inputs: &[x.block()],
        parameters: &[w.block()],
        buffers: &[],
        updated: &[],
        training: true,
        out: out.block(),
        kept: &[],
    });
}

pub(super) fn outputs(x: &Value, w: &Value, geometry: &Geometry, conv: Conv) -> Result<Value> {
    let sizes = geometry.each([x.sizes()[0], geometry.outputs], |axis| axis.output);
    Ok(match Value::output(geometry.name, &[x, w], x.dtype(), &sizes) {
        Ok(out) => {
            run(&Primitive::Conv(conv), x, w, &out);
            out
        }
        Err(poisoned) => poisoned,
    })
}

pub(super) fn inputs(d: &Value, w: &Value, geometry: &Geometry, conv: Conv) -> Result<Value> {
    let sizes = geometry.each([d.sizes()[0], geometry.channels], |axis| axis.input);
    let mut more = [0; 3];
    for (more, axis) in more.iter_mut().zip(&geometry.axes) {
        *more = axis.unseen();
    }
    Ok(match Value::output(geometry.name, &[d, w], d.dtype(), &sizes) {
        Ok(out) => {
            run(&Primitive::ConvTranspose(ConvTranspose { conv, more }), d, w, &out);
            out
        }
        Err(poisoned) => poisoned,
    })
}

pub(super) fn kernels(x: &Value, d: &Value, geometry: &Geometry, conv: Conv) -> Result<Value> {
    let inputs = geometry.channels / geometry.groups;
    let sizes = geometry.each([geometry.outputs, inputs], |axis| axis.kernel);
    let out = match Value::output(geometry.name, &[x, d], x.dtype(), &sizes) {
        Ok(out) => out,
        Err(poisoned) => return Ok(poisoned),
    };
    let (x, d) = (x.contiguous(), d.contiguous());
    let _reading = reading([&x.buffer, &d.buffer]);
    out.device().backend().primitive_backward(PrimitiveBackward {
        primitive: &Primitive::Conv(conv),
        saved: Saved {
            inputs: &[x.block()],
            out: None,
            kept: &[],
            parameters: &[],
        },
        training: true,
        d_out: d.block(),
        d_inputs: &[],
        d_parameters: &[Gradient {
            matrix: out.row(),
            accumulate: false,
            wanted: true,
        }],
    });
    Ok(out)
}

impl Reach {
    /// How many elements at the end no position sees.
    fn unseen(&self) -> usize {
        let seen = (self.output.saturating_sub(1)) * self.stride + self.dilation * (self.kernel - 1) + 1;
        (self.before + self.input + self.after).saturating_sub(seen)
    }
}
