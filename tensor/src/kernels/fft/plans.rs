//! The plans of the lengths that came up, kept for all threads.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use rustfft::{Fft, FftDirection, FftPlannerScalar};

/// How rows of one length are transformed.
pub type Plan = Arc<dyn Fft<f64>>;

/// Lengths and directions that are kept; beyond them all are forgotten.
const MOST: usize = 256;

static PLANS: LazyLock<Mutex<HashMap<(usize, bool), Plan>>> = LazyLock::new(Mutex::default);

/// The plan of a length above 0.
pub fn plan(n: usize, inverse: bool) -> Plan {
    let mut plans = PLANS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(plan) = plans.get(&(n, inverse)) {
        return plan.clone();
    }
    if plans.len() == MOST {
        plans.clear();
    }
    let direction = if inverse {
        FftDirection::Inverse
    } else {
        FftDirection::Forward
    };
    let plan = FftPlannerScalar::new().plan_fft(n, direction);
    plans.insert((n, inverse), plan.clone());
    plan
}
