use tensor::prelude::*;

fn project(layer: &Linear<dim![784], dim![10]>, x: &Tensor<dims![Batch, 64]>) {
    layer.forward(x);
}

fn main() {}
