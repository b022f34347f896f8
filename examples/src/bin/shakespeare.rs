//! Trains a small GPT on a text, and lets it go on from a prompt.
//!
//! ```text
//! cargo run --release --bin shakespeare                     an excerpt of Shakespeare that is in the program
//! cargo run --release --bin shakespeare -- --data FILE      any text
//! cargo run --release --bin shakespeare -- --steps 0 --load gpt.safetensors --prompt "ROMEO:"
//! ```

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use examples::models::gpt::{CONTEXT, Cache, Gpt};
use examples::program::{Problem, at_least_one, can_write, end, is_a_rate, progress};
use examples::text::{Held, Text, Windows};
use tensor::prelude::*;
use tensor::random::Generator;
use tensor::schedule::{CosineAnnealingLr, LinearLr};

/// The beginning of *Coriolanus*, in which there is enough to see it learn.
const EXCERPT: &str = include_str!("../../data/shakespeare.txt");

/// Steps in which the learning rate rises.
const WARM_UP: u64 = 100;

/// How many bytes of a window are foretold, so that each has some before it.
const STRIDE: usize = CONTEXT / 2;

/// Trains a small GPT on a text and lets it go on from a prompt.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// A text in UTF-8 instead of the excerpt in the program; its last tenth is held out
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Steps of training; 0 with --load goes on from the prompt alone [default: 500, or 3000 with --data]
    #[arg(long)]
    steps: Option<u64>,
    /// Windows of the text a step
    #[arg(long, default_value_t = 16)]
    batch: usize,
    /// Learning rate at its highest: it rises for 100 steps, then falls along half a cosine
    #[arg(long, default_value_t = 0.003, allow_negative_numbers = true)]
    lr: f64,
    /// Where parameters, windows and what is said begin; the same seed gives the same bits
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// What it goes on from
    #[arg(long, default_value = "\n")]
    prompt: String,
    /// How many bytes it says
    #[arg(long, default_value_t = 500)]
    length: usize,
    /// How bold it is: 0 says the likeliest, 1 draws as likely as it finds everything
    #[arg(long, default_value_t = 0.8, allow_negative_numbers = true)]
    temperature: f64,
    /// Threads to compute with; they do not change the result [default: all cores]
    #[arg(long)]
    threads: Option<usize>,
    /// Where the parameters go after training (safetensors)
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Parameters to begin with (safetensors)
    #[arg(long, value_name = "FILE")]
    load: Option<PathBuf>,
}

fn main() -> ExitCode {
    end(run(&Options::parse()))
}

fn run(options: &Options) -> Result<(), Problem> {
    check(options)?;
    let text = match &options.data {
        Some(path) => Text::read(path, CONTEXT),
        None => Text::of(EXCERPT.to_owned(), CONTEXT),
    };
    let text = text.map_err(Problem::Words)?;
    if let Some(letter) = text.unknown(&options.prompt) {
        return Err(Problem::Option {
            name: "--prompt",
            expected: "characters that are in the text",
            found: format!("`{letter}`"),
        });
    }
    if let Some(threads) = options.threads {
        tensor::threads::set(threads);
    }
    if let Some(path) = &options.save {
        can_write(path)?;
    }
    let mut model = Gpt::new(&Device::cpu(), Seed(options.seed));
    if let Some(path) = &options.load {
        model.load(path)?;
    }
    let steps = options.steps.unwrap_or(if options.data.is_some() { 3000 } else { 500 });
    if steps > 0 {
        writeln!(io::stdout(), "{model}")?;
        model = train(model, &text, steps, options)?;
        let loss = held_out(&model, &text)?;
        writeln!(
            io::stdout(),
            "held out  {loss:.4} nats a character, over {}",
            text.held_out()
        )?;
    }
    if let Some(path) = &options.save {
        model.save(path)?;
        writeln!(io::stdout(), "saved {}", path.display())?;
    }
    say(&model, options)
}

fn check(options: &Options) -> Result<(), Problem> {
    at_least_one("--batch", "a number of windows from 1 on", Some(options.batch))?;
    at_least_one("--threads", "a number of threads from 1 on", options.threads)?;
    is_a_rate(Some(options.lr))?;
    if options.prompt.is_empty() {
        return Err(Problem::Option {
            name: "--prompt",
            expected: "a character or more",
            found: "none".into(),
        });
    }
    if !(options.temperature.is_finite() && options.temperature >= 0.0) {
        return Err(Problem::Option {
            name: "--temperature",
            expected: "a number from 0 on",
            found: options.temperature.to_string(),
        });
    }
    Ok(())
}

