//! Measures the library on the workloads of `docs/benchmarks.md`, one JSON object a line.
//!
//! ```text
//! cargo run --release --bin bench -- --threads 2 --only mlp-train,matmul-1024
//! ```

use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser;
use tensor::prelude::*;

net! {
    type Tiny = linear(4, 16) >> relu >> linear(16, 2);
    type Mnist = linear(784, 128) >> relu >> linear(128, 10);
    type Wide = linear(784, 2048) >> relu >> linear(2048, 2048) >> relu >> linear(2048, 10);
}

/// Measures the library, a workload a line: the median seconds of one step, forward or call.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Threads to compute with
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Only these workloads
    #[arg(long, value_delimiter = ',', value_name = "NAME,..")]
    only: Vec<String>,
}

/// A workload's name, and what sets it up and measures it.
type Workload = (&'static str, fn() -> tensor::Result<f64>);

const WORKLOADS: [Workload; 8] = [
    ("mlp-tiny-forward", mlp_tiny_forward),
    ("mlp-tiny-train", mlp_tiny_train),
    ("mlp-train", mlp_train),
    ("mlp-adam-train", mlp_adam_train),
    ("mlp-large-train", mlp_large_train),
    ("matmul-64", matmul::<dims![64, 64]>),
    ("matmul-256", matmul::<dims![256, 256]>),
    ("matmul-1024", matmul::<dims![1024, 1024]>),
];

fn main() -> ExitCode {
    let options = Options::parse();
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), String> {
    let names = WORKLOADS.map(|(name, _)| name);
    if let Some(unknown) = options.only.iter().find(|name| !names.contains(&name.as_str())) {
        return Err(format!(
            "--only: expected some of {}, found {unknown}",
            names.join(", ")
        ));
    }
    if options.threads == 0 {
        return Err("--threads: expected a number of threads from 1 on, found 0".into());
    }
    tensor::threads::set(options.threads);
    for (name, measure) in WORKLOADS {
        if !options.only.is_empty() && !options.only.iter().any(|only| only == name) {
            continue;
        }
        let seconds = measure().map_err(|error| format!("{name}: {error}"))?;
        println!(
            r#"{{"impl": "tensor", "workload": "{name}", "threads": {}, "seconds": {seconds:e}, "unit": "step"}}"#,
            options.threads
        );
    }
    Ok(())
}

/// The median seconds of one `step`, over at most 200 samples or about 2 seconds, after 3 for warming up. A sample lasts about
/// a millisecond or more.
fn timed(mut step: impl FnMut() -> tensor::Result<()>) -> tensor::Result<f64> {
    for _ in 0..3 {
        step()?;
    }
    let start = Instant::now();
    step()?;
    let once = start.elapsed().as_secs_f64().max(1e-7);
    let inner = ((1e-3 / once) as usize).max(1);
    let mut samples = Vec::with_capacity(200);
    let end = Instant::now() + Duration::from_secs(2);
    while samples.len() < 200 && Instant::now() < end {
        let start = Instant::now();
        for _ in 0..inner {
            step()?;
        }
        samples.push(start.elapsed().as_secs_f64() / inner as f64);
    }
    samples.sort_by(f64::total_cmp);
    Ok(samples[samples.len() / 2])
}

/// Random labels below `classes`.
fn labels(count: usize, classes: i64) -> tensor::Result<Tensor<dims![Batch], i64>> {
    let labels = (0..count as i64).map(|row| row * 7919 % classes).collect();
    Tensor::from_vec(labels, &[count])
}

fn mlp_tiny_forward() -> tensor::Result<f64> {
    let model = Tiny::new(&Device::cpu(), Seed(0));
    let x = Tensor::<dims![Batch, 4]>::randn(&[1, 4], 0)?;
    timed(|| {
        std::hint::black_box(model.infer(&x));
        Ok(())
    })
}

fn mlp_tiny_train() -> tensor::Result<f64> {
    let model = Tiny::new(&Device::cpu(), Seed(0));
    let mut step = model.compile(cross_entropy, Sgd::new(0.01).momentum(0.9));
    let (x, y) = (Tensor::<dims![Batch, 4]>::randn(&[1, 4], 0)?, labels(1, 2)?);
    timed(|| step.run(&x, &y).map(drop))
}

fn mlp_train() -> tensor::Result<f64> {
    let model = Mnist::new(&Device::cpu(), Seed(0));
    let mut step = model.compile(cross_entropy, Sgd::new(0.01).momentum(0.9));
    let (x, y) = (Tensor::<dims![Batch, 784]>::randn(&[64, 784], 0)?, labels(64, 10)?);
    timed(|| step.run(&x, &y).map(drop))
}

fn mlp_adam_train() -> tensor::Result<f64> {
    let model = Mnist::new(&Device::cpu(), Seed(0));
    let mut step = model.compile(cross_entropy, Adam::new(1e-3));
    let (x, y) = (Tensor::<dims![Batch, 784]>::randn(&[64, 784], 0)?, labels(64, 10)?);
    timed(|| step.run(&x, &y).map(drop))
}

fn mlp_large_train() -> tensor::Result<f64> {
    let model = Wide::new(&Device::cpu(), Seed(0));
    let mut step = model.compile(cross_entropy, Adam::new(1e-3));
    let (x, y) = (Tensor::<dims![Batch, 784]>::randn(&[256, 784], 0)?, labels(256, 10)?);
    timed(|| step.run(&x, &y).map(drop))
}

fn matmul<S>() -> tensor::Result<f64>
where
    S: tensor::shape::StaticShape + tensor::shape::MatMul<S>,
{
    let (a, b) = (Tensor::<S>::randn(S::SIZES, 0)?, Tensor::<S>::randn(S::SIZES, 1)?);
    timed(|| {
        std::hint::black_box(a.matmul(&b));
        Ok(())
    })
}
