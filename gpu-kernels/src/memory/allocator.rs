//! Blocks of device memory, kept when they are released and given out again.
//!
//! A block belongs to one stream: it is given out again for work of the same stream only, whose order keeps the old use before the
//! new. A block that another stream uses too is held back until that stream is past the use.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cust::sys::{self, CUresult};

use super::MemoryUse;
use super::lifetimes::Lifetimes;
use super::pieces::{Pieces, piece_size, segment_size};
use crate::error::{Error, Result};
use crate::event::Event;
use crate::health::Health;
use crate::stream::Stream;

/// The variable that has nothing kept where it is `0`: each block is an allocation of the driver's then, whose ends a memory checker
/// can see.
const VARIABLE: &str = "TENSOR_CUDA_CACHE";

/// The memory of one device. Callers have made its context current.
#[derive(Debug)]
pub(crate) struct Allocator {
    health: &'static Health,
    lifetimes: Lifetimes,
    keeps: bool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    pieces: Pieces,
    /// The other streams that blocks are used on.
    used_on: HashMap<u64, Vec<&'static Stream>>,
    /// Released blocks that another stream may still use, oldest first.
    held: VecDeque<(u64, Vec<Arc<Event>>)>,
    /// Events for the next blocks that are held.
    events: Vec<Arc<Event>>,
    memory: MemoryUse,
}

