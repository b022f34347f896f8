//! Where the slots of a workspace lie for given sizes.

use smallvec::SmallVec;

use crate::layout::Axes;
use crate::model::Program;

/// Slots begin at multiples of so many elements: a cache line of `f32`.
const ALIGN: usize = 16;

/// The offsets of a program's slots, worked out once for each new set of sizes.
#[derive(Debug, Default)]
pub struct Plan {
    /// Of each input, behind those of the models that this one is nested in.
    sizes: SmallVec<[Axes<usize>; 1]>,
    /// Where its own begin.
    first: usize,
    offsets: Vec<usize>,
    len: usize,
    inference: bool,
}

impl Plan {
    /// Makes the plan of `program` for inputs of these sizes.
    pub(crate) fn make(&mut self, program: &Program, sizes: &[&[usize]], inference: bool) {
        let fixed = if inference {
            program.inference_slots
        } else {
            program.training_slots
        };
        let same = self.sizes.len() == sizes.len() && self.sizes.iter().zip(sizes).all(|(own, sizes)| **own == **sizes);
        if same && self.inference == inference && self.offsets.len() == fixed {
            return;
        }
        self.sizes.clear();
        self.sizes.extend(sizes.iter().map(|&sizes| sizes.into()));
        self.inference = inference;
        self.offsets.clear();
        self.len = 0;
        let plan = if inference {
            program.plan_inference
        } else {
            program.plan_training
        };
        plan(self);
    }

    /// The size of an axis of an input; axis 0 is the batch.
    // Generated code has a `&mut Plan`; through `&self` a trait of the user's that gives every type a `size` would come first.
    pub fn size(&mut self, input: usize, axis: usize) -> usize {
        self.sizes[self.first + input][axis]
    }

    /// Sets out the next slot.
    pub fn slot(&mut self, len: usize) {
        self.offsets.push(self.len);
        self.len = self
            .len
            .saturating_add(len.checked_next_multiple_of(ALIGN).unwrap_or(usize::MAX));
    }

    /// Sets out the slots of a nested model, which is given inputs of these sizes.
    pub fn call(&mut self, program: &Program, sizes: &[&[usize]]) {
        let own = std::mem::replace(&mut self.first, self.sizes.len());
        self.sizes.extend(sizes.iter().map(|&sizes| sizes.into()));
        let plan = if self.inference {
            program.plan_inference
        } else {
            program.plan_training
        };
        plan(self);
        self.sizes.truncate(self.first);
        self.first = own;
    }

    pub(crate) fn offset(&self, slot: usize) -> usize {
        self.offsets[slot]
    }

    /// The number of elements of all slots.
    pub(crate) fn len(&self) -> usize {
        self.len
    }
}
