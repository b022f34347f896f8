//! Several inputs and several outputs, of shapes of their own.

use tensor::prelude::*;
use tensor::{Planned, PlannedLoss};

use crate::hold;

declare_dims! { pub Steps; }

#[model]
#[forward(|x: [6], y: [4]| {
    let h = tanh(fc(x));
    h * y + gate(y)
})]
pub struct Gated {
    fc: Linear<6, 4>,
    gate: Linear<4, 4>,
}

/// A cell: what it makes goes back into it.
#[model]
#[forward(|x: [5], h: [4], c: [4]| {
    let z = sigmoid(input(x) + state(h));
    let c = z * c + (1.0 - z) * tanh(fresh(x));
    (tanh(c), c)
})]
pub struct Cell {
    input: Linear<5, 4>,
    state: linear!(4, 4, bias = false),
    fresh: Linear<5, 4>,
}

/// The cell three times, one of its outputs not looked at in the end.
#[model]
#[forward(|x: [5], h: [4], c: [4]| {
    let (h, c) = cell(x, h, c);
    let (h, c): ([4], [4]) = cell(x, h, c);
    let (h, _) = cell(tanh(x), h, c);
    out(h)
})]
pub struct Unrolled {
    cell: Cell,
    out: Linear<4, 3>,
}

/// Sums and differences hand a gradient on as it is, to both inputs; one output is another under a shape of its own.
#[model]
#[forward(|a: [2, 3], b: [6]| {
    let flat = flatten(a);
    let sum = flat + b;
    (sum, reshape(sum, 3, 2), b - flat, scale(sum), a, b)
})]
pub struct Handed {
    scale: Linear<6, 2>,
}

/// An input that goes nowhere but out, and axes that come with the data.
#[model]
#[forward(|x: [Steps, 4], bias: [Steps, 4], passed: [Steps]| {
    let h = norm(x + bias);
    let (h, rest) = halves(h, bias);
    (h * rest, passed, mean(rest))
})]
pub struct Named {
    norm: LayerNorm<4>,
    halves: Halves,
    mean: Linear<4, 1>,
}

#[model]
#[forward(|x: [Steps, 4], y: [Steps, 4]| (relu(fc(x)) + y, fc(y)))]
pub struct Halves {
    fc: Linear<4, 4>,
}

/// Nothing to learn: all of backward is for the inputs.
#[model]
#[forward(|a: [3], b: [3]| {
    let joined = cat(rest(a) * b, softmax(a), axis = 1);
    (joined, a / (2.0 + b * b))
})]
pub struct Bare {
    rest: Identity,
}

hold! {
    gated Gated
    cell Cell
    unrolled Unrolled
    handed Handed
    named Named
    halves Halves
}

#[test]
fn an_output_that_is_not_looked_at_has_a_gradient_of_zeros() {
    let model = Cell::new(&Device::cpu(), Seed(3));
    let x = Tensor::<dims![2, 5]>::ones().requires_grad();
    let state = Tensor::<dims![2, 4]>::ones();
    let (h, _) = model.forward(&x, &state, &state);
    h.sum().backward();
    let alone = x.grad().expect("the output depends on it");
    let x = x.detach().requires_grad();
    let (h, c) = model.forward(&x, &state, &state);
    (h.sum() + 0.0 * c.sum()).backward();
    assert_eq!(x.grad(), Some(alone));
}

#[test]
fn gradients_of_two_outputs_add() {
    let model = Cell::new(&Device::cpu(), Seed(3));
    let x = Tensor::<dims![2, 5]>::ones();
    let state = Tensor::<dims![2, 4]>::ones().requires_grad();
    type Made = Tensor<dims![2, 4]>;
    let gradient = |pick: fn(&Made, &Made) -> Tensor<()>| {
        let state = state.detach().requires_grad();
        let (h, c) = model.forward(&x, &x.matmul(&Tensor::<dims![5, 4]>::ones()), &state);
        pick(&h, &c).backward();
        state.grad().expect("both depend on it")
    };
    let (h, c) = (gradient(|h, _| h.sum()), gradient(|_, c| c.sum()));
    tensor::testing::assert_close(&gradient(|h, c| h.sum() + c.sum()), &(h + c));
}

