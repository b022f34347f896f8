//! What an index means for a tensor of some sizes: steps that are views, then places along some axes.

use crate::error::{Error, Result};
use crate::layout::{Axes, broadcast, describe, len};
use crate::ops::host::on_processor;
use crate::ops::index::masks::holding;
use crate::ops::index::term::{Index, Span};
use crate::tape::Value;

/// An index made out: what remains is to go through the steps.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    steps: Vec<View>,
    pub(super) places: Option<Places>,
}

/// A step that is a view.
#[derive(Clone, Copy, Debug)]
enum View {
    /// Some indices of an axis.
    Slice {
        axis: usize,
        start: usize,
        len: usize,
        step: usize,
    },
    /// One index of an axis, which goes.
    Pick { axis: usize, index: usize },
    /// A new axis of size 1.
    New { axis: usize },
}

/// Places along some axes of a view, all broadcast together.
#[derive(Clone, Debug)]
pub(super) struct Places {
    /// The axes, in order.
    pub(super) axes: Vec<usize>,
    /// The places along each, not negative.
    pub(super) along: Vec<Vec<i64>>,
    /// The sizes of the new axes that come for them.
    pub(super) sizes: Axes<usize>,
}

impl Places {
    /// Whether the axes are neighbours: then the new axes come in their place, else they come first.
    pub(super) fn are_neighbours(&self) -> bool {
        self.axes.windows(2).all(|pair| pair[0] + 1 == pair[1])
    }
}

impl Plan {
    /// What an index means for a tensor of `sizes`.
    ///
    /// # Errors
    /// Where there are too many terms, an index is outside, a step is not positive, or a mask has other sizes.
    pub(super) fn of(operation: &'static str, x: &Value, index: &[Index]) -> Result<Self> {
        let mut planning = Planning {
            operation,
            sizes: x.sizes().into(),
            axis: 0,
            steps: Vec::new(),
            places: Vec::new(),
        };
        let taken: usize = index.iter().map(axes_of).sum();
        let rank = x.layout.rank();
        if taken > rank {
            return Err(Error::shape(
                operation,
                format!("at most {rank} indices for {}", x.layout.describe()),
                taken.to_string(),
            ));
        }
        if index.iter().filter(|term| matches!(term, Index::Ellipsis)).count() > 1 {
            return Err(Error::shape(operation, "one `...`", "several"));
        }
        for term in index {
            match term {
                Index::At(index) => planning.pick(*index)?,
                Index::Span(span) => planning.slice(*span)?,
                Index::NewAxis => planning.insert(),
                Index::Ellipsis => planning.axis += rank - taken,
                Index::List(list) => planning.at(list.clone(), [list.len()].as_slice().into())?,
                Index::Places(places) => {
                    let value = places.value();
                    on_processor(operation, &[x, value])?;
                    let list = value.to_vec::<i64>()?;
                    match value.layout.rank() {
                        0 => planning.pick(list[0])?,
                        _ => planning.at(list, value.sizes().into())?,
                    }
                }
                Index::Mask(mask) => {
                    on_processor(operation, &[x, mask.value()])?;
                    planning.mask(mask.value())?;
                }
            }
        }
        let Planning { steps, places, .. } = planning;
        let places = joined(operation, places)?;
        Ok(Self { steps, places })
    }

    /// Goes through the steps that are views; nothing is copied.
    pub(super) fn view(&self, x: &Value) -> Value {
        self.steps.iter().fold(x.clone(), |x, step| match *step {
            View::Slice { axis, start, len, step } => x.slice(axis, start, len, step),
            View::Pick { axis, index } => x.index_axis(axis, index),
            View::New { axis } => x.unsqueeze(axis),
        })
    }

    /// The sizes of what the index names, of a view that it has been gone through.
    pub(super) fn sizes(&self, view: &Value) -> Axes<usize> {
        let Some(places) = &self.places else {
            return view.sizes().into();
        };
        let others = (0..view.layout.rank()).filter(|axis| !places.axes.contains(axis));
        let mut sizes: Axes<usize> = others.map(|axis| view.sizes()[axis]).collect();
        let at = if places.are_neighbours() { places.axes[0] } else { 0 };
        sizes.insert_many(at, places.sizes.iter().copied());
        sizes
    }
}

/// How many axes a term stands for, the ellipsis apart.
fn axes_of(term: &Index) -> usize {
    match term {
        Index::At(_) | Index::Span(_) | Index::List(_) | Index::Places(_) => 1,
        Index::NewAxis | Index::Ellipsis => 0,
        Index::Mask(mask) => mask.sizes().len(),
    }
}

