//! Training gives the same bits on one thread and on two. Alone in its program: the number of threads is the process's.

use tensor::prelude::*;
use tensor::threads;

// Wide enough that products, norms, chains and updates are all cut into several tasks.
net! {
    type Wide = linear(96, 300) >> gelu >> layer_norm(300) >> dropout(0.2) >> linear(300, 260) >> relu >> softmax >> linear(260, 10)
}

type Bits = Vec<u32>;

fn bits(numbers: impl IntoIterator<Item = f32>) -> Bits {
    numbers.into_iter().map(f32::to_bits).collect()
}

fn train(threads: usize) -> (Bits, Bits, Bits) {
    threads::set(threads);
    let mut model = Wide::new(&Device::cpu(), Seed(1));
    let mut adam = Adam::new(1e-3);
    let mut losses = Vec::new();
    let data = |seed: u64| {
        let x = Tensor::<dims![Batch, 96]>::randn(&[131, 96], seed).expect("the sizes of the type");
        let labels = (0..131).map(|row| (row * 3 + seed as i64) % 10).collect();
        (
            x,
            Tensor::<dims![Batch], i64>::from_vec(labels, &[131]).expect("a label a row"),
        )
    };
    let mut input_gradient = Vec::new();
    for seed in 0..4 {
        let (x, labels) = data(seed);
        let x = x.requires_grad();
        let loss = cross_entropy(&model.forward(&x), &labels);
        loss.backward();
        clip_grad_norm(&mut model, 1.0).expect("gradients without error");
        adam.step(&mut model).expect("there are gradients");
        losses.push(loss.item().expect("a number"));
        input_gradient = x.grad().expect("a leaf").to_vec().expect("numbers");
    }
    let mut step = model.compile(cross_entropy, adam);
    for seed in 4..8 {
        let (x, labels) = data(seed);
        losses.push(step.run(&x, &labels).expect("a finite loss"));
    }
    let parameters = step.model().parameters();
    let parameters = parameters
        .iter()
        .flat_map(|parameter| parameter.tensor.to_vec().expect("numbers"));
    (bits(losses), bits(input_gradient), bits(parameters))
}

/// Operations of the tensor library on sizes that are cut.
fn operations(threads: usize) -> Vec<Bits> {
    threads::set(threads);
    let random = |sizes: &[usize], seed| Tensor::<Dynamic>::randn(sizes, seed).expect("every size");
    let (a, b) = (random(&[300, 257], 1).requires_grad(), random(&[257, 190], 2));
    let product = a.matmul(&b).expect("sizes that multiply");
    let rows = product.log_softmax().sum_axis(0).expect("two axes");
    let all = product.sin().mul(&product).expect("the same sizes");
    let loss = all.mean();
    loss.backward();
    let gradient = a.grad().expect("a leaf");
    let maximum = a.max_axis(1).expect("two axes");
    [
        product,
        rows,
        all,
        loss.into_dynamic(),
        gradient,
        maximum,
        a.prod_axis(0).expect("two axes"),
        a.sum().into_dynamic(),
    ]
    .map(|x| bits(x.to_vec().expect("numbers")))
    .into()
}

#[test]
fn on_one_thread_and_on_two() {
    let (one, two, four) = (train(1), train(2), train(4));
    assert!(one == two && one == four, "training depends on the number of threads");
    let (one, two) = (operations(1), operations(2));
    assert!(one == two, "operations depend on the number of threads");
}
