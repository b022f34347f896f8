use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// The number of threads is one for the whole process.
static COUNT: Mutex<()> = Mutex::new(());

fn with_threads(count: usize, test: impl FnOnce()) {
    let _guard = COUNT.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let before = get();
    set(count);
    test();
    set(before);
}

/// The different results of `run` on 1, 2 and 3 threads.
pub(crate) fn with_each_count<R: PartialEq>(run: impl Fn() -> R) -> Vec<R> {
    let mut results = Vec::new();
    for count in [1, 2, 3] {
        with_threads(count, || {
            let result = run();
            if !results.contains(&result) {
                results.push(result);
            }
        });
    }
    results
}

#[test]
fn every_task_runs_once() {
    for count in [1, 2, 3, 8] {
        with_threads(count, || {
            for tasks in [0, 1, 2, 3, 17, 1000] {
                let runs: Vec<AtomicUsize> = (0..tasks).map(|_| AtomicUsize::new(0)).collect();
                parallel(tasks, &|task| {
                    runs[task].fetch_add(1, Ordering::Relaxed);
                });
                assert!(runs.iter().all(|runs| runs.load(Ordering::Relaxed) == 1));
            }
        });
    }
}

#[test]
fn many_short_regions() {
    with_threads(4, || {
        for round in 0..20_000 {
            let sum = AtomicUsize::new(0);
            parallel(5, &|task| {
                sum.fetch_add(task + round, Ordering::Relaxed);
            });
            assert_eq!(sum.into_inner(), 10 + 5 * round);
        }
    });
}

#[test]
fn regions_after_a_pause() {
    with_threads(3, || {
        for _ in 0..20 {
            std::thread::sleep(std::time::Duration::from_micros(300));
            let sum = AtomicUsize::new(0);
            parallel(64, &|task| {
                sum.fetch_add(task, Ordering::Relaxed);
            });
            assert_eq!(sum.into_inner(), 64 * 63 / 2);
        }
    });
}

#[test]
fn regions_nest_and_contend() {
    with_threads(3, || {
        let total = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..500 {
                        parallel(4, &|_| {
                            parallel(3, &|_| {
                                total.fetch_add(1, Ordering::Relaxed);
                            });
                        });
                    }
                });
            }
        });
        assert_eq!(total.into_inner(), 4 * 500 * 12);
    });
}

#[test]
fn a_panic_reaches_the_caller_after_all_tasks() {
    with_threads(3, || {
        for _ in 0..50 {
            let ended = AtomicUsize::new(0);
            let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                parallel(20, &|task| {
                    if task == 7 {
                        std::panic::resume_unwind(Box::new("seven"));
                    }
                    ended.fetch_add(1, Ordering::Relaxed);
                });
            }));
            assert_eq!(result.unwrap_err().downcast_ref(), Some(&"seven"));
            assert_eq!(ended.into_inner(), 19);
        }
    });
}

#[test]
fn pieces_cover_the_whole() {
    for (total, piece) in [(0, 4), (3, 4), (4, 4), (5, 4), (1000, 7)] {
        let mut data = vec![0u8; total];
        let shared = Shared::new(&mut data);
        parallel_pieces(total, piece, |first, length| {
            // SAFETY: pieces are disjoint.
            unsafe { shared.part(first, length) }
                .iter_mut()
                .for_each(|byte| *byte += 1);
        });
        assert!(data.iter().all(|&byte| byte == 1));
    }
}
