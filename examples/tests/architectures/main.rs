//! The models of the examples against PyTorch: the number of parameters, the names and sizes of the state, outputs and gradients of the
//! same weights.

#![allow(missing_docs)]

mod kept;
mod recipe;

use std::collections::BTreeSet;
use std::path::Path;

use examples::models::{LeNet, MobileNetV2, ResNet18, ResNet50, UNet};
use kept::{Known, Run};
use tensor::files::Archive;
use tensor::prelude::*;
use tensor::{DType, NamedParameter};

/// The weights of the recipe, in a file under PyTorch's names.
fn weights(known: &Known) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let state = known
        .state
        .iter()
        .map(|(name, sizes)| (name.as_str(), sizes.as_slice()));
    let saved = recipe::archive(state).and_then(|archive| archive.save_safetensors(file.path()));
    saved.expect("written");
    file
}

/// Numbers of the recipe, in a shape.
fn drawn<S: Shape>(name: &str, sizes: &[usize]) -> Tensor<S, f64> {
    let x = Tensor::<Dynamic, f64>::from_vec(recipe::uniform(name, sizes), sizes).expect("as many as the sizes say");
    x.try_into_shape().expect("the model's shape")
}

/// Holds the gradient of each parameter against PyTorch's.
fn hold_gradients(known: &Run, parameters: Vec<NamedParameter<f64>>) {
    let mut held = BTreeSet::new();
    for parameter in parameters {
        let gradient = parameter.tensor.grad().expect("backward reached it");
        known.gradients[&parameter.name].hold(&parameter.name, &gradient);
        held.insert(parameter.name);
    }
    let expected: BTreeSet<String> = known.gradients.keys().cloned().collect();
    assert_eq!(held, expected);
}

/// Holds the running statistics against PyTorch's, as they come out in a file.
fn hold_buffers(known: &Run, file: &Path) -> tensor::Result<()> {
    let archive = Archive::load_safetensors(file)?;
    for (name, expected) in &known.buffers {
        if archive.dtype(name) == Some(DType::F64) {
            expected.hold(name, &archive.get::<f64>(name)?);
        } else {
            expected.hold(name, &archive.get::<i64>(name)?.cast::<f64>());
        }
    }
    Ok(())
}

/// A model of one input and one output against the file of a name. `in training too` where PyTorch's values are without dropout and so
/// is the model; `statistics too` where of a step in training only the running statistics can be compared.
macro_rules! pytorchs {
    ($($test:ident: $Model:ident, $file:literal $(, $mode:ident too)?;)*) => {
        $(
            #[test]
            fn $test() -> tensor::Result<()> {
                let known = Known::of($file);
                let weights = weights(&known);
                let mut model = $Model::<f64>::new_as(&Device::cpu(), Seed(0));
                assert_eq!(model.num_parameters(), known.parameters);
                model.load(weights.path())?;
                model.eval();
                pytorchs!(@compare model, &known, &known.eval);
                $(pytorchs!(@$mode model, &known);)?
                Ok(())
            }
        )*
    };
    (@compare $model:ident, $known:expr, $run:expr) => {{
        let x = drawn("input.0", &$known.inputs[0].shape).requires_grad();
        let out = $model.forward::<Batch>(&x);
        $run.outputs[0].hold("the output", &out);
        out.backward_with(&drawn("cotangent.0", out.sizes()))?;
        hold_gradients($run, $model.parameters());
        $run.input_gradients[0].hold("the input", &x.grad().expect("backward reached it"));
    }};
    (@training $model:ident, $known:expr) => {{
        let run = $known.train.as_ref().expect("values of a step in training");
        $model.train().zero_grad();
        pytorchs!(@compare $model, $known, run);
        pytorchs!(@buffers $model, run);
    }};
    (@statistics $model:ident, $known:expr) => {{
        let run = $known.train.as_ref().expect("values of a step in training");
        $model.train();
        $model.forward::<Batch>(&drawn("input.0", &$known.inputs[0].shape));
        pytorchs!(@buffers $model, run);
    }};
    (@buffers $model:ident, $run:expr) => {{
        let file = tempfile::NamedTempFile::new().expect("a file");
        $model.save(file.path())?;
        hold_buffers($run, file.path())?;
    }};
}

pytorchs! {
    lenet_is_pytorchs: LeNet, "lenet5";
    mobilenet_is_pytorchs: MobileNetV2, "mobilenet_v2", statistics too;
    resnet18_is_pytorchs: ResNet18, "resnet18", statistics too;
    resnet50_is_pytorchs: ResNet50, "resnet50", statistics too;
    unet_is_pytorchs: UNet, "unet", training too;
}
