//! What one pass through a model works in: its workspace, and the parameters it saw.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};

use smallvec::SmallVec;

use crate::device::{Block, Buffer, Device, Matrix, Sizes};
use crate::element::DType;
use crate::error::{Error, Result};
use crate::kernels::chain::Random;
use crate::layout::len;
use crate::model::body::Traces;
use crate::model::{Plan, Program};
use crate::nn::{Cell, Path, Visitor, Walk};
use crate::tape::{Flat, Value};

/// A workspace and all a backward needs. A forward takes one from its model's [`Home`]; whoever holds it owns it, until
/// it goes home again. So two forwards before one backward, forwards without backward and several threads on one model each
/// have their own.
#[derive(Debug)]
pub(crate) struct Frame {
    program: &'static Program,
    /// Where it goes after its backward, while it is recorded.
    pub(crate) home: Option<Arc<Home>>,
    /// The flat buffers that the parameters lie in, in the order of their numbers: one, unless a part was replaced.
    pub(crate) flats: SmallVec<[Arc<Flat>; 1]>,
    /// The version of each at forward.
    pub(crate) versions: SmallVec<[u64; 1]>,
    parameters: Vec<Place>,
    /// Where the buffers are, in the order of their numbers.
    pub(crate) cells: Vec<Arc<Cell>>,
    /// Their elements when the forward began.
    pub(crate) buffers: Vec<Value>,
    /// Whether the forward trains: statistics are taken and kept.
    pub(crate) training: bool,
    pub(crate) plan: Plan,
    pub(crate) workspace: Buffer,
    pub(crate) random: Option<Random>,
    pub(crate) inputs: SmallVec<[Value; 1]>,
    /// The version of each, where that is a parameter.
    pub(crate) input_versions: SmallVec<[u64; 1]>,
    /// All outputs, as they lie in one tensor.
    pub(crate) output: Option<Value>,
    /// What the bodies of nested models have recorded.
    pub(crate) traces: Traces,
}

/// Where a parameter lies, seen as a matrix.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Place {
    /// Which of the frame's flat buffers.
    pub(crate) flat: usize,
    /// Its index there.
    pub(crate) index: usize,
    offset: usize,
    rows: usize,
    cols: usize,
    sizes: Sizes,
}

/// Boxed, since a frame moves from here to the tape and back at every pass.
type Frames = Mutex<Vec<Box<Frame>>>;

/// Frames that wait for the next pass of a model.
#[derive(Debug, Default)]
pub(crate) struct Home {
    training: Frames,
    inference: Frames,
}

impl Home {
    fn list(&self, inference: bool) -> &Frames {
        if inference { &self.inference } else { &self.training }
    }

    pub(crate) fn receive(&self, mut frame: Box<Frame>, inference: bool) {
        frame.inputs.clear();
        frame.output = None;
        frame.buffers.clear();
        frame.traces.clear();
        let mut waiting = self.list(inference).lock().unwrap_or_else(PoisonError::into_inner);
        waiting.push(frame);
    }
}

/// A frame that is out for the time of a call; it goes home when this is dropped.
#[derive(Debug)]
pub(crate) struct Taken<'a> {
    home: &'a Arc<Home>,
    // `None` only while it is being dropped.
    frame: Option<Box<Frame>>,
    inference: bool,
}

