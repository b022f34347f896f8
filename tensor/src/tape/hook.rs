//! What is called with a gradient on its way.

use std::fmt;
use std::sync::Arc;

use crate::error::Result;
use crate::tape::Value;

/// Called with the whole gradient of a value; what it returns takes the gradient's place.
#[derive(Clone)]
#[allow(clippy::type_complexity, reason = "a function and what it may do")]
pub(crate) struct Hook(Arc<dyn Fn(&Value) -> Result<Option<Value>> + Send + Sync>);

impl Hook {
    pub(crate) fn new(hook: impl Fn(&Value) -> Result<Option<Value>> + Send + Sync + 'static) -> Self {
        Self(Arc::new(hook))
    }

    /// The gradient after all of these, in the order in which they were given.
    pub(crate) fn apply(hooks: &[Self], mut gradient: Value) -> Result<Value> {
        for hook in hooks {
            if let Some(other) = (hook.0)(&gradient)? {
                gradient = other;
            }
        }
        Ok(gradient)
    }
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hook")
    }
}
