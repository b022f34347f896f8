//! Recurrent layers: gradients of every order, small and empty inputs, directions, what they refuse.

use tensor::autograd::{Tolerance, gradcheck, gradgradcheck};
use tensor::functional::{Nonlinearity, Recurrent, RecurrentWeights, gru, gru_cell, lstm, lstm_cell, rnn, rnn_cell};
use tensor::{Differentiable, Dynamic, Element, Result, Seed, Tensor, bf16};

use crate::{assert_near, assert_refused, doubles, numbers};

type Values = Tensor<Dynamic, f64>;

/// The weights of a layer in one direction: input, hidden, two biases, perhaps a projection.
fn weights<T: Element>(
    gates: usize,
    inputs: usize,
    hidden: usize,
    projected: usize,
    seed: usize,
) -> Vec<Tensor<Dynamic, T>> {
    let outputs = if projected > 0 { projected } else { hidden };
    let mut all = vec![
        numbers(&[gates * hidden, inputs], seed),
        numbers(&[gates * hidden, outputs], seed + 1),
        numbers(&[gates * hidden], seed + 2),
        numbers(&[gates * hidden], seed + 3),
    ];
    if projected > 0 {
        all.push(numbers(&[projected, hidden], seed + 4));
    }
    all
}

fn of<T: Differentiable>(all: &[Tensor<Dynamic, T>]) -> RecurrentWeights<'_, T> {
    RecurrentWeights {
        input: &all[0],
        hidden: &all[1],
        bias: Some([&all[2], &all[3]]),
        projection: all.get(4),
    }
}

/// Everything that a call gives, in one row.
fn row(parts: &[&Values]) -> Result<Values> {
    let flat: Vec<Values> = parts
        .iter()
        .map(|part| part.reshape(&[part.len()]))
        .collect::<Result<_>>()?;
    Tensor::cat(&flat.iter().collect::<Vec<_>>(), 0)
}

const STEPS: usize = 3;

#[test]
fn gradients_of_both_orders() {
    let options = Recurrent {
        bidirectional: true,
        ..Recurrent::default()
    };
    let both = |gates, projected| [weights(gates, 2, 3, projected, 5), weights(gates, 2, 3, projected, 40)];
    let x: Values = numbers(&[STEPS, 2, 2], 1);
    let h: Values = numbers(&[2, 2, 3], 2);
    let check = |f: &dyn Fn(&[Values]) -> Result<Values>, inputs: &[&Values]| {
        gradcheck(f, inputs, Tolerance::default()).expect("gradients");
        gradgradcheck(f, inputs, Tolerance::default()).expect("gradients of second order");
    };
    for nonlinearity in [Nonlinearity::Tanh, Nonlinearity::Relu] {
        let [first, second] = both(1, 0);
        let f = |all: &[Values]| {
            let (out, last) = rnn(
                &all[0],
                Some(&all[1]),
                &[of(&all[2..6]), of(&all[6..])],
                nonlinearity,
                options,
            )?;
            row(&[&out, &last])
        };
        check(
            &f,
            &[&x, &h].into_iter().chain(&first).chain(&second).collect::<Vec<_>>(),
        );
    }
    let [first, second] = both(3, 0);
    let f = |all: &[Values]| {
        let (out, last) = gru(&all[0], Some(&all[1]), &[of(&all[2..6]), of(&all[6..])], options)?;
        row(&[&out, &last])
    };
    check(
        &f,
        &[&x, &h].into_iter().chain(&first).chain(&second).collect::<Vec<_>>(),
    );
    for projected in [0, 2] {
        let [first, second] = both(4, projected);
        let width = 4 + usize::from(projected > 0);
        let state: Values = numbers(&[2, 2, if projected > 0 { 2 } else { 3 }], 3);
        let f = |all: &[Values]| {
            let weights = [of(&all[3..3 + width]), of(&all[3 + width..])];
            let (out, (h, c)) = lstm(&all[0], Some((&all[1], &all[2])), &weights, options)?;
            row(&[&out, &h, &c])
        };
        check(
            &f,
            &[&x, &state, &h]
                .into_iter()
                .chain(&first)
                .chain(&second)
                .collect::<Vec<_>>(),
        );
    }
}

