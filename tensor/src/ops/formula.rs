//! Values in formulas: what composed operations and backward rules are written in. Sizes broadcast; everything is recorded.

use tensor_ops::{Binary, Compare, Math, Reduce, Unary};

use crate::device::Device;
use crate::element::DType;
use crate::error::{Error, Result};
use crate::layout::{Axes, broadcast};
use crate::ops::elements::same_elements;
use crate::ops::{binary, cast, compare, math, matmul, reduce, select, unary, view};
use crate::tape::Value;

impl Value {
    /// A single number.
    pub(crate) fn number(device: Device, dtype: DType, number: f64) -> Self {
        Self::filled(device, dtype, number, &[])
    }

    /// One number everywhere.
    pub(crate) fn filled(device: Device, dtype: DType, number: f64, sizes: &[usize]) -> Self {
        let out = Self::empty(device, dtype, sizes);
        if out.buffer.poison().is_none() {
            device.backend().fill(number, out.view());
        }
        out
    }

    /// A single number that meets this value in a formula.
    pub(crate) fn constant(&self, number: f64) -> Self {
        Self::number(self.device(), self.dtype(), number)
    }

    /// Zeros, as large as this.
    pub(crate) fn zeros_like(&self) -> Self {
        Self::filled(self.device(), self.dtype(), 0.0, self.sizes())
    }

    /// Ones, as large as this.
    pub(crate) fn ones_like(&self) -> Self {
        Self::filled(self.device(), self.dtype(), 1.0, self.sizes())
    }

    /// `op(self, other)`, broadcast. Both are of one element type.
    pub(crate) fn binary(&self, op: Binary, other: &Self) -> Result<Self> {
        let sizes = meet(op.name(), self, other)?;
        Ok(binary::binary(op, self, other, &sizes))
    }

    pub(crate) fn add(&self, other: &Self) -> Result<Self> {
        self.binary(Binary::Add, other)
    }

    pub(crate) fn sub(&self, other: &Self) -> Result<Self> {
        self.binary(Binary::Sub, other)
    }

    pub(crate) fn mul(&self, other: &Self) -> Result<Self> {
        self.binary(Binary::Mul, other)
    }

    /// The quotient; of whole numbers as floats.
    pub(crate) fn div(&self, other: &Self) -> Result<Self> {
        self.binary(Binary::Div, other)
    }

    pub(crate) fn maximum(&self, other: &Self) -> Result<Self> {
        self.binary(Binary::Maximum, other)
    }

    pub(crate) fn minimum(&self, other: &Self) -> Result<Self> {
        self.binary(Binary::Minimum, other)
    }

    /// An elementwise operation; of whole numbers and truth values as floats.
    pub(crate) fn unary(&self, op: Unary) -> Self {
        unary::unary(op, None, &cast::to_float(self))
    }

    /// A function of each element; of whole numbers and truth values as floats.
    pub(crate) fn math(&self, op: Math) -> Self {
        math::math(op, &cast::to_float(self))
    }

    pub(crate) fn neg(&self) -> Self {
        self.unary(Unary::Neg)
    }

    pub(crate) fn abs(&self) -> Self {
        self.unary(Unary::Abs)
    }

    pub(crate) fn sign(&self) -> Self {
        self.unary(Unary::Sign)
    }

    pub(crate) fn square(&self) -> Self {
        self.unary(Unary::Square)
    }

    pub(crate) fn sqrt(&self) -> Self {
        self.unary(Unary::Sqrt)
    }

    pub(crate) fn reciprocal(&self) -> Self {
        self.unary(Unary::Recip)
    }

    pub(crate) fn exp(&self) -> Self {
        self.unary(Unary::Exp)
    }

    pub(crate) fn log(&self) -> Self {
        self.unary(Unary::Log)
    }

    pub(crate) fn pow(&self, exponent: f64) -> Self {
        self.unary(Unary::Powf { exponent })
    }

    /// `scale self + shift`.
    pub(crate) fn affine(&self, scale: f64, shift: f64) -> Self {
        self.unary(Unary::Affine { scale, shift })
    }

    pub(crate) fn scale(&self, scale: f64) -> Self {
        self.affine(scale, 0.0)
    }

    /// Whether `self op other`, as truth values, broadcast.
    pub(crate) fn compare(&self, op: Compare, other: &Self) -> Result<Self> {
        let sizes = meet(op.name(), self, other)?;
        Ok(compare::compare(op, self, other, &sizes))
    }

