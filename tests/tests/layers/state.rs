//! Parameters and buffers by name: copies, files, devices, and optimizers that leave buffers alone.

use tensor::Buffer;
use tensor::dynamic::{BatchNorm1d, Linear, Module, PRelu};
use tensor::files::Archive;
use tensor::prelude::*;

use crate::{NAMES, cpu, network, values};

#[test]
fn names_are_those_of_pytorch() {
    let model = network(0);
    let state = model.state_dict().expect("a state");
    assert_eq!(state.names().collect::<Vec<_>>(), NAMES);
    assert_eq!(state.sizes("1.num_batches_tracked"), Some(&[][..]));
    assert_eq!(state.dtype("1.num_batches_tracked"), Some(tensor::DType::I64));
    let parameters: Vec<String> = model.parameters::<f32>().into_iter().map(|each| each.name).collect();
    assert_eq!(
        parameters,
        ["0.weight", "0.bias", "1.weight", "1.bias", "4.weight", "4.bias"]
    );
    assert!(model.parameters::<f64>().is_empty());
    assert_eq!(model.num_parameters(), 3 * 2 * 9 + 3 + 3 + 3 + 24 + 2);
}

#[test]
fn a_file_holds_parameters_and_buffers() {
    let x = values(&[4, 2, 4, 4], 1);
    let (trained, mut other) = (network(0), network(7));
    trained.forward(&x).expect("sizes that fit");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("network.safetensors");
    trained.save(&path).expect("a file");
    other.load(&path).expect("the same network");
    let (found, expected) = (
        other.state_dict().expect("a state"),
        trained.state_dict().expect("a state"),
    );
    for name in NAMES {
        match name.ends_with("tracked") {
            true => assert_eq!(
                found.get::<i64>(name).expect("one").item().expect("a number"),
                1,
                "{name}"
            ),
            false => assert_eq!(
                found.get::<f32>(name).expect("one"),
                expected.get(name).expect("one"),
                "{name}"
            ),
        }
    }
    let mean = found
        .get::<f32>("1.running_mean")
        .expect("a mean")
        .to_vec()
        .expect("numbers");
    assert!(mean.iter().all(|&mean| mean != 0.0), "{mean:?}");
}

#[test]
fn what_does_not_fit_is_listed_and_changes_nothing() {
    let mut model = network(0);
    let before = model.state_dict().expect("a state");
    let mut state = Archive::new();
    for name in &NAMES[1..] {
        match *name {
            "1.num_batches_tracked" => state.insert(*name, &tensor![1.5, 2.5]),
            "1.running_var" => state.insert(*name, &Tensor::<Dynamic, f64>::ones_of(&[3]).expect("room")),
            _ => state.insert(*name, &before.get::<f32>(name).expect("one").affine(1.0, 1.0)),
        }
        .expect("a tensor");
    }
    state.insert("more", &tensor![0.]).expect("a tensor");
    let error = model.load_state_dict(&state).expect_err("another state").to_string();
    for part in [
        "missing `0.bias`",
        "unexpected `more`",
        "`1.num_batches_tracked` is [2] and not []",
        "`1.running_var` is f64 and not f32",
    ] {
        assert!(error.contains(part), "{error}");
    }
    let after = model.state_dict().expect("a state");
    for name in NAMES.into_iter().filter(|name| !name.ends_with("tracked")) {
        assert_eq!(
            after.get::<f32>(name).expect("one"),
            before.get(name).expect("one"),
            "{name}"
        );
    }
}

#[test]
fn a_clone_is_a_copy() {
    let x = values(&[4, 2, 4, 4], 1);
    let model = network(0);
    let mut copy = model.clone();
    model.forward(&x).expect("sizes that fit");
    let count = |state: Archive| {
        state
            .get::<i64>("1.num_batches_tracked")
            .expect("one")
            .item()
            .expect("a number")
    };
    assert_eq!(count(model.state_dict().expect("a state")), 1);
    assert_eq!(count(copy.state_dict().expect("a state")), 0);
    copy.eval();
    assert!(model.is_training() && !copy.is_training());
}

