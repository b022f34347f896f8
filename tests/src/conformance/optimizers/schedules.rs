//! Schedulers: the learning rates and the momentum of SGD over some steps, to the last bit.

use serde_json::Value;
use tensor::prelude::*;
use tensor::schedule::{
    Anneal, ConstantLr, CosineAnnealingLr, CosineAnnealingWarmRestarts, CyclicLr, CyclicMode, ExponentialLr, LinearLr,
    MultiStepLr, OneCycleLr, PolynomialLr, ReduceLrOnPlateau, StepLr, Threshold,
};

use super::title::Title;
use crate::conformance::Refusal;
use crate::conformance::sample::{Problem, Verdict};

type Boxed = Box<dyn Schedule>;

/// The optimizer that the files say: two groups of SGD.
fn sgd() -> Sgd {
    Sgd::new(0.5)
        .momentum(0.9)
        .group(|_| true, |group| group.learning_rate(0.05))
}

/// What takes an optimizer to the next rates.
type Stepping<'a> = dyn FnMut(&mut Sgd, usize) -> Result<(), Problem> + 'a;

/// A scheduler against its record.
pub fn hold(title: &str, record: &Value) -> Verdict {
    let title = Title::read(title)?;
    let lists = |name: &str| record.get(name).and_then(Value::as_array);
    let broken = |name: &str| Problem::Failed(format!("broken file: no `{name}`"));
    let rates = lists("lr").ok_or_else(|| broken("lr"))?;
    let momenta = lists("momentum");
    let mut sgd = sgd();
    let mut step: Box<Stepping<'_>> = if title.name == "ReduceLROnPlateau" {
        let metrics = lists("metric").ok_or_else(|| broken("metric"))?;
        let mut plateau = plateau(&title)?;
        Box::new(move |sgd, step| {
            let metric = metrics.get(step).and_then(Value::as_f64);
            let metric = metric.ok_or_else(|| broken("metric"))?;
            Ok(plateau.step(metric, sgd).map_err(Refusal::from)?)
        })
    } else {
        let mut scheduler = schedule(&title)?.on(&mut sgd).map_err(Refusal::from)?;
        Box::new(move |sgd, _| Ok(scheduler.step(sgd).map_err(Refusal::from)?))
    };
    for (index, expected) in rates.iter().enumerate() {
        if index > 0 {
            step(&mut sgd, index - 1)?;
        }
        for group in 0..sgd.groups() {
            let found = sgd.rates(group).map_err(Refusal::from)?;
            let expected = expected.get(group).and_then(Value::as_f64);
            same(&format!("lr of group {group} after {index} steps"), found.lr, expected)?;
            if let Some(momenta) = momenta {
                let expected = momenta.get(index).and_then(Value::as_f64);
                same(
                    &format!("momentum of group {group} after {index} steps"),
                    found.momentum,
                    expected,
                )?;
            }
        }
    }
    Ok(0.0)
}

/// A number must be the same to the last bit.
fn same(what: &str, found: f64, expected: Option<f64>) -> Result<(), Problem> {
    let expected = expected.ok_or_else(|| Problem::Failed(format!("broken file: no {what}")))?;
    if found == expected {
        return Ok(());
    }
    Err(Problem::Failed(format!("{what}: expected {expected}, got {found}")))
}

fn schedule(title: &Title) -> Result<Boxed, Refusal> {
    let number = |place, name| title.number(place, name);
    let number_or = |place, name, default| title.number_or(place, name, default);
    let count = |place, name| Ok::<u64, Refusal>(title.number(place, name)? as u64);
    let count_or = |place, name, default: u64| Ok::<u64, Refusal>(title.number_or(place, name, default as f64)? as u64);
    Ok(match title.name.as_str() {
        "StepLR" => {
            title.only(&["step_size", "gamma"])?;
            Box::new(StepLr::new(count(0, "step_size")?).gamma(number_or(1, "gamma", 0.1)?))
        }
        "MultiStepLR" => {
            title.only(&["milestones", "gamma"])?;
            let milestones = title.numbers(0, "milestones")?;
            let milestones = milestones.into_iter().map(|milestone| milestone as u64);
            Box::new(MultiStepLr::new(milestones).gamma(number_or(1, "gamma", 0.1)?))
        }
        "ExponentialLR" => {
            title.only(&["gamma"])?;
            Box::new(ExponentialLr::new(number(0, "gamma")?))
        }
        "ConstantLR" => {
            title.only(&["factor", "total_iters"])?;
            let (factor, steps) = (number_or(0, "factor", 1.0 / 3.0)?, count_or(1, "total_iters", 5)?);
            Box::new(ConstantLr::new(factor, steps))
        }
        "LinearLR" => {
            title.only(&["start_factor", "end_factor", "total_iters"])?;
            let start = number_or(0, "start_factor", 1.0 / 3.0)?;
            let end = number_or(1, "end_factor", 1.0)?;
            Box::new(LinearLr::new(start, end, count_or(2, "total_iters", 5)?))
        }
        "PolynomialLR" => {
            title.only(&["total_iters", "power"])?;
            Box::new(PolynomialLr::new(count_or(0, "total_iters", 5)?).power(number_or(1, "power", 1.0)?))
        }
        "CosineAnnealingLR" => {
            title.only(&["T_max", "eta_min"])?;
            Box::new(CosineAnnealingLr::new(count(0, "T_max")?).eta_min(number_or(1, "eta_min", 0.0)?))
        }
        "CosineAnnealingWarmRestarts" => {
            title.only(&["T_0", "T_mult", "eta_min"])?;
            let schedule = CosineAnnealingWarmRestarts::new(count(0, "T_0")?);
            Box::new(
                schedule
                    .times(count_or(1, "T_mult", 1)?)
                    .eta_min(number_or(2, "eta_min", 0.0)?),
            )
        }
        "CyclicLR" => cyclic(title)?,
        "OneCycleLR" => one_cycle(title)?,
        "SequentialLR" => {
            title.only(&["schedulers", "milestones"])?;
            let schedules = title.calls(0, "schedulers")?;
            joined(&schedules, &title.numbers(1, "milestones")?)?
        }
        "ChainedScheduler" => {
            title.only(&["schedulers"])?;
            let schedules = title.calls(0, "schedulers")?;
            let mut schedules = schedules.iter().map(schedule);
            let first = schedules.next().ok_or_else(|| Refusal::form("no schedulers"))??;
            schedules.try_fold(first, |first, next| Ok::<Boxed, Refusal>(Box::new(first.and(next?))))?
        }
        _ => return Err(Refusal::Unknown),
    })
}

