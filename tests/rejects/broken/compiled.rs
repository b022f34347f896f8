use tensor::prelude::*;

#[model]
struct Mlp {
    hidden: net!(linear(784, 128) >> relu),
    output: net!(linear(64, 10)),
}

fn main() -> tensor::Result<()> {
    let mut step = Mlp::new(&Device::default(), Seed(0)).compile(cross_entropy, Adam::new(1e-3));
    for (x, labels) in data::digits().split(0.8).0.batches(64) {
        let loss = step.run(&x, &labels)?;
        println!("{loss}");
    }
    println!("{:?}", step.model().hidden.0.weight);
    Ok(())
}
