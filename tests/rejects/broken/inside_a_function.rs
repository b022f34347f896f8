use tensor::prelude::*;


fn main() {
    net! { type Mlp = linear(784, 128) >> lineer(128, 10) }
    let model = Mlp::new(&Device::default(), Seed(0));
    let y = model.infer(&Tensor::<dims![3, 784]>::ones());
    println!("{y:?} {}", model.num_parameters());
}
