//! Trains a classifier of handwritten digits.
//!
//! ```text
//! cargo run --release --bin digits                      the 1,797 digits of 8x8 that are in the library
//! cargo run --release --bin digits -- --data FOLDER     MNIST, or a relative of it, from its four IDX files
//! cargo run --release --bin digits -- --model cnn       with convolutions: LeNet-5 on MNIST, a smaller one on the digits of 8x8
//! cargo run --release --package examples --features cuda --bin digits -- --device cuda
//! ```

use std::fmt;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use examples::Place;
use examples::models::LeNet;
use examples::program::{Problem, at_least_one, can_write, end, is_a_rate, progress};
use tensor::prelude::*;
use tensor::random::Generator;

net! {
    /// For digits of 8x8. There are few of them: dropout keeps the network from learning them by heart.
    type Small = wide: linear(64, 256) >> gelu >> dropout(0.3)
        >> narrow: linear(256, 128) >> gelu >> dropout(0.3)
        >> output: linear(128, 10);
    /// For digits of 28x28.
    type Large = hidden: linear(784, 128) >> relu >> output: linear(128, 10);
}

net! {
    /// With convolutions, for digits of 28x28.
    type LargeCnn = [784] => reshape(1, 28, 28) >> LeNet;
    /// With convolutions, for digits of 8x8.
    type SmallCnn = [64] => reshape(1, 8, 8)
        >> conv2d(1, 16, 3, padding = 1) >> relu
        >> conv2d(16, 32, 3, padding = 1) >> relu >> max_pool2d(2) >> flatten >> dropout(0.3)
        >> linear(512, 64) >> relu >> dropout(0.3)
        >> linear(64, 10);
}

/// Trains a classifier of handwritten digits and says how often it is right about digits it has not seen.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// What reads the digits
    #[arg(long, value_enum, default_value_t = Network::Mlp)]
    model: Network,
    /// Passes through the training data [default: 40; with --data 5, or 10 with convolutions]
    #[arg(long)]
    epochs: Option<usize>,
    /// Samples a step
    #[arg(long, default_value_t = 32)]
    batch: usize,
    /// Where parameters and the order of the samples begin; the same seed gives the same bits
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Learning rate at the start; it falls to nothing along half a cosine [default: 0.01, or 0.003 with --data; ten times that for sgd]
    #[arg(long, allow_negative_numbers = true)]
    lr: Option<f64>,
    /// How parameters follow their gradients
    #[arg(long, value_enum, default_value_t = Kind::Adamw)]
    optimizer: Kind,
    /// Where to compute: cpu, cuda (the first CUDA device) or cuda:1; cuda needs a program built with the feature `cuda`
    #[arg(long, default_value = "cpu")]
    device: String,
    /// Threads of the cpu to compute with; they do not change the result [default: all cores]
    #[arg(long)]
    threads: Option<usize>,
    /// A folder of MNIST's IDX files, plain or gzip, instead of the digits in the library
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Where the parameters go after training (safetensors)
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Parameters to begin with (safetensors)
    #[arg(long, value_name = "FILE")]
    load: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Network {
    /// Layers that see all pixels at once
    Mlp,
    /// Convolutions
    Cnn,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kind {
    Sgd,
    Adam,
    Adamw,
}

fn main() -> ExitCode {
    end(run(&Options::parse()))
}

fn run(options: &Options) -> Result<(), Problem> {
    check(options)?;
    let place = Place::open(&options.device).map_err(Problem::Words)?;
    if let Some(threads) = options.threads {
        tensor::threads::set(threads);
    }
    if let Some(path) = &options.save {
        can_write(path)?;
    }
    let (device, seed) = (place.device, Seed(options.seed));
    match &options.data {
        None => {
            let (train, test) = data::digits().split(0.8);
            let training = Training::new(options, place, 40, 0.01);
            match options.model {
                Network::Mlp => fit(Small::new(&device, seed), &train, &test, &training),
                Network::Cnn => fit(SmallCnn::new(&device, seed), &train, &test, &training),
            }
        }
        Some(folder) => {
            let (train, test) = data::mnist(folder)?;
            match options.model {
                Network::Mlp => {
                    let training = Training::new(options, place, 5, 0.003);
                    fit(Large::new(&device, seed), &train, &test, &training)
                }
                Network::Cnn => {
                    let training = Training::new(options, place, 10, 0.003).shifted();
                    fit(LargeCnn::new(&device, seed), &train, &test, &training)
                }
            }
        }
    }
}

/// What the options come to.
struct Training<'a> {
    options: &'a Options,
    place: Place,
    epochs: usize,
    lr: f64,
    /// Whether the digits of a batch are moved about, all of them alike.
    is_shifted: bool,
}

