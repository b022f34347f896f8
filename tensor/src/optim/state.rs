//! What an optimizer keeps of each parameter, laid out as the parameters are.

use std::ops::Range;
use std::sync::Arc;

use smallvec::SmallVec;

use crate::device::{Buffer, Matrix};
use crate::error::{Error, Result};
use crate::layout::Layout;
use crate::nn::{Met, Path, Trainable, Walk};
use crate::tape::Flat;

/// Which numbers an optimizer keeps of each element of a parameter.
pub(super) type Slots = [bool; 3];

/// The state of an optimizer: for each flat buffer, flat buffers of the same length, and a step count for each
/// parameter.
#[derive(Debug, Default)]
pub(super) struct State {
    kept: Vec<Kept>,
    /// The runs of the last step, for their memory.
    runs: Runs,
}

/// The state beside one flat buffer.
#[derive(Debug)]
pub(super) struct Kept {
    flat: u64,
    pub(super) slots: [Option<Buffer>; 3],
    pub(super) steps: Vec<u64>,
    /// The group of each parameter that was met.
    groups: Vec<Option<usize>>,
}

impl Kept {
    /// The group of a parameter, if that was met.
    pub(super) fn group(&self, index: usize) -> Option<usize> {
        self.groups[index]
    }

    pub(super) fn set_group(&mut self, index: usize, group: usize) {
        self.groups[index] = Some(group);
    }

    /// Sees to it that there is room for what is kept, which starts as 0.
    pub(super) fn make_room(&mut self, flat: &Flat, slots: Slots) -> Result<()> {
        for (slot, wanted) in self.slots.iter_mut().zip(slots) {
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
        Ok(())
    }
}

/// Neighbouring parameters of a group: one pass over flat memory.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) flat: Arc<Flat>,
    pub(super) group: usize,
    first: usize,
    count: usize,
    pub(super) offset: usize,
    pub(super) len: usize,
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
    /// The group that all these parameters are in.
    pub(crate) group: usize,
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

/// Collects the neighbouring parameters that have gradients into `runs`, those of each group by themselves; one that is frozen has
/// none. An error that a backward left comes out here.
pub(crate) fn reached(model: &impl Trainable, runs: &mut Runs, group_of: impl Fn(&Met<'_>) -> usize) -> Result<()> {
    runs.clear();
    let mut outcome = Ok(());
    model.walk(&mut Walk::new(&mut |_, met| {
        let mut lock = met.flat.gradients();
        if let Err(error) = lock.take_error() {
            outcome = Err(error);
        }
        if lock.is_reached(met.index) && !met.flat.is_frozen(met.index) {
            join(runs, &met, group_of(&met));
        }
    }));
    outcome
}

/// Puts a parameter into the last run, where it lies right behind that, or into a new one. One that is used twice is met twice.
pub(super) fn join(runs: &mut Runs, met: &Met<'_>, group: usize) {
    let mut before = runs.iter();
    if before.any(|run| Arc::ptr_eq(&run.flat, met.flat) && run.parameters().contains(&met.index)) {
        return;
    }
    let len = met.value.len();
    match runs.last_mut() {
        Some(run)
            if Arc::ptr_eq(&run.flat, met.flat)
                && run.group == group
                && run.first + run.count == met.index
                && run.offset + run.len == met.value.offset =>
        {
            run.count += 1;
            run.len += len;
        }
        _ => runs.push(Run {
            flat: Arc::clone(met.flat),
            group,
            first: met.index,
            count: 1,
            offset: met.value.offset,
            len,
        }),
    }
}

impl Run {
    /// The parameters, by their indices in the flat buffer.
    pub(super) fn parameters(&self) -> Range<usize> {
        self.first..self.first + self.count
    }

    /// Their elements.
    pub(super) fn values(&self) -> Matrix<'_> {
        Matrix::new(self.flat.values(), self.offset, 1, self.len)
    }

    /// The gradients of the run, while `work` looks at them or changes them.
    pub(crate) fn with_gradients<R>(&self, work: impl FnOnce(Matrix<'_>) -> R) -> R {
        work(self.flat.gradients().range(self.offset, self.len))
    }
}

impl State {
    /// Shows every parameter of a model with what is kept beside it.
    pub(super) fn meet(&mut self, model: &impl Trainable, mut meet: impl FnMut(Path<'_>, &Met<'_>, &mut Kept)) {
        model.walk(&mut Walk::new(&mut |path, met| {
            meet(path, &met, self.kept(met.flat));
        }));
    }

    /// Whether any parameter is in a group.
    pub(super) fn has_group(&self, group: usize) -> bool {
        self.kept.iter().any(|kept| kept.groups.contains(&Some(group)))
    }

    /// Runs `rule` over all parameters of `model` that have gradients; `slots` says what is kept for each element of a group. What is
    /// kept starts as 0. All parameters have been met.
    pub(super) fn update(
        &mut self,
        model: &impl Trainable,
        slots: impl Fn(usize) -> Slots,
        rule: impl Fn(Update<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut runs = std::mem::take(&mut self.runs);
        let group_of = |met: &Met<'_>| self.find(met.flat).and_then(|kept| kept.group(met.index));
        let outcome = reached(model, &mut runs, |met| group_of(met).unwrap_or(0)).and_then(|()| {
            if runs.is_empty() {
                return Err(Error::Gradient(
                    "`step`: no parameter has a gradient: call `backward` on a loss that was computed by `forward`, before \
                     each step"
                        .into(),
                ));
            }
            // What may fail comes before anything is changed.
            for run in &runs {
                self.kept(&run.flat).make_room(&run.flat, slots(run.group))?;
            }
            runs.iter().try_for_each(|run| self.update_run(run, &rule))
        });
        runs.clear();
        self.runs = runs;
        outcome
    }

    fn update_run(&mut self, run: &Run, rule: &impl Fn(Update<'_>) -> Result<()>) -> Result<()> {
        let kept = self.kept(&run.flat);
        // In the order in which a backward takes them: first the values, then the gradients.
        let _writing = run.flat.write_some(run.parameters());
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
                group: run.group,
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

    /// What is kept beside a flat buffer.
    pub(super) fn kept(&mut self, flat: &Flat) -> &mut Kept {
        let index = self
            .kept
            .iter()
            .position(|kept| kept.flat == flat.id())
            .unwrap_or_else(|| {
                self.kept.push(Kept {
                    flat: flat.id(),
                    slots: [const { None }; 3],
                    steps: vec![0; flat.len()],
                    groups: vec![None; flat.len()],
                });
                self.kept.len() - 1
            });
        &mut self.kept[index]
    }

    /// What is kept beside a flat buffer, if there is anything.
    pub(super) fn find(&self, flat: &Flat) -> Option<&Kept> {
        self.kept.iter().find(|kept| kept.flat == flat.id())
    }
}
