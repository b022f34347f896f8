//! Networks of linear layers, and one of convolutions.

use std::hint::black_box;

use tensor::Result;
use tensor::prelude::*;
use tensor::shape::{Dim, LastAxis};

use super::clock::Clock;

net! {
    pub(super) type Tiny = linear(4, 16) >> relu >> linear(16, 2);
    pub(super) type Mnist = linear(784, 128) >> relu >> linear(128, 10);
    pub(super) type Wide = linear(784, 2048) >> relu >> linear(2048, 2048) >> relu >> linear(2048, 10);
    pub(super) type Convolutions = [784] => reshape(1, 28, 28) >> conv2d(1, 32, 3) >> relu >> conv2d(32, 64, 3) >> relu
        >> max_pool2d(2) >> flatten >> linear(9216, 128) >> relu >> linear(128, 10);
    pub(super) type Huge = linear(4096, 4096) >> relu >> linear(4096, 4096) >> relu >> linear(4096, 10);
}

/// Random samples, and labels that the model has classes for.
type Data<M> = (Tensor<<M as Model>::Input<Batch>>, Tensor<dims![Batch], i64>);

fn data<M: Mapping>(clock: &Clock, batch: usize) -> Result<Data<M>> {
    let features = [M::InputFeatures::STATIC, M::OutputFeatures::STATIC];
    let [inputs, classes] = features.map(|size| size.expect("known when compiling"));
    let x = Tensor::randn(&[batch, inputs], 0)?;
    let labels = (0..batch).map(|row| (row * 7919 % classes) as i64).collect();
    Ok((
        x.to(clock.device)?,
        Tensor::from_vec(labels, &[batch])?.to(clock.device)?,
    ))
}

/// The forward pass, in evaluation.
pub(super) fn forward<M>(clock: &Clock, model: &M, batch: usize) -> Result<f64>
where
    M: Mapping<Element = f32>,
{
    let (x, _) = data::<M>(clock, batch)?;
    clock.median(|| {
        black_box(model.infer::<Batch>(&x));
        Ok(())
    })
}

/// A step of the compiled model. It gives the loss, so it waits for its forward pass.
pub(super) fn compiled<M>(clock: &Clock, model: M, optimizer: impl Optimizer, batch: usize) -> Result<f64>
where
    M: Mapping<Element = f32>,
    M::Output<Batch>: LastAxis<Rest = dims![Batch]>,
{
    let (x, labels) = data::<M>(clock, batch)?;
    let mut step = Step::new(model, cross_entropy, optimizer);
    clock.median(|| step.run::<Batch>(&x, &labels).map(drop))
}

/// A step on the tape: nobody reads the loss, so nothing waits.
pub(super) fn recorded<M>(clock: &Clock, mut model: M, mut optimizer: impl Optimizer, batch: usize) -> Result<f64>
where
    M: Mapping<Element = f32>,
    M::Output<Batch>: LastAxis<Rest = dims![Batch]>,
{
    let (x, labels) = data::<M>(clock, batch)?;
    clock.median(|| {
        cross_entropy(&model.forward::<Batch>(&x), &labels).backward();
        optimizer.step(&mut model)
    })
}

/// Gradient descent with momentum.
pub(super) fn momentum() -> Sgd {
    Sgd::new(0.01).momentum(0.9)
}

/// Adam as it comes.
pub(super) fn adam() -> Adam {
    Adam::new(1e-3)
}
