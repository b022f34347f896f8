use tensor::prelude::*;

#[model]
#[forward(|x: [64], mask: [10]| fc(x) * mask)]
struct Net {
    fc: Linear<64, 10>,
}

fn main() {
    let model = Net::new(&Device::cpu(), Seed(0));
    let _ = accuracy(&model, &data::digits());
}
