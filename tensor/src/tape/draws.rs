//! Random numbers that a computation draws, so that it can be done again with the same.

use std::cell::RefCell;
use std::collections::VecDeque;

/// What becomes of the places in sequences of random numbers that this thread draws.
enum State {
    Free,
    /// They are noted.
    Noting(Vec<u64>),
    /// They were noted before.
    Given(VecDeque<u64>),
}

thread_local! {
    static STATE: RefCell<State> = const { RefCell::new(State::Free) };
}

/// The place in a sequence of random numbers that comes `next`, or the one that came when this was computed before.
pub(crate) fn drawn(next: impl FnOnce() -> u64) -> u64 {
    STATE.with_borrow_mut(|state| match state {
        State::Free => next(),
        State::Noting(places) => {
            let place = next();
            places.push(place);
            place
        }
        State::Given(places) => places.pop_front().unwrap_or_else(next),
    })
}

fn within<R>(state: State, body: impl FnOnce() -> R) -> (R, State) {
    struct Restore(Option<State>);
    impl Drop for Restore {
        fn drop(&mut self) {
            if let Some(before) = self.0.take() {
                STATE.set(before);
            }
        }
    }
    let mut restore = Restore(Some(STATE.replace(state)));
    let result = body();
    let before = restore.0.take().unwrap_or(State::Free);
    (result, STATE.replace(before))
}

/// Runs `body` and notes the places it draws.
pub(crate) fn noting<R>(body: impl FnOnce() -> R) -> (R, Vec<u64>) {
    let (result, state) = within(State::Noting(Vec::new()), body);
    let State::Noting(places) = state else {
        return (result, Vec::new());
    };
    // Whoever notes around this notes them too.
    STATE.with_borrow_mut(|state| {
        if let State::Noting(outer) = state {
            outer.extend(&places);
        }
    });
    (result, places)
}

/// Runs `body` with the places that it drew before.
pub(crate) fn given<R>(places: &[u64], body: impl FnOnce() -> R) -> R {
    within(State::Given(places.iter().copied().collect()), body).0
}
