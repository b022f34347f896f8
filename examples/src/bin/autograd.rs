//! A tour of the dynamic side: a physical model that is a loop, fitted by gradient descent.
//!
//! ```text
//! cargo run --release --bin autograd
//! cargo run --release --bin autograd -- --help
//! ```
//!
//! In 1608 Galileo let a ball roll down a ramp and off a table, and wrote down how far from the table it met the floor. The flight is
//! computed here step by step until the ball is below the floor: how many steps that takes depends on the height it began at and on
//! what is fitted, and the tape differentiates whichever were taken.

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use tensor::autograd::{Tolerance, gradcheck, hessian, jacobian};
use tensor::prelude::*;

/// Height of the ball above the end of the ramp and its distance from the table on the floor, in punti; folio 114 of Galileo's notes, as in
/// Dickey and Arnold, "Teaching statistics with data of historic significance", Journal of Statistics Education 3 (1995).
const RUNS: [(f64, f64); 7] = [
    (1000., 573.),
    (800., 534.),
    (600., 495.),
    (450., 451.),
    (300., 395.),
    (200., 337.),
    (100., 253.),
];

/// Millimetres in a punto.
const PUNTO: f64 = 0.94;
/// Free fall, in punti a second squared.
const GRAVITY: f64 = 9_810. / PUNTO;
/// The part of its energy that a rolling ball has as speed, not as spin: 5/7.
const ROLLING: f64 = 5. / 7.;
/// Air against a ball of bronze of 2 cm: deceleration over the square of the speed, a punto.
const DRAG: f64 = 2.2e-6;
/// The unit of the parameter for the height of the table, so that both parameters are about 1.
const TABLE: f64 = 500.;

/// Fits the ramp's angle and the table's height to the flights that Galileo measured, by gradient descent through a simulation.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Steps of gradient descent
    #[arg(long, default_value_t = 400)]
    steps: usize,
    /// Learning rate
    #[arg(long, default_value_t = 0.02)]
    lr: f64,
    /// The part of the last step that the next one keeps
    #[arg(long, default_value_t = 0.9)]
    momentum: f64,
    /// Milliseconds of flight a step of the simulation
    #[arg(long, default_value_t = 10.)]
    tick: f64,
}

type Vector = Tensor<Dynamic, f64>;

/// How far a ball flies that began to roll at `height`, and in how many steps: `parameters` are the ramp's angle in radians and the
/// table's height in units of [`TABLE`].
fn flight(parameters: &Vector, height: f64, tick: f64) -> tensor::Result<(Vector, usize)> {
    let (angle, table) = (parameters.select(0, 0)?, parameters.select(0, 1)?);
    let speed = (2. * GRAVITY * ROLLING * height).sqrt();
    let (mut across, mut down) = (angle.cos() * speed, angle.sin() * speed);
    let (mut x, mut y) = (angle.zeros_like(), table * TABLE);
    for step in 1.. {
        let drag = (across.square() + down.square()).sqrt() * (DRAG * tick);
        let (before, above) = (x.clone(), y.clone());
        x += &across * tick;
        y = y - &down * tick - 0.5 * GRAVITY * tick * tick;
        (across, down) = (&across - &across * &drag, &down - &down * &drag + GRAVITY * tick);
        if y.at(vec![])? <= 0. {
            // Below the floor: it met the floor a part of the way there.
            let part = &above / &(&above - &y);
            return Ok((&before + &(&(&x - &before) * &part), step));
        }
    }
    unreachable!("what falls faster and faster comes down")
}

/// The distances of all runs, and the steps that each took.
fn flights(parameters: &Vector, tick: f64) -> tensor::Result<(Vector, Vec<usize>)> {
    let runs = RUNS.iter().map(|&(height, _)| flight(parameters, height, tick));
    let (distances, steps): (Vec<Vector>, Vec<usize>) = runs.collect::<tensor::Result<Vec<_>>>()?.into_iter().unzip();
    let distances = Tensor::stack(&distances.iter().collect::<Vec<_>>(), 0)?;
    Ok((distances, steps))
}

/// The mean of the squared misses, in units of 100 punti.
fn loss(parameters: &Vector, tick: f64) -> tensor::Result<Vector> {
    let measured = Tensor::from(RUNS.map(|(_, distance)| distance).to_vec());
    let misses = (flights(parameters, tick)?.0 - measured) / 100.;
    Ok(misses.square().mean().into_dynamic())
}

