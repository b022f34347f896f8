//! The loss of the optimizers' file: `mean((tanh(x w + b) - y)^2)`.

use std::fs;

use safetensors::SafeTensors;
use serde_json::Value;
use tensor::prelude::*;

use crate::conformance::Stored;
use crate::conformance::compare::values;
use crate::conformance::sample::{Problem, Verdict};
use crate::conformance::{Pack, Refusal};

net! { type Fitted = [3] => fit: linear(3, 4) >> tanh }

/// Rows become columns: PyTorch's run multiplies with a weight that lies the other way.
fn turned(data: &[f64], rows: usize) -> Vec<f64> {
    let columns = data.len() / rows;
    (0..columns)
        .flat_map(|column| (0..rows).map(move |row| data[row * columns + column]))
        .collect()
}

fn typed<T: Float>(data: &[f64], sizes: &[usize]) -> Result<Tensor<Dynamic, T>, Refusal> {
    let data: Vec<T> = data.iter().map(|&number| <T as Element>::from_f64(number)).collect();
    Ok(Tensor::from_vec(data, sizes)?)
}

/// The tensors of the file that belong to a run.
struct Data<'a> {
    pack: &'a Pack,
    key: &'a str,
    dtype: &'a str,
}

impl<'a> Data<'a> {
    fn fixed(&self, name: &str, len: usize) -> Result<&'a [f64], Problem> {
        self.cut(&format!("{}.{name}", self.dtype), 0, len)
    }

    fn after(&self, name: &str, step: usize, len: usize) -> Result<&'a [f64], Problem> {
        self.cut(&format!("{}.{name}", self.key), step * len, len)
    }

    fn cut(&self, name: &str, start: usize, len: usize) -> Result<&'a [f64], Problem> {
        let stored: &Stored = self.pack.tensor(name).map_err(Problem::Failed)?;
        let part = stored.numbers.get(start..start + len);
        part.ok_or_else(|| Problem::Failed(format!("broken file: `{name}` has {} numbers", stored.numbers.len())))
    }
}

/// How near a run comes to its record; tolerances are relative to the largest value.
struct Near {
    tolerance: f64,
    worst: f64,
}

impl Near {
    fn hold<T: Element>(&mut self, what: &str, found: Vec<T>, expected: &[f64]) -> Result<(), Problem> {
        let found: Vec<f64> = found.into_iter().map(T::as_f64).collect();
        let largest = expected.iter().fold(0f64, |largest, each| largest.max(each.abs()));
        let worst = values(what, self.tolerance * largest, &[expected.len()], expected, &found);
        self.worst = self.worst.max(worst.map_err(Problem::Failed)?);
        Ok(())
    }
}

/// One run against its record.
pub fn hold<T: Float, O: Optimizer>(pack: &Pack, run: &Value, mut optimizer: O, tolerance: f64) -> Verdict {
    let broken = |what: &str| Problem::Failed(format!("broken file: the run has no `{what}`"));
    let text = |key: &str| run.get(key).and_then(Value::as_str).ok_or_else(|| broken(key));
    let data = Data {
        pack,
        key: text("key")?,
        dtype: text("dtype")?,
    };
    let mut near = Near { tolerance, worst: 0.0 };
    let refused = |error: tensor::Error| Problem::from(Refusal::from(error));
    let mut model = Fitted::<T>::new_as(&Device::cpu(), Seed(0));
    let weight = typed(&turned(data.fixed("w0", 12)?, 3), &[4, 3])?;
    let weight = weight.try_into_shape().map_err(refused)?;
    model.fit.weight.set(&weight).map_err(refused)?;
    let bias = typed(data.fixed("b0", 4)?, &[4])?.try_into_shape().map_err(refused)?;
    model.fit.bias.set(&bias).map_err(refused)?;
    let losses = run
        .get("losses")
        .and_then(Value::as_array)
        .ok_or_else(|| broken("losses"))?;
    for (step, expected) in losses.iter().enumerate() {
        let xs = &data.fixed("xs", (step + 1) * 15)?[step * 15..];
        let ys = &data.fixed("ys", (step + 1) * 20)?[step * 20..];
        let x: Tensor<dims![Batch, 3], T> = typed(xs, &[5, 3])?.try_into_shape().map_err(refused)?;
        let y: Tensor<dims![Batch, 4], T> = typed(ys, &[5, 4])?.try_into_shape().map_err(refused)?;
        let loss = mse_loss(&model.forward(&x), &y);
        let expected = expected.as_f64().ok_or_else(|| broken("losses"))?;
        near.hold(
            &format!("loss {step}"),
            vec![loss.item().map_err(refused)?],
            &[expected],
        )?;
        loss.backward();
        optimizer.step(&mut model).map_err(refused)?;
        let weight = model.fit.weight.to_vec().map_err(refused)?;
        near.hold(
            &format!("weight after step {step}"),
            weight,
            &turned(data.after("w", step, 12)?, 3),
        )?;
        let bias = model.fit.bias.to_vec().map_err(refused)?;
        near.hold(&format!("bias after step {step}"), bias, data.after("b", step, 4)?)?;
    }
    hold_state(pack, run, &model, &optimizer, &mut near)?;
    Ok(near.worst)
}

/// The state at the end, as the optimizer writes it to a file.
fn hold_state<T: Float, O: Optimizer>(
    pack: &Pack,
    run: &Value,
    model: &Fitted<T>,
    optimizer: &O,
    near: &mut Near,
) -> Result<(), Problem> {
    let failed = |error: &dyn std::fmt::Display| Problem::Failed(format!("the state: {error}"));
    let folder = tempfile::tempdir().map_err(|error| failed(&error))?;
    let path = folder.path().join("state.safetensors");
    optimizer.save(model, &path).map_err(|error| failed(&error))?;
    let bytes = fs::read(&path).map_err(|error| failed(&error))?;
    let file = SafeTensors::deserialize(&bytes).map_err(|error| failed(&error))?;
    let (_, header) = SafeTensors::read_metadata(&bytes).map_err(|error| failed(&error))?;
    let metadata = header.metadata().clone().unwrap_or_default();
    let mut tensors = 0;
    for (name, key) in run.get("state").and_then(Value::as_object).into_iter().flatten() {
        let expected = pack.tensor(key.as_str().unwrap_or_default()).map_err(Problem::Failed)?;
        let (parameter, slot) = name.split_once('.').unwrap_or((name, ""));
        let ours = if parameter == "0" { "fit.weight" } else { "fit.bias" };
        if slot == "step" {
            let found = metadata
                .get(&format!("{ours}.step"))
                .and_then(|step| step.parse::<f64>().ok());
            near.hold(name, found.into_iter().collect(), &expected.numbers)?;
            continue;
        }
        let view = file.tensor(&format!("{ours}.{slot}")).map_err(|error| failed(&error))?;
        let found = Stored::read(&view).map_err(|error| failed(&error))?;
        let expected = match parameter {
            "0" => turned(&expected.numbers, 3),
            _ => expected.numbers.clone(),
        };
        near.hold(name, found.numbers, &expected)?;
        tensors += 1;
    }
    if file.len() == tensors {
        return Ok(());
    }
    Err(Problem::Failed(format!(
        "the state has {} tensors, expected {tensors}",
        file.len()
    )))
}
