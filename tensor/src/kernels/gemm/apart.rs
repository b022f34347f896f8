//! Products of middle size: every thread packs for itself the panels that its tasks need, when they first need them.
//!
//! Panels that another thread has packed come out of its cache, which takes longer than packing them: threads meet only in the result.

use std::sync::atomic::{AtomicU64, Ordering};

use super::part::Part;
use super::scratch::with_kept_space;
use crate::kernels::Real;

/// The most bytes of packed panels: they stay in the second cache.
const SPACE: usize = 5 << 19;

/// The last region's number.
static REGION: AtomicU64 = AtomicU64::new(0);

/// Whether the product is one of these.
pub(super) fn suits<T: Real>(part: Part<'_, T>) -> bool {
    part.a_panels() + part.b_panels() <= u128::BITS as usize
        && (part.a_space() + part.b_space()) * size_of::<T>() <= SPACE
}

pub(super) fn product<T: Real>(part: Part<'_, T>) {
    let region = REGION.fetch_add(1, Ordering::Relaxed) + 1;
    let tasks = part.tasks();
    let (a_space, space) = (part.a_space(), part.a_space() + part.b_space());
    let in_place = part.b_panels_in_place();
    part.run(tasks.count, &|number| {
        with_kept_space::<T>(region, space, |space, packed| {
            let task = part.task(tasks, number);
            // SAFETY: the space is that long.
            let (a, b) = unsafe { (space.as_ptr(), space.as_ptr().add(a_space)) };
            let mut is_new = |panel: usize| {
                let bit = 1 << panel;
                let is_new = *packed & bit == 0;
                *packed |= bit;
                is_new
            };
            let b_panels = task.column / part.shape.columns..(task.column + task.columns).div_ceil(part.shape.columns);
            for panel in b_panels.start.max(in_place)..b_panels.end {
                if is_new(part.a_panels() + panel) {
                    // SAFETY: the panel exists, the space is ours alone.
                    unsafe { part.pack_b(panel, b) };
                }
            }
            for panel in task.a_panels {
                if is_new(panel) {
                    // SAFETY: as above.
                    unsafe { part.pack_a(panel, a) };
                }
                // SAFETY: the panels are packed, just now or by an earlier task of this region; no other task has this part of the
                // result.
                unsafe { part.multiply(panel, task.column, task.columns, a, b) };
            }
        });
    });
}
