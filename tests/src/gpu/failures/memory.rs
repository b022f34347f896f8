//! A device without room: what says so, what stays as it was, and how work goes on.

use tensor::prelude::*;
use tensor::{Error, cuda};

use super::{Check, Small, a_program, batch, device, parameters, sure, turn};
use crate::gpu::check::{counter, in_child, needs_emulator};

pub(super) fn checks() -> Vec<Check> {
    macro_rules! list {
        ($($name:ident)*) => {
            vec![$(Check {
                name: concat!("failures::memory::", stringify!($name)),
                run: || {
                    needs_emulator();
                    in_child(concat!("failures::memory::", stringify!($name)), &[("EMU_MEMORY", MEMORY)], $name);
                },
            }),*]
        };
    }
    list! { the_error_says_how_much what_is_kept_makes_room_first steps_change_nothing results_without_room at_every_allocation }
}

/// 64 MiB.
const MEMORY: &str = "67108864";
const MIB: usize = 1 << 20;

fn zeros(mib: usize) -> Tensor<Dynamic> {
    sure("on", Tensor::on(device(), &vec![0.0; mib * MIB / 4], &[mib, MIB / 4]))
}

fn out_of_memory(bytes: usize) -> String {
    let free = cuda::memory(0)
        .map(|memory| memory.total - memory.reserved)
        .expect("a device");
    format!("out of memory on cuda:0: {bytes} bytes were asked for, {free} are free")
}

fn the_error_says_how_much() {
    let kept = zeros(30);
    let failed = zeros(50);
    assert_eq!(failed.sizes(), [50, MIB / 4]);
    let error = failed.error().expect("there is no room");
    assert!(matches!(error, Error::OutOfMemory { .. }));
    assert_eq!(error.to_string(), out_of_memory(50 * MIB));
    // In numbers: 30 of 64 MiB are in use, and small things have 2.
    assert_eq!(
        error.to_string(),
        "out of memory on cuda:0: 52428800 bytes were asked for, 33554432 are free"
    );
    assert_eq!(failed.to_vec().expect_err("likewise").to_string(), error.to_string());
    assert_eq!(
        failed.relu().sum().item().expect_err("likewise").to_string(),
        error.to_string()
    );
    assert_eq!(sure("to_vec", kept.to_vec()), vec![0.0; 30 * MIB / 4]);
    let moved = tensor![1.0]
        .broadcast_to_many(20 * MIB)
        .to(device())
        .expect_err("80 MiB");
    assert!(
        moved.to_string().starts_with("out of memory on cuda:0: 83886080 bytes"),
        "{moved}"
    );
    drop(kept);
    assert_eq!(
        sure("to_vec", zeros(50).sum_axis(0).and_then(|sum| sum.to_vec())).len(),
        MIB / 4
    );
}

trait Many {
    fn broadcast_to_many(self, count: usize) -> Tensor<Dynamic>;
}

impl Many for Tensor<dims![1]> {
    fn broadcast_to_many(self, count: usize) -> Tensor<Dynamic> {
        sure("broadcast_to", self.into_dynamic().broadcast_to(&[count]))
    }
}

/// Memory that was released stays with this process until somebody needs it in other sizes.
fn what_is_kept_makes_room_first() {
    let parts: Vec<_> = (0..4).map(|_| zeros(12)).collect();
    drop(parts);
    let kept = sure("memory", cuda::memory(0));
    assert!(kept.reserved >= 48 * MIB && kept.in_use < MIB, "{kept:?}");
    let whole = zeros(55);
    assert!(whole.error().is_none(), "{:?}", whole.error());
    assert!(counter("mem_free") >= 4, "the driver has got them back");
    let now = sure("memory", cuda::memory(0));
    assert!(now.in_use >= 55 * MIB && now.reserved <= 64 * MIB, "{now:?}");
    drop(whole);
    sure("empty_cache", cuda::empty_cache(0));
    assert!(sure("memory", cuda::memory(0)).reserved <= 4 * MIB);
}