impl Allocator {
    pub(crate) fn new(health: &'static Health) -> Self {
        Self {
            health,
            lifetimes: Lifetimes::of_the_driver(),
            keeps: std::env::var_os(VARIABLE).is_none_or(|value| value != "0"),
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A block for work of this stream.
    pub(crate) fn allocate(&self, bytes: usize, stream: &Stream) -> Result<u64> {
        let sizes = piece_size(bytes).and_then(|size| Some((size, segment_size(size)?)));
        let Some((size, segment)) = sizes else {
            return Err(self.full(bytes));
        };
        if let Some(address) = self.take(bytes, size, stream)? {
            return Ok(address);
        }
        let segment = if self.keeps { segment } else { size };
        // The lock is free while the driver works.
        if let Some(address) = self.new_segment(segment)? {
            return self.take_from(address, segment, bytes, size, stream);
        }
        // The memory is full. What is held comes free, what is free goes back.
        self.wait_for_held()?;
        if let Some(address) = self.take(bytes, size, stream)? {
            return Ok(address);
        }
        self.release_unused()?;
        for segment in [segment, size] {
            if let Some(address) = self.new_segment(segment)? {
                return self.take_from(address, segment, bytes, size, stream);
            }
        }
        Err(self.full(bytes))
    }

    fn take(&self, bytes: usize, size: usize, stream: &Stream) -> Result<Option<u64>> {
        let mut state = self.state();
        self.settle(&mut state)?;
        let Some((address, place)) = state.pieces.take(stream.raw() as usize, size) else {
            return Ok(None);
        };
        state.memory.in_use += place;
        state.memory.peak = state.memory.peak.max(state.memory.in_use);
        // Under the lock, so that it comes before whatever comes of the next release.
        self.lifetimes.used(address, bytes, place, stream);
        Ok(Some(address))
    }

    fn take_from(&self, new: u64, segment: usize, bytes: usize, size: usize, stream: &Stream) -> Result<u64> {
        {
            let mut state = self.state();
            state.pieces.add_segment(new, segment, stream.raw() as usize, size);
            state.memory.reserved += segment;
        }
        // Another thread may have taken it meanwhile; then the next try takes more.
        match self.take(bytes, size, stream)? {
            Some(address) => Ok(address),
            None => self.allocate(bytes, stream),
        }
    }

    /// Memory from the driver; none if it is full.
    fn new_segment(&self, bytes: usize) -> Result<Option<u64>> {
        let mut address = 0;
        // SAFETY: the driver writes the address.
        match unsafe { sys::cuMemAlloc_v2(&mut address, bytes) } {
            CUresult::CUDA_ERROR_OUT_OF_MEMORY => Ok(None),
            answer => self.health.check("cuMemAlloc", answer).map(|()| Some(address)),
        }
    }

    /// The error of a request for so many bytes that nothing is left for.
    pub(crate) fn full(&self, bytes: usize) -> Error {
        let (mut free, mut total) = (0, 0);
        // SAFETY: the driver writes two numbers.
        let answer = unsafe { sys::cuMemGetInfo_v2(&mut free, &mut total) };
        match self.health.check("cuMemGetInfo", answer) {
            Ok(()) => Error::OutOfMemory { bytes, free, total },
            Err(error) => error,
        }
    }

    /// Gives blocks out again that no stream uses any more.
    fn settle(&self, state: &mut State) -> Result<()> {
        while let Some((_, events)) = state.held.front() {
            for event in events {
                if !event.is_passed()? {
                    return Ok(());
                }
            }
            if let Some((address, events)) = state.held.pop_front() {
                state.events.extend(events);
                self.free(state, address);
            }
        }
        Ok(())
    }

    fn free(&self, state: &mut State, address: u64) {
        if let Some((place, stream)) = state.pieces.in_use(address) {
            self.lifetimes.freed(address, place, stream);
            state.pieces.give_back(address);
        }
    }

    /// Waits until nothing is held, without the lock.
    fn wait_for_held(&self) -> Result<()> {
        let events: Vec<Arc<Event>> = self
            .state()
            .held
            .iter()
            .flat_map(|(_, events)| events.clone())
            .collect();
        events.iter().try_for_each(|event| event.wait())
    }

    /// Notes that work of another stream uses a block.
    pub(crate) fn note_use(&self, address: u64, stream: &'static Stream) {
        let mut state = self.state();
        let own = state.pieces.in_use(address).map(|(_, stream)| stream);
        if own.is_none_or(|own| own == stream.raw() as usize) {
            return;
        }
        let streams = state.used_on.entry(address).or_default();
        if !streams.iter().any(|other| other.raw() == stream.raw()) {
            streams.push(stream);
        }
    }

    /// Takes a block back.
    pub(crate) fn release(&self, address: u64) {
        self.take_back(address);
        if !self.keeps {
            // What goes wrong here is the device's end, which the next call says.
            let _ = self.release_unused();
        }
    }

    fn take_back(&self, address: u64) {
        let mut state = self.state();
        let Some((place, _)) = state.pieces.in_use(address) else {
            debug_assert!(false, "{address:#x} is no block in use");
            return;
        };
        state.memory.in_use -= place;
        let Some(streams) = state.used_on.remove(&address) else {
            return self.free(&mut state, address);
        };
        let events: Result<Vec<Arc<Event>>> = streams
            .iter()
            .map(|stream| {
                let event = match state.events.pop() {
                    // Somebody who is out of memory may still wait for its last use.
                    Some(event) if Arc::strong_count(&event) == 1 => event,
                    _ => Arc::new(Event::new(self.health)?),
                };
                event.record(stream)?;
                Ok(event)
            })
            .collect();
        // Where the device is lost, nothing is given out any more.
        if let Ok(events) = events {
            state.held.push_back((address, events));
        }
    }

    /// Gives the driver what is in no use.
    pub(crate) fn release_unused(&self) -> Result<()> {
        self.wait_for_held()?;
        let segments = {
            let mut state = self.state();
            self.settle(&mut state)?;
            let segments = state.pieces.remove_unused();
            state.memory.reserved -= segments.iter().map(|(_, bytes)| bytes).sum::<usize>();
            segments
        };
        if segments.is_empty() {
            return Ok(());
        }
        // Work that was launched before the blocks were released may still run.
        // SAFETY: it takes nothing.
        let answer = unsafe { sys::cuCtxSynchronize() };
        self.health.check("cuCtxSynchronize", answer)?;
        for (address, _) in segments {
            // SAFETY: it came from the driver, nobody uses it, and nobody can find it any more.
            let answer = unsafe { sys::cuMemFree_v2(address) };
            self.health.check("cuMemFree", answer)?;
        }
        Ok(())
    }

    /// What the memory is used for.
    pub(crate) fn memory(&self) -> MemoryUse {
        self.state().memory
    }
}
