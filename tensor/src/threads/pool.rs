//! The workers, and the one region they help with.
//!
//! One region is open at a time. Its state is one word: a generation, an `OPEN` bit and the number of workers inside.
//! A worker enters by raising the number with a compare-and-swap that fails if the region has closed; the caller closes the region
//! and waits for the number to fall to zero. So nobody can touch the body after `parallel` has returned, and a worker
//! that comes late is not waited for.

use std::any::Any;
use std::cell::UnsafeCell;
use std::hint::spin_loop;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread::Thread;
use std::time::{Duration, Instant};

use super::MOST;

/// How long a worker looks for the next region before it sleeps.
const PATIENCE: Duration = Duration::from_micros(50);

/// Set in `Region::state` while workers may enter.
const OPEN: u64 = 1 << 16;
/// The part of `Region::state` that counts the workers inside.
const INSIDE: u64 = OPEN - 1;
/// One generation: regions are told apart by the bits above.
const GENERATION: u64 = 1 << 17;

type Body<'a> = dyn Fn(usize) + Sync + 'a;

/// The next task of a run that nobody has taken. On cache lines of its own: its owner takes most of them.
#[repr(align(128))]
struct Queue(AtomicUsize);

struct Region {
    /// Held by the caller whose region it is.
    taken: AtomicBool,
    state: AtomicU64,
    /// One a participant, the caller's first: a region's tasks are dealt out in equal runs.
    queues: [Queue; MOST],
    tasks: UnsafeCell<usize>,
    body: UnsafeCell<Option<&'static Body<'static>>>,
    /// How many workers may take part: those with a smaller number.
    limit: AtomicUsize,
    panic: Mutex<Option<Box<dyn Any + Send>>>,
}

// SAFETY: `tasks` and `body` are written only by the caller that holds `taken` while the region is closed and nobody is
// inside, and read only by workers inside; entering and leaving are acquire and release operations on `state`.
unsafe impl Sync for Region {}

static REGION: Region = Region {
    taken: AtomicBool::new(false),
    state: AtomicU64::new(0),
    queues: [const { Queue(AtomicUsize::new(0)) }; MOST],
    tasks: UnsafeCell::new(0),
    body: UnsafeCell::new(None),
    limit: AtomicUsize::new(0),
    panic: Mutex::new(None),
};

struct Worker {
    thread: OnceLock<Thread>,
    asleep: AtomicBool,
}

static WORKERS: [Worker; MOST] = [const {
    Worker {
        thread: OnceLock::new(),
        asleep: AtomicBool::new(false),
    }
}; MOST];
/// How many workers run; changed only by the holder of `Region::taken`.
static STARTED: AtomicUsize = AtomicUsize::new(0);

/// Runs the tasks here and on up to `helpers` workers.
pub(super) fn parallel(tasks: usize, helpers: usize, body: &(dyn Fn(usize) + Sync)) {
    if REGION
        .taken
        .compare_exchange(false, true, Ordering::Acquire, Ordering::Relaxed)
        .is_err()
    {
        // Inside a region, or another thread is: the caller does it all.
        return serial(tasks, body);
    }
    let helpers = start(helpers.min(tasks - 1));

    // SAFETY: the region is closed and empty (its last holder waited for that), and `taken` is ours. The lifetime is
    // made up: the region is closed and empty again before this function returns.
    unsafe {
        *REGION.tasks.get() = tasks;
        *REGION.body.get() = Some(std::mem::transmute::<&Body<'_>, &'static Body<'static>>(body));
    }
    let participants = helpers + 1;
    for (number, queue) in REGION.queues.iter().enumerate().take(participants) {
        queue
            .0
            .store(start_of_run(number, participants, tasks), Ordering::Relaxed);
    }
    REGION.limit.store(helpers, Ordering::Relaxed);
    REGION.state.fetch_add(GENERATION + OPEN, Ordering::SeqCst);
    for worker in &WORKERS[..helpers] {
        if worker.asleep.load(Ordering::SeqCst)
            && let Some(thread) = worker.thread.get()
        {
            thread.unpark();
        }
    }

    run_tasks(0, participants, tasks, body);

    REGION.state.fetch_and(!OPEN, Ordering::AcqRel);
    let mut rounds = 0u32;
    while REGION.state.load(Ordering::Acquire) & INSIDE != 0 {
        rounds += 1;
        // A worker that lost its core needs ours. Most tasks take less time than these rounds, some 50 microseconds.
        if rounds > 1_000 {
            std::thread::yield_now()
        } else {
            spin_loop()
        }
    }
    // SAFETY: closed and empty, as above.
    unsafe { *REGION.body.get() = None };
    let panic = REGION.panic.lock().unwrap_or_else(PoisonError::into_inner).take();
    REGION.taken.store(false, Ordering::Release);
    if let Some(panic) = panic {
        resume_unwind(panic);
    }
}

/// Runs the tasks here, one after the other; a panic waits for the others as it does in [`parallel`].
pub(super) fn serial(tasks: usize, body: &Body<'_>) {
    let mut panic = None;
    for task in 0..tasks {
        if let Err(caught) = catch_unwind(AssertUnwindSafe(|| body(task))) {
            panic.get_or_insert(caught);
        }
    }
    if let Some(panic) = panic {
        resume_unwind(panic);
    }
}

/// The first task of the run that is dealt to participant `number`.
fn start_of_run(number: usize, participants: usize, tasks: usize) -> usize {
    tasks / participants * number + number.min(tasks % participants)
}

/// Takes tasks until none is left: first those dealt to this participant, then what the others have not got to. So in regions that
/// follow each other the same memory is mostly in the hands of the same thread, and in its cache. A panic is kept for the caller of
/// the region.
fn run_tasks(participant: usize, participants: usize, tasks: usize, body: &Body<'_>) {
    for number in (participant..participants).chain(0..participant) {
        let queue = &REGION.queues[number].0;
        let end = start_of_run(number + 1, participants, tasks);
        // A look before taking leaves the line of a run that has ended where it is.
        while queue.load(Ordering::Relaxed) < end {
            let task = queue.fetch_add(1, Ordering::Relaxed);
            if task >= end {
                break;
            }
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| body(task))) {
                let mut kept = REGION.panic.lock().unwrap_or_else(PoisonError::into_inner);
                kept.get_or_insert(panic);
            }
        }
    }
}

