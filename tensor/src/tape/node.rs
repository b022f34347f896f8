//! One recorded operation.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use smallvec::SmallVec;

use crate::error::{Error, Result};
use crate::tape::{Hook, Rule, Track, Value};

/// Where the inputs of an operation came from.
pub(crate) type Inputs = SmallVec<[Track; 4]>;
/// What an operation's backward rule needs.
pub(crate) type Saved = SmallVec<[Value; 3]>;

/// A handle on a recorded operation; the last one to go returns the node to a pool, so that recording allocates nothing
/// once the pool is filled.
pub(crate) struct Node {
    // `None` only while the node is being dropped.
    inner: Option<Arc<Inner>>,
}

#[derive(Default)]
struct Inner {
    /// Grows with every node: what an operation reads is always older than the operation.
    id: u64,
    inputs: Inputs,
    body: Mutex<Body>,
}

/// What backward takes from a node.
#[derive(Default)]
pub(crate) struct Body {
    /// The operation.
    pub(crate) name: &'static str,
    /// `None` once backward has used it up.
    pub(crate) rule: Option<Rule>,
    pub(crate) saved: Saved,
    /// The versions of what is saved.
    versions: SmallVec<[u64; 3]>,
    /// The sum of the gradients that arrived so far.
    pub(crate) gradient: Option<Value>,
    /// What is called with that sum once it is whole.
    pub(crate) hooks: Vec<Hook>,
}

static NEXT: AtomicU64 = AtomicU64::new(1);
static FREE: Mutex<Vec<Arc<Inner>>> = Mutex::new(Vec::new());

impl Node {
    pub(crate) fn new(name: &'static str, rule: Rule, inputs: Inputs, saved: Saved) -> Self {
        Self::with_body(
            inputs,
            Body {
                name,
                rule: Some(rule),
                versions: saved.iter().map(Value::version).collect(),
                saved,
                gradient: None,
                hooks: Vec::new(),
            },
        )
    }

    /// The node of an operation that failed: there is no way back through it, but an error finds what it read.
    pub(crate) fn failed(inputs: Inputs) -> Self {
        Self::with_body(inputs, Body::default())
    }

    fn with_body(inputs: Inputs, body: Body) -> Self {
        let mut inner = FREE
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop()
            .unwrap_or_default();
        match Arc::get_mut(&mut inner) {
            Some(own) => {
                own.id = NEXT.fetch_add(1, Ordering::Relaxed);
                own.inputs = inputs;
                *own.body.get_mut().unwrap_or_else(PoisonError::into_inner) = body;
            }
            None => unreachable!("`drop` below pools only nodes without other handles"),
        }
        Self { inner: Some(inner) }
    }

    fn inner(&self) -> &Arc<Inner> {
        match &self.inner {
            Some(inner) => inner,
            None => unreachable!("only `drop` below empties a node"),
        }
    }

    /// Orders nodes by age.
    pub(crate) fn id(&self) -> u64 {
        self.inner().id
    }

    pub(crate) fn inputs(&self) -> &[Track] {
        &self.inner().inputs
    }

    /// The operation, unless a backward pass is just there: to print a tensor nobody waits.
    pub(crate) fn name(&self) -> Option<&'static str> {
        self.inner().body.try_lock().ok().map(|body| body.name)
    }

    pub(crate) fn body(&self) -> MutexGuard<'_, Body> {
        self.inner().body.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Body {
    /// Whether the parameters among what is saved are as they were; the first that is not, by name.
    pub(crate) fn check_versions(&self) -> Result<()> {
        match self
            .saved
            .iter()
            .zip(&self.versions)
            .find_map(|(value, &seen)| value.written_after(seen))
        {
            None => Ok(()),
            Some(name) => Err(Error::Gradient(format!(
                "`backward`: `{name}` was changed after the forward pass that is to be differentiated; compute the loss again"
            ))),
        }
    }
}

impl Clone for Node {
    fn clone(&self) -> Self {
        Self {
            inner: Some(Arc::clone(self.inner())),
        }
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Node({})", self.id())
    }
}

thread_local! {
    /// Whether this thread is inside the loop of `drop`.
    static DROPPING: Cell<bool> = const { Cell::new(false) };
    /// Nodes that are to go, so that a long graph is taken down in a loop and not in a recursion.
    static DOOMED: RefCell<Vec<Arc<Inner>>> = const { RefCell::new(Vec::new()) };
}

impl Drop for Node {
    fn drop(&mut self) {
        let Some(mut inner) = self.inner.take() else { return };
        if Arc::get_mut(&mut inner).is_none() {
            return;
        }
        // A thread that is ending has no list any more: its nodes go by recursion.
        let queued = DOOMED.try_with(|doomed| doomed.borrow_mut().push(inner)).is_ok();
        if !queued || DROPPING.replace(true) {
            return;
        }
        while let Some(mut inner) = DOOMED.with(|doomed| doomed.borrow_mut().pop()) {
            if let Some(own) = Arc::get_mut(&mut inner) {
                own.inputs.clear();
                *own.body.get_mut().unwrap_or_else(PoisonError::into_inner) = Body::default();
                FREE.lock().unwrap_or_else(PoisonError::into_inner).push(inner);
            }
        }
        DROPPING.set(false);
    }
}
