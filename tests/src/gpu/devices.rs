//! Operands on two devices: an error that names both, whatever the operation.

use tensor::prelude::*;
use tensor::{Error, dynamic};

use super::Check;
use super::sides::{Values, device, sure};
use super::training::course::{Small, batch, parameters};

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    macro_rules! list {
        ($($name:ident)*) => {
            vec![$(Check { name: concat!("devices::", stringify!($name)), run: $name }),*]
        };
    }
    list! { of_two_operands of_layers of_losses of_models of_moved_modules of_replaced_parts of_compiled_steps of_gradients a_failed_operation_stays }
}

/// Panics unless an error says that an operation met operands on two devices.
#[track_caller]
fn names_both(operation: &str, [left, right]: [Device; 2], error: Option<&Error>) {
    let error = error.unwrap_or_else(|| panic!("`{operation}` of operands on {left} and {right} has no error"));
    assert_eq!(
        error.to_string(),
        format!("`{operation}`: one operand is on {left}, the other on {right}; move one of them with `.to(device)`")
    );
}

/// Both orders of the two devices.
fn orders() -> [[Device; 2]; 2] {
    [[Device::cpu(), device()], [device(), Device::cpu()]]
}

fn ones(device: Device, sizes: &[usize]) -> Values<f32> {
    sure("on", Tensor::on(device, &vec![1.0; sizes.iter().product()], sizes))
}

fn of_two_operands() {
    type Operation = fn(&Values<f32>, &Values<f32>) -> tensor::Result<Values<f32>>;
    let operations: [(&str, Operation); 8] = [
        ("add", Values::add),
        ("sub", Values::sub),
        ("mul", Values::mul),
        ("div", Values::div),
        ("pow", Values::pow_tensor),
        ("maximum", Values::maximum),
        ("minimum", Values::minimum),
        ("matmul", Values::matmul),
    ];
    for devices in orders() {
        let [left, right] = devices.map(|device| ones(device, &[3, 3]));
        for (name, operation) in operations {
            let out = operation(&left, &right).expect("sizes that fit");
            names_both(name, devices, out.error());
            assert_eq!(out.sizes(), [3, 3]);
            let tracked = operation(&left.clone().requires_grad(), &right).expect("sizes that fit");
            names_both(name, devices, tracked.sum().try_backward().err().as_ref());
        }
        names_both("add", devices, (&left + &right).error());
        // Of nothing too, and of a view.
        let empty = devices.map(|device| ones(device, &[0]));
        names_both("add", devices, (&empty[0] + &empty[1]).error());
        let out = left.transpose(0, 1).and_then(|left| left.matmul(&right));
        names_both("matmul", devices, out.expect("sizes that multiply").error());
    }
}

fn of_layers() {
    for devices in orders() {
        let [there, here] = devices;
        let x = ones(there, &[2, 3]);
        let linear = sure("linear", dynamic::Linear::new(&here, Seed(0), 3, 4));
        names_both("linear", devices, linear.forward(&x).err().as_ref());
        let norm = sure("layer_norm", dynamic::LayerNorm::new(&here, &[3]));
        names_both("layer_norm", devices, norm.forward(&x).err().as_ref());
    }
}

fn of_losses() {
    for devices in orders() {
        let scores = ones(devices[0], &[2, 3]).requires_grad();
        let labels: Tensor<Dynamic, i64> = sure("on", Tensor::on(devices[1], &[0, 2], &[2]));
        let loss = cross_entropy(&scores, &labels).expect("a label a row");
        names_both("cross_entropy", devices, loss.error());
        names_both("cross_entropy", devices, loss.try_backward().err().as_ref());
        let loss = mse_loss(&scores, &ones(devices[1], &[2, 3])).expect("the same sizes");
        names_both("mse_loss", devices, loss.error());
        // A target with a gradient of its own is compared in operations.
        let loss = mse_loss(&scores, &ones(devices[1], &[2, 3]).requires_grad()).expect("the same sizes");
        names_both("sub", devices, loss.error());
    }
}

fn of_models() {
    for devices in orders() {
        let [there, here] = devices;
        let mut model = Small::<f32>::new_as(&here, Seed(1));
        let before = parameters(&model);
        let (x, labels) = batch::<f32>(there, 3, 1);
        names_both("Small", devices, model.infer(&x).error());
        let out = model.forward(&x);
        names_both("Small", devices, out.error());
        // The error reaches whoever trains the model.
        out.sum().backward();
        names_both("Small", devices, Sgd::new(0.1).step(&mut model).err().as_ref());
        cross_entropy(&model.forward(&x), &labels).backward();
        names_both("Small", devices, Sgd::new(0.1).step(&mut model).err().as_ref());
        let (x, labels) = batch::<f32>(here, 3, 1);
        cross_entropy(&model.forward(&x), &sure("to", labels.to(there))).backward();
        names_both(
            "cross_entropy",
            [here, there],
            Sgd::new(0.1).step(&mut model).err().as_ref(),
        );
        assert_eq!(parameters(&model), before);
        cross_entropy(&model.forward(&x), &labels).backward();
        sure("a step", Sgd::new(0.1).step(&mut model));
        assert_ne!(parameters(&model), before);
    }
}

