//! Schedules: what they set, what they refuse, and that a run which is resumed in the middle equals one that goes on. That they are
//! PyTorch's is shown in `values/schedules.rs`.

use std::path::Path;

use tensor::prelude::*;
use tensor::schedule::{
    ConstantLr, CosineAnnealingLr, CosineAnnealingWarmRestarts, CyclicLr, CyclicMode, ExponentialLr, LambdaLr,
    LinearLr, MultiplicativeLr, OneCycleLr, PolynomialLr, ReduceLrOnPlateau, Scheduler, StepLr, Threshold,
};

use crate::{Small, batch, weights};

/// The rates at the start and after each of some steps.
fn rates<S: Schedule>(schedule: S, steps: usize) -> Vec<f64> {
    let mut sgd = Sgd::new(1.0);
    let mut scheduler = schedule.on(&mut sgd).expect("options that make sense");
    let mut rates = vec![sgd.lr()];
    for _ in 0..steps {
        scheduler.step(&mut sgd).expect("it goes on");
        rates.push(sgd.lr());
    }
    rates
}

#[test]
fn functions_say_the_rate() {
    assert_eq!(
        rates(LambdaLr::new(|step| 1.0 / (1 + step) as f64), 3),
        [1.0, 0.5, 1.0 / 3.0, 0.25]
    );
    // As PyTorch's, it is asked for a factor from the first step on.
    let halves = MultiplicativeLr::new(|step| if step == 0 { 100.0 } else { 0.5 });
    assert_eq!(rates(halves, 3), [1.0, 0.5, 0.25, 0.125]);
    let then = ConstantLr::new(0.5, 9).then(2, LambdaLr::new(|step| step as f64));
    assert_eq!(rates(then, 4), [0.5, 0.5, 0.0, 1.0, 2.0]);
}

#[test]
fn schedules_within_schedules() {
    let inner = || LinearLr::new(0.25, 1.0, 3).then(3, ExponentialLr::new(0.5));
    let alone = rates(inner(), 5);
    assert_eq!(alone, [0.25, 0.5, 0.75, 1.0, 0.5, 0.25]);
    let after = rates(ConstantLr::new(0.125, 100).then(2, inner()), 7);
    assert_eq!(after[..2], [0.125, 0.125]);
    assert_eq!(after[2..], alone);
    let both = rates(
        ConstantLr::new(0.5, 100).then(1, inner().and(ConstantLr::new(0.5, 2))),
        4,
    );
    assert_eq!(both, [0.5, 0.125, 0.25, 0.75, 1.0]);
    assert_eq!(
        rates(ConstantLr::new(0.5, 9).then(0, ExponentialLr::new(0.5)), 1),
        [1.0, 0.5]
    );
    let boxed: Box<dyn Schedule> = Box::new(StepLr::new(1).gamma(0.5));
    assert_eq!(rates(boxed, 1), [1.0, 0.5]);
}

#[test]
fn every_group_has_its_rate() {
    let mut sgd = Sgd::new(1.0)
        .momentum(0.5)
        .part("fc1", |group| group.learning_rate(0.5));
    let mut schedule = ExponentialLr::new(0.5).on(&mut sgd).expect("a factor");
    schedule.step(&mut sgd).expect("it goes on");
    let lr = |sgd: &Sgd, group| sgd.rates(group).expect("a group").lr;
    assert_eq!((lr(&sgd, 0), lr(&sgd, 1)), (0.5, 0.25));
    assert_eq!(sgd.rates(0).expect("a group").momentum, 0.5, "others are left alone");
    // What somebody else sets in between counts.
    sgd.set_lr(8.0);
    schedule.step(&mut sgd).expect("it goes on");
    assert_eq!((lr(&sgd, 0), lr(&sgd, 1)), (4.0, 4.0));
    let mut other = Sgd::new(1.0);
    let error = schedule.step(&mut other).expect_err("other groups").to_string();
    assert!(error.contains("the 2 groups"), "{error}");
    assert_eq!((other.lr(), schedule.steps()), (1.0, 2));
}

