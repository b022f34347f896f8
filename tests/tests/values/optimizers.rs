//! SGD, Adam and AdamW in every option of PyTorch's table: losses and parameters after each of 20 steps, and the state at the end.

use std::fs;

use safetensors::SafeTensors;
use serde_json::Value;
use tensor::prelude::*;
use tests::reference::Pack;
use tests::{assert_close, largest};

net! { type Fitted = [3] => fit: linear(3, 4) >> tanh }

/// Rows become columns: PyTorch's run multiplies with a weight that lies the other way.
fn turned(data: &[f64], rows: usize) -> Vec<f64> {
    let columns = data.len() / rows;
    (0..columns)
        .flat_map(|column| (0..rows).map(move |row| data[row * columns + column]))
        .collect()
}

/// What every option of the run must be among.
fn number(options: &Value, name: &str) -> Option<f64> {
    options.get(name).and_then(Value::as_f64)
}

fn flag(options: &Value, name: &str) -> bool {
    options.get(name).and_then(Value::as_bool).unwrap_or(false)
}

fn sgd(options: &Value) -> Sgd {
    let mut sgd = Sgd::new(number(options, "lr").unwrap_or(1e-3))
        .momentum(number(options, "momentum").unwrap_or(0.0))
        .dampening(number(options, "dampening").unwrap_or(0.0))
        .weight_decay(number(options, "weight_decay").unwrap_or(0.0));
    if flag(options, "nesterov") {
        sgd = sgd.nesterov();
    }
    if flag(options, "maximize") { sgd.maximize() } else { sgd }
}

fn adam(options: &Value) -> Adam {
    let mut adam =
        Adam::new(number(options, "lr").unwrap_or(1e-3)).weight_decay(number(options, "weight_decay").unwrap_or(0.0));
    if flag(options, "amsgrad") {
        adam = adam.amsgrad();
    }
    if flag(options, "maximize") {
        adam.maximize()
    } else {
        adam
    }
}

fn adamw(options: &Value) -> AdamW {
    let mut adamw = AdamW::new(number(options, "lr").unwrap_or(1e-3));
    if let Some(weight_decay) = number(options, "weight_decay") {
        adamw = adamw.weight_decay(weight_decay);
    }
    if let (Some(betas), Some(eps)) = (options.get("betas"), number(options, "eps")) {
        let beta = |index: usize| betas[index].as_f64().expect("a number");
        adamw = adamw.betas(beta(0), beta(1)).eps(eps);
    }
    if flag(options, "amsgrad") {
        adamw = adamw.amsgrad();
    }
    if flag(options, "maximize") {
        adamw.maximize()
    } else {
        adamw
    }
}

/// One run against its record. `tolerance` is relative to the largest value; errors of rounding go through 20 steps.
fn hold<T: Float, O: Optimizer>(pack: &Pack, run: &Value, mut optimizer: O, tolerance: f64) {
    let key = run["key"].as_str().expect("a run has a key");
    let dtype = run["dtype"].as_str().expect("a run has an element type");
    let near = |what: &str, found: Vec<T>, expected: &[f64]| {
        let found: Vec<f64> = found.into_iter().map(T::as_f64).collect();
        assert_close(
            &format!("{key}, {what}"),
            &found,
            expected,
            tolerance * largest(expected),
        );
    };
    let typed = |data: Vec<f64>| -> Vec<T> { data.into_iter().map(<T as Element>::from_f64).collect() };
    let fixed = |name: &str| &pack.tensor(&format!("{dtype}.{name}")).data;
    let mut model = Fitted::<T>::new_as(&Device::cpu(), Seed(0));
    let weight = Tensor::from_vec(typed(turned(fixed("w0"), 3)), &[4, 3]).expect("twelve numbers");
    model.fit.weight.set(&weight).expect("the sizes of the weight");
    model
        .fit
        .bias
        .set(&Tensor::from_vec(typed(fixed("b0").clone()), &[4]).expect("four numbers"))
        .expect("the sizes of the bias");
    let losses = run["losses"].as_array().expect("a run has losses");
    for (step, expected) in losses.iter().enumerate() {
        let batch = |name: &str, columns: usize| {
            let data = &fixed(name)[step * 5 * columns..(step + 1) * 5 * columns];
            typed(data.to_vec())
        };
        let x = Tensor::<dims![Batch, 3], T>::from_vec(batch("xs", 3), &[5, 3]).expect("fifteen numbers");
        let y = Tensor::<dims![Batch, 4], T>::from_vec(batch("ys", 4), &[5, 4]).expect("twenty numbers");
        let loss = mse_loss(&model.forward(&x), &y);
        near(
            &format!("loss {step}"),
            vec![loss.item().expect("a number")],
            &[expected.as_f64().expect("a number")],
        );
        loss.backward();
        optimizer.step(&mut model).expect("there are gradients");
        let after = |name: &str, len: usize| &pack.tensor(&format!("{key}.{name}")).data[step * len..(step + 1) * len];
        near(
            &format!("weight after {step}"),
            model.fit.weight.to_vec().expect("numbers"),
            &turned(after("w", 12), 3),
        );
        near(
            &format!("bias after {step}"),
            model.fit.bias.to_vec().expect("numbers"),
            after("b", 4),
        );
    }
    hold_state::<T, O>(pack, run, &model, &optimizer, tolerance);
}

