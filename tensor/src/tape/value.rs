//! The plain core of every tensor: where its elements are and where it came from. Nothing here knows shapes as types.

use std::ops::Deref;

use smallvec::smallvec;
use tensor_ops::Binary;

use crate::device::{Block, Buffer, Device, Guard, Matrix, Pending, Sizes, View, reading};
use crate::element::{DType, Element};
use crate::error::{Error, Result};
use crate::layout::{Layout, len};
use crate::tape::{Gradients, Node, Rule, Saved, Step, Track, record, recording};

/// How many bytes go from the host to a device at once: what its staging memory takes.
const PIECE: usize = 4 << 20;

/// A view into a buffer, and the tape behind it.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    pub(crate) buffer: Buffer,
    pub(crate) offset: usize,
    pub(crate) layout: Layout,
    pub(crate) track: Track,
}

impl Value {
    /// A tensor of the given sizes with nothing in it yet.
    pub(crate) fn empty(device: Device, dtype: DType, sizes: &[usize]) -> Self {
        Self::over(Buffer::new(device, dtype, len(sizes)), sizes)
    }

    /// The whole of a buffer, row by row.
    pub(crate) fn over(buffer: Buffer, sizes: &[usize]) -> Self {
        Self {
            buffer,
            offset: 0,
            layout: Layout::contiguous(sizes),
            track: Track::Constant,
        }
    }

    /// The tensor that an operation on `inputs` is to fill, or, where it cannot run, one that carries the reason.
    pub(crate) fn output(
        operation: &'static str,
        inputs: &[&Self],
        dtype: DType,
        sizes: &[usize],
    ) -> Result<Self, Self> {
        let device = inputs.first().map_or_else(Device::cpu, |input| input.device());
        let checked = inputs.iter().try_for_each(|input| {
            input.buffer.check()?;
            same_device(operation, device, input.device())
        });
        let failed = checked.err();
        let mut out = match failed {
            None => Self::empty(device, dtype, sizes),
            Some(error) => Self::poisoned(device, dtype, sizes, error),
        };
        if out.buffer.poison().is_none() {
            return Ok(out);
        }
        // So that a backward from here finds the parameters to tell of the error.
        if let Some(tracked) = inputs.iter().find(|input| input.track.is_tracked()) {
            out.track = tracked.track.clone();
        }
        Err(out)
    }

    /// A tensor of the given sizes that carries an error.
    pub(crate) fn poisoned(device: Device, dtype: DType, sizes: &[usize], error: Error) -> Self {
        Self::over(Buffer::poisoned(device, dtype, error), sizes)
    }

    /// Elements from the host, row by row.
    pub(crate) fn from_slice<T: Element>(device: Device, sizes: &[usize], data: &[T]) -> Self {
        let value = Self::empty(device, T::DTYPE, sizes);
        // A buffer without room gives its own error.
        match value.buffer.upload(bytes_of(data), 0) {
            Ok(()) => value,
            Err(error) => Self::poisoned(device, T::DTYPE, sizes, error),
        }
    }

    pub(crate) fn device(&self) -> Device {
        self.buffer.device()
    }

    /// That another operand of an operation is where this one is.
    pub(crate) fn same_device(&self, operation: &'static str, other: &Self) -> Result<()> {
        same_device(operation, self.device(), other.device())
    }

    pub(crate) fn dtype(&self) -> DType {
        self.buffer.dtype()
    }

    pub(crate) fn sizes(&self) -> &[usize] {
        self.layout.sizes()
    }

    pub(crate) fn len(&self) -> usize {
        self.layout.len()
    }

    /// Whether an operation on this tensor and another one can write its elements in place, since nobody would see it: nothing is
    /// recorded, nobody else holds them, and no two share a place.
    pub(crate) fn is_free(&mut self, other: &Self) -> bool {
        let recorded = recording() && (self.track.is_tracked() || other.track.is_tracked());
        let outside = matches!(self.track, Track::Constant | Track::Leaf(_));
        !recorded && outside && self.layout.is_contiguous() && self.buffer.is_alone()
    }

    /// How often the elements were written so far, if they are parameters.
    pub(crate) fn version(&self) -> u64 {
        self.buffer.guard().map_or(0, Guard::version)
    }

    /// The name of the parameter that this is or views, if it was written after a version.
    pub(crate) fn written_after(&self, version: u64) -> Option<&str> {
        self.buffer.guard()?.written_after(self.offset, version)
    }

