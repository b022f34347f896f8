//! What a steady step of training asks of the driver: no memory, one wait, and so many launches.

use std::hint::black_box;

use tensor::prelude::*;

use super::check::{Check, counter, in_child, needs_emulator};
use super::sides::{device, sure};
use crate::Chance;

/// The checks of this file. Each has a process of its own, as the driver counts for all.
pub fn checks() -> Vec<Check> {
    macro_rules! list {
        ($($name:ident)*) => {
            vec![$(Check {
                name: concat!("counts::", stringify!($name)),
                run: || {
                    needs_emulator();
                    eprint!("{}", in_child(concat!("counts::", stringify!($name)), &[], $name));
                },
            }),*]
        };
    }
    list! { a_compiled_step a_step_on_the_tape inference batches_of_two_sizes data_from_the_host }
}

net! { type Mlp = fc1: linear(24, 32) >> relu >> norm: layer_norm(32) >> dropout(0.1) >> fc2: linear(32, 10) }

/// Steps before the count, in which memory is taken.
const WARM_UP: usize = 4;
/// Steps that are counted.
const STEADY: u64 = 10;

const COUNTERS: [&str; 7] = [
    "mem_alloc",
    "mem_free",
    "host_alloc",
    "sync",
    "launches",
    "copies_h2d",
    "copies_d2h",
];

/// What one of some steady steps asks for: allocations of memory and of pinned memory, frees, waits, launches, copies there, copies
/// back.
fn counted(what: &str, mut step: impl FnMut()) -> [u64; COUNTERS.len()] {
    (0..WARM_UP).for_each(|_| step());
    let before = COUNTERS.map(counter);
    (0..STEADY).for_each(|_| step());
    let after = COUNTERS.map(counter);
    let mut each = [0; COUNTERS.len()];
    for ((each, name), (before, after)) in each.iter_mut().zip(COUNTERS).zip(before.into_iter().zip(after)) {
        let total = after - before;
        assert!(
            total.is_multiple_of(STEADY),
            "{what}: {name} grew by {total} in {STEADY} steps"
        );
        *each = total / STEADY;
    }
    let list: Vec<String> = COUNTERS
        .iter()
        .zip(each)
        .map(|(name, count)| format!("{name} {count}"))
        .collect();
    eprintln!("{what}: {}", list.join(", "));
    each
}

/// Panics unless steps ask for no memory, wait so often, and launch no more kernels than that.
#[track_caller]
fn hold(what: &str, waits: u64, most_launches: u64, most_copies: [u64; 2], step: impl FnMut()) {
    let [alloc, free, host, sync, launches, up, down] = counted(what, step);
    assert_eq!([alloc, free, host], [0; 3], "{what}: memory asked for and given back");
    assert_eq!(sync, waits, "{what}: waits");
    assert!(
        (1..=most_launches).contains(&launches),
        "{what}: {launches} launches, {most_launches} are allowed"
    );
    assert!(
        up <= most_copies[0] && down <= most_copies[1],
        "{what}: {up} copies there and {down} back"
    );
}

type Labelled = (Tensor<dims![Batch, 24]>, Tensor<dims![Batch], i64>);

fn batch(rows: usize) -> Labelled {
    let x = Tensor::randn(&[rows, 24], 1).and_then(|x| x.to(device()));
    let labels = Chance::new(1)
        .labels(&[rows], 10)
        .to(device())
        .and_then(Tensor::try_into_shape);
    (sure("a batch", x), sure("labels", labels))
}

/// Two products and a norm forward, four products, a norm and sums of columns backward, the loss, and one update.
const LAUNCHES: u64 = 20;
/// A loss, and beside it the record of faults.
const LOSS: [u64; 2] = [0, 2];

fn a_compiled_step() {
    fn of(optimizer: impl Optimizer, name: &str) {
        let (x, labels) = batch(16);
        let mut step = Mlp::new(&device(), Seed(1)).compile(cross_entropy, optimizer);
        hold(&format!("a compiled step, {name}"), 1, LAUNCHES, LOSS, || {
            black_box(sure("a step", step.run(&x, &labels)));
        });
    }
    of(Sgd::new(1e-3), "sgd");
    of(Sgd::new(1e-3).momentum(0.9), "momentum");
    of(Adam::new(1e-3), "adam");
    of(AdamW::new(1e-3).amsgrad(), "amsgrad");
    let (x, _) = batch(16);
    let target = sure("zeros", Tensor::on(device(), &[0.0; 160], &[16, 10]));
    let mut step = Mlp::new(&device(), Seed(1)).compile(mse_loss, Adam::new(1e-3));
    hold("a compiled step, mse_loss", 1, LAUNCHES, LOSS, || {
        black_box(sure("a step", step.run(&x, &target)));
    });
}

/// The tape fills the first gradient with 1 and multiplies by it: a few launches more.
fn a_step_on_the_tape() {
    let (x, labels) = batch(16);
    let (mut model, mut adam) = (Mlp::new(&device(), Seed(1)), Adam::new(1e-3));
    hold("a step on the tape", 1, LAUNCHES + 3, LOSS, || {
        let loss = cross_entropy(&model.forward(&x), &labels);
        black_box(sure("a loss", loss.item()));
        loss.backward();
        sure("a step", adam.step(&mut model));
    });
    hold("a step on the tape, loss unread", 0, LAUNCHES + 3, [0, 0], || {
        cross_entropy(&model.forward(&x), &labels).backward();
        sure("a step", adam.step(&mut model));
    });
    sure("synchronize", device().synchronize());
}

fn inference() {
    let (x, _) = batch(16);
    let mut model = Mlp::new(&device(), Seed(1));
    model.eval();
    hold("infer", 0, 5, [0, 0], || {
        black_box(model.infer(&x));
    });
    hold("infer and read", 1, 6, LOSS, || {
        black_box(sure("classes", model.infer(&x).argmax().to_vec()));
    });
    hold("forward in evaluation", 0, 5, [0, 0], || {
        black_box(model.forward(&x));
    });
}

/// A last batch that is smaller, as in every epoch.
fn batches_of_two_sizes() {
    let batches = [64, 13].map(batch);
    let mut step = Mlp::new(&device(), Seed(1)).compile(cross_entropy, Adam::new(1e-3));
    hold("batches of 64 and 13, two steps", 2, 2 * LAUNCHES, [0, 4], || {
        for (x, labels) in &batches {
            black_box(sure("a step", step.run(x, labels)));
        }
    });
}

/// Samples and labels go over in one copy each, and nobody waits for them.
fn data_from_the_host() {
    let digits = data::digits();
    net! { type Digits = linear(64, 32) >> relu >> linear(32, 10) }
    let mut step = Digits::new(&device(), Seed(0)).compile(cross_entropy, Adam::new(1e-3));
    let mut batches = digits.batches(32).shuffled(1).on(device());
    hold("a step on the next batch of a data set", 1, LAUNCHES, [2, 2], || {
        let (x, labels) = batches.next().expect("more batches than are taken here");
        black_box(sure("a step", step.run(&x, &labels)));
    });
}