/// Parameters, buffers and modes go along, and the statistics go on there.
fn of_moved_modules() {
    for [there, here] in orders() {
        let x: Values<f64> = sure("randn", Tensor::randn(&[4, 3], 1).and_then(|x: Values<f64>| x.to(here)));
        let far = sure("to", x.to(there));
        let module = dynamic::Sequential::new()
            .then(sure("linear", dynamic::Linear::new(&here, Seed(0), 3, 2)))
            .then(sure("batch_norm", dynamic::BatchNorm1d::new(&here, 2)));
        sure("forward", module.forward(&x));
        let mut moved = sure("to", module.clone().to(there));
        names_both("linear", [here, there], moved.forward(&x).err().as_ref());
        let mut module = module;
        let forward =
            |module: &dynamic::Sequential<f64>, x| sure("to_vec", sure("forward", module.forward(x)).to_vec());
        for train in [true, false] {
            if !train {
                module.eval();
                moved.eval();
            }
            let (near, far) = (forward(&module, &x), forward(&moved, &far));
            assert!(
                near.iter().zip(&far).all(|(near, far)| (near - far).abs() < 1e-12),
                "{near:?} {far:?}"
            );
        }
        let state = sure("state_dict", moved.state_dict());
        assert_eq!(
            sure("item", sure("get", state.get::<i64>("1.num_batches_tracked")).item()),
            2
        );
        let mut back = sure("to", moved.to(here));
        sure("load_state_dict", back.load_state_dict(&state));
        assert_eq!(forward(&back, &x).len(), 8);
    }
}

net! { type One = only: linear(3, 4) }

/// A model whose parts are elsewhere still computes in memory where it was made.
fn of_replaced_parts() {
    for devices in orders() {
        let [there, here] = devices;
        let x: Tensor<dims![Batch, 3]> = sure("on", Tensor::on(there, &[1.0; 6], &[2, 3]));
        let mut model = One::new(&here, Seed(0));
        model.only = sure("to", model.only.to(there));
        names_both("One", devices, model.infer(&x).error());
        names_both("One", devices, model.forward(&x).error());
        // Moving a model moves all of it, wherever its parts are.
        let back = sure("to", model.clone().to(here));
        assert_eq!(back.only.weight.device(), here);
        let model = sure("to", model.to(there));
        assert_eq!((model.device(), model.only.weight.device()), (there, there));
        assert!(model.infer(&x).error().is_none());
    }
}

fn of_compiled_steps() {
    for devices in orders() {
        let [there, here] = devices;
        let mut step = Small::<f32>::new_as(&here, Seed(1)).compile(cross_entropy, Adam::new(0.01));
        let before = parameters(step.model());
        let ((x, labels), (far, far_labels)) = (batch::<f32>(here, 3, 1), batch::<f32>(there, 3, 1));
        names_both("Small", devices, step.run(&far, &labels).err().as_ref());
        names_both("cross_entropy", [here, there], step.run(&x, &far_labels).err().as_ref());
        assert_eq!(parameters(step.model()), before);
        sure("a step", step.run(&x, &labels));
        let target: Tensor<dims![Batch, 4]> = sure("zeros", Tensor::on(there, &[0.0; 12], &[3, 4]));
        let mut step = Small::<f32>::new_as(&here, Seed(1)).compile(mse_loss, Adam::new(0.01));
        names_both("mse_loss", [here, there], step.run(&x, &target).err().as_ref());
        sure("a step", step.run(&x, &sure("to", target.to(here))));
    }
}

fn of_gradients() {
    for devices in orders() {
        let x = ones(devices[0], &[3]).requires_grad();
        let out = x.square();
        let error = out.backward_with(&ones(devices[1], &[3]));
        names_both("backward_with", devices, error.err().as_ref());
        sure("backward_with", out.backward_with(&ones(devices[0], &[3])));
        assert_eq!(x.grad().expect("a leaf"), ones(devices[0], &[3]) * 2.0);
    }
}

/// What is computed from such a result has its error, and its text.
fn a_failed_operation_stays() {
    let failed = ones(Device::cpu(), &[3]) + ones(device(), &[3]);
    let text = format!(
        "`add`: one operand is on cpu, the other on {}; move one of them with `.to(device)`",
        device()
    );
    for error in [
        failed.to_vec().unwrap_err(),
        failed.relu().sum().item().unwrap_err(),
        failed.at(vec![0]).unwrap_err(),
        failed.to(device()).unwrap_err(),
        failed.to(Device::cpu()).unwrap_err(),
    ] {
        assert_eq!(error.to_string(), text);
    }
    assert_eq!(failed.to_string(), format!("tensor(error: {text})"));
    assert_ne!(failed, failed.clone());
}