/// The state at the end, as the optimizer writes it to a file.
fn hold_state<T: Float, O: Optimizer>(pack: &Pack, run: &Value, model: &Fitted<T>, optimizer: &O, tolerance: f64) {
    let folder = tempfile::tempdir().expect("a folder for files");
    let path = folder.path().join("state.safetensors");
    optimizer.save(model, &path).expect("the folder can be written to");
    let bytes = fs::read(&path).expect("written in the line above");
    let file = SafeTensors::deserialize(&bytes).expect("written in the line above");
    let (_, header) = SafeTensors::read_metadata(&bytes).expect("written in the line above");
    let metadata = header.metadata().clone().unwrap_or_default();
    let state = run["state"].as_object().expect("a run has a state");
    let mut tensors = 0;
    for (name, key) in state {
        let expected = pack.tensor(key.as_str().expect("the name of a tensor"));
        let (parameter, slot) = name.split_once('.').expect("a parameter and what is kept of it");
        let ours = if parameter == "0" { "fit.weight" } else { "fit.bias" };
        if slot == "step" {
            assert_eq!(
                metadata[&format!("{ours}.step")],
                expected.data[0].to_string(),
                "{name}"
            );
            continue;
        }
        let view = file
            .tensor(&format!("{ours}.{slot}"))
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let found: Vec<f64> = match size_of::<T>() {
            4 => view
                .data()
                .as_chunks()
                .0
                .iter()
                .map(|&bytes| f64::from(f32::from_le_bytes(bytes)))
                .collect(),
            _ => view
                .data()
                .as_chunks()
                .0
                .iter()
                .map(|&bytes| f64::from_le_bytes(bytes))
                .collect(),
        };
        let expected = if parameter == "0" {
            turned(&expected.data, 3)
        } else {
            expected.data.clone()
        };
        assert_close(name, &found, &expected, tolerance * largest(&expected));
        tensors += 1;
    }
    assert_eq!(file.len(), tensors, "nothing is kept but what PyTorch keeps");
}

/// All runs of a table; gives how many there were in f64 and in f32.
fn hold_table(name: &str, known: &[&str]) -> [usize; 2] {
    let pack = Pack::open("optimizers", name);
    let mut counts = [0; 2];
    for run in pack.json["runs"].as_array().expect("a table of runs") {
        let options = &run["kwargs"];
        let given = options.as_object().expect("options by name");
        assert!(given.keys().all(|name| known.contains(&name.as_str())), "{options}");
        let single = run["dtype"] == "float32";
        match (run["optimizer"].as_str(), single) {
            (Some("SGD"), true) => hold::<f32, _>(&pack, run, sgd(options), 2e-6),
            (Some("SGD"), false) => hold::<f64, _>(&pack, run, sgd(options), 1e-13),
            (Some("Adam"), true) => hold::<f32, _>(&pack, run, adam(options), 5e-6),
            (Some("Adam"), false) => hold::<f64, _>(&pack, run, adam(options), 1e-12),
            (Some("AdamW"), true) => hold::<f32, _>(&pack, run, adamw(options), 5e-6),
            (Some("AdamW"), false) => hold::<f64, _>(&pack, run, adamw(options), 1e-12),
            other => panic!("the table has no {other:?}"),
        }
        counts[usize::from(single)] += 1;
    }
    counts
}

#[test]
fn every_run_of_sgd_and_adam() {
    let known = [
        "lr",
        "momentum",
        "dampening",
        "weight_decay",
        "nesterov",
        "maximize",
        "amsgrad",
    ];
    assert_eq!(hold_table("optim", &known), [14, 14], "runs in f64 and f32");
}

#[test]
fn every_run_of_adamw() {
    let known = ["lr", "betas", "eps", "weight_decay", "maximize", "amsgrad"];
    assert_eq!(hold_table("adamw", &known), [7, 7], "runs in f64 and f32");
}
