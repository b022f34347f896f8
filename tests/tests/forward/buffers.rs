//! Buffers as fields: values that nobody trains.

use tensor::prelude::*;

use crate::hold;

#[model]
#[forward(|x: [3]| {
    let x = (x - mean) * scale;
    output(x + shift * mean)
})]
pub struct Scaled {
    #[init(constant(0.25))]
    mean: Buffer<3>,
    #[init(ones)]
    scale: buffer!(1),
    #[init(constant(0.5))]
    shift: Parameter<3>,
    output: Linear<3, 2>,
}

/// By itself, beside running statistics, and in an order of its own.
#[model]
#[forward(|x: [2, 4]| {
    let rows = cat(first, norm(x), axis = 1);
    inner(flatten(rows)) * last
})]
pub struct Rows {
    last: Buffer<Last>,
    norm: batch_norm1d!(2),
    #[init(constant(0.125))]
    first: Buffer<1, 4>,
    inner: net!(linear(12, 3) >> Scaled),
}

declare_dims! { pub Last = 2; }

#[model]
#[forward(|x: [D]| layer(x * by))]
pub struct Open<D: Dim> {
    #[init(constant(1.5))]
    by: Buffer<D>,
    layer: linear!(D, 2 * D),
}

net! { pub type Closed = linear(4, 3) >> Open<3> >> linear(6, 2) >> Scaled2 }

#[model]
#[forward(|x: [2]| tanh(x) + by)]
pub struct Scaled2 {
    #[init(ones)]
    by: Buffer<2>,
}

hold! {
    a_buffer Scaled
    buffers_among_others Rows
    open_sizes Closed
}

/// How often it ran, and the mean of what it saw.
#[model]
#[forward(dynamic, |x: [2]| -> Result<[2]> {
    self.count.update(|count| Ok(count.affine(1.0, 1.0)))?;
    let mean = no_grad(|| x.mean_axis::<0>());
    self.seen.update(|seen| Ok(seen.affine(0.5, 0.0) + mean.affine(0.5, 0.0)))?;
    Ok(self.layer.forward(x) - self.seen.get())
})]
pub struct Counting {
    count: Buffer<1>,
    seen: Buffer<2>,
    layer: Linear<2, 2>,
}

#[test]
fn a_buffer_is_kept_and_not_trained() -> tensor::Result<()> {
    let mut model = Scaled::new(&Device::cpu(), Seed(0));
    let names: Vec<String> = model.parameters().into_iter().map(|parameter| parameter.name).collect();
    assert_eq!(names, ["shift", "output.weight", "output.bias"]);
    assert_eq!(model.mean.get(), tensor![0.25, 0.25, 0.25]);
    let x = tensor![[1., 2., 3.]];
    let before = model.infer(&x);
    let mut sgd = Sgd::new(0.1);
    model.forward(&x).sum().backward();
    sgd.step(&mut model)?;
    assert_eq!(model.mean.get(), tensor![0.25, 0.25, 0.25]);
    assert_ne!(model.infer(&x), before);

    model.mean.set(&tensor![1., 2., 3.])?;
    let expected = model.output.forward(&(&*model.shift * &tensor![[1., 2., 3.]]));
    tensor::testing::assert_close(&model.infer(&x), &expected);

    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("model.safetensors");
    model.save(&path)?;
    let file = tensor::files::Archive::load_safetensors(&path)?;
    let names: Vec<&str> = file.names().collect();
    assert_eq!(names, ["mean", "output.bias", "output.weight", "scale", "shift"]);
    let mut other = Scaled::new(&Device::cpu(), Seed(1));
    other.load(&path)?;
    assert_eq!(other.infer(&x), model.infer(&x));
    let copy = model.clone();
    model.mean.set(&tensor![0., 0., 0.])?;
    assert_eq!(copy.mean.get(), tensor![1., 2., 3.]);
    Ok(())
}

#[test]
fn a_body_may_change_one() -> tensor::Result<()> {
    let model = Counting::new(&Device::cpu(), Seed(0));
    let x = tensor![[1., 3.], [3., 5.]];
    let _ = model.forward(&x);
    model.forward(&x).sum().backward();
    assert_eq!(model.count.get(), tensor![2.]);
    assert_eq!(model.seen.get(), tensor![1.5, 3.]);
    net! { type Around = linear(2, 2) >> Counting >> relu }
    let mut step = Around::new(&Device::cpu(), Seed(0)).compile(mse_loss, Sgd::new(0.1));
    for _ in 0..3 {
        step.run(&x, &x)?;
    }
    assert_eq!(step.model().1.count.get(), tensor![3.], "once a step, forwards");
    Ok(())
}
