use tensor::prelude::*;

net! { pub type Mlp = linear(784, 128) >> relu >> linear(64, 10) }

fn main() -> tensor::Result<()> {
    let mut model = Mlp::new(&Device::default(), Seed(0));
    let mut adam = Adam::new(1e-3);
    let (train, test) = data::digits().split(0.8);
    for (x, labels) in train.batches(64).shuffled(1) {
        let loss = cross_entropy(&model.forward(&x), &labels);
        loss.backward();
        adam.step(&mut model)?;
    }
    println!("{model} {}", accuracy(&model, &test)?);
    let weight = model.0.weight.clone();
    println!("{weight:?}");
    model.eval();
    model.save("mlp.safetensors")
}
