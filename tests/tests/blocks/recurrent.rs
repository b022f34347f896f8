//! States of recurrent layers, which a forward hands in and takes out; cells, which make a step. Names and values are those of the layers of
//! run-time sizes, which are compared with PyTorch.

use tensor::dynamic::{self, RecurrentOptions};
use tensor::prelude::*;
use tests::assert_close;

use crate::{hold, taught_by};

declare_dims! { pub Places; }

#[model]
#[forward(|x: [3, 2], h: [1, 4], c: [1, 4]| {
    let (y, h, c) = memory(x, h, c);
    (out(y), h, c)
})]
pub struct Carried {
    memory: Lstm<2, 4>,
    out: Linear<4, 3>,
}

/// As many steps as the data has, and states of every layer and direction.
#[model]
#[forward(|x: [Places, 2], h: [4, 3], c: [4, 3]| {
    let (y, h, c) = memory(x, h, c);
    let (y, next, _) = above(y);
    (y, cat(h, next, axis = 1), c)
})]
pub struct Stacked {
    memory: lstm!(2, 3, num_layers = 2, bidirectional = true, dropout = 0.25),
    above: lstm!(6, 3, bias = false),
}

/// The last state alone tells what the sequence was.
#[model]
#[forward(|x: [5, 2], h: [2, 3]| {
    let (y, h) = gates(x, h);
    let (_, h) = plain(y, h);
    (class(flatten(h)), h)
})]
pub struct Last {
    gates: gru!(2, 3, num_layers = 2),
    plain: rnn!(3, 3, bidirectional = true, bias = false),
    class: Linear<6, 2>,
}

/// States that only begin, and that only end.
#[model]
#[forward(|x: [4, 2], h: [1, 3], c: [1, 3]| {
    let y = memory(x, h, c);
    let (z, h, _) = memory(x);
    (y * z, h)
})]
pub struct Halves {
    memory: Lstm<2, 3>,
}

#[model]
#[forward(|x: [2], h: [3], c: [3], g: [2], r: [4]| {
    let (h, c) = memory(x, h, c);
    let h = tanh(h);
    let (h, c) = memory(x, h, c);
    let g = gate(h, g);
    let r = plain(g, plain(g, r));
    (c, g, r)
})]
pub struct Cells {
    memory: LstmCell<2, 3>,
    gate: gru_cell!(3, 2),
    plain: rnn_cell!(2, 4, nonlinearity = relu, bias = false),
}

/// From zeros.
#[model]
#[forward(|x: [2]| {
    let h = memory(x);
    let (h, c) = above(h);
    c + gate(h) - plain(h)
})]
pub struct Begun {
    memory: lstm_cell!(2, 3, bias = false),
    above: LstmCell<_, 4>,
    gate: GruCell<_, 4>,
    plain: RnnCell<_, 4>,
}

#[model]
#[forward(|x: [Places, D], h: [1, H], c: [1, H], s: [H]| {
    let (y, h, c) = memory(x, h, c);
    let (s, _) = cell(s, s, s);
    (y, h, c, s)
})]
pub struct Any<D: Dim, H: Dim> {
    memory: Lstm<D, H>,
    cell: LstmCell<H, H>,
}

hold! {
    carried Carried
    stacked Stacked
    last Last
    halves Halves
    cells Cells
    begun Begun
}

fn drawn<S: Shape>(sizes: &[usize], seed: u64) -> Tensor<S, f64> {
    let x = Tensor::<Dynamic, f64>::randn(sizes, seed).expect("a tensor");
    x.try_into_shape().expect("the sizes of the shape")
}

/// The same with the layers in front, as PyTorch has states.
fn turned<S: Shape>(state: &Tensor<S, f64>) -> tensor::Result<Tensor<Dynamic, f64>> {
    state.clone().into_dynamic().permute(&[1, 0, 2])
}

#[track_caller]
fn same<S: Shape>(name: &str, found: &Tensor<S, f64>, expected: &Tensor<Dynamic, f64>) -> tensor::Result<()> {
    assert_eq!(found.sizes(), expected.sizes(), "{name}");
    assert_close(name, &found.to_vec()?, &expected.to_vec()?, 1e-12);
    Ok(())
}