/// A layer step by step, in operations of its own.
fn naive_lstm(x: &Values, all: &[Values]) -> Result<Vec<f64>> {
    let rows = x.sizes()[1];
    let (mut h, mut c) = (Values::zeros_of(&[rows, 3])?, Values::zeros_of(&[rows, 3])?);
    let mut out = Vec::new();
    for step in 0..x.sizes()[0] {
        let here = x.select(0, step as isize)?;
        let from_input = here.matmul(&all[0].t()?)?.add(&all[2])?;
        let gates = from_input.add(&h.matmul(&all[1].t()?)?.add(&all[3])?)?;
        let gate = |index: isize| gates.narrow(1, 3 * index, 3);
        let (i, f, g, o) = (
            gate(0)?.sigmoid(),
            gate(1)?.sigmoid(),
            gate(2)?.tanh(),
            gate(3)?.sigmoid(),
        );
        c = f.mul(&c)?.add(&i.mul(&g)?)?;
        h = o.mul(&c.tanh())?;
        out.extend(doubles(&h));
    }
    Ok(out)
}

#[test]
fn steps_are_those_of_the_formulas() {
    let (x, all) = (numbers(&[STEPS, 2, 2], 9), weights(4, 2, 3, 0, 6));
    let (out, _) = lstm(&x, None, &[of(&all)], Recurrent::default()).expect("sizes that fit");
    assert_near(&out, &naive_lstm(&x, &all).expect("sizes that fit"), 1e-14);
}

#[test]
fn what_is_not_recorded_is_the_same() {
    let (x, all): (Values, _) = (numbers(&[STEPS, 2, 2], 9), weights(4, 2, 3, 2, 6));
    let (plain, (_, cell)) = lstm(&x, None, &[of(&all)], Recurrent::default()).expect("sizes that fit");
    let x = x.requires_grad();
    let (tracked, (_, tracked_cell)) = lstm(&x, None, &[of(&all)], Recurrent::default()).expect("sizes that fit");
    assert!(tracked.is_tracked() && !plain.is_tracked());
    assert_eq!(
        (doubles(&tracked.detach()), doubles(&tracked_cell.detach())),
        (doubles(&plain), doubles(&cell))
    );
}

#[test]
fn a_cell_is_a_layer_of_one_step() {
    let (x, h, c): (Values, Values, Values) = (numbers(&[1, 4, 2], 1), numbers(&[1, 4, 3], 2), numbers(&[1, 4, 3], 3));
    let flat = |x: &Values| x.select(0, 0).expect("the only one");
    let all = weights(4, 2, 3, 0, 6);
    let (_, (h1, c1)) = lstm(&x, Some((&h, &c)), &[of(&all)], Recurrent::default()).expect("fits");
    let (h2, c2) = lstm_cell(&flat(&x), Some((&flat(&h), &flat(&c))), of(&all)).expect("fits");
    assert_eq!(
        (h2.sizes(), doubles(&h1), doubles(&c1)),
        (&[4, 3][..], doubles(&h2), doubles(&c2))
    );
    let all = weights(3, 2, 3, 0, 6);
    let (_, h1) = gru(&x, Some(&h), &[of(&all)], Recurrent::default()).expect("fits");
    let h2 = gru_cell(&flat(&x), Some(&flat(&h)), of(&all)).expect("fits");
    assert_eq!(doubles(&h1), doubles(&h2));
    let all = weights(1, 2, 3, 0, 6);
    let (_, h1) = rnn(&x, None, &[of(&all)], Nonlinearity::Relu, Recurrent::default()).expect("fits");
    let h2 = rnn_cell(&flat(&x), None, of(&all), Nonlinearity::Relu).expect("fits");
    assert_eq!(doubles(&h1), doubles(&h2));
    let (alone, state) = (flat(&flat(&x)), flat(&flat(&h)));
    assert_eq!(alone.sizes(), [2]);
    let h2 = gru_cell(&alone, Some(&state), of(&weights(3, 2, 3, 0, 6))).expect("fits");
    assert_eq!(h2.sizes(), [3]);
}