    /// Whether `self op number`, as truth values.
    pub(crate) fn compare_to(&self, op: Compare, number: f64) -> Self {
        compare::compare(op, self, &self.constant(number), self.sizes())
    }

    /// `a` where this holds and `b` elsewhere, all broadcast.
    pub(crate) fn select(&self, a: &Self, b: &Self) -> Result<Self> {
        let sizes = meet("where", a, b)?;
        let sizes = broadcast("where", &sizes, self.sizes())?;
        Ok(select::select(self, a, b, &sizes))
    }

    /// This where `mask` holds, `number` elsewhere.
    pub(crate) fn or_where_not(&self, mask: &Self, number: f64) -> Result<Self> {
        mask.select(self, &self.constant(number))
    }

    /// With another element type; itself, if it has it.
    pub(crate) fn cast(&self, dtype: DType) -> Self {
        cast::cast(self, dtype)
    }

    /// 1 where a truth value holds, as numbers of a type.
    pub(crate) fn indicator(&self, dtype: DType) -> Self {
        self.cast(dtype)
    }

    /// A reduction over some axes, counted from the front, which go unless `keep`.
    pub(crate) fn reduce(&self, op: Reduce, axes: &[usize], keep: bool) -> Self {
        let marked: Axes<bool> = (0..self.layout.rank()).map(|axis| axes.contains(&axis)).collect();
        reduce::reduce(op, self, &marked, keep)
    }

    pub(crate) fn sum(&self, axes: &[usize], keep: bool) -> Self {
        self.reduce(Reduce::Sum, axes, keep)
    }

    pub(crate) fn mean(&self, axes: &[usize], keep: bool) -> Self {
        self.reduce(Reduce::Mean, axes, keep)
    }

    /// The sum of everything.
    pub(crate) fn total(&self) -> Self {
        reduce::reduce_all(Reduce::Sum, self)
    }

    pub(crate) fn matmul(&self, other: &Self) -> Result<Self> {
        matmul::matmul(self, other)
    }

    /// The same elements, row by row, with other sizes of the same product.
    pub(crate) fn reshape(&self, sizes: &[usize]) -> Self {
        view::reshape(self, sizes)
    }

    /// Repeated along axes of size 1 and along missing leading ones.
    pub(crate) fn expand(&self, operation: &'static str, sizes: &[usize]) -> Result<Self> {
        view::broadcast(self, sizes).ok_or_else(|| {
            Error::shape(
                operation,
                format!("sizes that {} stretches to", self.layout.describe()),
                crate::layout::describe(sizes),
            )
        })
    }

    /// The axes in another order.
    pub(crate) fn permute(&self, order: &[usize]) -> Self {
        view::permute(self, order)
    }

    /// Two axes exchanged.
    pub(crate) fn transpose(&self, a: usize, b: usize) -> Self {
        view::transpose(self, a, b)
    }

    /// Every `step`-th of an axis from `start` on, `len` of them.
    pub(crate) fn slice(&self, axis: usize, start: usize, len: usize, step: usize) -> Self {
        view::slice(self, axis, start, len, step)
    }

    /// One index of an axis, which goes.
    pub(crate) fn index_axis(&self, axis: usize, index: usize) -> Self {
        let one = view::slice(self, axis, index, 1, 1);
        let mut sizes: Axes<usize> = one.sizes().into();
        sizes.remove(axis);
        one.reshape(&sizes)
    }

    /// A new axis of size 1.
    pub(crate) fn unsqueeze(&self, axis: usize) -> Self {
        let mut sizes: Axes<usize> = self.sizes().into();
        sizes.insert(axis, 1);
        self.reshape(&sizes)
    }

    /// An axis of size 1 less.
    pub(crate) fn squeeze(&self, axis: usize) -> Self {
        let mut sizes: Axes<usize> = self.sizes().into();
        sizes.remove(axis);
        self.reshape(&sizes)
    }

    /// The other direction of broadcasting: sums over what was repeated.
    pub(crate) fn sum_to(&self, sizes: &[usize]) -> Self {
        view::sum_to(self, sizes)
    }

    /// Every axis, counted from the front.
    pub(crate) fn axes(&self) -> Axes<usize> {
        (0..self.layout.rank()).collect()
    }
}

/// The sizes that two operands share, if they can meet at all.
fn meet(operation: &'static str, a: &Value, b: &Value) -> Result<Axes<usize>> {
    same_elements(operation, a.dtype(), b.dtype())?;
    broadcast(operation, a.sizes(), b.sizes())
}