#[test]
fn states_are_those_of_the_layers_of_run_time_sizes() -> tensor::Result<()> {
    #[model]
    #[forward(|x: [5, 3], h: [4, 2], c: [4, 2]| {
        let (y, h, c) = part(x, h, c);
        (y, h, c)
    })]
    struct All {
        part: lstm!(3, 2, num_layers = 2, bidirectional = true),
    }
    #[model]
    #[forward(|x: [5, 3], h: [3, 2]| {
        let (y, h) = part(x, h);
        (y, h)
    })]
    struct Gates {
        part: gru!(3, 2, num_layers = 3),
    }
    let options = RecurrentOptions {
        num_layers: 2,
        batch_first: true,
        bidirectional: true,
        ..Default::default()
    };
    let (cpu, x) = (Device::cpu(), drawn::<dims![3, 5, 3]>(&[3, 5, 3], 1));
    let (h, c) = (drawn::<dims![3, 4, 2]>(&[3, 4, 2], 2), drawn(&[3, 4, 2], 3));
    let model = All::<f64>::new_as(&cpu, Seed(3));
    let layer = taught_by(
        dynamic::Lstm::with(&cpu, Seed(9), 3, 2, options)?,
        model.parameters(),
        "part.",
    )?;
    let (y, h_end, c_end) = model.forward(&x, &h, &c);
    let (states, (last, cells)) = layer.forward(&x.clone().into_dynamic(), Some((&turned(&h)?, &turned(&c)?)))?;
    same("y", &y, &states)?;
    same("h", &h_end, &turned(&last)?)?;
    same("c", &c_end, &turned(&cells)?)?;
    let options = RecurrentOptions {
        num_layers: 3,
        bidirectional: false,
        ..options
    };
    let h = drawn::<dims![3, 3, 2]>(&[3, 3, 2], 2);
    let model = Gates::<f64>::new_as(&cpu, Seed(3));
    let layer = taught_by(
        dynamic::Gru::with(&cpu, Seed(9), 3, 2, options)?,
        model.parameters(),
        "part.",
    )?;
    let (y, h_end) = model.forward(&x, &h);
    let (states, last) = layer.forward(&x.into_dynamic(), Some(&turned(&h)?))?;
    same("y", &y, &states)?;
    same("h", &h_end, &turned(&last)?)
}

#[test]
fn cells_are_those_of_run_time_sizes() -> tensor::Result<()> {
    #[model]
    #[forward(|x: [3], h: [2], c: [2]| {
        let (h, c) = part(x, h, c);
        (h, c)
    })]
    struct Memory {
        part: LstmCell<3, 2>,
    }
    #[model]
    #[forward(|x: [3], h: [2]| part(x, h))]
    struct Gate {
        part: GruCell<3, 2>,
    }
    #[model]
    #[forward(|x: [3], h: [2]| part(x, h))]
    struct Plain {
        part: rnn_cell!(3, 2, bias = false),
    }
    let (cpu, seed) = (Device::cpu(), Seed(3));
    let (x, h) = (drawn::<dims![4, 3]>(&[4, 3], 1), drawn::<dims![4, 2]>(&[4, 2], 2));
    let c = drawn(&[4, 2], 3);
    let [x_any, h_any] = [x.clone().into_dynamic(), h.clone().into_dynamic()];
    let model = Memory::<f64>::new_as(&cpu, seed);
    let cell = taught_by(
        dynamic::LstmCell::new(&cpu, Seed(9), 3, 2)?,
        model.parameters(),
        "part.",
    )?;
    let (h_next, c_next) = model.forward(&x, &h, &c);
    let (state, memory) = cell.forward(&x_any, Some((&h_any, &c.into_dynamic())))?;
    same("h", &h_next, &state)?;
    same("c", &c_next, &memory)?;
    let model = Gate::<f64>::new_as(&cpu, seed);
    let cell = taught_by(dynamic::GruCell::new(&cpu, Seed(9), 3, 2)?, model.parameters(), "part.")?;
    same("gru", &model.forward(&x, &h), &cell.forward(&x_any, Some(&h_any))?)?;
    let model = Plain::<f64>::new_as(&cpu, seed);
    let cell = dynamic::RnnCell::without_bias(&cpu, Seed(9), 3, 2)?;
    let cell = taught_by(cell, model.parameters(), "part.")?;
    same("rnn", &model.forward(&x, &h), &cell.forward(&x_any, Some(&h_any))?)
}

#[test]
fn a_sequence_in_pieces_is_the_sequence() -> tensor::Result<()> {
    type Sequence = dims![2, Places, 2];
    type State = dims![2, 4, 3];
    let mut model = Stacked::<f64>::new_as(&Device::cpu(), Seed(1));
    model.eval();
    let any = Any::<dim![2], dim![3], f64>::new_as(&Device::cpu(), Seed(1));
    let zeros = || Tensor::<dims![2, 1, 3], f64>::zeros();
    let s = Tensor::<dims![2, 3], f64>::ones();
    let x = drawn::<Sequence>(&[2, 7, 2], 5);
    let (whole, h, c, _) = any.infer(&x, &zeros(), &zeros(), &s);
    let piece = |from: isize, len: usize| -> tensor::Result<Tensor<Sequence, f64>> {
        x.clone().into_dynamic().narrow(1, from, len)?.try_into_shape()
    };
    let (first, h_now, c_now, _) = any.infer(&piece(0, 4)?, &zeros(), &zeros(), &s);
    let (rest, h_end, c_end, _) = any.infer(&piece(4, 3)?, &h_now, &c_now, &s);
    let whole = whole.into_dynamic();
    same("first", &first, &whole.narrow(1, 0, 4)?)?;
    same("rest", &rest, &whole.narrow(1, 4, 3)?)?;
    same("h", &h_end, &h.into_dynamic())?;
    same("c", &c_end, &c.into_dynamic())?;
    // Of no step there is no last one.
    let none: Tensor<Sequence, f64> = piece(0, 0)?;
    let start = Tensor::<State, f64>::zeros();
    let (y, h, _) = model.infer(&none, &start, &start);
    assert_eq!(y.sizes(), [2, 0, 3]);
    let error = h.to_vec().expect_err("no last step");
    assert_eq!(error.to_string(), "`select`: index -1 is out of range for an axis of 0");
    Ok(())
}