impl<'a> Training<'a> {
    /// `epochs` and `lr` are taken where the options say nothing: they depend on the data.
    fn new(options: &'a Options, place: Place, epochs: usize, lr: f64) -> Self {
        Self {
            options,
            place,
            epochs: options.epochs.unwrap_or(epochs),
            lr: options.lr.unwrap_or(lr * options.optimizer.pace()),
            is_shifted: false,
        }
    }

    /// With digits that are moved about.
    fn shifted(self) -> Self {
        Self {
            is_shifted: true,
            ..self
        }
    }
}

fn check(options: &Options) -> Result<(), Problem> {
    at_least_one("--batch", "a number of samples from 1 on", Some(options.batch))?;
    at_least_one("--threads", "a number of threads from 1 on", options.threads)?;
    is_a_rate(options.lr)
}

/// Trains, and says after each epoch how it goes.
fn fit<M>(
    mut model: M,
    train: &Dataset<M::Input<Batch>>,
    test: &Dataset<M::Input<Batch>>,
    training: &Training<'_>,
) -> Result<(), Problem>
where
    M: Mapping<Element = f32, Output<Batch> = dims![Batch, 10]> + fmt::Display,
{
    let &Training {
        options,
        ref place,
        epochs,
        lr,
        ..
    } = training;
    if let Some(path) = &options.load {
        model.load(path)?;
    }
    if !place.is_cpu() {
        writeln!(io::stdout(), "device  {place}")?;
    }
    writeln!(io::stdout(), "{model}")?;
    let model = match options.optimizer {
        Kind::Sgd => train_with(model, Sgd::new(lr).momentum(0.9), train, test, training)?,
        Kind::Adam => train_with(model, Adam::new(lr), train, test, training)?,
        Kind::Adamw => train_with(model, AdamW::new(lr), train, test, training)?,
    };
    if epochs == 0 {
        writeln!(io::stdout(), "accuracy {:.2} %", 100.0 * accuracy(&model, test)?)?;
    }
    if let Some(path) = &options.save {
        model.save(path)?;
        writeln!(io::stdout(), "saved {}", path.display())?;
    }
    Ok(())
}

impl Kind {
    /// How much larger a learning rate it takes than Adam.
    fn pace(self) -> f64 {
        match self {
            Self::Sgd => 10.0,
            Self::Adam | Self::Adamw => 1.0,
        }
    }
}

fn train_with<M>(
    model: M,
    optimizer: impl Optimizer,
    train: &Dataset<M::Input<Batch>>,
    test: &Dataset<M::Input<Batch>>,
    training: &Training<'_>,
) -> Result<M, Problem>
where
    M: Mapping<Element = f32, Output<Batch> = dims![Batch, 10]>,
{
    let &Training {
        options,
        ref place,
        epochs,
        lr,
        is_shifted,
    } = training;
    let random = Generator::new(options.seed);
    let mut step = Step::new(model, cross_entropy, optimizer);
    let steps = epochs.saturating_mul(train.len().div_ceil(options.batch));
    let bar = progress(steps as u64);
    let mut done = 0;
    for epoch in 1..=epochs {
        bar.set_message(format!("epoch {epoch}/{epochs}"));
        let mut sum = 0.0;
        for (x, labels) in train
            .batches(options.batch)
            .shuffled(options.seed.wrapping_add(epoch as u64))
            .on(place.device)
        {
            step.optimizer_mut()
                .set_lr(lr * half_cosine(done as f64 / steps as f64));
            let count = labels.len();
            let x = if is_shifted { shifted(x, &random)? } else { x };
            let loss = step.run::<Batch>(&x, &labels).inspect_err(|_| bar.abandon())?;
            sum += f64::from(loss) * count as f64;
            done += 1;
            bar.inc(1);
        }
        let accuracy = 100.0 * accuracy(step.model(), test)?;
        let loss = sum / train.len() as f64;
        bar.suspend(|| writeln!(io::stdout(), "epoch {epoch}  loss {loss:.4}  accuracy {accuracy:.2} %"))?;
    }
    bar.finish_and_clear();
    Ok(step.into_parts().0)
}

/// Digits of 28x28, all of them up to two places further in some direction. What leaves on one side comes in on the other: their borders
/// are as wide as that and empty.
fn shifted<S: Shape>(x: Tensor<S>, random: &Generator) -> tensor::Result<Tensor<S>> {
    let by = random.randint::<i64>(-2, 3, &[2])?.to_vec()?;
    let images = x.into_dynamic().unflatten(1, &[28, 28])?;
    images
        .roll(&[by[0] as isize, by[1] as isize], &[1, 2])?
        .flatten(1, -1)?
        .try_into_shape()
}

/// From 1 to 0 as `part` goes from 0 to 1.
fn half_cosine(part: f64) -> f64 {
    0.5 * (1.0 + (std::f64::consts::PI * part).cos())
}
