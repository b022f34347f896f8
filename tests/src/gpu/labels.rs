//! Labels that are no classes: a device finds them late, says what the processor says, and changes no parameter until then.

use tensor::prelude::*;

use super::Check;
use super::check::in_child;
use super::sides::{device, sure};
use super::training::course::{Small, batch, parameters};

/// The checks of this file. What the device has to report goes to whoever waits for it next, so each has a process of its own.
pub fn checks() -> Vec<Check> {
    macro_rules! list {
        ($($name:ident)*) => {
            vec![$(Check {
                name: concat!("labels::", stringify!($name)),
                run: || drop(in_child(concat!("labels::", stringify!($name)), &[], $name)),
            }),*]
        };
    }
    list! {
        where_the_loss_is_read where_anything_is_read on_the_tape in_a_compiled_step steps_wait_for_the_report
        every_optimizer_waits dynamic_losses the_first_of_several
    }
}

fn labels(device: Device, labels: [i64; 3]) -> Tensor<dims![Batch], i64> {
    sure("labels", Tensor::on(device, &labels, &[3]))
}

/// What the processor says of the same labels.
fn of_the_processor(wrong: [i64; 3]) -> String {
    let model = Small::<f32>::new_as(&Device::cpu(), Seed(2));
    let (x, _) = batch(Device::cpu(), 3, 1);
    let loss = cross_entropy(&model.forward(&x), &labels(Device::cpu(), wrong));
    loss.item().expect_err("no such class").to_string()
}

fn where_the_loss_is_read() {
    let model = Small::<f32>::new_as(&device(), Seed(2));
    let (x, _) = batch(device(), 3, 1);
    for (row, wrong) in [(2, 4), (1, -1), (0, i64::MAX), (2, i64::MIN), (1, 1 << 32)] {
        let mut given = [0, 3, 1];
        given[row] = wrong;
        let loss = cross_entropy(&model.forward(&x), &labels(device(), given));
        let error = loss.item().expect_err("no such class").to_string();
        assert_eq!(error, of_the_processor(given));
        let words = format!("`cross_entropy`: label {wrong} is out of range for 4 classes, in row {row}");
        assert_eq!(error, words);
    }
    assert!(
        cross_entropy(&model.forward(&x), &labels(device(), [0, 3, 3]))
            .item()
            .is_ok()
    );
}

/// Whoever waits for the device next is told, once; what has nothing to do with it is as it was.
fn where_anything_is_read() {
    let other = sure("on", Tensor::<Dynamic>::on(device(), &[1.0, 2.0], &[2]));
    let model = Small::<f32>::new_as(&device(), Seed(2));
    let (x, _) = batch(device(), 3, 1);
    let wait: [(&str, &dyn Fn() -> Option<tensor::Error>); 3] = [
        ("to_vec", &|| other.to_vec().err()),
        ("at", &|| other.at(vec![0]).err()),
        ("synchronize", &|| device().synchronize().err()),
    ];
    for (what, wait) in wait {
        let loss = cross_entropy(&model.forward(&x), &labels(device(), [0, 9, 1]));
        let error = wait()
            .unwrap_or_else(|| panic!("`{what}` does not report the label"))
            .to_string();
        assert_eq!(error, of_the_processor([0, 9, 1]), "{what}");
        assert!(wait().is_none(), "`{what}` reports it once");
        assert!(
            loss.item().is_ok_and(f32::is_nan),
            "the loss that came of it is no number"
        );
    }
    assert_eq!(sure("to_vec", other.to_vec()), [1.0, 2.0]);
}

fn on_the_tape() {
    let mut model = Small::<f32>::new_as(&device(), Seed(2));
    let before = parameters(&model);
    let (x, _) = batch(device(), 3, 1);
    let mut adam = Adam::new(0.1);
    let loss = cross_entropy(&model.forward(&x), &labels(device(), [0, 3, 9]));
    loss.backward();
    // Nobody has waited yet, so nobody knows; the step must change nothing all the same.
    let stepped = adam.step(&mut model);
    let error = stepped.and_then(|()| loss.item().map(drop)).expect_err("no such class");
    assert_eq!(error.to_string(), of_the_processor([0, 3, 9]));
    assert_eq!(parameters(&model), before);
    model.zero_grad();
    let loss = cross_entropy(&model.forward(&x), &labels(device(), [0, 3, 1]));
    loss.backward();
    sure("a step", adam.step(&mut model));
    assert!(sure("a loss", loss.item()).is_finite());
    let after = parameters(&model);
    assert_ne!(after, before);
    assert!(
        after.values().flatten().all(|number| number.is_finite()),
        "nothing is left of the wrong label"
    );
}

