//! Layers and losses: constructor, state, forward, gradients, buffers afterwards.
//!
//! A family file has one function, `build`, with a line or two a class:
//!
//! ```text
//! pub fn build(new: &New<'_>) -> Result<Box<dyn Layer>, Refusal> {
//!     match new.class() {
//!         "Sigmoid" => function(|call| float!(call, |input| input.sigmoid())),
//!         "Linear" => ..      a struct that implements `Layer`
//!         _ => Err(Refusal::Unknown),
//!     }
//! }
//! ```

mod functions;
mod trained;

use std::collections::BTreeMap;

use serde_json::Value;

use super::compare::{self, Expected, Precision};
use super::sample::{Inputs, Problem, Verdict, all_read};
use super::{Any, Call, Outcome, Pack, Refusal, gradients};

/// What a layer is made from.
#[derive(Debug)]
pub struct New<'a> {
    /// The arguments of the constructor.
    pub call: Call,
    /// Parameters and buffers by their names in PyTorch.
    pub state: BTreeMap<String, Any>,
    /// Whether it trains, or is used.
    #[allow(dead_code, reason = "the layers that ask for it are being written")]
    pub training: bool,
    class: &'a str,
}

impl New<'_> {
    /// The class: `Conv2d`.
    pub fn class(&self) -> &str {
        self.class
    }

    /// A parameter or buffer by name, where there is one.
    pub fn state(&self, name: &str) -> Option<&Any> {
        self.state.get(name)
    }
}

/// A layer.
pub trait Layer {
    /// What it makes of the arguments of a call.
    ///
    /// # Errors
    /// Where it refuses.
    fn forward(&mut self, call: &Call) -> Outcome;

    /// The parameters, whose gradients are compared, by their names in PyTorch.
    fn parameters(&self) -> Vec<(String, Any)> {
        Vec::new()
    }

    /// The buffers, which are compared after the call.
    fn buffers(&self) -> Vec<(String, Any)> {
        Vec::new()
    }
}

/// A layer without parameters: a function of the call.
struct Function<F>(F);

impl<F: Fn(&Call) -> Outcome> Layer for Function<F> {
    fn forward(&mut self, call: &Call) -> Outcome {
        (self.0)(call)
    }
}

/// A layer without parameters: a function of the call.
fn function(forward: impl Fn(&Call) -> Outcome + 'static) -> Result<Box<dyn Layer>, Refusal> {
    Ok(Box::new(Function(forward)))
}

fn build(new: &New<'_>) -> Result<Box<dyn Layer>, Refusal> {
    for family in [functions::build, trained::build] {
        match family(new) {
            Err(Refusal::Unknown) => {}
            known => return known,
        }
    }
    Err(Refusal::Unknown)
}

/// Runs and compares a sample of a layer.
pub fn sample(pack: &Pack, json: &Value) -> Verdict {
    let inputs = Inputs::new(pack, json);
    let class = pack.text("module").rsplit('.').next().unwrap_or_default();
    let state = json.get("state_dict").and_then(Value::as_object).into_iter().flatten();
    let state = state.map(|(name, key)| Ok((name.clone(), inputs.load(key.as_str().unwrap_or_default(), false)?)));
    let new = New {
        call: inputs.call(class, "", json.get("ctor").unwrap_or(&Value::Null))?,
        state: state.collect::<Result<_, Refusal>>()?,
        training: json.get("mode").and_then(Value::as_str) != Some("eval"),
        class,
    };
    let call = inputs.call(class, "", json)?;
    hold(pack, json, &new, &call, &inputs)
}

fn hold(pack: &Pack, json: &Value, new: &New<'_>, call: &Call, inputs: &Inputs<'_>) -> Verdict {
    let mut layer = build(new)?;
    let answer = layer.forward(call)?;
    all_read(&new.call)?;
    all_read(call)?;
    let out = json
        .get("out")
        .ok_or_else(|| Problem::Failed("broken file: the sample has no `out`".to_owned()))?;
    let expected = Expected::read(out, pack).map_err(Problem::Failed)?;
    let precision = Precision::of_results(json).beside(expected.largest());
    let mut tensor = |place: &str, expected: &_, found: &_| compare::tensor(place, precision, expected, found);
    let mut worst = compare::answer("out", &expected, &answer, &mut tensor).map_err(Problem::Failed)?;
    let buffers = layer.buffers();
    for (name, key) in json
        .get("buffers_after")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let expected = pack.tensor(key.as_str().unwrap_or_default()).map_err(Problem::Failed)?;
        let found = buffers.iter().find(|(each, _)| each == name);
        let (_, found) = found.ok_or_else(|| Problem::Failed(format!("there is no buffer `{name}`")))?;
        let near = compare::tensor(&format!("buffer {name}"), precision, expected, found);
        worst = worst.max(near.map_err(Problem::Failed)?);
    }
    Ok(worst.max(gradients::check(
        pack,
        json,
        &expected,
        &answer,
        inputs,
        &layer.parameters(),
        Precision::of_gradients(json),
    )?))
}
