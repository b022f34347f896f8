//! Gradients of the first and second order.

use serde_json::{Map, Value};
use tensor::autograd::{Options, grad_with};

use super::compare::{self, Expected, Precision};
use super::sample::{Inputs, Problem};
use super::{Answer, Any, Pack, Refusal, Stored};

/// Outputs with what they are multiplied by before they are added up.
type Pairs = Vec<(Any, Any)>;

/// The gradient of the sum of outputs, each times the tensor beside it, for each input; `None` where it is not connected. The
/// gradients can be differentiated again.
fn differentiate(outputs: &Pairs, inputs: &[Any]) -> Result<Vec<Option<Any>>, Refusal> {
    let options = Options {
        create_graph: true,
        ..Options::default()
    };
    let mut found = vec![None; inputs.len()];
    macro_rules! differentiate {
        ($($Kind:ident)+) => {
            $({
                let (outputs, along): (Vec<_>, Vec<_>) = outputs.iter().filter_map(|pair| match pair {
                    (Any::$Kind(out), Any::$Kind(along)) => Some((out, along)),
                    _ => None,
                }).unzip();
                let (places, inputs): (Vec<_>, Vec<_>) = inputs.iter().enumerate().filter_map(|(place, input)| match input {
                    Any::$Kind(input) => Some((place, input)),
                    _ => None,
                }).unzip();
                if !outputs.is_empty() && !inputs.is_empty() {
                    let gradients = grad_with(&outputs, &inputs, &along, options)?;
                    for (place, gradient) in places.into_iter().zip(gradients) {
                        found[place] = gradient.map(Any::$Kind);
                    }
                }
            })+
        };
    }
    differentiate!(F32 F64 F16 BF16);
    Ok(found)
}

/// Outputs of which some have another element type than the inputs are cast to that of these, with what they are multiplied by.
fn in_one_type(outputs: Pairs, inputs: &[Any]) -> Result<Pairs, Refusal> {
    let word = inputs.first().map_or("float32", Any::word);
    let cast = outputs.into_iter().map(|(out, along)| {
        let out = if out.word() == word { out } else { out.cast(word)? };
        Ok((out, along.cast(word)?))
    });
    cast.collect()
}

/// Compares the gradients that a sample has. `json` may hold `cotangents`, `grads`, `param_grads` and `gg`; `out` is what the cotangents
/// belong to; `parameters` are those of a layer.
pub fn check(
    pack: &Pack,
    json: &Value,
    expected: &Expected<'_>,
    out: &Answer,
    inputs: &Inputs<'_>,
    parameters: &[(String, Any)],
    precision: Precision,
) -> Result<f64, Problem> {
    let Some(cotangents) = json
        .get("cotangents")
        .and_then(Value::as_object)
        .filter(|each| !each.is_empty())
    else {
        return Ok(0.0);
    };
    let wanted = wanted(json, inputs, parameters)?;
    if wanted.is_empty() {
        return Ok(0.0);
    }
    let leaves: Vec<Any> = wanted.iter().map(|each| each.tensor.clone()).collect();
    let outputs = in_one_type(along(pack, cotangents, expected, out)?, &leaves)?;
    let found = differentiate(&outputs, &leaves)?;
    let keys: Vec<Key<'_>> = wanted.iter().map(|each| (each.name.as_str(), each.key)).collect();
    let first = expected_of(pack, &keys)?;
    let given = cotangents.values().filter_map(Value::as_str);
    let given = given
        .filter_map(|key| pack.tensor(key).ok())
        .map(Stored::largest)
        .fold(0.0, f64::max);
    // What cancels in it is as large as what it is the product with.
    let precision = precision.beside(largest(&first).max(given));
    let worst = compare_all("gradient of", precision, &first, &found)?;
    let Some(second) = json.get("gg").filter(|gg| !gg.is_null()) else {
        return Ok(worst);
    };
    let object = |key: &str| second.get(key).and_then(Value::as_object).into_iter().flatten();
    let mut outputs = Pairs::new();
    for (name, key) in object("w") {
        let index = wanted.iter().position(|each| each.name == *name);
        let first = index.and_then(|index| found[index].clone()).filter(Any::is_tracked);
        if let (Some(first), Some(key)) = (first, key.as_str()) {
            outputs.push((first, pack.tensor(key).map_err(Problem::Failed)?.any()?));
        }
    }
    let keys = object("grads").filter(|(name, _)| inputs.loaded(name).is_some());
    let keys: Vec<Key<'_>> = keys.map(|(name, key)| (name.as_str(), key.as_str())).collect();
    let expected = expected_of(pack, &keys)?;
    let leaves: Vec<Any> = keys.iter().filter_map(|(name, _)| inputs.loaded(name)).collect();
    let mut found = differentiate(&outputs, &leaves)?;
    // A first gradient that does not depend on an input is connected with it there, by zeros, and need not be here.
    let zero = |numbers: &[f64]| numbers.iter().all(|&number| number == 0.0);
    for (found, (_, expected)) in found.iter_mut().zip(&expected) {
        match (expected, &found) {
            (Some(expected), None) if zero(&expected.numbers) => *found = Some(expected.any()?),
            (None, Some(any)) if any.numbers().is_ok_and(|numbers| zero(&numbers)) => *found = None,
            _ => {}
        }
    }
    // What cancels in it is as large as the first order, which may be nothing but that itself.
    let precision = precision.beside(given.max(largest(&first)).max(largest(&expected)));
    Ok(worst.max(compare_all("second order gradient of", precision, &expected, &found)?))
}

