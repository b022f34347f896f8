use tensor::prelude::*;

declare_dims! { Seq; Heads = 8; }

#[model]
struct Mlp {
    first: Linear<784, Seq>,
    norm: LayerNorm<_>,
    body: net!(relu >> linear(_, 4 * Seq + Heads) >> relu),
    last: Linear<_, 10>,
}

fn main() -> tensor::Result<()> {
    let mut model = Mlp::new(&Device::cpu(), Seed(0));
    let x: Tensor<dims![2, 784]> = Tensor::zeros();
    let y: Tensor<dims![2, 10]> = model.forward(&x);
    println!("{model} {y:?} {}", model.num_parameters());
    model.load("model.safetensors")?;
    Ok(())
}