/// Places along one axis: the axis, the places, and their sizes.
type Along = (usize, Vec<i64>, Axes<usize>);

/// A plan that is being made: what the axes before `axis` are has been settled.
struct Planning {
    operation: &'static str,
    sizes: Axes<usize>,
    axis: usize,
    steps: Vec<View>,
    places: Vec<Along>,
}

impl Planning {
    /// An index as a place along an axis; negative ones count from the end.
    fn place(&self, index: i64, size: usize) -> Result<i64> {
        let place = if index < 0 { index + size as i64 } else { index };
        if (0..size as i64).contains(&place) {
            return Ok(place);
        }
        Err(Error::OutOfRange {
            operation: self.operation,
            what: "index",
            index,
            size: format!("axis {} of {}", self.axis, describe(&self.sizes)),
        })
    }

    fn pick(&mut self, index: i64) -> Result<()> {
        let axis = self.axis;
        let index = self.place(index, self.sizes[axis])? as usize;
        self.steps.push(View::Pick { axis, index });
        self.sizes.remove(axis);
        Ok(())
    }

    fn slice(&mut self, span: Span) -> Result<()> {
        let (axis, size) = (self.axis, self.sizes[self.axis] as i64);
        if span.step < 1 {
            return Err(Error::argument("step", "a step from 1 on", span.step));
        }
        let clamp = |end: i64| if end < 0 { end.saturating_add(size) } else { end }.clamp(0, size);
        let start = span.start.map_or(0, clamp);
        let stop = span.stop.map_or(size, clamp).max(start);
        let step = span.step.min(size.max(1));
        let len = (stop - start + step - 1) / step;
        if (start, len) != (0, size) {
            let (start, len, step) = (start as usize, len as usize, step as usize);
            self.steps.push(View::Slice { axis, start, len, step });
            self.sizes[axis] = len;
        }
        self.axis += 1;
        Ok(())
    }

    fn insert(&mut self) {
        self.steps.push(View::New { axis: self.axis });
        self.sizes.insert(self.axis, 1);
        self.axis += 1;
    }

    fn at(&mut self, list: Vec<i64>, sizes: Axes<usize>) -> Result<()> {
        let size = self.sizes[self.axis];
        let list = list
            .into_iter()
            .map(|index| self.place(index, size))
            .collect::<Result<_>>()?;
        self.places.push((self.axis, list, sizes));
        self.axis += 1;
        Ok(())
    }

    /// A mask is the indices at which it holds, one list an axis.
    fn mask(&mut self, mask: &Value) -> Result<()> {
        let rank = mask.layout.rank();
        if rank == 0 {
            let holds = mask.to_vec::<bool>()?[0];
            self.insert();
            self.axis -= 1;
            return self.at(vec![0; usize::from(holds)], [usize::from(holds)].as_slice().into());
        }
        let own = &self.sizes[self.axis..self.axis + rank];
        if own != mask.sizes() {
            return Err(Error::shape(
                self.operation,
                format!(
                    "a mask of {} for axis {} of {}",
                    describe(own),
                    self.axis,
                    describe(&self.sizes)
                ),
                describe(mask.sizes()),
            ));
        }
        for list in holding(mask)? {
            let sizes = [list.len()].as_slice().into();
            self.at(list, sizes)?;
        }
        Ok(())
    }
}

/// Places along several axes, broadcast together.
fn joined(operation: &'static str, places: Vec<Along>) -> Result<Option<Places>> {
    let mut sizes: Axes<usize> = Axes::new();
    for (_, _, own) in &places {
        sizes = broadcast(operation, &sizes, own)?;
    }
    if places.is_empty() {
        return Ok(None);
    }
    let stretched = |(_, list, own): &Along| stretched(list, own, &sizes);
    Ok(Some(Places {
        axes: places.iter().map(|(axis, ..)| *axis).collect(),
        along: places.iter().map(stretched).collect(),
        sizes: sizes.clone(),
    }))
}

/// Numbers repeated along axes of size 1 and missing ones.
fn stretched(list: &[i64], own: &[usize], sizes: &[usize]) -> Vec<i64> {
    if own == sizes {
        return list.to_vec();
    }
    let lead = sizes.len() - own.len();
    let place = |mut at: usize| {
        let (mut from, mut step) = (0, 1);
        for axis in (0..sizes.len()).rev() {
            let index = at % sizes[axis];
            at /= sizes[axis];
            if axis >= lead {
                let size = own[axis - lead];
                from += if size == 1 { 0 } else { index * step };
                step *= size;
            }
        }
        from
    };
    (0..len(sizes)).map(|at| list[place(at)]).collect()
}
