use tensor::prelude::*;

#[model]
#[forward(|x: [4], h: [2]| (tanh(fc(x) + h), relu(cf(x))))]
struct Cell {
    fc: Linear<4, 2>,
}

#[model]
#[forward(|x: [4], h: [2]| {
    let (a, b) = cell(x, h);
    a + b
})]
struct Net {
    cell: Cell,
}

fn run(x: &Tensor<dims![Batch, 4]>, h: &Tensor<dims![Batch, 2]>) {
    let model = Cell::new(&Device::cpu(), Seed(0));
    let _ = model.forward(x, h);
    let _ = Net::new(&Device::cpu(), Seed(0)).infer(x, h);
}

fn main() {}
