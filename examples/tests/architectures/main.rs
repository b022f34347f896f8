//! The models of the examples against PyTorch: the number of parameters, the names and sizes of the state, outputs and gradients of the
//! same weights.

#![allow(missing_docs)]

mod kept;
mod recipe;

use std::collections::BTreeSet;

use examples::models::{LeNet, UNet};
use kept::Known;
use tensor::NamedParameter;
use tensor::prelude::*;

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
fn hold_gradients(known: &Known, parameters: Vec<NamedParameter<f64>>) {
    let mut held = BTreeSet::new();
    for parameter in parameters {
        let gradient = parameter.tensor.grad().expect("backward reached it");
        known.eval.gradients[&parameter.name].hold(&parameter.name, &gradient);
        held.insert(parameter.name);
    }
    let expected: BTreeSet<String> = known.eval.gradients.keys().cloned().collect();
    assert_eq!(held, expected);
}

/// A model of one input and one output against the file of a name.
macro_rules! pytorchs {
    ($($test:ident: $Model:ident, $file:literal;)*) => {
        $(
            #[test]
            fn $test() -> tensor::Result<()> {
                let known = Known::of($file);
                let mut model = $Model::<f64>::new_as(&Device::cpu(), Seed(0));
                assert_eq!(model.num_parameters(), known.parameters);
                model.load(weights(&known).path())?;
                model.eval();
                let x = drawn("input.0", &known.inputs[0].shape).requires_grad();
                let out = model.forward::<Batch>(&x);
                known.eval.outputs[0].hold("the output", &out);
                out.backward_with(&drawn("cotangent.0", out.sizes()))?;
                hold_gradients(&known, model.parameters());
                known.eval.input_gradients[0].hold("the input", &x.grad().expect("backward reached it"));
                Ok(())
            }
        )*
    };
}

pytorchs! {
    lenet_is_pytorchs: LeNet, "lenet5";
    unet_is_pytorchs: UNet, "unet";
}
