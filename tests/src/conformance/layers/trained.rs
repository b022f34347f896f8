//! Layers with parameters.

use tensor::{Device, Dynamic, Float, Parameter, Seed, Tensor, dynamic};

use super::{Layer, New};
use crate::conformance::any::Listed;
use crate::conformance::{Any, Call, IntoAnswer, Outcome, Refusal};

/// Makes a layer of this family.
pub fn build(new: &New<'_>) -> Result<Box<dyn Layer>, Refusal> {
    let double = new.state.values().any(|any| any.word() == "float64");
    match new.class() {
        "Linear" if double => linear::<f64>(new),
        "Linear" => linear::<f32>(new),
        "LayerNorm" if double => layer_norm::<f64>(new),
        "LayerNorm" => layer_norm::<f32>(new),
        _ => Err(Refusal::Unknown),
    }
}

impl<T: Float + Listed> Layer for dynamic::Linear<T> {
    fn forward(&mut self, call: &Call) -> Outcome {
        Self::forward(self, call.tensor(0, "input")?.typed::<T>()?).into_answer()
    }

    fn parameters(&self) -> Vec<(String, Any)> {
        let bias = self.bias.as_ref().map(|bias| ("bias", bias));
        named([("weight", &self.weight)].into_iter().chain(bias))
    }
}

fn linear<T: Float + Listed>(new: &New<'_>) -> Result<Box<dyn Layer>, Refusal> {
    let (inputs, outputs) = (new.call.size(0, "in_features")?, new.call.size(1, "out_features")?);
    let device = Device::cpu();
    let mut layer = if new.call.bool_or(2, "bias", true)? {
        dynamic::Linear::<T>::new(&device, Seed(0), inputs, outputs)?
    } else {
        dynamic::Linear::without_bias(&device, Seed(0), inputs, outputs)?
    };
    set(&mut layer.weight, new, "weight")?;
    if let Some(bias) = &mut layer.bias {
        set(bias, new, "bias")?;
    }
    Ok(Box::new(layer))
}

/// The normalised axes are one here.
struct LayerNorm<T: Float> {
    layer: dynamic::LayerNorm<T>,
    sizes: Vec<usize>,
    affine: bool,
}

impl<T: Float + Listed> Layer for LayerNorm<T> {
    fn forward(&mut self, call: &Call) -> Outcome {
        let input = call.tensor(0, "input")?;
        let input = input.typed::<T>()?;
        let lead = input.sizes().len().saturating_sub(self.sizes.len());
        let lead: usize = input.sizes()[..lead].iter().product();
        let flat = input.reshape([lead, self.sizes.iter().product()])?;
        self.layer.forward(&flat)?.reshape(input.sizes()).into_answer()
    }

    fn parameters(&self) -> Vec<(String, Any)> {
        let own = [("weight", &self.layer.weight), ("bias", &self.layer.bias)];
        named(own.into_iter().filter(|_| self.affine))
    }
}

fn layer_norm<T: Float + Listed>(new: &New<'_>) -> Result<Box<dyn Layer>, Refusal> {
    let sizes = new.call.need(0, "normalized_shape")?.ints()?;
    let [size] = sizes[..] else {
        return Err(Refusal::missing("layer_norm over several axes"));
    };
    let eps = new.call.float_or(1, "eps", 1e-5)?;
    let affine = new.call.bool_or(2, "elementwise_affine", true)?;
    let mut layer = dynamic::LayerNorm::<T>::new(&Device::cpu(), size as usize, eps)?;
    if affine {
        set(&mut layer.weight, new, "weight")?;
        set(&mut layer.bias, new, "bias")?;
    }
    let sizes = vec![size as usize];
    Ok(Box::new(LayerNorm { layer, sizes, affine }))
}

/// Takes over a parameter of the state.
fn set<T: Float + Listed>(parameter: &mut Parameter<Dynamic, T>, new: &New<'_>, name: &str) -> Result<(), Refusal> {
    let state = new
        .state(name)
        .ok_or_else(|| Refusal::missing(format!("layer without `{name}`")))?;
    Ok(parameter.set(state.typed::<T>()?)?)
}

/// The tensors of parameters, which follow these.
fn named<'a, T: Float + Listed>(
    parameters: impl IntoIterator<Item = (&'static str, &'a Parameter<Dynamic, T>)>,
) -> Vec<(String, Any)> {
    let tensor = |parameter: &Parameter<Dynamic, T>| -> Tensor<Dynamic, T> { (**parameter).clone() };
    let named = |(name, parameter): (&str, _)| (name.to_owned(), tensor(parameter).into());
    parameters.into_iter().map(named).collect()
}