    /// The same elements, cut off from the tape.
    pub(crate) fn detach(&self) -> Self {
        Self {
            track: Track::Constant,
            ..self.clone()
        }
    }

    /// The same elements with a node of their own.
    pub(crate) fn begin(&self) -> Self {
        let same = |step: Step<'_>| -> Gradients { smallvec![Some(step.gradient.clone())] };
        let node = Node::new(
            "forward",
            Rule::Plain(same),
            smallvec![self.track.clone()],
            Saved::new(),
        );
        Self {
            track: Track::Node(node),
            ..self.clone()
        }
    }

    /// The same elements as what an operation saves of its input `x`: on the tape where `x` is.
    pub(crate) fn as_input(&self, x: &Self) -> Self {
        Self {
            track: x.track.clone(),
            ..self.detach()
        }
    }

    /// The same elements as what an operation saves of its own result.
    pub(crate) fn as_own(&self) -> Self {
        Self {
            track: Track::Own,
            ..self.detach()
        }
    }

    /// What a backward rule keeps of an operand of which it needs only the sizes.
    pub(crate) fn sizes_only(&self) -> Self {
        Self::over(Buffer::new(self.device(), self.dtype(), 0), self.sizes())
    }

    /// The sum with a value of the same sizes: where gradients meet.
    pub(crate) fn plus(&self, other: &Self) -> Self {
        match Self::output("add", &[self, other], self.dtype(), self.sizes()) {
            Ok(out) => {
                let _reading = reading([&self.buffer, &other.buffer]);
                let backend = out.device().backend();
                backend.binary(Binary::Add, self.view(), other.view(), out.view());
                let both = |step: Step<'_>| -> Gradients {
                    smallvec![Some(step.gradient.clone()), Some(step.gradient.clone())]
                };
                record("add", out, [self, other], || Rule::Plain(both), |_| Saved::new())
            }
            Err(poisoned) => poisoned,
        }
    }

    /// The layout of the elements stretched to `sizes`, which the caller has found by broadcasting.
    pub(crate) fn stretched(&self, sizes: &[usize]) -> Layout {
        let layout = self.layout.broadcast_to(sizes);
        layout.unwrap_or_else(|| Layout::contiguous(sizes))
    }

    /// The operand as it is seen through another layout.
    pub(crate) fn seen<'a>(&'a self, layout: &'a Layout) -> View<'a> {
        View { layout, ..self.view() }
    }

    /// The operand of strided operations.
    pub(crate) fn view(&self) -> View<'_> {
        View {
            buffer: &self.buffer,
            offset: self.offset,
            layout: &self.layout,
        }
    }

    /// The operand of row-wise operations: all axes but the last are rows. Only for contiguous values.
    pub(crate) fn matrix(&self) -> Matrix<'_> {
        debug_assert!(self.layout.is_contiguous());
        let cols = self.sizes().last().copied().unwrap_or(1);
        Matrix::new(&self.buffer, self.offset, self.matrix_rows(), cols)
    }

    /// The number of rows that [`Value::matrix`] has.
    pub(crate) fn matrix_rows(&self) -> usize {
        len(&self.sizes()[..self.layout.rank().saturating_sub(1)])
    }

    /// The operand of whole-buffer operations: one row. Only for contiguous values.
    pub(crate) fn row(&self) -> Matrix<'_> {
        debug_assert!(self.layout.is_contiguous());
        Matrix::new(&self.buffer, self.offset, 1, self.len())
    }

    /// The operand of primitives. Only for contiguous values of up to six axes.
    pub(crate) fn block(&self) -> Block<'_> {
        debug_assert!(self.layout.is_contiguous());
        Block {
            buffer: &self.buffer,
            offset: self.offset,
            sizes: Sizes::new(self.sizes()),
        }
    }

    /// The same elements row by row: itself, or a copy where they lie otherwise.
    pub(crate) fn contiguous(&self) -> Contiguous<'_> {
        if self.layout.is_contiguous() || self.buffer.poison().is_some() {
            return Contiguous::Itself(self);
        }
        Contiguous::Copy(self.copied())
    }

    /// The same elements in a buffer of their own, row by row.
    pub(crate) fn copied(&self) -> Self {
        match Self::output("contiguous", &[self], self.dtype(), self.sizes()) {
            Ok(out) => {
                let _reading = reading([&self.buffer]);
                self.device().backend().copy(self.view(), out.view());
                out
            }
            Err(poisoned) => poisoned,
        }
    }

    /// The same elements on another device, row by row, not recorded.
    pub(crate) fn moved(&self, device: Device) -> Self {
        let failed = |error| Self::poisoned(device, self.dtype(), self.sizes(), error);
        let value = self.contiguous();
        if let Err(error) = value.buffer.check() {
            return failed(error);
        }
        let out = Self::empty(device, self.dtype(), self.sizes());
        if out.buffer.poison().is_some() {
            return out;
        }
        let _reading = reading([&value.buffer]);
        // The host sends what it has in pieces; from a device all comes at once.
        let size = value.dtype().size();
        let at_once = if value.device() == Device::cpu() {
            PIECE / size
        } else {
            value.len()
        };
        let sent = (0..value.len()).step_by(at_once.max(1)).try_for_each(|first| {
            let count = at_once.min(value.len() - first);
            let mut read = Ok(());
            let write = &mut |to: &mut [u8]| {
                let from = value.device().backend();
                read = from.download(&value.buffer, value.offset + first, to);
            };
            let sent = device.backend().upload_with(count * size, &out.buffer, first, write);
            read.and(sent)
        });
        match sent {
            Ok(()) => out,
            Err(error) => failed(error),
        }
    }

    /// The elements on the host, row by row.
    pub(crate) fn to_vec<T: Element>(&self) -> Result<Vec<T>> {
        self.buffer.check()?;
        let value = self.contiguous();
        value.buffer.check()?;
        let mut data = vec![T::default(); value.len()];
        let _reading = reading([&value.buffer]);
        let backend = value.device().backend();
        backend.download(&value.buffer, value.offset, bytes_of_mut(&mut data))?;
        Ok(data)
    }

    /// The first element, which the device begins to send; what is asked of it meanwhile goes on.
    pub(crate) fn coming(&self) -> Result<Coming> {
        self.buffer.check()?;
        let device = self.device();
        let pending = device.backend().begin_read(&self.buffer, self.offset)?;
        Ok(Coming { device, pending })
    }

    /// The only element, on the host; allocates nothing.
    pub(crate) fn item<T: Element>(&self, offset: usize) -> Result<T> {
        self.buffer.check()?;
        let mut item = [T::default()];
        let _reading = reading([&self.buffer]);
        let backend = self.device().backend();
        backend.download(&self.buffer, offset, bytes_of_mut(&mut item))?;
        Ok(item[0])
    }
}

