//! One flat buffer for the parameters of a model, another for their gradients.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLockWriteGuard};

use crate::device::{Buffer, Device, Gradient, Guard, Matrix, reading};
use crate::element::DType;
use crate::error::{Error, Result};
use crate::layout::{Axes, Layout, len};
use crate::tape::{Track, Value};

/// The parameters of a model, side by side. An update is one pass over flat memory.
///
/// Values are read under the buffer's guard and written by [`Flat::write_some`], which counts a version; gradients are behind a
/// lock of their own, so that several threads may go backwards through one model.
#[derive(Debug)]
pub struct Flat {
    id: u64,
    values: Buffer,
    entries: Vec<Entry>,
    /// The parameters that are to stay as they are.
    frozen: Box<[AtomicBool]>,
    gradients: Mutex<Gradients>,
}

/// Where a parameter lies.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) offset: usize,
    pub(crate) sizes: Axes<usize>,
}

impl Entry {
    pub(crate) fn len(&self) -> usize {
        len(&self.sizes)
    }
}

#[derive(Debug, Default)]
struct Gradients {
    /// Made by the first backward.
    buffer: Option<Buffer>,
    /// Which parameters have a gradient since the last step.
    reached: Vec<bool>,
    /// What a backward ended with.
    error: Option<Error>,
}

static NEXT: AtomicU64 = AtomicU64::new(0);

impl Flat {
    pub(crate) fn new(values: Buffer, entries: Vec<Entry>) -> Arc<Self> {
        let reached = vec![false; entries.len()];
        let guard = Guard::new(entries.iter().map(|entry| (entry.name.clone(), entry.offset)));
        Arc::new(Self {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            values: values.guarded(guard),
            frozen: entries.iter().map(|_| AtomicBool::new(false)).collect(),
            entries,
            gradients: Mutex::new(Gradients {
                reached,
                ..Gradients::default()
            }),
        })
    }

    /// A number that no other flat buffer of this process has.
    pub(crate) fn id(&self) -> u64 {
        self.id
    }

    pub(crate) fn values(&self) -> &Buffer {
        &self.values
    }

    pub(crate) fn device(&self) -> Device {
        self.values.device()
    }

    pub(crate) fn dtype(&self) -> DType {
        self.values.dtype()
    }

    /// The number of parameters.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn entry(&self, index: usize) -> &Entry {
        &self.entries[index]
    }

    /// Whether a parameter is to stay as it is: nothing that is computed from it alone is recorded, and it gets no gradient.
    pub(crate) fn is_frozen(&self, index: usize) -> bool {
        self.frozen[index].load(Ordering::Relaxed)
    }

    /// Freezes a parameter, which forgets its gradient, or has it trained again.
    pub(crate) fn set_frozen(&self, index: usize, frozen: bool) {
        self.frozen[index].store(frozen, Ordering::Relaxed);
        if frozen {
            self.gradients().forget(index);
        }
    }

    /// A parameter as a value.
    pub(crate) fn parameter(flat: &Arc<Self>, index: usize) -> Value {
        let entry = flat.entry(index);
        Value {
            buffer: flat.values.clone(),
            offset: entry.offset,
            layout: Layout::contiguous(&entry.sizes),
            track: Track::Parameter(Arc::clone(flat), index),
        }
    }

    fn guard(&self) -> &Guard {
        match self.values.guard() {
            Some(guard) => guard,
            None => unreachable!("`new` above sets it"),
        }
    }

    /// How often the values were written.
    pub(crate) fn version(&self) -> u64 {
        self.guard().version()
    }

    /// The right to write the values of some neighbouring parameters, for as long as the guard lives.
    pub(crate) fn write_some(&self, parameters: Range<usize>) -> RwLockWriteGuard<'_, ()> {
        self.guard().write(parameters)
    }

    /// The gradients, to read or to write.
    pub(crate) fn gradients(&self) -> GradientLock<'_> {
        GradientLock {
            flat: self,
            gradients: self.gradients.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Adds to the gradient of one parameter, unless that is frozen.
    pub(crate) fn accumulate(&self, index: usize, gradient: &Value) -> Result<()> {
        if self.is_frozen(index) {
            return Ok(());
        }
        let gradient = gradient.contiguous();
        // Values before gradients, as everyone takes them.
        let _reading = reading([&gradient.buffer]);
        let mut lock = self.gradients();
        if let Err(error) = gradient.buffer.check() {
            lock.poison(&error);
            return Err(error);
        }
        lock.prepare()?;
        let place = lock.gradient(index);
        let backend = self.device().backend();
        if place.accumulate {
            // A sum over one row adds that row.
            backend.sum_rows(gradient.row(), place.matrix, true);
        } else {
            let layout = Layout::contiguous(&[place.matrix.cols]);
            let from = crate::device::View {
                layout: &layout,
                ..gradient.view()
            };
            let to = crate::device::View {
                buffer: place.matrix.buffer,
                offset: place.matrix.offset,
                layout: &layout,
            };
            backend.copy(from, to);
        }
        lock.reach(index);
        lock.settle()
    }

    /// A copy of the gradient of one parameter, or the error that a backward left.
    pub(crate) fn gradient(&self, index: usize) -> Option<Value> {
        let lock = self.gradients();
        let entry = self.entry(index);
        if let Some(error) = &lock.gradients.error {
            return Some(Value::poisoned(
                self.device(),
                self.dtype(),
                &entry.sizes,
                error.clone(),
            ));
        }
        let buffer = lock.gradients.buffer.as_ref()?;
        if !lock.gradients.reached[index] {
            return None;
        }
        let place = Value {
            buffer: buffer.clone(),
            offset: entry.offset,
            layout: Layout::contiguous(&entry.sizes),
            track: Track::Constant,
        };
        let copy = Value::output("grad", &[&place], self.dtype(), &entry.sizes);
        Some(
            copy.inspect(|copy| self.device().backend().copy(place.view(), copy.view()))
                .unwrap_or_else(|poisoned| poisoned),
        )
    }

    /// Forgets the gradient of one parameter.
    pub(crate) fn forget(&self, index: usize) {
        let mut lock = self.gradients();
        lock.gradients.reached[index] = false;
        lock.gradients.error = None;
    }
}