/// A batch too large for the device: the parameters are as they were, and smaller batches train on.
fn steps_change_nothing() {
    let mut model = Small::<f32>::new_as(&device(), Seed(1));
    let mut adam = Adam::new(0.01);
    let (x, labels) = batch::<f32>(device(), 200_000, 1);
    let (small, small_labels) = batch::<f32>(device(), 20, 1);
    let before = parameters(&model);
    cross_entropy(&model.forward(&x), &labels).backward();
    let error = adam.step(&mut model).expect_err("there is no room");
    assert!(matches!(error, Error::OutOfMemory { .. }), "{error}");
    assert_eq!(parameters(&model), before);
    let mut step = model.compile(cross_entropy, adam);
    let error = step.run(&x, &labels).expect_err("there is no room");
    assert!(matches!(error, Error::OutOfMemory { .. }), "{error}");
    assert_eq!(parameters(step.model()), before);
    let error = step.model().infer(&x).to_vec();
    assert!(error.is_ok_and(|out| out.len() == 800_000), "inference needs less");
    sure("a step", step.run(&small, &small_labels));
    assert_ne!(parameters(step.model()), before);
    let (mut model, mut adam) = step.into_parts();
    cross_entropy(&model.forward(&small), &small_labels).backward();
    sure("a step", adam.step(&mut model));
}

/// The error of a result without room stays in it; the operands are as they were.
fn results_without_room() {
    let x = zeros(24);
    let y = x.full_like(2.0);
    let failed = x.add(&y).expect("the same sizes");
    assert_eq!(failed.error().expect("no room").to_string(), out_of_memory(24 * MIB));
    let failed = failed.mul(&x).expect("the same sizes").mean();
    assert_eq!(failed.item().expect_err("no room").to_string(), out_of_memory(24 * MIB));
    let leaf = y.clone().requires_grad();
    let error = leaf.sum().try_backward().and_then(|()| {
        let gradient = leaf.grad().expect("a leaf");
        gradient.square().to_vec().map(drop)
    });
    assert!(matches!(error, Err(Error::OutOfMemory { .. })), "{error:?}");
    assert_eq!(sure("item", y.max().item()), 2.0);
    let model = Linear::<dim![2048], dim![2048]>::new(&Device::cpu(), Seed(0));
    let _more = zeros(6);
    let error = model.to(device()).map(drop).expect_err("16 MiB");
    assert!(matches!(error, Error::OutOfMemory { .. }), "{error}");
}

/// The memory ends at every place of a program in turn: an error comes out of it and no panic, nothing stays in use, and with room it
/// runs again.
fn at_every_allocation() {
    sure("the program with room", a_program());
    sure("empty_cache", cuda::empty_cache(0));
    turn("memory", sure("memory", cuda::memory(0)).reserved as u64);
    let mut fillers: Vec<Tensor<Dynamic>> = Vec::new();
    loop {
        // The smallest block that there is.
        let filler = sure("on", Tensor::on(device(), &[0.0; 64], &[64]));
        if filler.error().is_some() {
            break;
        }
        fillers.push(filler);
    }
    let mut failures = 0;
    loop {
        let before = sure("memory", cuda::memory(0)).in_use;
        let error = match a_program() {
            Ok(()) => break,
            Err(error) => error.to_string(),
        };
        assert!(error.starts_with("out of memory on cuda:0: "), "{error}");
        assert_eq!(
            sure("memory", cuda::memory(0)).in_use,
            before,
            "after {failures} failures: {error}"
        );
        failures += 1;
        fillers.pop().expect("the program runs without fillers");
    }
    // As many blocks as a program has at once.
    assert!(failures > 30, "{failures} failures");
    sure("the program again", a_program());
    let first = fillers.first().expect("the program does not fill the device");
    assert_eq!(sure("to_vec", first.to_vec()), [0.0; 64]);
}