#[test]
fn axes_may_come_in_either_order_or_without_sequences() {
    let all = weights(3, 2, 3, 0, 6);
    let x: Values = numbers(&[STEPS, 2, 2], 9);
    let (out, last) = gru(&x, None, &[of(&all)], Recurrent::default()).expect("fits");
    let turned = x.transpose(0, 1).expect("two axes");
    let first = Recurrent {
        batch_first: true,
        ..Recurrent::default()
    };
    let (again, same) = gru(&turned, None, &[of(&all)], first).expect("fits");
    assert_eq!(again.sizes(), [2, STEPS, 3]);
    assert_eq!(doubles(&again.transpose(0, 1).expect("axes")), doubles(&out));
    assert_eq!(doubles(&same), doubles(&last));
    let (alone, end) = gru(&x.select(1, 1).expect("there"), None, &[of(&all)], first).expect("fits");
    assert_eq!((alone.sizes(), end.sizes()), (&[STEPS, 3][..], &[1, 3][..]));
    assert_near(&end, &doubles(&last)[3..], 1e-15);
}

#[test]
fn the_reverse_direction_is_the_forward_one_of_what_is_flipped() {
    let (a, b) = (weights(4, 2, 3, 0, 6), weights(4, 2, 3, 0, 60));
    let x: Values = numbers(&[STEPS, 2, 2], 9);
    let both = Recurrent {
        bidirectional: true,
        ..Recurrent::default()
    };
    let (out, (h, _)) = lstm(&x, None, &[of(&a), of(&b)], both).expect("fits");
    let flipped = x.flip(&[0]).expect("an axis");
    let (reverse, (end, _)) = lstm(&flipped, None, &[of(&b)], Recurrent::default()).expect("fits");
    let half = out.narrow(2, 3, 3).expect("there");
    assert_near(&half, &doubles(&reverse.flip(&[0]).expect("an axis")), 0.0);
    assert_near(&h.select(0, 1).expect("there"), &doubles(&end), 0.0);
}

#[test]
fn no_sequences_and_one_step() {
    let all = weights(4, 2, 3, 2, 6);
    let leaves: Vec<Values> = all.iter().map(|x| x.clone().requires_grad()).collect();
    let none: Values = numbers(&[STEPS, 0, 2], 9);
    let (out, (h, c)) = lstm(&none, None, &[of(&leaves)], Recurrent::default()).expect("fits");
    assert_eq!(
        (out.sizes(), h.sizes(), c.sizes()),
        (&[3, 0, 2][..], &[1, 0, 2][..], &[1, 0, 3][..])
    );
    (out.sum() + c.sum()).backward();
    for leaf in &leaves {
        let gradient = leaf.grad().expect("tracked").into_dynamic();
        assert!(doubles(&gradient).iter().all(|&x| x == 0.0));
    }
    let one: Values = numbers(&[1, 1, 2], 9);
    let f = |all: &[Values]| {
        let (out, (_, c)) = lstm(&all[0], None, &[of(&all[1..])], Recurrent::default())?;
        row(&[&out, &c])
    };
    let inputs: Vec<&Values> = [&one].into_iter().chain(&all).collect();
    gradcheck(f, &inputs, Tolerance::default()).expect("gradients");
    gradgradcheck(f, &inputs, Tolerance::default()).expect("gradients of second order");
}