#[test]
fn inputs_of_unequal_batches_are_told_apart() {
    let model = Gated::new(&Device::cpu(), Seed(3));
    let (x, y) = (
        Tensor::<Dynamic>::zeros_of(&[3, 6]),
        Tensor::<Dynamic>::zeros_of(&[2, 4]),
    );
    let x: Tensor<dims![Batch, 6]> = x.and_then(Tensor::try_into_shape).expect("the shape of x");
    let y: Tensor<dims![Batch, 4]> = y.and_then(Tensor::try_into_shape).expect("the shape of y");
    let panic =
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| model.infer(&x, &y))).expect_err("3 and 2 samples");
    let message = panic.downcast_ref::<String>().expect("a message");
    assert_eq!(
        message,
        "`Gated`: expected one `batch` in all inputs, found `x` of [3, 6] and `y` of [2, 4]"
    );
}

#[test]
fn sizes_come_with_the_data_for_every_batch() {
    let model = Named::new(&Device::cpu(), Seed(3));
    for (batch, steps) in [(2, 5), (3, 1), (0, 4), (2, 0)] {
        let make = |sizes: &[usize]| Tensor::<Dynamic>::zeros_of(sizes).expect("every size");
        let x: Tensor<dims![Batch, Steps, 4]> = make(&[batch, steps, 4]).try_into_shape().expect("three axes");
        let passed: Tensor<dims![Batch, Steps]> = make(&[batch, steps]).try_into_shape().expect("two axes");
        let (h, same, mean) = model.infer(&x, &x, &passed);
        assert_eq!(h.sizes(), [batch, steps, 4]);
        assert_eq!(
            (same.sizes(), mean.sizes()),
            (&[batch, steps][..], &[batch, steps, 1][..])
        );
    }
}

#[test]
fn a_step_takes_a_tuple_and_its_loss_gets_one() {
    let loss =
        |(h, _): &(Planned<Cell>, Planned<Cell>), target: &tensor::Values| -> PlannedLoss { mse_loss(h, target) };
    let mut step = Cell::new(&Device::cpu(), Seed(3)).compile(loss, Sgd::new(0.5));
    let x = Tensor::<dims![2, 5]>::ones();
    let state = Tensor::<dims![2, 4]>::ones();
    let target = Tensor::<dims![2, 4]>::full(0.25);
    let mut recorded = Cell::new(&Device::cpu(), Seed(3));
    let mut sgd = Sgd::new(0.5);
    for _ in 0..3 {
        let (h, _) = recorded.forward(&x, &state, &state);
        let expected = mse_loss(&h, &target);
        expected.backward();
        sgd.step(&mut recorded).expect("a finite gradient");
        let found = step.run((&x, &state, &state), &target).expect("a finite loss");
        assert_eq!(found, expected.item().expect("computed"));
    }
}

#[test]
fn one_output_has_room_for_one_loss() {
    let loss = |(h, c): &(Planned<Cell>, Planned<Cell>), target: &tensor::Values| -> PlannedLoss {
        mse_loss(h, target) + mse_loss(c, target) + mse_loss(h, target)
    };
    let mut step = Cell::new(&Device::cpu(), Seed(3)).compile(loss, Sgd::new(0.5));
    let x = Tensor::<dims![2, 5]>::ones();
    let state = Tensor::<dims![2, 4]>::ones();
    let error = step.run((&x, &state, &state), &state).expect_err("two losses of `h`");
    assert_eq!(
        error.to_string(),
        "`compile`: an output is given to two losses, and has room for one"
    );
}

#[test]
fn a_model_with_nothing_to_learn_has_gradients_of_its_inputs() {
    tests::eager::hold_for::<Bare<f32>, Bare<f64>>(7, &[1, 3]);
}

#[test]
fn the_summary_names_all_that_goes_in_and_out() {
    let text = Cell::new(&Device::cpu(), Seed(3)).to_string();
    let first = text.lines().next().expect("a title");
    assert_eq!(
        first,
        "Cell [batch, 5], [batch, 4], [batch, 4] → [batch, 4], [batch, 4]"
    );
}
