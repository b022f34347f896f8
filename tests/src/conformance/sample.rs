//! One sample of an operator: the call, and what came of it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::catch::catch;
use super::compare::{self, Expected, Precision};
use super::{Answer, Any, Argument, Call, Outcome, Pack, Refusal, ambiguous, gradients, operators};

/// Why a sample did not pass.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    /// Something was wrong.
    Failed(String),
    /// Something is not there yet.
    Missing(String),
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let text = refusal.to_string();
        match refusal {
            Refusal::Unknown | Refusal::Missing(_) | Refusal::Form(_) => Self::Missing(text),
            Refusal::Error(_) => Self::Failed(text),
        }
    }
}

/// The largest error over tolerance, where it passed.
pub type Verdict = Result<f64, Problem>;

/// A verdict that may panic: a panic is a failure.
pub fn caught(verdict: impl FnOnce() -> Verdict) -> Verdict {
    catch(verdict).unwrap_or_else(|panic| Err(Problem::Failed(panic)))
}

/// The tensors that a sample takes. One name is one tensor, however often it is there.
#[derive(Debug)]
pub struct Inputs<'a> {
    pack: &'a Pack,
    leaves: BTreeSet<&'a str>,
    /// Whether what is `float32` is read as `float64`.
    wide: bool,
    loaded: RefCell<BTreeMap<String, Any>>,
}

impl<'a> Inputs<'a> {
    /// Those that `grads` names are leaves.
    pub fn new(pack: &'a Pack, json: &'a Value) -> Self {
        let grads = json.get("grads").and_then(Value::as_object);
        Self {
            pack,
            leaves: grads.into_iter().flatten().map(|(name, _)| name.as_str()).collect(),
            wide: false,
            loaded: RefCell::default(),
        }
    }

    /// The same with what is `float32` as `float64`.
    pub fn wide(pack: &'a Pack, json: &'a Value) -> Self {
        Self {
            wide: true,
            ..Self::new(pack, json)
        }
    }

    /// A tensor by name.
    pub fn load(&self, name: &str, complex: bool) -> Result<Any, Refusal> {
        if let Some(any) = self.loaded(name) {
            return Ok(any);
        }
        if complex {
            return Err(Refusal::missing("tensor of complex numbers"));
        }
        let any = self.pack.tensor(name).map_err(Refusal::Error)?.any()?;
        let any = if self.wide && any.word() == "float32" {
            any.cast("float64")?
        } else {
            any
        };
        let any = if self.leaves.contains(name) {
            any.requires_grad()
        } else {
            any
        };
        self.loaded.borrow_mut().insert(name.to_owned(), any.clone());
        Ok(any)
    }

    /// A tensor by name, where the call has it.
    pub fn loaded(&self, name: &str) -> Option<Any> {
        self.loaded.borrow().get(name).cloned()
    }

    /// The arguments under `args` and `kwargs` of a json object.
    pub fn call(&self, name: &str, variant: &str, json: &Value) -> Result<Call, Refusal> {
        let mut load = |name: &str, complex: bool| self.load(name, complex);
        let args = json.get("args").and_then(Value::as_array).into_iter().flatten();
        let args: Vec<Argument> = args
            .map(|each| Argument::read(each, &mut load))
            .collect::<Result<_, _>>()?;
        let kwargs = json.get("kwargs").and_then(Value::as_object).into_iter().flatten();
        let kwargs = kwargs.map(|(name, each)| Ok((name.clone(), Argument::read(each, &mut load)?)));
        Ok(Call::new(name, variant, args, kwargs.collect::<Result<_, Refusal>>()?))
    }
}

/// Runs a call of an operator. What it gives is looked at, so that an error which waits in a tensor comes out.
fn run(call: &Call) -> Outcome {
    let answer = operators::call(call)?;
    match answer.tensors().into_iter().find_map(Any::error) {
        Some(error) => Err(error.clone().into()),
        None => Ok(answer),
    }
}

/// An argument that nobody asked for makes a sample missing.
pub fn all_read(call: &Call) -> Result<(), Problem> {
    match call.unread() {
        Some(argument) => Err(Problem::Missing(format!("there is no {argument} yet"))),
        None => Ok(()),
    }
}