/// Trains, and says now and then how it goes.
fn train(model: Gpt, text: &Text, steps: u64, options: &Options) -> Result<Gpt, Problem> {
    // Only products are held small.
    let adam = AdamW::new(options.lr)
        .betas(0.9, 0.99)
        .weight_decay(0.1)
        .group(|parameter| parameter.sizes.len() < 2, |group| group.weight_decay(0.0));
    let mut step = model.compile(cross_entropy, adam).clip_grad_norm(1.0);
    let falls = CosineAnnealingLr::new(steps.saturating_sub(WARM_UP).max(1)).eta_min(0.01 * options.lr);
    let rate = LinearLr::new(0.01, 1.0, WARM_UP).then(WARM_UP, falls);
    let mut rate = rate.on(step.optimizer_mut())?;
    let random = Generator::new(options.seed);
    let bar = progress(steps);
    let report = (steps / 10).clamp(1, 250);
    let mut sum = 0.0;
    for done in 1..=steps {
        let (read, next): Windows<dims![Batch, 128]> = text.sample(options.batch, CONTEXT, &random)?;
        let loss = step.run(&read, &next).inspect_err(|_| bar.abandon())?;
        rate.step(step.optimizer_mut())?;
        sum += f64::from(loss);
        bar.inc(1);
        if done % report == 0 {
            let mean = std::mem::take(&mut sum) / report as f64;
            bar.suspend(|| writeln!(io::stdout(), "step {done:5}  loss {mean:.4}"))?;
        }
    }
    bar.finish_and_clear();
    Ok(step.into_parts().0)
}

/// The loss over all that is held out, a character.
fn held_out(model: &Gpt, text: &Text) -> Result<f64, Problem> {
    let mut sum = 0.0;
    for held in text.held_out_windows::<dims![Batch, 128]>(CONTEXT, STRIDE, 32) {
        let Held {
            windows: (read, next),
            counted,
        } = held?;
        let last = (CONTEXT - counted) as isize;
        let scores = model.infer(&read).into_dynamic().narrow(1, last, counted)?;
        let next = next.into_dynamic().narrow(1, last, counted)?;
        sum += f64::from(cross_entropy(&scores, &next)?.item()?) * next.len() as f64;
    }
    Ok(sum / text.held_out() as f64)
}

/// Goes on from the prompt.
fn say(model: &Gpt, options: &Options) -> Result<(), Problem> {
    let random = Generator::new(options.seed);
    let mut said = options.prompt.clone().into_bytes();
    let mut shown = 0;
    let mut cache = Cache::new(model);
    let mut unread = 0;
    for _ in 0..options.length {
        // What is further back than half of what the model sees is forgotten when there is no room left.
        if cache.len() + (said.len() - unread) > CONTEXT {
            cache = Cache::new(model);
            unread = said.len().saturating_sub(CONTEXT / 2);
        }
        let scores = cache.read(&said[unread..])?.select(0, -1)?;
        unread = said.len();
        let byte = match options.temperature {
            0.0 => scores.argmax()?.item()?,
            bold => random
                .multinomial(&(scores / bold as f32).softmax(), 1, true)?
                .to_vec()?[0],
        };
        said.push(byte as u8);
        shown += show(&said[shown..], false)?;
    }
    show(&said[shown..], true)?;
    writeln!(io::stdout())?;
    Ok(())
}

/// Writes what is whole of these bytes, or, at the end, all of them; says how many that were.
fn show(bytes: &[u8], is_the_end: bool) -> io::Result<usize> {
    let whole = match std::str::from_utf8(bytes) {
        Ok(_) => bytes.len(),
        // A byte that no character begins with, or that does not go on with one.
        Err(error) if error.error_len().is_some() || is_the_end => bytes.len(),
        Err(error) => error.valid_up_to(),
    };
    let mut out = io::stdout();
    out.write_all(String::from_utf8_lossy(&bytes[..whole]).as_bytes())?;
    out.flush()?;
    Ok(whole)
}
