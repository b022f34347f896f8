//! All that must hold of a generated model.

use tensor::{Device, Model, Seed};

use crate::{Chance, eager, model_differences, model_inputs};

/// Panics unless a model does what its eager form does, on batches of 0, 1 and 3, and its gradients are those of finite differences, in
/// training and in evaluation.
#[track_caller]
pub fn hold<Single: Model<Element = f32> + Clone, Double: Model<Element = f64> + Clone>() {
    eager::hold_for::<Single, Double>(7, &[0, 1, 3]);
    let mut chance = Chance::new(11);
    let mut model: Double = tensor::__private::build(&Device::cpu(), Seed(5));
    for training in [true, false] {
        tensor::__private::set_training(&mut model, training);
        let inputs = model_inputs::inputs::<Double>(2, &mut chance);
        model_differences::check(&model, &inputs);
    }
}