/// Runs and compares a sample of an operator.
pub fn operator(pack: &Pack, json: &Value) -> Verdict {
    let inputs = Inputs::new(pack, json);
    let call = inputs.call(pack.text("op"), pack.text("variant"), json)?;
    let answer = run(&call)?;
    all_read(&call)?;
    let precision = Precision::of_gradients(json);
    match hold(pack, json, &call, &inputs, &answer, precision) {
        // The files do not say how exact PyTorch's gradients of `float32` are: that is found out where it matters.
        Err(Problem::Failed(text)) if text.starts_with("gradient of") && pack.text("dtype") == "float32" => {
            let theirs = error(pack, json).ok_or(Problem::Failed(text))?;
            hold(pack, json, &call, &inputs, &answer, precision.with_error(theirs))
        }
        verdict => verdict,
    }
}

/// How far the gradients of the file are from those in `float64`.
fn error(pack: &Pack, json: &Value) -> Option<f64> {
    let inputs = Inputs::wide(pack, json);
    let call = inputs.call(pack.text("op"), pack.text("variant"), json).ok()?;
    let answer = run(&call).ok()?;
    let process = json.get("process").and_then(Value::as_str).zip(json.get("proc"));
    let Some((process, proc)) = process else {
        let expected = Expected::read(json.get("out")?, pack).ok()?;
        return gradients::error(pack, json, &expected, &answer, &inputs);
    };
    let expected = Expected::read(proc, pack).ok()?;
    let answer = ambiguous::processed(process, &answer, &expected).ok()?;
    gradients::error(pack, json, &expected, &answer, &inputs)
}

/// Runs a call that must be refused.
pub fn refused(pack: &Pack, json: &Value) -> Verdict {
    let inputs = Inputs::new(pack, json);
    let call = inputs.call(pack.text("op"), pack.text("variant"), json)?;
    match run(&call) {
        Err(Refusal::Error(_) | Refusal::Form(_)) => Ok(0.0),
        Err(other) => Err(other.into()),
        Ok(_) => {
            all_read(&call)?;
            let why = json.get("regex").and_then(Value::as_str).filter(|why| !why.is_empty());
            let why = why.map(|why| format!(" ({why})")).unwrap_or_default();
            Err(Problem::Failed(format!("it was to be refused{why}, and was not")))
        }
    }
}

fn hold(pack: &Pack, json: &Value, call: &Call, inputs: &Inputs<'_>, answer: &Answer, slopes: Precision) -> Verdict {
    let out = json
        .get("out")
        .ok_or_else(|| Problem::Failed("broken file: the sample has no `out`".to_owned()))?;
    let expected = Expected::read(out, pack).map_err(Problem::Failed)?;
    let precision = Precision::of_results(json);
    let near = precision.beside(expected.largest());
    let unsure = json.get("ambiguous").and_then(Value::as_bool).unwrap_or(false);
    let process = json.get("process").and_then(Value::as_str).zip(json.get("proc"));
    let first = compare::answer("out", &expected, answer, &mut |place, expected, found| {
        if unsure && expected.integers.is_some() && expected.word == "int64" {
            ambiguous::indices(place, call, expected, found)
        } else if process.is_some() {
            compare::kind(place, expected, found).map(|()| 0.0)
        } else {
            compare::tensor(place, near, expected, found)
        }
    });
    let mut worst = first.map_err(Problem::Failed)?;
    let Some((process, proc)) = process else {
        return Ok(worst.max(gradients::check(pack, json, &expected, answer, inputs, &[], slopes)?));
    };
    let expected = Expected::read(proc, pack).map_err(Problem::Failed)?;
    let answer = ambiguous::processed(process, answer, &expected)?;
    let near = precision.beside(expected.largest());
    let second = compare::answer("proc", &expected, &answer, &mut |place, expected, found| {
        compare::tensor(place, near, expected, found)
    });
    worst = worst.max(second.map_err(Problem::Failed)?);
    Ok(worst.max(gradients::check(pack, json, &expected, &answer, inputs, &[], slopes)?))
}