#[test]
fn options_that_make_no_sense_are_refused() {
    fn refused(what: &str, schedule: impl Schedule) {
        let mut sgd = Sgd::new(1.0).momentum(0.5);
        let before = sgd.rates(0).expect("a group");
        let Err(error) = schedule.on(&mut sgd) else {
            panic!("{what} is taken");
        };
        assert!(error.to_string().contains(what), "{error}");
        assert_eq!(sgd.rates(0).expect("a group"), before);
    }
    refused("size", StepLr::new(0));
    refused("gamma", StepLr::new(1).gamma(f64::NAN));
    refused("gamma", ExponentialLr::new(f64::INFINITY));
    refused("factor", ConstantLr::new(0.0, 5));
    refused("factor", ConstantLr::new(1.5, 5));
    refused("start", LinearLr::new(0.0, 1.0, 5));
    refused("end", LinearLr::new(0.5, -0.5, 5));
    refused("steps", LinearLr::new(0.5, 1.0, 0));
    refused("steps", PolynomialLr::new(0));
    refused("power", PolynomialLr::new(5).power(f64::NAN));
    refused("half", CosineAnnealingLr::new(0));
    refused("eta_min", CosineAnnealingLr::new(1).eta_min(f64::NAN));
    refused("period", CosineAnnealingWarmRestarts::new(0));
    refused("times", CosineAnnealingWarmRestarts::new(3).times(0));
    refused("up", CyclicLr::new(0.1, 0.2, 0));
    refused("down", CyclicLr::new(0.1, 0.2, 1).down(0));
    refused("gamma", CyclicLr::new(0.1, 0.2, 1).mode(CyclicMode::ExpRange(f64::NAN)));
    refused("base_lr", CyclicLr::new([0.1, 0.2], 0.2, 1));
    refused("max_momentum", CyclicLr::new(0.1, 0.2, 1).momentum(0.8, vec![]));
    refused("steps", OneCycleLr::new(0.1, 0));
    refused("start", OneCycleLr::new(0.1, 10).start(1.5));
    refused("div_factor", OneCycleLr::new(0.1, 10).div_factor(0.0));
    refused("max_lr", OneCycleLr::new(f64::NAN, 10));
    refused("size", ExponentialLr::new(0.5).then(3, StepLr::new(0)));
    refused("size", StepLr::new(0).and(ExponentialLr::new(0.5)));
    let mut sgd = Sgd::new(1.0);
    for plateau in [
        ReduceLrOnPlateau::new().factor(1.0),
        ReduceLrOnPlateau::new().threshold(Threshold::Absolute(f64::NAN)),
        ReduceLrOnPlateau::new().min_lr([0.1, 0.2]),
    ] {
        assert!(plateau.clone().step(1.0, &mut sgd).is_err(), "{plateau:?}");
    }
}

#[test]
fn a_cycle_has_an_end() {
    let mut sgd = Sgd::new(1.0);
    let mut schedule = OneCycleLr::new(0.5, 3).on(&mut sgd).expect("options that make sense");
    (0..3).for_each(|_| schedule.step(&mut sgd).expect("it goes on"));
    let last = sgd.lr();
    let error = schedule.step(&mut sgd).expect_err("the end").to_string();
    assert!(error.contains("3 at most") && error.contains("found 4"), "{error}");
    assert_eq!((sgd.lr(), schedule.steps()), (last, 3));
    // Phases of no length are over at once.
    for start in [0.0, 0.1, 0.5, 1.0] {
        for steps in [1, 2, 10] {
            for cycle in [
                OneCycleLr::new(0.5, steps).start(start),
                OneCycleLr::new(0.5, steps).start(start).three_phase(),
            ] {
                let rates = rates(cycle, steps as usize);
                assert!(
                    rates.iter().all(|rate| rate.is_finite()),
                    "{start} of {steps}: {rates:?}"
                );
            }
        }
    }
}

#[test]
fn a_loss_that_is_none_is_not_better() {
    let mut sgd = Sgd::new(1.0);
    let mut plateau = ReduceLrOnPlateau::new().patience(1).factor(0.5);
    for loss in [1.0, f64::NAN, f64::NAN] {
        plateau.step(loss, &mut sgd).expect("options that make sense");
    }
    assert_eq!(sgd.lr(), 0.5);
}

type Files<'a> = (&'a Path, &'a Path);

/// Some steps of a compiled training, from the beginning or from files.
fn run<O: Optimizer, S: Schedule>(
    start: &impl Fn() -> (O, Scheduler<S>),
    steps: std::ops::Range<u64>,
    from: Option<Files<'_>>,
    to: Option<Files<'_>>,
) -> (Vec<f32>, Vec<f64>) {
    let mut model = Small::new(&Device::cpu(), Seed(12));
    let (mut optimizer, mut schedule) = start();
    if let Some((model_file, file)) = from {
        model.load(model_file).expect("a file of this model");
        optimizer
            .load_with(&model, &mut schedule, file)
            .expect("a file of this optimizer");
    }
    let mut step = model.compile(cross_entropy, optimizer);
    let mut rates = Vec::new();
    for seed in steps {
        let (x, labels) = batch(6, seed);
        step.run(&x, &labels).expect("a finite loss");
        schedule.step(step.optimizer_mut()).expect("it goes on");
        rates.push(step.optimizer().lr());
    }
    let (model, optimizer) = step.into_parts();
    if let Some((model_file, file)) = to {
        model.save(model_file).expect("the folder can be written to");
        optimizer
            .save_with(&model, &schedule, file)
            .expect("the folder can be written to");
    }
    (weights(&model), rates)
}

