use tensor::prelude::*;

net! { type Mlp<D: Dim> = linear(D, D) >> relu }

fn main() {
    let _ = Mlp::<64>::new(&Device::cpu(), Seed(0));
}