#[test]
fn optimizers_change_parameters_alone() {
    let x = values(&[4, 2, 4, 4], 1);
    let mut model = network(0);
    let before = model.state_dict().expect("a state");
    let mut sgd = Sgd::new(0.1).weight_decay(0.1);
    model.forward(&x).expect("sizes that fit").square().sum().backward();
    let seen = model.state_dict().expect("a state");
    sgd.step(&mut model).expect("gradients");
    let after = model.state_dict().expect("a state");
    let get = |state: &Archive, name| state.get::<f32>(name).expect("one");
    for name in ["1.running_mean", "1.running_var"] {
        assert_eq!(get(&seen, name), get(&after, name), "{name}");
    }
    for name in ["0.weight", "1.weight", "4.bias"] {
        assert_ne!(get(&before, name), get(&after, name), "{name}");
    }
    assert_eq!(
        after
            .get::<i64>("1.num_batches_tracked")
            .expect("a count")
            .item()
            .expect("a number"),
        1
    );
}

#[test]
fn moving_to_where_it_is_keeps_everything() {
    let model = network(0);
    let before = model.state_dict().expect("a state");
    let moved = model.to(cpu()).expect("room");
    for name in ["0.weight", "1.running_var", "4.bias"] {
        let after = moved.state_dict().expect("a state");
        assert_eq!(after.get::<f32>(name).expect("one"), before.get(name).expect("one"));
    }
}

#[test]
fn forgotten_gradients_are_gone() {
    let mut layer = Linear::<f32>::new(&cpu(), Seed(0), 2, 1).expect("room");
    layer
        .forward(&values(&[3, 2], 0))
        .expect("sizes that fit")
        .sum()
        .backward();
    assert!(layer.weight.grad().is_some());
    layer.zero_grad();
    assert!(layer.weight.grad().is_none());
    assert!(Sgd::new(0.1).step(&mut layer).is_err());
}

#[test]
fn buffers_keep_sizes_and_refuse_what_failed() {
    let buffer = Buffer::from_tensor(&Tensor::<Dynamic>::zeros_of(&[2]).expect("room")).expect("a buffer");
    let error = buffer
        .set(&Tensor::zeros_of(&[3]).expect("room"))
        .expect_err("another size");
    assert_eq!(error.to_string(), "`set`: expected [2], found [3]");
    let failed = Tensor::<Dynamic>::ones_of(&[1 << 60]).expect("sizes");
    assert!(buffer.update(|_| Ok(failed.clone())).is_err());
    assert!(Buffer::from_tensor(&failed).is_err());
    let refused = buffer.update(|old| old.matmul(old)?.matmul(&Tensor::zeros_of(&[5, 5])?));
    assert!(refused.is_err());
    assert_eq!(buffer.get().to_vec().expect("numbers"), [0., 0.]);
    // A column of something, and a parameter that is written afterwards.
    let table = Tensor::<Dynamic>::from_vec(vec![1., 2., 3., 4.], &[2, 2]).expect("as many");
    buffer
        .set(
            &table
                .transpose(0, 1)
                .and_then(|table| table.select(0, 1))
                .expect("a column"),
        )
        .expect("two numbers");
    assert_eq!(buffer.get().to_vec().expect("numbers"), [2., 4.]);
    let mut layer = PRelu::<f32>::new(&cpu(), 2).expect("room");
    buffer.set(&layer.weight).expect("two numbers");
    layer
        .weight
        .set(&Tensor::zeros_of(&[2]).expect("room"))
        .expect("two numbers");
    assert_eq!(buffer.get().to_vec().expect("numbers"), [0.25, 0.25]);
    assert!(!buffer.get().is_tracked());
}

#[test]
fn statistics_of_all_threads_count() {
    let layer = BatchNorm1d::<f64>::new(&cpu(), 3).expect("room");
    std::thread::scope(|scope| {
        for seed in 0..4 {
            let layer = &layer;
            scope.spawn(move || {
                for batch in 0..5 {
                    let x = Tensor::randn(&[8, 3], 10 * seed + batch).expect("room");
                    layer.forward(&x).expect("sizes that fit");
                }
            });
        }
    });
    let count = layer.num_batches_tracked.expect("a count").get();
    assert_eq!(count.item().expect("a number"), 20);
}