fn in_a_compiled_step() {
    let mut step = Small::<f32>::new_as(&device(), Seed(2)).compile(cross_entropy, Adam::new(0.1));
    let before = parameters(step.model());
    let (x, _) = batch(device(), 3, 1);
    for wrong in [-5, 4] {
        let error = step
            .run(&x, &labels(device(), [wrong, 1, 2]))
            .expect_err("no such class")
            .to_string();
        assert_eq!(error, of_the_processor([wrong, 1, 2]));
        assert_eq!(parameters(step.model()), before);
    }
    let loss = sure("a step", step.run(&x, &labels(device(), [0, 1, 2])));
    assert!(loss.is_finite());
    let after = parameters(step.model());
    assert_ne!(after, before);
    assert!(after.values().flatten().all(|number| number.is_finite()));
    // As if the wrong ones had not been there, but for the dropout masks that they used up.
    let mut other = Small::<f32>::new_as(&device(), Seed(2)).compile(cross_entropy, Adam::new(0.1));
    for _ in 0..2 {
        let _ = other.model().forward(&x);
    }
    sure("a step", other.run(&x, &labels(device(), [0, 1, 2])));
    assert_eq!(parameters(other.model()), after);
}

/// Many steps that nobody reads anything of: from the wrong label on, none of them counts.
fn steps_wait_for_the_report() {
    let mut model = Small::<f32>::new_as(&device(), Seed(2));
    let (x, _) = batch(device(), 3, 1);
    let mut sgd = Sgd::new(0.1).momentum(0.9);
    let mut learn = |model: &mut Small<f32>, given: [i64; 3]| {
        cross_entropy(&model.forward(&x), &labels(device(), given)).backward();
        sgd.step(model)
    };
    sure("a step", learn(&mut model, [0, 1, 2]));
    sure("synchronize", device().synchronize());
    let before = parameters(&model);
    let told = learn(&mut model, [0, 7, 2]).and_then(|()| {
        for _ in 0..5 {
            learn(&mut model, [0, 1, 2])?;
        }
        device().synchronize()
    });
    assert_eq!(
        told.expect_err("no such class").to_string(),
        of_the_processor([0, 7, 2])
    );
    assert_eq!(parameters(&model), before);
    model.zero_grad();
    sure("a step", learn(&mut model, [0, 1, 2]));
    let after = parameters(&model);
    assert_ne!(after, before);
    assert!(after.values().flatten().all(|number| number.is_finite()));
}

fn every_optimizer_waits() {
    fn hold(mut optimizer: impl Optimizer) {
        let mut model = Small::<f64>::new_as(&device(), Seed(2));
        let (x, _) = batch(device(), 3, 1);
        for _ in 0..2 {
            cross_entropy(&model.forward(&x), &labels(device(), [0, 1, 2])).backward();
            sure("a step", optimizer.step(&mut model));
        }
        let before = parameters(&model);
        cross_entropy(&model.forward(&x), &labels(device(), [0, 1, 4])).backward();
        let told = optimizer.step(&mut model).and_then(|()| device().synchronize());
        assert_eq!(
            told.expect_err("no such class").to_string(),
            of_the_processor([0, 1, 4])
        );
        assert_eq!(parameters(&model), before);
        cross_entropy(&model.forward(&x), &labels(device(), [0, 1, 2])).backward();
        sure("a step", optimizer.step(&mut model));
        let after = parameters(&model);
        assert_ne!(after, before);
        let finite = after.values().flatten().all(|number| number.is_finite());
        assert!(finite, "what the optimizer keeps was not touched either");
    }
    hold(Sgd::new(0.1));
    hold(Sgd::new(0.1).momentum(0.9).nesterov());
    hold(Adam::new(0.1));
    hold(Adam::new(0.1).amsgrad());
    hold(AdamW::new(0.1));
}

fn dynamic_losses() {
    let scores: Tensor<Dynamic> = sure("on", Tensor::on(device(), &[0.0; 12], &[2, 3, 2]));
    let wrong: Tensor<Dynamic, i64> = sure("on", Tensor::on(device(), &[0, 1, 0, 1, 2, 0], &[2, 3]));
    let error = cross_entropy(&scores, &wrong)
        .and_then(|loss| loss.item())
        .expect_err("no such class");
    assert_eq!(
        error.to_string(),
        "`cross_entropy`: label 2 is out of range for 2 classes, in row 4"
    );
    let right: Tensor<Dynamic, i64> = wrong.zeros_like();
    let loss = sure("a loss", cross_entropy(&scores, &right).and_then(|loss| loss.item()));
    assert!((loss - std::f32::consts::LN_2).abs() < 1e-6);
}

/// Several wrong labels, in one loss and in several: one of them is reported, and all are done with.
fn the_first_of_several() {
    let scores: Tensor<Dynamic> = sure("on", Tensor::on(device(), &[0.0; 3000], &[1000, 3]));
    let row = |row: usize| -> i64 { if row % 7 == 3 { -1 - row as i64 } else { 1 } };
    let data: Vec<i64> = (0..1000).map(row).collect();
    let wrong: Tensor<Dynamic, i64> = sure("on", Tensor::on(device(), &data, &[1000]));
    let losses = [(); 2].map(|()| cross_entropy(&scores, &wrong).expect("a label a row"));
    let error = losses[0].item().expect_err("no such class").to_string();
    let named = (0..1000).filter(|row| row % 7 == 3).any(|row| {
        error
            == format!(
                "`cross_entropy`: label {} is out of range for 3 classes, in row {row}",
                -1 - row as i64
            )
    });
    assert!(named, "{error}");
    assert!(losses[1].item().is_ok(), "both were found before the report");
}