#[test]
fn layers_drop_what_goes_between_them_and_not_what_comes_out() {
    let (a, b) = (weights(1, 2, 64, 0, 6), weights(1, 64, 64, 0, 60));
    let x: Values = numbers(&[STEPS, 2, 2], 9);
    let run = |p: f64, seed| {
        let options = Recurrent {
            dropout: Some((p, Seed(seed))),
            ..Recurrent::default()
        };
        let out = rnn(&x, None, &[of(&a), of(&b)], Nonlinearity::Tanh, options);
        out.map(|out| doubles(&out.0))
    };
    let plain = rnn(&x, None, &[of(&a), of(&b)], Nonlinearity::Tanh, Recurrent::default()).expect("fits");
    assert_eq!(run(0.0, 1).expect("fits"), doubles(&plain.0));
    assert_eq!(run(0.5, 1).expect("fits"), run(0.5, 1).expect("fits"));
    assert_ne!(run(0.5, 1).expect("fits"), run(0.5, 2).expect("fits"));
    assert!(run(0.5, 1).expect("fits").iter().all(|&x| x != 0.0));
    assert_refused(run(1.5, 1), "a probability from 0 to 1");
}

#[test]
fn small_floats_are_computed_with_as_single_ones() {
    let (x, all) = (numbers::<bf16>(&[STEPS, 2, 2], 9), weights::<bf16>(3, 2, 3, 0, 6));
    let single: Vec<Tensor<Dynamic, f32>> = all.iter().map(Tensor::cast).collect();
    let (out, _) = gru(&x, None, &[of(&all)], Recurrent::default()).expect("fits");
    let (wide, _) = gru(&x.cast::<f32>(), None, &[of(&single)], Recurrent::default()).expect("fits");
    assert_eq!(doubles(&out), doubles(&wide.cast::<bf16>()));
}

#[test]
fn what_does_not_fit_is_refused() {
    let all = weights::<f64>(4, 2, 3, 0, 6);
    let plain = Recurrent::default();
    let run = |x: &[usize]| lstm(&numbers(x, 1), None, &[of(&all)], plain);
    assert_refused(
        run(&[3, 2, 4]),
        "`lstm`: expected a weight of [4 * hidden, 4] for the input, found [12, 2]",
    );
    assert_refused(
        run(&[3]),
        "expected an input of [steps, batch, features] or [steps, features], found [3]",
    );
    assert_refused(run(&[0, 2, 2]), "`lstm`: expected one step or more, found [0, 2, 2]");
    let x: Values = numbers(&[3, 2, 2], 1);
    let state = |sizes: &[usize]| {
        let state = numbers(sizes, 1);
        lstm(&x, Some((&state, &state)), &[of(&all)], plain)
    };
    assert_refused(
        state(&[2, 2, 3]),
        "`lstm`: expected a state of [1, 2, 3], found [2, 2, 3]",
    );
    assert_refused(state(&[2, 3]), "expected a state of [1, 2, 3], found [2, 3]");
    assert_refused(lstm(&x, None, &[], plain), "weights for one layer or more, found 0");
    let both = Recurrent {
        bidirectional: true,
        ..plain
    };
    assert_refused(lstm(&x, None, &[of(&all)], both), "two weights for each layer");
    let other = weights(4, 3, 5, 0, 6);
    assert_refused(lstm(&x, None, &[of(&all), of(&other)], plain), "layers of 3 features");
    let mut wrong = weights(4, 2, 3, 0, 6);
    wrong[1] = numbers(&[12, 4], 1);
    assert_refused(
        lstm(&x, None, &[of(&wrong)], plain),
        "a weight of [12, 3] for the state, found [12, 4]",
    );
    wrong[1] = numbers(&[12, 3], 1);
    wrong[3] = numbers(&[11], 1);
    assert_refused(lstm(&x, None, &[of(&wrong)], plain), "a bias of [12], found [11]");
    let projected = weights(3, 2, 3, 2, 6);
    assert_refused(gru(&x, None, &[of(&projected)], plain), "which only an lstm has");
    let cell = |x: &[usize], h: &[usize]| gru_cell(&numbers::<f64>(x, 1), Some(&numbers(h, 1)), of(&projected[..4]));
    assert_refused(cell(&[2, 2], &[3]), "a state of as many axes as the input [2, 2]");
    assert_refused(
        cell(&[1, 2, 2], &[2, 3]),
        "`gru_cell`: expected an input of [batch, features] or [features]",
    );
}
