//! Optimizers: twenty steps on fixed data, and the state after them; schedulers: the rates that they set.

mod fitted;
mod schedules;
mod title;

use serde_json::Value;
use tensor::{Adam, AdamW, Sgd};

use super::folder::scheduler;
use super::sample::{Problem, Verdict, caught};
use super::{Pack, Refusal};

/// The runs of an optimizer or scheduler of a file.
pub fn runs(pack: &Pack, name: &str) -> Vec<(String, Verdict)> {
    let mut out = Vec::new();
    for run in pack.json.get("runs").and_then(Value::as_array).into_iter().flatten() {
        if run.get("optimizer").and_then(Value::as_str) == Some(name) {
            let text = |key: &str| run.get(key).and_then(Value::as_str).unwrap_or_default();
            let what = format!("{} {}", text("key"), text("desc"));
            out.push((what, caught(|| hold(pack, run, name, text("dtype")))));
        }
    }
    for (title, record) in pack
        .json
        .get("schedulers")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        if scheduler(title) == name {
            out.push((title.clone(), caught(|| schedules::hold(title, record))));
        }
    }
    out
}

/// One run. Errors of rounding go through all steps, and Adam divides by what may be small.
fn hold(pack: &Pack, run: &Value, name: &str, dtype: &str) -> Verdict {
    let options = Given(run.get("kwargs").unwrap_or(&Value::Null));
    match (name, dtype) {
        ("SGD", "float32") => fitted::hold::<f32, _>(pack, run, sgd(options)?, 2e-6),
        ("SGD", "float64") => fitted::hold::<f64, _>(pack, run, sgd(options)?, 1e-9),
        ("Adam", "float32") => fitted::hold::<f32, _>(pack, run, adam(options)?, 5e-6),
        ("Adam", "float64") => fitted::hold::<f64, _>(pack, run, adam(options)?, 1e-9),
        ("AdamW", "float32") => fitted::hold::<f32, _>(pack, run, adamw(options)?, 5e-6),
        ("AdamW", "float64") => fitted::hold::<f64, _>(pack, run, adamw(options)?, 1e-9),
        _ => Err(Refusal::Unknown.into()),
    }
}

/// The options of a run.
#[derive(Clone, Copy)]
struct Given<'a>(&'a Value);

impl Given<'_> {
    /// Refuses options that are none of these; those of how it is computed do not count.
    fn only(self, known: &[&str]) -> Result<(), Problem> {
        let how = ["foreach", "fused", "capturable", "differentiable"];
        let mut names = self.0.as_object().into_iter().flat_map(|object| object.keys());
        match names.find(|name| !known.contains(&name.as_str()) && !how.contains(&name.as_str())) {
            Some(name) => Err(Refusal::missing(format!("option `{name}`")).into()),
            None => Ok(()),
        }
    }

    fn number(self, name: &str, default: f64) -> f64 {
        self.0.get(name).and_then(Value::as_f64).unwrap_or(default)
    }

    fn flag(self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    fn betas(self) -> (f64, f64) {
        let list = self
            .0
            .get("betas")
            .map(|betas| betas.get("tuple").or_else(|| betas.get("list")).unwrap_or(betas));
        let beta = |index: usize, default: f64| list.and_then(|list| list.get(index)?.as_f64()).unwrap_or(default);
        (beta(0, 0.9), beta(1, 0.999))
    }
}

fn sgd(options: Given<'_>) -> Result<Sgd, Problem> {
    options.only(&["lr", "momentum", "dampening", "weight_decay", "nesterov", "maximize"])?;
    let mut sgd = Sgd::new(options.number("lr", 1e-3))
        .momentum(options.number("momentum", 0.0))
        .dampening(options.number("dampening", 0.0))
        .weight_decay(options.number("weight_decay", 0.0));
    if options.flag("nesterov") {
        sgd = sgd.nesterov();
    }
    Ok(if options.flag("maximize") { sgd.maximize() } else { sgd })
}

macro_rules! adams {
    ($($name:ident $Adam:ident $decay:literal;)*) => {
        $(
            fn $name(options: Given<'_>) -> Result<$Adam, Problem> {
                options.only(&["lr", "betas", "eps", "weight_decay", "amsgrad", "maximize"])?;
                let (first, second) = options.betas();
                let mut adam = $Adam::new(options.number("lr", 1e-3))
                    .betas(first, second)
                    .eps(options.number("eps", 1e-8))
                    .weight_decay(options.number("weight_decay", $decay));
                if options.flag("amsgrad") {
                    adam = adam.amsgrad();
                }
                Ok(if options.flag("maximize") { adam.maximize() } else { adam })
            }
        )*
    };
}

adams! {
    adam Adam 0.0;
    adamw AdamW 0.01;
}
