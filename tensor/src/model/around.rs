//! What holds for models that run inside the body of another one's forward: its mode, and its random numbers.

use std::cell::Cell;

use crate::kernels::chain::Random;
use crate::model::call::nested_random;

/// The pass of the model whose body runs.
#[derive(Clone, Copy)]
struct Around {
    training: bool,
    random: Option<Random>,
    /// How many models have drawn from it.
    drawn: u32,
}

thread_local! {
    static AROUND: Cell<Option<Around>> = const { Cell::new(None) };
}

/// Runs a body in a mode, with the random numbers of its model's pass.
pub(super) fn within<R>(training: bool, random: Option<Random>, body: impl FnOnce() -> R) -> R {
    struct Restore(Option<Around>);
    impl Drop for Restore {
        fn drop(&mut self) {
            AROUND.set(self.0);
        }
    }
    let _restore = Restore(AROUND.replace(Some(Around {
        training,
        random,
        drawn: 0,
    })));
    body()
}

/// The mode of the body that runs, if one does.
pub(super) fn is_training() -> Option<bool> {
    AROUND.get().map(|around| around.training)
}

/// Random numbers for the next model in the body that runs, if one does: the same ones when the body runs again, and none where that one
/// has none.
pub(super) fn random() -> Option<Option<Random>> {
    let around = AROUND.get()?;
    AROUND.set(Some(Around {
        drawn: around.drawn + 1,
        ..around
    }));
    Some(around.random.map(|random| nested_random(random, around.drawn)))
}
