//! Launchers of elementwise kernels.

use half::{bf16, f16};
use tensor_ops::{Binary, Compare, Math, Pair};

use super::Cuda;
use super::steps::{binary, comparison, function, pair, whole, whole_pair};
use crate::device::typed::float;
use crate::device::{Elements, Matrix, Operation, View};
use crate::element::{DType, Element, Kind};
use crate::error::Result;

impl Elements for Cuda {
    fn fill(&self, value: f64, out: View<'_>) {
        // SAFETY: operands lie inside their buffers, which `access.rs` checks; an output is written by this operation alone.
        self.run_view(Operation::Fill, out, || unsafe {
            let sizes = out.layout.sizes();
            match out.buffer.dtype() {
                DType::F32 => self.gpu.fill(value as f32, sizes, self.strided(out)),
                DType::F64 => self.gpu.fill(value, sizes, self.strided(out)),
                DType::I64 => self.gpu.fill(value as i64, sizes, self.strided(out)),
                // As words of this width.
                DType::I32 => self
                    .gpu
                    .fill(f32::from_bits(value as i32 as u32), sizes, self.strided(out)),
                DType::F16 => self
                    .gpu
                    .put(f16::from_f64(value).to_bits().into(), sizes, self.typed(out)),
                DType::BF16 => self
                    .gpu
                    .put(bf16::from_f64(value).to_bits().into(), sizes, self.typed(out)),
                DType::U8 => self.gpu.put((value as u8).into(), sizes, self.typed(out)),
                DType::Bool => self.gpu.put((value != 0.0).into(), sizes, self.typed(out)),
            }
        });
    }

    fn copy(&self, x: View<'_>, out: View<'_>) {
        let sizes = out.layout.sizes();
        if x.buffer.dtype() == out.buffer.dtype() {
            // SAFETY: as above.
            return self.run_view(Operation::Copy, out, || unsafe {
                match out.buffer.dtype().size() {
                    8 => self.gpu.copy(sizes, self.strided::<i64>(x), self.strided(out)),
                    4 => self.gpu.copy(sizes, self.strided::<f32>(x), self.strided(out)),
                    _ => self.gpu.take(sizes, self.typed(x), self.typed(out)),
                }
            });
        }
        // SAFETY: as above.
        self.run_view(Operation::Convert, out, || unsafe {
            match (x.buffer.dtype(), out.buffer.dtype()) {
                (DType::F32, DType::F64) => self
                    .gpu
                    .convert(sizes, self.strided::<f32>(x), self.strided::<f64>(out)),
                (DType::F64, DType::F32) => self
                    .gpu
                    .convert(sizes, self.strided::<f64>(x), self.strided::<f32>(out)),
                (DType::F32, DType::I64) => self
                    .gpu
                    .convert(sizes, self.strided::<f32>(x), self.strided::<i64>(out)),
                (DType::F64, DType::I64) => self
                    .gpu
                    .convert(sizes, self.strided::<f64>(x), self.strided::<i64>(out)),
                (DType::I64, DType::F32) => self
                    .gpu
                    .convert(sizes, self.strided::<i64>(x), self.strided::<f32>(out)),
                (DType::I64, DType::F64) => self
                    .gpu
                    .convert(sizes, self.strided::<i64>(x), self.strided::<f64>(out)),
                _ => self.gpu.cast(sizes, self.typed(x), self.typed(out)),
            }
        });
    }

    fn uniform(&self, low: f64, high: f64, seed: u64, stream: u64, out: Matrix<'_>) {
        // SAFETY: as above.
        self.run(Operation::Uniform, &[out], || unsafe {
            float!(out, T => self.gpu.uniform(<T as Element>::from_f64(low), <T as Element>::from_f64(high), seed, stream, self.at::<T>(out), out.len()))
        });
    }

    fn normal(&self, mean: f64, std: f64, seed: u64, stream: u64, out: Matrix<'_>) {
        // SAFETY: as above.
        self.run(Operation::Normal, &[out], || unsafe {
            float!(out, T => self.gpu.normal(<T as Element>::from_f64(mean), <T as Element>::from_f64(std), seed, stream, self.at::<T>(out), out.len()))
        });
    }

    fn binary(&self, op: Binary, a: View<'_>, b: View<'_>, out: View<'_>) {
        debug_assert!(out.layout.is_contiguous());
        let (operation, sizes) = (Operation::Binary(op), out.layout.sizes());
        if out.buffer.dtype().kind() == Kind::Float {
            // SAFETY: as above.
            return self.run_known(operation, binary(op), out, |code| unsafe {
                float!(out, T => {
                    let into = self.strided::<T>(out).ptr;
                    self.gpu.binary(code, sizes, self.strided::<T>(a), self.strided::<T>(b), into)
                })
            });
        }
        // SAFETY: as above.
        self.run_known(operation, whole(op), out, |code| unsafe {
            self.gpu
                .whole(code, sizes, self.typed(a), self.typed(b), self.typed(out).address)
        });
    }

    fn binary_in_place(&self, op: Binary, y: View<'_>, x: View<'_>) {
        // The kernel reads an element before it writes it.
        self.binary(op, x, y, x);
    }

    fn math(&self, op: Math, x: View<'_>, out: View<'_>) {
        // SAFETY: as above.
        self.run_view(Operation::Math(op), out, || unsafe {
            self.gpu
                .math(function(op), out.layout.sizes(), self.typed(x), self.typed(out).address)
        });
    }

    fn pair(&self, op: Pair, a: View<'_>, b: View<'_>, out: View<'_>) -> Result<()> {
        debug_assert!(out.layout.is_contiguous());
        let (operation, sizes) = (Operation::Pair(op), out.layout.sizes());
        let into = self.typed(out).address;
        if out.buffer.dtype().kind() == Kind::Float {
            // SAFETY: as above.
            self.run_known(operation, pair(op), out, |code| unsafe {
                self.gpu.pair(code, sizes, self.typed(a), self.typed(b), into)
            });
        } else {
            // SAFETY: as above.
            self.run_known(operation, whole_pair(op), out, |code| unsafe {
                self.gpu.whole(code, sizes, self.typed(a), self.typed(b), into)
            });
        }
        // A division by 0 is found when something is read.
        Ok(())
    }

    fn compare(&self, op: Compare, a: View<'_>, b: View<'_>, out: View<'_>) {
        // SAFETY: as above.
        self.run_view(Operation::Compare(op), out, || unsafe {
            let (sizes, into) = (out.layout.sizes(), self.typed(out).address);
            self.gpu
                .compare(comparison(op), sizes, self.typed(a), self.typed(b), into)
        });
    }

    fn select(&self, condition: View<'_>, a: View<'_>, b: View<'_>, out: View<'_>) {
        // SAFETY: as above.
        self.run_view(Operation::Select, out, || unsafe {
            let (sizes, into) = (out.layout.sizes(), self.typed(out).address);
            self.gpu
                .select(sizes, self.typed(condition), self.typed(a), self.typed(b), into)
        });
    }

    fn add(&self, a: Matrix<'_>, b: Matrix<'_>, out: Matrix<'_>) {
        // SAFETY: as above.
        self.run(Operation::Binary(Binary::Add), &[out], || unsafe {
            float!(out, T => self.gpu.add(self.at::<T>(a), self.at::<T>(b), self.at::<T>(out), out.len()))
        });
    }
}
