//! Matrix products of all ranks, and the linear layers.

use tensor::prelude::*;
use tensor::{Batch, Device, Dynamic, Seed, Tensor, dims, dynamic, layers};
use tests::Chance;
use tests::differences::{Values, check};

/// Sizes that multiply with each other.
const PAIRS: &[(&[usize], &[usize])] = &[
    (&[3], &[3]),
    (&[1], &[1]),
    (&[0], &[0]),
    (&[3], &[3, 2]),
    (&[4, 3], &[3]),
    (&[4, 3], &[3, 2]),
    (&[1, 1], &[1, 1]),
    (&[1, 7], &[7, 1]),
    (&[0, 3], &[3, 2]),
    (&[4, 0], &[0, 2]),
    (&[4, 3], &[3, 0]),
    (&[5, 4, 3], &[3, 2]),
    (&[4, 3], &[5, 3, 2]),
    (&[5, 4, 3], &[5, 3, 2]),
    (&[1, 4, 3], &[5, 3, 2]),
    (&[3], &[5, 3, 2]),
    (&[5, 4, 3], &[3]),
    (&[2, 1, 2, 3], &[4, 3, 2]),
    (&[2, 0, 2, 3], &[3, 2]),
    (&[17, 33], &[33, 19]),
    (&[64, 40], &[40, 48]),
];

#[test]
fn matmul() {
    let mut chance = Chance::new(8);
    for (left, right) in PAIRS {
        let (a, b) = (chance.normal(left), chance.normal(right));
        let label = format!("matmul of {left:?} and {right:?}");
        check(&label, &[a, b], |inputs| {
            inputs[0].matmul(&inputs[1]).expect("sizes that multiply")
        });
    }
}

#[test]
fn operands_that_are_transposed() {
    let mut chance = Chance::new(9);
    let inputs: [Values; 2] = [chance.normal(&[3, 5]), chance.normal(&[4, 3])];
    check("a^T b^T", &inputs, |inputs| {
        let flip = |x: &Values| x.transpose(0, 1).expect("two axes");
        flip(&inputs[0]).matmul(&flip(&inputs[1])).expect("sizes that multiply")
    });
    check("a a^T", &inputs[..1], |inputs| {
        inputs[0]
            .matmul(&inputs[0].transpose(0, 1).expect("two axes"))
            .expect("sizes that multiply")
    });
}

#[test]
fn matmul_of_typed_tensors() {
    let mut chance = Chance::new(10);
    let inputs: [Values; 2] = [chance.normal(&[4, 3]), chance.normal(&[3, 2])];
    check("typed matmul", &inputs, |inputs| {
        let a = inputs[0]
            .clone()
            .try_into_shape::<dims![Batch, 3]>()
            .expect("the sizes above");
        let b = inputs[1]
            .clone()
            .try_into_shape::<dims![3, 2]>()
            .expect("the sizes above");
        a.matmul(&b).into_dynamic()
    });
}

#[test]
fn linear_layers_with_sizes_at_run_time() {
    let mut chance = Chance::new(11);
    for (inputs, outputs) in [(3, 2), (1, 1), (17, 33), (4, 1)] {
        for lead in [vec![5], vec![], vec![1], vec![0], vec![2, 3]] {
            let mut layer = dynamic::Linear::<f64>::new(&Device::cpu(), Seed(1), inputs, outputs).expect("room");
            let sizes: Vec<usize> = lead.into_iter().chain([inputs]).collect();
            let given: [Values; 3] = [
                chance.normal(&sizes),
                chance.normal(&[outputs, inputs]),
                chance.normal(&[outputs]),
            ];
            let forward = layer.clone();
            check("input of linear", &given[..1], |given| {
                forward.forward(&given[0]).expect("sizes that fit")
            });
            // The parameters' own gradients, held against those of the same formula in operations.
            layer.weight.set(&given[1]).expect("the sizes of the weight");
            let bias = layer.bias.as_mut().expect("this layer has a bias");
            bias.set(&given[2]).expect("the sizes of the bias");
            let out = layer.forward(&given[0]).expect("sizes that fit");
            let along = chance.normal::<f64>(out.sizes());
            out.backward_with(&along).expect("recorded");
            let (weight, bias) = (given[1].clone().requires_grad(), given[2].clone().requires_grad());
            let same = given[0]
                .matmul(&weight.transpose(0, 1).expect("two axes"))
                .and_then(|product| product.add(&bias));
            same.expect("sizes that fit").backward_with(&along).expect("recorded");
            let numbers = |x: Option<Tensor<Dynamic, f64>>| x.expect("a gradient").to_vec().expect("numbers");
            let close = |what: &str, found: Vec<f64>, expected: Vec<f64>| {
                tests::assert_close(what, &found, &expected, 1e-12 * tests::largest(&expected).max(1.0));
            };
            close("weight of linear", numbers(layer.weight.grad()), numbers(weight.grad()));
            let of_layer = layer.bias.as_ref().and_then(|bias| bias.grad());
            close("bias of linear", numbers(of_layer), numbers(bias.grad()));
        }
    }
}

#[test]
fn linear_layers_with_typed_sizes() {
    let layer = layers::Linear::<tensor::dim![3], tensor::dim![2]>::new(&Device::cpu(), Seed(2));
    let x = tensor::tensor![[1., 2., 3.], [-1., 0., 2.]].requires_grad();
    let out: Tensor<dims![2, 2]> = layer.forward(&x);
    out.sum().backward();
    assert_eq!(layer.weight.grad(), Some(tensor::tensor![[0., 2., 5.], [0., 2., 5.]]));
    assert_eq!(layer.bias.grad(), Some(tensor::tensor![2., 2.]));
    let columns = layer.weight.sum_axis::<0>().to_vec().expect("numbers");
    assert_eq!(
        x.grad().expect("a leaf").to_vec().expect("numbers"),
        [columns.clone(), columns].concat()
    );
}
