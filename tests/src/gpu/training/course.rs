//! What courses of training share: a model with everything in it, batches, and what a model is after them.

use tensor::prelude::*;

use crate::Chance;
use crate::gpu::sides::{Numbers, numbers, sure};

net! {
    /// What most of these checks train: products, a norm, dropout, and elementwise operations of every kind of gradient.
    pub type Small = fc1: linear(6, 16) >> gelu >> norm: layer_norm(16) >> dropout(0.2) >> fc2: linear(16, 16) >> relu >> silu
        >> fc3: linear(16, 4)
}

/// A batch with labels.
pub type Labelled<T> = (Tensor<dims![Batch, 6], T>, Tensor<dims![Batch], i64>);

/// A batch for [`Small`], the same for the same seed.
pub fn batch<T: Float>(device: Device, size: usize, seed: u64) -> Labelled<T> {
    let x = Tensor::randn(&[size, 6], seed).and_then(|x| x.to(device));
    let labels = (0..size).map(|row| ((row as u64 * 7 + seed) % 4) as i64).collect();
    let labels = Tensor::from_vec(labels, &[size]).and_then(|labels: Tensor<dims![Batch], i64>| labels.to(device));
    (sure("a batch", x), sure("labels", labels))
}

/// Random numbers of the sizes that a model takes, row by row.
pub fn input<M: Mapping>(device: Device, batch: usize, chance: &mut Chance) -> Tensor<M::Input<Batch>, M::Element> {
    let mut sizes = vec![batch];
    sizes.extend(M::PROGRAM.inputs[0].sizes);
    let x: Tensor<Dynamic, M::Element> = chance.normal(&sizes);
    sure("an input", x.to(device).and_then(Tensor::try_into_shape))
}

/// All parameters, by name.
pub fn parameters<M: Mapping>(model: &M) -> Numbers {
    let named = tensor::__private::parameters(model).into_iter();
    named
        .map(|parameter| (parameter.name.clone(), numbers(&parameter.name, &parameter.tensor)))
        .collect()
}

/// All gradients, by the names of their parameters.
pub fn gradients<M: Mapping>(model: &M) -> Numbers {
    let named = tensor::__private::parameters(model).into_iter();
    named
        .map(|parameter| {
            let gradient = parameter
                .tensor
                .grad()
                .unwrap_or_else(|| panic!("no gradient of {}", parameter.name));
            (
                format!("gradient of {}", parameter.name),
                numbers(&parameter.name, &gradient),
            )
        })
        .collect()
}
