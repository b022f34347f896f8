//! Measures the library on the workloads of `docs/benchmarks.md`.

mod clock;
mod operations;
mod strided;
mod training;
mod workload;
mod workloads;

use std::process::ExitCode;

use clap::Args;

use self::clock::Clock;
use self::workload::{Scale, Workload};
use crate::Place;

/// What is measured, and where.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// Where to compute: cpu, cuda (the first CUDA device) or cuda:1; cuda needs a program built with the feature `cuda`
    #[arg(long, default_value = "cpu")]
    device: String,
    /// Threads of the cpu to compute with
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Only these workloads. Without it the largest, with 256 MiB or 4096 in their names and more, are left out on the cpu, and those of
    /// strided inputs everywhere: `relu-transposed`, `relu-step2`, `add-transposed`, `add-row`, `add-column`, `sum-transposed`,
    /// `sum-rows-transposed`, `sum-columns-transposed`, `softmax-transposed`, `permute-images`, `permute-features`
    #[arg(long, value_delimiter = ',', value_name = "NAME,..")]
    only: Vec<String>,
}

/// The program `bench`: [`run`], with an error in one line.
pub fn main(options: &Options) -> ExitCode {
    match run(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// Measures, and prints one JSON object a line: the median seconds of one step, forward or call; where the operations or the bytes
/// of it can be counted beforehand, also how many a second that makes, in units of 1e9; of those on strided inputs also the seconds of
/// the same on contiguous ones, and how many times as long the strided took.
///
/// # Errors
/// In words for the user: an option that makes no sense, a device that cannot be had, or what went wrong on it.
pub fn run(options: &Options) -> Result<(), String> {
    if options.threads == 0 {
        return Err("--threads: expected a number of threads from 1 on, found 0".into());
    }
    let place = Place::open(&options.device)?;
    let chosen = choose(&options.only, &place)?;
    tensor::threads::set(options.threads);
    let clock = Clock::new(place.device);
    for workload in chosen {
        let name = workload.name;
        let (seconds, contiguous) = workload
            .measure
            .run(&clock)
            .map_err(|error| format!("{name}: {error}"))?;
        let beside = contiguous.map_or_else(String::new, |contiguous| {
            let ratio = seconds / contiguous;
            format!(r#", "contiguous_seconds": {contiguous:e}, "ratio": {ratio:.2}"#)
        });
        println!(
            r#"{{"impl": "tensor", "workload": "{name}", "device": {:?}, "threads": {}, "seconds": {seconds:e}, "unit": "step"{}{beside}}}"#,
            place.to_string(),
            options.threads,
            workload.work.rates(seconds),
        );
    }
    Ok(())
}

/// All workloads, in the order in which they are measured.
fn all() -> impl Iterator<Item = &'static Workload> {
    workloads::WORKLOADS.iter().chain(strided::WORKLOADS)
}

/// The workloads that are asked for, or all that suit the device, in the order of the list.
fn choose(only: &[String], place: &Place) -> Result<Vec<&'static Workload>, String> {
    let is_asked_for = |workload: &Workload| only.iter().any(|name| name == workload.name);
    if let Some(unknown) = only.iter().find(|name| !all().any(|workload| workload.name == **name)) {
        let names: Vec<&str> = all().map(|workload| workload.name).collect();
        return Err(format!(
            "--only: expected some of {}, found {unknown}",
            names.join(", ")
        ));
    }
    let transfer = all().find(|workload| workload.scale == Scale::Transfer && is_asked_for(workload));
    if let (Some(workload), true) = (transfer, place.is_cpu()) {
        return Err(format!(
            "--only: expected workloads that the cpu has, found {}, which needs another device",
            workload.name
        ));
    }
    let suits = |workload: &&Workload| {
        if only.is_empty() {
            workload.scale == Scale::Any || !place.is_cpu() && workload.scale != Scale::Asked
        } else {
            is_asked_for(workload)
        }
    };
    Ok(all().filter(suits).collect())
}
