use tensor::prelude::*;

#[model]
struct Mlp<D: Dim, T: Dim = dim![4]> {
    up: linear!(D, 4 * E),
    down: linear!(T, 4, 4),
}

fn main() {
    let model = Mlp::<dim![8]>::new(&Device::cpu(), Seed(0));
    let y = model.infer(&Tensor::<dims![2, 8]>::zeros());
    println!("{} {}", model.num_parameters(), y.sizes().len());
}