/// Operands that meet are on one device: nothing is moved behind anyone's back.
pub(crate) fn same_device(operation: &'static str, left: Device, right: Device) -> Result<()> {
    if left == right {
        return Ok(());
    }
    Err(Error::Devices {
        operation,
        left: left.to_string(),
        right: right.to_string(),
    })
}

/// A number that is on its way from a device.
pub(crate) struct Coming {
    device: Device,
    pending: Pending,
}

impl Coming {
    /// Waits for it.
    pub(crate) fn wait<T: Element>(self) -> Result<T> {
        let bytes = self.device.backend().finish_read(self.pending)?;
        let mut number = [T::default()];
        let to = bytes_of_mut(&mut number);
        to.copy_from_slice(&bytes[..to.len()]);
        Ok(number[0])
    }
}

/// A value known to be contiguous.
pub(crate) enum Contiguous<'a> {
    Itself(&'a Value),
    Copy(Value),
}

impl Contiguous<'_> {
    pub(crate) fn into_value(self) -> Value {
        match self {
            Self::Itself(value) => value.clone(),
            Self::Copy(value) => value,
        }
    }
}

impl Deref for Contiguous<'_> {
    type Target = Value;

    fn deref(&self) -> &Value {
        match self {
            Self::Itself(value) => value,
            Self::Copy(value) => value,
        }
    }
}

/// The bytes of elements, as they go to a device or a file.
pub(crate) fn bytes_of<T: Element>(data: &[T]) -> &[u8] {
    // SAFETY: `Element` is sealed; its types have no padding, and bytes have no alignment.
    unsafe { std::slice::from_raw_parts(data.as_ptr().cast(), size_of_val(data)) }
}

/// The bytes of elements, to be overwritten.
pub(crate) fn bytes_of_mut<T: Element>(data: &mut [T]) -> &mut [u8] {
    // SAFETY: as above; and any bytes are a valid `Element`.
    unsafe { std::slice::from_raw_parts_mut(data.as_mut_ptr().cast(), size_of_val(data)) }
}
