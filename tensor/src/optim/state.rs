//! What an optimizer keeps of each parameter, laid out as the parameters are.

use std::sync::Arc;

use smallvec::SmallVec;

use crate::device::{Buffer, Matrix};
use crate::error::{Error, Result};
use crate::layout::Layout;
use crate::nn::{Trainable, Walk};
use crate::tape::Flat;

/// How many numbers a parameter element an optimizer may keep.
pub(super) const SLOTS: usize = 3;

/// The state of an optimizer: for each flat buffer, flat buffers of the same length, and a step count for each
/// parameter.
#[derive(Debug, Default)]
pub(crate) struct State {
    kept: Vec<Kept>,
    /// The runs of the last step, for their memory.
    runs: Runs,
}

/// The state beside one flat buffer.
#[derive(Debug)]
pub(crate) struct Kept {
    flat: u64,
    pub(super) slots: [Option<Buffer>; SLOTS],
    pub(super) steps: Vec<u64>,
}

/// Neighbouring parameters with gradients: one pass over flat memory.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) flat: Arc<Flat>,
    first: usize,
    count: usize,
    offset: usize,
    len: usize,
}

/// Usually one. Clipping has no memory of its own, so a few fit in without an allocation.
pub(crate) type Runs = SmallVec<[Run; 4]>;

/// What an optimizer's rule is given: parameters, gradients and state of one run.
pub(crate) struct Update<'a> {
    pub(crate) values: Matrix<'a>,
    pub(crate) gradients: Matrix<'a>,
    kept: &'a Kept,
    offset: usize,
    len: usize,
    /// The number of this step for these parameters, from 1 on.
    pub(crate) step: u64,
}

impl<'a> Update<'a> {
    /// One of the numbers kept for each element. Those are asked for in [`State::update`].
    pub(crate) fn slot(&self, slot: usize) -> Option<Matrix<'a>> {
        self.kept.slots[slot]
            .as_ref()
            .map(|buffer| Matrix::new(buffer, self.offset, 1, self.len))
    }
}

/// Collects the neighbouring parameters that have gradients into `runs`. An error that a backward left comes out here.
pub(crate) fn reached(model: &impl Trainable, runs: &mut Runs) -> Result<()> {
    runs.clear();
    let mut outcome = Ok(());
    model.walk(&mut Walk::new(&mut |_, met| {
        let mut lock = met.flat.gradients();
        if let Err(error) = lock.take_error() {
            outcome = Err(error);
        }
        if !lock.is_reached(met.index) {
            return;
        }
        let len = met.value.len();
        match runs.last_mut() {
            Some(run)
                if Arc::ptr_eq(&run.flat, met.flat)
                    && run.first + run.count == met.index
                    && run.offset + run.len == met.value.offset =>
            {
                run.count += 1;
                run.len += len;
            }
            _ => runs.push(Run {
                flat: Arc::clone(met.flat),
                first: met.index,
                count: 1,
                offset: met.value.offset,
                len,
            }),
        }
    }));
    outcome
}

impl Run {
    /// The gradients of the run, while `work` looks at them or changes them.
    pub(crate) fn with_gradients<R>(&self, work: impl FnOnce(Matrix<'_>) -> R) -> R {
        work(self.flat.gradients().range(self.offset, self.len))
    }
}

impl State {
    /// Runs `rule` over all parameters of `model` that have gradients; `slots` says what is kept for each element. What is
    /// kept starts as 0.
    pub(crate) fn update(
        &mut self,
        model: &impl Trainable,
        slots: [bool; SLOTS],
        rule: impl Fn(Update<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut runs = std::mem::take(&mut self.runs);
        let outcome = reached(model, &mut runs).and_then(|()| {
            if runs.is_empty() {
                return Err(Error::Gradient(
                    "`step`: no parameter has a gradient: call `backward` on a loss that was computed by `forward`, before \
                     each step"
                        .into(),
                ));
            }
            // What may fail comes before anything is changed.
            runs.iter().try_for_each(|run| self.kept(&run.flat, slots).map(drop))?;
            runs.iter().try_for_each(|run| self.update_run(run, slots, &rule))
        });
        runs.clear();
        self.runs = runs;
        outcome
    }

    fn update_run(&mut self, run: &Run, slots: [bool; SLOTS], rule: &impl Fn(Update<'_>) -> Result<()>) -> Result<()> {
        let kept = self.kept(&run.flat, slots)?;
        // In the order in which a backward takes them: first the values, then the gradients.
        let _writing = run.flat.write_some(run.first..run.first + run.count);
        let mut lock = run.flat.gradients();
        let mut first = run.first;
        let mut offset = run.offset;
        while first < run.first + run.count {
            // Parameters whose step counts differ (one was skipped before) have rules of their own.
            let step = kept.steps[first] + 1;
            let mut len = 0;
            let mut next = first;
            while next < run.first + run.count && kept.steps[next] + 1 == step {
                len += run.flat.entry(next).len();
                next += 1;
            }
            rule(Update {
                values: Matrix::new(run.flat.values(), offset, 1, len),
                gradients: lock.range(offset, len),
                kept,
                offset,
                len,
                step,
            })?;
            for updated in first..next {
                kept.steps[updated] = step;
                lock.forget(updated);
            }
            first = next;
            offset += len;
        }
        Ok(())
    }

    /// The state beside a flat buffer, with room for what is asked.
    pub(crate) fn kept(&mut self, flat: &Arc<Flat>, slots: [bool; SLOTS]) -> Result<&mut Kept> {
        let index = self
            .kept
            .iter()
            .position(|kept| kept.flat == flat.id())
            .unwrap_or_else(|| {
                self.kept.push(Kept {
                    flat: flat.id(),
                    slots: [const { None }; SLOTS],
                    steps: vec![0; flat.len()],
                });
                self.kept.len() - 1
            });
        let kept = &mut self.kept[index];
        for (slot, wanted) in kept.slots.iter_mut().zip(slots) {
            if wanted && slot.is_none() {
                let buffer = Buffer::new(flat.device(), flat.dtype(), flat.values().len());
                buffer.check()?;
                let layout = Layout::contiguous(&[buffer.len()]);
                let view = crate::device::View {
                    buffer: &buffer,
                    offset: 0,
                    layout: &layout,
                };
                flat.device().backend().fill(0.0, view);
                buffer.check()?;
                *slot = Some(buffer);
            }
        }
        Ok(kept)
    }

    /// The state beside a flat buffer, if there is any.
    pub(crate) fn find(&self, flat: &Flat) -> Option<&Kept> {
        self.kept.iter().find(|kept| kept.flat == flat.id())
    }
}
