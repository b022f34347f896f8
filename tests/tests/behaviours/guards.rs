//! Parameters that are read and written by several threads at once.

use std::thread;

use tensor::prelude::*;

#[test]
fn readers_and_writers_of_two_models_do_not_wait_for_each_other() {
    net! { type Small = linear(8, 8) }
    let mut models = [0, 1].map(|seed| Small::new(&Device::cpu(), Seed(seed)));
    let views = [0, 1].map(|index: usize| (*models[index].0.weight).clone());
    let x: Tensor<dims![8, 8]> = Tensor::randn(&[8, 8], 3).unwrap();
    thread::scope(|scope| {
        for [a, b] in [[0, 1], [1, 0]] {
            let views = &views;
            scope
                .spawn(move || (0..300).for_each(|_| drop((&views[a] * &views[b]).matmul(&views[a].t()).sum().item())));
        }
        for model in &mut models {
            let x = &x;
            scope.spawn(move || {
                let mut sgd = Sgd::new(0.01);
                for _ in 0..300 {
                    model.forward(x).sum().backward();
                    sgd.step(model).unwrap();
                }
            });
        }
    });
}

#[test]
fn a_model_may_read_its_own_parameters() {
    net! { type Small = linear(4, 4) }
    let model = Small::new(&Device::cpu(), Seed(0));
    let x = (*model.0.weight).clone();
    let mut step = model.compile(mse_loss, Sgd::new(0.1));
    step.run(&x, &x).unwrap();
    step.model_mut().forward(&x).sum().backward();
    step.model_mut().0.weight.set(&x.transpose()).unwrap();
}