fn main() -> ExitCode {
    match run(&Options::parse(), &mut io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read the output has gone: nothing is left to do.
        Err(Problem::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options, out: &mut impl Write) -> Result<(), Problem> {
    if !(0.1..=100.).contains(&options.tick) {
        return Err(Problem::Refused(format!(
            "`--tick`: expected 0.1 to 100 milliseconds, found {}",
            options.tick
        )));
    }
    let tick = options.tick / 1000.;
    let mut parameters = Tensor::from(vec![0.3, 1.]);
    let mut velocity = parameters.zeros_like();
    writeln!(out, " step      loss    angle    table")?;
    for step in 0..=options.steps {
        let leaf = parameters.detach().requires_grad();
        let loss = loss(&leaf, tick)?;
        if step % (options.steps / 8).max(1) == 0 {
            report(out, step, &loss, &parameters)?;
        }
        loss.sum().try_backward()?;
        let gradient = leaf.grad().unwrap_or_else(|| leaf.zeros_like());
        velocity = velocity * options.momentum - gradient * options.lr;
        parameters += &velocity;
        if !parameters.to_vec()?.iter().all(|number| number.abs() < 4.) {
            return Err(Problem::Refused(format!(
                "step {step} left the range of ramps and tables; lower the learning rate, which is {}",
                options.lr
            )));
        }
    }

    let (distances, steps) = flights(&parameters, tick)?;
    writeln!(out, "\nheight  measured  computed   steps of {} ms", options.tick)?;
    for ((&(height, measured), computed), steps) in RUNS.iter().zip(distances.to_vec()?).zip(&steps) {
        writeln!(out, "{height:6}  {measured:8}  {computed:8.1}  {steps:6}")?;
    }
    jacobian_checked(out, &parameters, tick)?;
    let h = hessian(|x| loss(x, tick), &parameters)?.to_vec()?;
    let determinant = h[0] * h[3] - h[1] * h[2];
    let shape = if h[0] > 0. && determinant > 0. {
        "a minimum"
    } else {
        "no minimum"
    };
    writeln!(
        out,
        "\nHessian of the loss: [{:.3}, {:.3}; {:.3}, {:.3}], {shape}",
        h[0], h[1], h[2], h[3]
    )?;
    gradcheck(|x| loss(&x[0], tick), &[&parameters], Tolerance::default())?;
    writeln!(out, "gradcheck of the loss: passed")?;
    Ok(())
}

fn report(out: &mut impl Write, step: usize, loss: &Vector, parameters: &Vector) -> Result<(), Problem> {
    let (loss, parameters) = (loss.at(vec![])?, parameters.to_vec()?);
    let (degrees, millimetres) = (parameters[0].to_degrees(), parameters[1] * TABLE * PUNTO);
    writeln!(out, "{step:5}  {loss:8.6}  {degrees:5.1}°  {millimetres:4.0} mm")?;
    Ok(())
}

/// Prints the Jacobian of the distances, beside differences of two simulations each.
fn jacobian_checked(out: &mut impl Write, parameters: &Vector, tick: f64) -> Result<(), Problem> {
    let exact = jacobian(|x| Ok(flights(x, tick)?.0), parameters)?.to_vec()?;
    let step = 1e-6;
    let moved = |which: usize, by: f64| -> Result<Vec<f64>, Problem> {
        let mut data = parameters.to_vec()?;
        data[which] += by;
        Ok(flights(&Tensor::from(data), tick)?.0.to_vec()?)
    };
    let mut differences = Vec::new();
    for which in 0..2 {
        let (ahead, behind) = (moved(which, step)?, moved(which, -step)?);
        differences.push(
            ahead
                .iter()
                .zip(behind)
                .map(|(ahead, behind)| (ahead - behind) / (2. * step))
                .collect::<Vec<_>>(),
        );
    }
    writeln!(
        out,
        "\nJacobian: punti a radian of the angle, punti a {TABLE} punti of the table; in brackets by differences"
    )?;
    let mut worst = 0f64;
    for (run, &(height, _)) in RUNS.iter().enumerate() {
        write!(out, "{height:6}")?;
        for which in 0..2 {
            let (exact, difference) = (exact[2 * run + which], differences[which][run]);
            worst = worst.max((exact - difference).abs() / difference.abs().max(1.));
            write!(out, "  {exact:10.3} ({difference:10.3})")?;
        }
        writeln!(out)?;
    }
    writeln!(out, "largest relative difference: {worst:.1e}")?;
    if worst > 1e-5 {
        return Err(Problem::Jacobian(worst));
    }
    Ok(())
}

/// What can end the program early.
enum Problem {
    Library(tensor::Error),
    Output(io::Error),
    Refused(String),
    Jacobian(f64),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Library(error) => write!(f, "{error}"),
            Self::Output(error) => write!(f, "{error}"),
            Self::Refused(what) => f.write_str(what),
            Self::Jacobian(worst) => write!(f, "the Jacobian differs from the differences by {worst:.1e}"),
        }
    }
}

impl From<tensor::Error> for Problem {
    fn from(error: tensor::Error) -> Self {
        Self::Library(error)
    }
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