/// How far the gradients that a file of `float32` has are from the same in `float64`, which `out` and `inputs` are of: what the file does
/// not say. Nothing where these do not show it.
pub fn error(pack: &Pack, json: &Value, expected: &Expected<'_>, out: &Answer, inputs: &Inputs<'_>) -> Option<f64> {
    let cotangents = json.get("cotangents").and_then(Value::as_object)?;
    let wanted = wanted(json, inputs, &[]).ok()?;
    let leaves: Vec<Any> = wanted.iter().map(|each| each.tensor.clone()).collect();
    let outputs = in_one_type(along(pack, cotangents, expected, out).ok()?, &leaves).ok()?;
    let found = differentiate(&outputs, &leaves).ok()?;
    let mut worst = 0f64;
    for (each, found) in wanted.iter().zip(&found) {
        if let (Some(key), Some(found)) = (each.key, found) {
            let (theirs, ours) = (pack.tensor(key).ok()?, found.numbers().ok()?);
            let apart = theirs
                .numbers
                .iter()
                .zip(&ours)
                .map(|(theirs, ours)| (theirs - ours).abs());
            worst = apart.filter(|apart| apart.is_finite()).fold(worst, f64::max);
        }
    }
    Some(worst)
}

/// A gradient that the file has.
struct Wanted<'a> {
    name: String,
    tensor: Any,
    key: Option<&'a str>,
}

/// The gradients that the file has, with the tensors that they belong to.
fn wanted<'a>(json: &'a Value, inputs: &Inputs<'_>, parameters: &[(String, Any)]) -> Result<Vec<Wanted<'a>>, Problem> {
    let object = |key: &str| json.get(key).and_then(Value::as_object).into_iter().flatten();
    let mut out = Vec::new();
    for (name, key) in object("grads") {
        // What the call never read has no gradient either: it is one of an argument that was left out.
        if let Some(tensor) = inputs.loaded(name) {
            let (name, key) = (name.clone(), key.as_str());
            out.push(Wanted { name, tensor, key });
        }
    }
    for (name, key) in object("param_grads") {
        let tensor = parameters
            .iter()
            .find(|(each, _)| each == name)
            .map(|(_, tensor)| tensor.clone());
        let tensor = tensor.ok_or_else(|| Problem::Failed(format!("there is no parameter `{name}`")))?;
        let (name, key) = (name.clone(), key.as_str());
        out.push(Wanted { name, tensor, key });
    }
    Ok(out)
}

/// The outputs that have cotangents, with these.
fn along(
    pack: &Pack,
    cotangents: &Map<String, Value>,
    expected: &Expected<'_>,
    out: &Answer,
) -> Result<Vec<(Any, Any)>, Problem> {
    let (names, tensors) = (expected.tensors(), out.tensors());
    let mut pairs = Vec::new();
    for (name, key) in cotangents {
        let index = names.iter().position(|(each, _)| each == name);
        let found = index.and_then(|index| tensors.get(index));
        let (Some(found), Some(key)) = (found, key.as_str()) else {
            return Err(Problem::Failed(format!(
                "broken file: the cotangent of `{name}` has no output"
            )));
        };
        // Without a tape behind it an output has nothing to say: the gradients are missed below.
        if found.is_tracked() {
            pairs.push(((*found).clone(), pack.tensor(key).map_err(Problem::Failed)?.any()?));
        }
    }
    Ok(pairs)
}

/// A tensor that gradients were taken in, and the name of its gradient.
type Key<'a> = (&'a str, Option<&'a str>);

/// The gradients that the file has.
fn expected_of<'a>(pack: &'a Pack, keys: &[Key<'a>]) -> Result<Vec<(&'a str, Option<&'a Stored>)>, Problem> {
    let stored = |&(name, key): &Key<'a>| Ok((name, key.map(|key| pack.tensor(key)).transpose()?));
    keys.iter()
        .map(stored)
        .collect::<Result<_, _>>()
        .map_err(Problem::Failed)
}

fn largest(gradients: &[(&str, Option<&Stored>)]) -> f64 {
    let each = gradients.iter().filter_map(|(_, stored)| stored.map(Stored::largest));
    each.fold(0.0, f64::max)
}

/// Compares gradients by name.
fn compare_all(
    what: &str,
    precision: Precision,
    expected: &[(&str, Option<&Stored>)],
    found: &[Option<Any>],
) -> Result<f64, Problem> {
    let mut worst = 0f64;
    for ((name, expected), found) in expected.iter().zip(found) {
        let place = format!("{what} {name}");
        worst = worst.max(match (expected, found) {
            (Some(expected), Some(found)) => {
                compare::tensor(&place, precision, expected, found).map_err(Problem::Failed)?
            }
            (Some(_), None) => return Err(Problem::Failed(format!("{place}: none arrived"))),
            (None, Some(_)) => return Err(Problem::Failed(format!("{place}: got one, expected none"))),
            (None, None) => 0.0,
        });
    }
    Ok(worst)
}