/// Sees that `wanted` workers run; gives how many do.
fn start(wanted: usize) -> usize {
    let started = STARTED.load(Ordering::Relaxed);
    if wanted <= started {
        wanted
    } else {
        start_more(started, wanted)
    }
}

#[cold]
fn start_more(started: usize, wanted: usize) -> usize {
    for (number, worker) in WORKERS.iter().enumerate().take(wanted).skip(started) {
        let spawned = std::thread::Builder::new()
            .name(format!("tensor-{}", number + 1))
            .spawn(move || work(number));
        match spawned {
            // The handle is set here and nowhere else, once a number.
            Ok(handle) => drop(worker.thread.set(handle.thread().clone())),
            // Fewer threads do the same work.
            Err(_) => return number,
        }
        STARTED.store(number + 1, Ordering::Relaxed);
    }
    wanted
}

/// A worker's life: wait for a region, help, leave.
fn work(number: usize) {
    // The generation that has nothing left to take. Its caller may have lost its core: who came back to it would keep it from it.
    let mut done = 0;
    loop {
        let state = wait_for_open(number, done);
        // The number of workers inside may change between the load and the swap, and the region may close.
        if REGION
            .state
            .compare_exchange_weak(state, state + 1, Ordering::AcqRel, Ordering::Relaxed)
            .is_err()
        {
            continue;
        }
        let helpers = REGION.limit.load(Ordering::Relaxed);
        if number < helpers {
            // SAFETY: we are inside, so the caller that wrote these waits for us.
            let (tasks, body) = unsafe { (*REGION.tasks.get(), *REGION.body.get()) };
            if let Some(body) = body {
                run_tasks(number + 1, helpers + 1, tasks, body);
            }
        }
        REGION.state.fetch_sub(1, Ordering::AcqRel);
        done = state / GENERATION;
    }
}

/// Waits for an open region of another generation than `done` in which this worker may take part; gives its state.
fn wait_for_open(number: usize, done: u64) -> u64 {
    let open =
        |state: u64| state & OPEN != 0 && state / GENERATION != done && number < REGION.limit.load(Ordering::Relaxed);
    let began = Instant::now();
    loop {
        for _ in 0..64 {
            let state = REGION.state.load(Ordering::Acquire);
            if open(state) {
                return state;
            }
            spin_loop();
        }
        if began.elapsed() > PATIENCE {
            break;
        }
    }
    let asleep = &WORKERS[number].asleep;
    loop {
        // The caller opens, then looks who sleeps; we say that we sleep, then look whether it opened: one of us sees the other.
        asleep.store(true, Ordering::SeqCst);
        let state = REGION.state.load(Ordering::SeqCst);
        if open(state) {
            asleep.store(false, Ordering::Relaxed);
            return state;
        }
        std::thread::park();
    }
}
