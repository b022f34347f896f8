//! LeNet-5, as a struct with typed fields.

use tensor::prelude::*;

use crate::hold;

/// LeNet-5 for small images.
#[model]
#[input(1, 12, 12)]
pub struct LeNet {
    conv1: conv2d!(1, 4, 5, padding = 2),
    pool1: net!(tanh >> avg_pool2d(2)),
    conv2: Conv2d<_, 6, { (3, 3) }>,
    pool2: net!(tanh >> avg_pool2d(2) >> flatten),
    fc1: Linear<24, 12>,
    act1: Tanh,
    fc2: Linear<12, 10>,
}

hold! { lenet LeNet }

#[test]
fn it_learns() {
    type Images = dims![Batch, 1, 12, 12];
    let chance = &mut tests::Chance::new(3);
    let x: Tensor<Images> = chance.normal(&[10, 1, 12, 12]).try_into_shape().expect("its sizes");
    let labels = Tensor::<dims![Batch], i64>::from_vec((0..10).collect(), &[10]).expect("ten labels");
    let mut step = LeNet::new(&Device::cpu(), Seed(0)).compile(cross_entropy, Adam::new(0.01));
    let first = step.run(&x, &labels).expect("finite");
    let mut last = first;
    for _ in 0..60 {
        last = step.run(&x, &labels).expect("finite");
    }
    assert!(last < 0.1 * first, "from {first} to {last}");
}