fn joined(schedules: &[Title], milestones: &[f64]) -> Result<Boxed, Refusal> {
    let Some((first, others)) = schedules.split_first() else {
        return Err(Refusal::form("no schedulers"));
    };
    if others.len() != milestones.len() {
        return Err(Refusal::form("as many milestones as schedulers"));
    }
    let mut pairs = others.iter().zip(milestones);
    pairs.try_fold(schedule(first)?, |first, (next, &milestone)| {
        Ok::<Boxed, Refusal>(Box::new(first.then(milestone as u64, schedule(next)?)))
    })
}

fn cyclic(title: &Title) -> Result<Boxed, Refusal> {
    title.only(&[
        "base_lr",
        "max_lr",
        "step_size_up",
        "step_size_down",
        "mode",
        "gamma",
        "scale_fn",
        "scale_mode",
        "cycle_momentum",
        "base_momentum",
        "max_momentum",
    ])?;
    if title.get(6, "scale_fn").is_some() {
        return Err(Refusal::missing("option `scale_fn`"));
    }
    let up = title.number_or(2, "step_size_up", 2000.0)?;
    let mode = if title.says("mode", "triangular2") {
        CyclicMode::Triangular2
    } else if title.says("mode", "exp_range") {
        CyclicMode::ExpRange(title.number_or(5, "gamma", 1.0)?)
    } else {
        CyclicMode::Triangular
    };
    let schedule = CyclicLr::new(title.numbers(0, "base_lr")?, title.numbers(1, "max_lr")?, up as u64)
        .down(title.number_or(3, "step_size_down", up)? as u64)
        .mode(mode);
    if title.says("cycle_momentum", "False") {
        return Ok(Box::new(schedule.without_momentum()));
    }
    let base = title.number_or(9, "base_momentum", 0.8)?;
    Ok(Box::new(
        schedule.momentum(base, title.number_or(10, "max_momentum", 0.9)?),
    ))
}

fn one_cycle(title: &Title) -> Result<Boxed, Refusal> {
    title.only(&[
        "max_lr",
        "total_steps",
        "epochs",
        "steps_per_epoch",
        "pct_start",
        "anneal_strategy",
        "cycle_momentum",
        "base_momentum",
        "max_momentum",
        "div_factor",
        "final_div_factor",
        "three_phase",
    ])?;
    let steps = match title.get(1, "total_steps") {
        Some(_) => title.number(1, "total_steps")?,
        None => title.number(2, "epochs")? * title.number(3, "steps_per_epoch")?,
    };
    let linear = title.says("anneal_strategy", "linear");
    let mut schedule = OneCycleLr::new(title.numbers(0, "max_lr")?, steps as u64)
        .start(title.number_or(4, "pct_start", 0.3)?)
        .anneal(if linear { Anneal::Linear } else { Anneal::Cos })
        .div_factor(title.number_or(9, "div_factor", 25.0)?)
        .final_div_factor(title.number_or(10, "final_div_factor", 1e4)?);
    if title.says("three_phase", "True") || title.says("", "three_phase") {
        schedule = schedule.three_phase();
    }
    if title.says("cycle_momentum", "False") {
        return Ok(Box::new(schedule.without_momentum()));
    }
    let base = title.number_or(7, "base_momentum", 0.85)?;
    Ok(Box::new(
        schedule.momentum(base, title.number_or(8, "max_momentum", 0.95)?),
    ))
}

fn plateau(title: &Title) -> Result<ReduceLrOnPlateau, Refusal> {
    title.only(&[
        "mode",
        "factor",
        "patience",
        "threshold",
        "threshold_mode",
        "cooldown",
        "min_lr",
        "eps",
    ])?;
    let threshold = title.number_or(3, "threshold", 1e-4)?;
    let threshold = if title.says("threshold_mode", "abs") {
        Threshold::Absolute(threshold)
    } else {
        Threshold::Relative(threshold)
    };
    let mut plateau = ReduceLrOnPlateau::new()
        .factor(title.number_or(1, "factor", 0.1)?)
        .patience(title.number_or(2, "patience", 10.0)? as u64)
        .threshold(threshold)
        .cooldown(title.number_or(5, "cooldown", 0.0)? as u64)
        .eps(title.number_or(7, "eps", 1e-8)?);
    if title.get(6, "min_lr").is_some() {
        plateau = plateau.min_lr(title.numbers(6, "min_lr")?);
    }
    Ok(if title.says("mode", "max") {
        plateau.maximize()
    } else {
        plateau
    })
}