/// The gradients of a flat buffer, while nobody else touches them.
pub(crate) struct GradientLock<'a> {
    flat: &'a Flat,
    gradients: MutexGuard<'a, Gradients>,
}

impl GradientLock<'_> {
    /// Sees to it that there is room for the gradients.
    pub(crate) fn prepare(&mut self) -> Result<()> {
        if self.gradients.buffer.is_none() {
            let buffer = Buffer::new(self.flat.device(), self.flat.dtype(), self.flat.values.len());
            buffer.check()?;
            self.gradients.buffer = Some(buffer);
        }
        Ok(())
    }

    fn buffer(&self) -> &Buffer {
        match &self.gradients.buffer {
            Some(buffer) => buffer,
            None => unreachable!("`prepare` comes before"),
        }
    }

    /// Where the gradient of a parameter goes, as one row. After [`GradientLock::prepare`].
    pub(crate) fn gradient(&self, index: usize) -> Gradient<'_> {
        let entry = self.flat.entry(index);
        Gradient {
            matrix: Matrix::new(self.buffer(), entry.offset, 1, entry.len()),
            accumulate: self.gradients.reached[index],
            wanted: !self.flat.is_frozen(index),
        }
    }

    /// Elements of the gradients as one row. After [`GradientLock::prepare`].
    pub(crate) fn range(&self, offset: usize, len: usize) -> Matrix<'_> {
        Matrix::new(self.buffer(), offset, 1, len)
    }

    /// What went wrong on the device while gradients were written: an error, and new room for the next ones.
    pub(crate) fn settle(&mut self) -> Result<()> {
        let outcome = self.gradients.buffer.as_ref().map_or(Ok(()), Buffer::check);
        if outcome.is_err() {
            self.gradients.buffer = None;
            self.gradients.reached.fill(false);
        }
        outcome
    }

    /// Notes that a parameter has a gradient now; a frozen one has none.
    pub(crate) fn reach(&mut self, index: usize) {
        self.gradients.reached[index] = !self.flat.is_frozen(index);
    }

    /// Whether a parameter has a gradient.
    pub(crate) fn is_reached(&self, index: usize) -> bool {
        self.gradients.reached[index]
    }

    /// Notes that the gradient of a parameter was used up.
    pub(crate) fn forget(&mut self, index: usize) {
        self.gradients.reached[index] = false;
    }

    /// Leaves an error for whoever reads the gradients. The first one stays.
    pub(crate) fn poison(&mut self, error: &Error) {
        self.gradients.error.get_or_insert_with(|| error.clone());
    }

    /// The error that was left, which is taken away; with it go the gradients.
    pub(crate) fn take_error(&mut self) -> Result<()> {
        match self.gradients.error.take() {
            None => Ok(()),
            Some(error) => {
                self.gradients.reached.fill(false);
                Err(error)
            }
        }
    }
}
