use tensor::prelude::*;

declare_dims! { Seq; }

net! { type Mlp<D: Dim> = linear(D, D) >> relu }

fn main() {
    let _ = Mlp::<Seq>::new(&Device::cpu(), Seed(0));
}