impl Frame {
    /// A frame for a pass: one that waited, or a new one.
    pub(crate) fn take<'a>(
        home: &'a Arc<Home>,
        program: &'static Program,
        device: Device,
        dtype: DType,
        inference: bool,
    ) -> Taken<'a> {
        let waiting = home
            .list(inference)
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        let frame = waiting.unwrap_or_else(|| {
            Box::new(Self {
                program,
                home: None,
                flats: SmallVec::new(),
                versions: SmallVec::new(),
                parameters: Vec::new(),
                cells: Vec::new(),
                buffers: Vec::new(),
                training: false,
                plan: Plan::default(),
                workspace: Buffer::new(device, dtype, 0),
                random: None,
                inputs: SmallVec::new(),
                input_versions: SmallVec::new(),
                output: None,
                traces: Traces::default(),
            })
        });
        Taken {
            home,
            frame: Some(frame),
            inference,
        }
    }

    pub(crate) fn program(&self) -> &'static Program {
        self.program
    }

    /// Looks up where the parameters lie; a part of the model may have been replaced since the last time.
    pub(crate) fn find_parameters(&mut self, visit: &dyn Fn(&mut Walk<'_>)) {
        let mut met_so_far = 0;
        let mut same = true;
        visit(&mut Walk::new(&mut |_, met| {
            same = same
                && self
                    .parameters
                    .get(met_so_far)
                    .is_some_and(|place| place.index == met.index && Arc::ptr_eq(&self.flats[place.flat], met.flat));
            met_so_far += 1;
        }));
        if !same || met_so_far != self.parameters.len() {
            self.find_parameters_anew(visit);
        }
        self.versions.clear();
        self.versions.extend(self.flats.iter().map(|flat| flat.version()));
    }

    fn find_parameters_anew(&mut self, visit: &dyn Fn(&mut Walk<'_>)) {
        self.flats.clear();
        visit(&mut Walk::new(&mut |_, met| {
            if !self.flats.iter().any(|flat| Arc::ptr_eq(flat, met.flat)) {
                self.flats.push(Arc::clone(met.flat));
            }
        }));
        // The order in which locks are taken must be the same for everyone.
        self.flats.sort_by_key(|flat| flat.id());
        self.parameters.clear();
        visit(&mut Walk::new(&mut |_, met| {
            let sizes = met.value.sizes();
            let cols = sizes.last().copied().unwrap_or(1);
            self.parameters.push(Place {
                flat: self
                    .flats
                    .iter()
                    .position(|flat| Arc::ptr_eq(flat, met.flat))
                    .unwrap_or_default(),
                index: met.index,
                offset: met.value.offset,
                rows: len(&sizes[..sizes.len().saturating_sub(1)]),
                cols,
                sizes: Sizes::new(sizes),
            });
        }));
    }

    /// Looks up the buffers, and what is in them.
    pub(crate) fn find_buffers(&mut self, visit: &dyn Fn(&mut Walk<'_>)) {
        self.cells.clear();
        self.buffers.clear();
        if self.program.buffers > 0 {
            visit(&mut Walk::over(&mut Cells(self)));
        }
    }

    /// Sets out the workspace for inputs of these sizes.
    pub(crate) fn set_out(&mut self, sizes: &[&[usize]], inference: bool) -> Result<()> {
        self.plan.make(self.program, sizes, inference);
        if self.workspace.len() < self.plan.len() || self.workspace.poison().is_some() {
            let (device, dtype) = (self.workspace.device(), self.workspace.dtype());
            self.workspace = Buffer::new(device, dtype, self.plan.len());
        }
        self.workspace.check()
    }

    /// What went wrong on the device while a pass computed in the workspace and wrote `out`: handed on to `out`.
    pub(crate) fn settle(&self, out: &Buffer) {
        if let Some(error) = self.workspace.poison() {
            out.fail(error.clone());
        }
    }

    /// Has the parameters without gradients again.
    pub(crate) fn forget_gradients(&self) {
        for place in &self.parameters {
            self.flats[place.flat].forget(place.index);
        }
    }

    /// Whether there is a parameter that is not frozen.
    pub(crate) fn is_trained(&self) -> bool {
        let mut parameters = self.parameters.iter();
        parameters.any(|place| !self.flats[place.flat].is_frozen(place.index))
    }

    pub(crate) fn place(&self, parameter: usize) -> Place {
        self.parameters[parameter]
    }

    pub(crate) fn parameters(&self) -> &[Place] {
        &self.parameters
    }

    /// A parameter as a value of the tape.
    pub(crate) fn value(&self, place: Place) -> Value {
        Flat::parameter(&self.flats[place.flat], place.index)
    }

    pub(crate) fn parameter(&self, parameter: usize) -> Matrix<'_> {
        let place = self.place(parameter);
        Matrix::new(self.flats[place.flat].values(), place.offset, place.rows, place.cols)
    }

    /// A parameter with all of its sizes.
    pub(crate) fn parameter_block(&self, parameter: usize) -> Block<'_> {
        let place = self.place(parameter);
        Block {
            buffer: self.flats[place.flat].values(),
            offset: place.offset,
            sizes: place.sizes,
        }
    }

    /// Whether all parameters are as they were at forward; the first that is not, by name.
    pub(crate) fn check_versions(&self) -> Result<()> {
        let parameters = self.parameters.iter().find_map(|place| {
            let values = self.flats[place.flat].values();
            values.guard()?.written_after(place.offset, self.versions[place.flat])
        });
        let mut inputs = self.inputs.iter().zip(&self.input_versions);
        let input = || inputs.find_map(|(input, &version)| input.written_after(version));
        if let Some(name) = parameters.or_else(input) {
            return Err(Error::Gradient(format!(
                "`backward`: `{name}` was changed after the forward pass of `{}` that is to be differentiated; compute the loss \
                 again",
                self.program.name
            )));
        }
        Ok(())
    }
}

/// Collects the buffers.
struct Cells<'a>(&'a mut Frame);

impl Visitor for Cells<'_> {
    fn buffer(&mut self, _: Path<'_>, cell: &Arc<Cell>) {
        self.0.cells.push(Arc::clone(cell));
        self.0.buffers.push(cell.value());
    }
}

impl Deref for Taken<'_> {
    type Target = Frame;

    fn deref(&self) -> &Frame {
        match &self.frame {
            Some(frame) => frame,
            None => unreachable!("only `drop` below empties it"),
        }
    }
}

impl DerefMut for Taken<'_> {
    fn deref_mut(&mut self) -> &mut Frame {
        match &mut self.frame {
            Some(frame) => frame,
            None => unreachable!("only `drop` below empties it"),
        }
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        if let Some(frame) = self.frame.take() {
            self.home.receive(frame, self.inference);
        }
    }
}

impl Taken<'_> {
    /// The frame of a recorded forward, which outlives the call: it knows its way home.
    pub(crate) fn keep(mut self) -> Option<Box<Frame>> {
        let mut frame = self.frame.take()?;
        frame.home = Some(Arc::clone(self.home));
        Some(frame)
    }
}
