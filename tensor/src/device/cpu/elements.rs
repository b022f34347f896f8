//! Elementwise kernels over strided operands.

use tensor_ops::{Binary, Compare, Math, Pair};

use super::Cpu;
use super::access::{fresh, read, source, target, write};
use crate::device::typed::{element, float, integer};
use crate::device::{Elements, Matrix, View};
use crate::element::{Element, Kind};
use crate::error::{Error, Result};
use crate::kernels::elementwise::{self, ByZero};
use crate::kernels::random::Stream;
use crate::kernels::random::philox::{fill_normal, fill_uniform};
use crate::kernels::strided::{self, Source};

impl Elements for Cpu {
    fn fill(&self, value: f64, out: View<'_>) {
        element!(out, T => strided::fill(out.layout.sizes(), <T as Element>::from_f64(value), target::<T>(out, &[])));
    }

    fn copy(&self, x: View<'_>, out: View<'_>) {
        let sizes = out.layout.sizes();
        if x.buffer.dtype() == out.buffer.dtype() {
            element!(out, T => strided::copy(sizes, source::<T>(x), target::<T>(out, &[x])));
            return;
        }
        // Through a double, or a whole number where neither end has fractions: nothing is rounded on the way.
        let whole = [x, out].iter().all(|end| end.buffer.dtype().kind() != Kind::Float);
        element!(x, From => element!(out, To => {
            let convert = |value: From| if whole {
                <To as Element>::from_i64(Element::as_i64(value))
            } else {
                <To as Element>::from_f64(Element::as_f64(value))
            };
            strided::map(sizes, source::<From>(x), fresh::<To>(out, &[x]), convert);
        }));
    }

    fn uniform(&self, low: f64, high: f64, seed: u64, stream: u64, out: Matrix<'_>) {
        float!(out, T => {
            let (low, high) = (<T as Element>::from_f64(low), <T as Element>::from_f64(high));
            fill_uniform(write::<T>(out, &[]), low, high, Stream::new(seed, stream));
        });
    }

    fn normal(&self, mean: f64, std: f64, seed: u64, stream: u64, out: Matrix<'_>) {
        float!(out, T => {
            let (mean, std) = (<T as Element>::from_f64(mean), <T as Element>::from_f64(std));
            fill_normal(write::<T>(out, &[]), mean, std, Stream::new(seed, stream));
        });
    }

    fn binary(&self, op: Binary, a: View<'_>, b: View<'_>, out: View<'_>) {
        let sizes = out.layout.sizes();
        if out.buffer.dtype().kind() == Kind::Integer {
            integer!(out, T => elementwise::whole(op, sizes, source::<T>(a), source::<T>(b), fresh::<T>(out, &[a, b])));
            return;
        }
        float!(out, T => strided::binary(op, sizes, source::<T>(a), source::<T>(b), fresh::<T>(out, &[a, b])));
    }

    fn binary_in_place(&self, op: Binary, y: View<'_>, x: View<'_>) {
        let sizes = x.layout.sizes();
        if x.buffer.dtype().kind() == Kind::Integer {
            integer!(x, T => elementwise::whole_in_place(op, sizes, source::<T>(y), fresh::<T>(x, &[y])));
            return;
        }
        float!(x, T => elementwise::real_in_place(op, sizes, source::<T>(y), fresh::<T>(x, &[y])));
    }

    fn math(&self, op: Math, x: View<'_>, out: View<'_>) {
        float!(out, T => elementwise::math(op, out.layout.sizes(), source::<T>(x), fresh::<T>(out, &[x])));
    }

    fn pair(&self, op: Pair, a: View<'_>, b: View<'_>, out: View<'_>) -> Result<()> {
        let sizes = out.layout.sizes();
        match out.buffer.dtype().kind() {
            Kind::Float => {
                float!(out, T => elementwise::pair(op, sizes, source::<T>(a), source::<T>(b), fresh::<T>(out, &[a, b])));
            }
            Kind::Integer => integer!(out, T => {
                elementwise::pair_whole(op, sizes, source::<T>(a), source::<T>(b), fresh::<T>(out, &[a, b]))
            })
            .map_err(|ByZero| Error::argument(op.name(), "divisors other than 0", 0))?,
            Kind::Bool => {
                elementwise::pair_truth(
                    op,
                    sizes,
                    source::<bool>(a),
                    source::<bool>(b),
                    fresh::<bool>(out, &[a, b]),
                );
            }
        }
        Ok(())
    }

    fn compare(&self, op: Compare, a: View<'_>, b: View<'_>, out: View<'_>) {
        let sizes = out.layout.sizes();
        element!(a, T => elementwise::compare(op, sizes, source::<T>(a), source::<T>(b), fresh(out, &[a, b])));
    }

    fn select(&self, condition: View<'_>, a: View<'_>, b: View<'_>, out: View<'_>) {
        let sizes = out.layout.sizes();
        element!(out, T => {
            let (condition, x, y) = (source::<bool>(condition), source::<T>(a), source::<T>(b));
            strided::zip3(sizes, condition, x, y, fresh::<T>(out, &[a, b]), |first, a, b| if first { a } else { b });
        });
    }

    fn add(&self, a: Matrix<'_>, b: Matrix<'_>, out: Matrix<'_>) {
        float!(out, T => {
            let operand = |x| Source { data: read::<T>(x), offset: 0, strides: &[1] };
            strided::binary(Binary::Add, &[out.len()], operand(a), operand(b), write::<T>(out, &[a, b]));
        });
    }
}
