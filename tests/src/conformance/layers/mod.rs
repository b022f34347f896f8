//! Layers and losses: constructor, state, forward, gradients, buffers afterwards.
//!
//! A family file has one function, `build`, with a line or two a class:
//!
//! ```text
//! pub fn build<T: Float + Listed>(new: &New<'_>) -> Result<Box<dyn Made>, Refusal> {
//!     let call = &new.call;
//!     match new.class() {
//!         "Sigmoid" => layer::<T, _>(new, dynamic::Sigmoid),
//!         "Bilinear" => module::<T, _, _>(new, layer, |layer, call| layer.forward(..))
//!         _ => Err(Refusal::Unknown),
//!     }
//! }
//! ```
//!
//! The state of the sample is loaded into the layer under PyTorch's names, all of it or none, and the mode is set. What the constructor makes of
//! its parameters is not compared: the state replaces it.

mod activations;
mod attention;
mod images;
mod losses;
mod normalisation;
mod products;
mod projected_loss;
mod recurrent;

use std::collections::BTreeMap;

use serde_json::Value;
use tensor::files::Archive;
use tensor::{DType, Device, Float, dynamic};

use super::any::{Listed, each};
use super::compare::{self, Expected, Precision};
use super::sample::{Inputs, Problem, Verdict, all_read};
use super::{Any, Call, IntoAnswer, Outcome, Pack, Refusal, gradients};

/// What a layer is made from.
#[derive(Debug)]
pub struct New<'a> {
    /// The arguments of the constructor.
    pub call: Call,
    /// Where the layer is made.
    pub device: Device,
    state: BTreeMap<String, Any>,
    training: bool,
    class: &'a str,
}

impl New<'_> {
    /// The class: `Conv2d`.
    pub fn class(&self) -> &str {
        self.class
    }
}

/// A layer that was made.
pub trait Made {
    /// What it makes of the arguments of a call.
    ///
    /// # Errors
    /// Where it refuses.
    fn forward(&mut self, call: &Call) -> Outcome;

    /// The parameters, whose gradients are compared, by their names in PyTorch.
    fn parameters(&self) -> Vec<(String, Any)>;

    /// Parameters and buffers, which are compared after the call.
    ///
    /// # Errors
    /// Where one could not be computed.
    fn state(&self) -> Result<Archive, Refusal>;
}

/// A layer of the library with what a call of it is.
struct Module<T, L, F> {
    layer: L,
    forward: F,
    element: std::marker::PhantomData<T>,
}

impl<T: Float + Listed, L: dynamic::Module, F: Fn(&L, &Call) -> Outcome> Made for Module<T, L, F> {
    fn forward(&mut self, call: &Call) -> Outcome {
        (self.forward)(&self.layer, call)
    }

    fn parameters(&self) -> Vec<(String, Any)> {
        let named = self.layer.parameters::<T>().into_iter();
        named.map(|each| (each.name, each.tensor.into())).collect()
    }

    fn state(&self) -> Result<Archive, Refusal> {
        Ok(self.layer.state_dict()?)
    }
}

/// A layer whose call is `forward`.
fn module<T: Float + Listed, L: dynamic::Module + 'static, F: Fn(&L, &Call) -> Outcome + 'static>(
    new: &New<'_>,
    mut layer: L,
    forward: F,
) -> Result<Box<dyn Made>, Refusal> {
    let mut state = Archive::new();
    for (name, tensor) in &new.state {
        each!(|tensor| state.insert(name, tensor).map(|()| true))?;
    }
    layer.load_state_dict(&state)?;
    match new.training {
        true => layer.train(),
        false => layer.eval(),
    }
    Ok(Box::new(Module {
        layer,
        forward,
        element: std::marker::PhantomData::<T>,
    }))
}

/// A layer of one tensor.
fn layer<T: Float + Listed, L: dynamic::Layer<T> + 'static>(new: &New<'_>, layer: L) -> Result<Box<dyn Made>, Refusal> {
    module::<T, L, _>(new, layer, |layer, call| {
        layer.forward(call.tensor(0, "input")?.typed::<T>()?).into_answer()
    })
}

fn build<T: Float + Listed>(new: &New<'_>) -> Result<Box<dyn Made>, Refusal> {
    let families = [
        activations::build::<T>,
        normalisation::build::<T>,
        products::build::<T>,
        images::build::<T>,
        losses::build::<T>,
        recurrent::build::<T>,
        attention::build::<T>,
        projected_loss::build::<T>,
    ];
    for family in families {
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
        device: Device::cpu(),
        class,
    };
    let call = inputs.call(class, "", json)?;
    hold(pack, json, &new, &call, &inputs)
}

fn hold(pack: &Pack, json: &Value, new: &New<'_>, call: &Call, inputs: &Inputs<'_>) -> Verdict {
    let mut layer = match pack.text("dtype") {
        "float64" => build::<f64>(new)?,
        _ => build::<f32>(new)?,
    };
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
    let state = layer.state()?;
    for (name, key) in json
        .get("buffers_after")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let expected = pack.tensor(key.as_str().unwrap_or_default()).map_err(Problem::Failed)?;
        let found = buffer(&state, name)?;
        let near = compare::tensor(&format!("buffer {name}"), precision, expected, &found);
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

/// A buffer of a state.
fn buffer(state: &Archive, name: &str) -> Result<Any, Refusal> {
    match state.dtype(name) {
        None => Err(Refusal::error(format!("there is no buffer `{name}`"))),
        Some(DType::F32) => Ok(state.get::<f32>(name)?.into()),
        Some(DType::F64) => Ok(state.get::<f64>(name)?.into()),
        Some(DType::I64) => Ok(state.get::<i64>(name)?.into()),
        Some(other) => Err(Refusal::error(format!("buffer `{name}` of {}", other.name()))),
    }
}