fn resume<O: Optimizer, S: Schedule>(start: impl Fn() -> (O, Scheduler<S>)) {
    let folder = tempfile::tempdir().expect("a folder for files");
    let (model, optimizer) = (folder.path().join("model"), folder.path().join("optimizer"));
    let files: Files<'_> = (&model, &optimizer);
    let (unbroken, rates) = run(&start, 0..12, None, None);
    run(&start, 0..5, None, Some(files));
    let (resumed, last) = run(&start, 5..12, Some(files), None);
    assert_eq!(resumed, unbroken);
    assert_eq!(last, rates[5..]);
}

fn on<O: Optimizer, S: Schedule>(mut optimizer: O, schedule: S) -> (O, Scheduler<S>) {
    let schedule = schedule.on(&mut optimizer).expect("options that make sense");
    (optimizer, schedule)
}

#[test]
fn a_resumed_run_goes_on_bit_for_bit() {
    resume(|| {
        on(
            Adam::new(0.03),
            LinearLr::new(0.1, 1.0, 3).then(3, CosineAnnealingLr::new(9)),
        )
    });
    resume(|| {
        let sgd = Sgd::new(0.1).part("fc2", |group| group.weight_decay(0.1));
        on(sgd, OneCycleLr::new([0.2, 0.1], 12))
    });
    resume(|| {
        on(
            AdamW::new(0.03),
            CosineAnnealingWarmRestarts::new(2).times(2).and(StepLr::new(4)),
        )
    });
}

#[test]
fn a_plateau_goes_on_as_well() {
    let folder = tempfile::tempdir().expect("a folder for files");
    let file = folder.path().join("sgd");
    let model = Small::new(&Device::cpu(), Seed(1));
    let begin = || {
        (
            Sgd::new(1.0),
            ReduceLrOnPlateau::new().patience(2).cooldown(3).factor(0.5),
        )
    };
    let losses = [3.0, 2.0, 2.5, 2.5, 2.5, 2.0, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5];
    let step = |(sgd, plateau): &mut (Sgd, ReduceLrOnPlateau), losses: &[f64]| {
        for &loss in losses {
            plateau.step(loss, sgd).expect("options that make sense");
        }
    };
    for place in [0, 1, 4, 6, 9] {
        let mut unbroken = begin();
        step(&mut unbroken, &losses[..place]);
        unbroken
            .0
            .save_with(&model, &unbroken.1, &file)
            .expect("the folder can be written to");
        let mut resumed = begin();
        resumed
            .0
            .load_with(&model, &mut resumed.1, &file)
            .expect("a file of this optimizer");
        assert_eq!(resumed.1, unbroken.1);
        step(&mut unbroken, &losses[place..]);
        step(&mut resumed, &losses[place..]);
        assert_eq!((resumed.0.lr(), resumed.1), (unbroken.0.lr(), unbroken.1));
        assert!(resumed.0.lr() < 0.5);
    }
}

#[test]
fn files_of_others_are_refused() {
    let folder = tempfile::tempdir().expect("a folder for files");
    let file = folder.path().join("sgd");
    let model = Small::new(&Device::cpu(), Seed(1));
    let (mut sgd, mut schedule) = on(Sgd::new(1.0), StepLr::new(2));
    sgd.save(&model, &file).expect("the folder can be written to");
    let mut refused = |sgd: &mut Sgd, expected: &str| {
        let error = sgd.load_with(&model, &mut schedule, &file).expect_err("another's file");
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!((sgd.lr(), schedule.steps()), (1.0, 0));
    };
    refused(&mut sgd, "schedule `step`");
    let (mut other, mut exponential) = on(Sgd::new(1.0), ExponentialLr::new(0.5));
    exponential.step(&mut other).expect("it goes on");
    other
        .save_with(&model, &exponential, &file)
        .expect("the folder can be written to");
    refused(&mut sgd, "found that of `exponential`");
    let (grouped, steps) = on(Sgd::new(1.0).part("fc1", |group| group), StepLr::new(2));
    grouped
        .save_with(&model, &steps, &file)
        .expect("the folder can be written to");
    refused(&mut sgd, "2 numbers as `schedule.numbers`");
    let (same, steps) = on(Sgd::new(1.0), StepLr::new(2));
    same.save_with(&model, &steps, &file)
        .expect("the folder can be written to");
    let bytes = std::fs::read(&file).expect("just written");
    let text = String::from_utf8(bytes).expect("nothing but a header");
    std::fs::write(&file, text.replace("\"lr\":\"1\"", "\"lr\":\"x\"")).expect("the folder can be written to");
    refused(&mut sgd, "1 number as `lr`");
}
