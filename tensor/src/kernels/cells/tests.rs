use super::*;
use crate::kernels::strided::tests::Dice;
use crate::threads::tests::with_each_count;

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// State and cell of one feature, straight from the formula.
fn naive(kind: Cell, a: &[f64], b: &[f64], before: f64) -> (f64, f64) {
    match kind {
        Cell::Tanh => ((a[0] + b[0]).tanh(), 0.0),
        Cell::Relu => ((a[0] + b[0]).max(0.0), 0.0),
        Cell::Lstm => {
            let [i, f, o] = [0, 1, 3].map(|gate| sigmoid(a[gate] + b[gate]));
            let cell = f * before + i * (a[2] + b[2]).tanh();
            (o * cell.tanh(), cell)
        }
        Cell::Gru => {
            let [r, z] = [0, 1].map(|gate| sigmoid(a[gate] + b[gate]));
            let n = (a[2] + r * b[2]).tanh();
            ((1.0 - z) * n + z * before, 0.0)
        }
    }
}

/// Numbers of a step, with a row for each sequence.
struct Numbers {
    kind: Cell,
    rows: usize,
    features: usize,
    input: Vec<f64>,
    hidden: Vec<f64>,
    before: Vec<f64>,
}

impl Numbers {
    fn new(kind: Cell, rows: usize, features: usize) -> Self {
        let mut dice = Dice::new(3);
        Self {
            kind,
            rows,
            features,
            input: dice.numbers(rows * features * kind.gates()),
            hidden: dice.numbers(rows * features * kind.gates()),
            before: dice.numbers(rows * features),
        }
    }

    /// State and cell of every feature of every row.
    fn naive(&self) -> Vec<(f64, f64)> {
        let gates = self.kind.gates();
        let one = |at: usize| {
            let (row, j) = (at / self.features, at % self.features);
            let of = |x: &[f64]| -> Vec<f64> {
                (0..gates)
                    .map(|gate| x[(row * gates + gate) * self.features + j])
                    .collect()
            };
            naive(self.kind, &of(&self.input), &of(&self.hidden), self.before[at])
        };
        (0..self.rows * self.features).map(one).collect()
    }

    /// What is kept, the cell and the state.
    fn run(&self) -> [Vec<f64>; 3] {
        let whole = self.rows * self.features;
        let cells = if self.kind == Cell::Lstm { whole } else { 0 };
        let mut out = [vec![0.0; whole * self.kind.kept()], vec![0.0; cells], vec![0.0; whole]];
        let [kept, cell, state] = &mut out;
        step(
            self.kind,
            self.rows,
            self.features,
            Step {
                input: &self.input,
                hidden: &self.hidden,
                before: &self.before,
                kept,
                cell,
                out: state,
            },
        );
        out
    }
}

const SHAPES: [(usize, usize); 7] = [(0, 3), (1, 1), (1, 7), (3, 16), (5, 33), (64, 130), (2, 3000)];

#[test]
fn steps_are_those_of_the_formulas() {
    for kind in Cell::ALL {
        for (rows, features) in SHAPES {
            let numbers = Numbers::new(kind, rows, features);
            let expected = numbers.naive();
            with_each_count(|| {
                let [_, cell, state] = numbers.run();
                for (at, (h, c)) in expected.iter().enumerate() {
                    assert!(
                        (state[at] - h).abs() < 1e-12,
                        "{kind:?} {rows} {features}: {} {h}",
                        state[at]
                    );
                    assert!(cell.get(at).is_none_or(|cell| (cell - c).abs() < 1e-12));
                }
            });
        }
    }
}

#[test]
fn gradients_are_those_of_differences() {
    for kind in Cell::ALL {
        for (rows, features) in [(1, 1), (2, 3), (3, 17)] {
            let mut numbers = Numbers::new(kind, rows, features);
            let (whole, gates) = (rows * features, kind.gates());
            let mut dice = Dice::new(8);
            let [d_out, d_next, d_cell, d_next_cell] = [(); 4].map(|()| dice.numbers(whole));
            let [kept, cell, state] = numbers.run();
            let (lstm, gru) = (kind == Cell::Lstm, kind == Cell::Gru);
            let of = |has: bool, len: usize| vec![0.0; if has { len } else { 0 }];
            let mut d_input = vec![0.0; whole * gates];
            let (mut d_hidden, mut d_before) = (of(gru, whole * gates), of(lstm || gru, whole));
            step_backward(
                kind,
                rows,
                features,
                BackwardStep {
                    kept: &kept,
                    before: &numbers.before,
                    after: if lstm { &cell } else { &state },
                    d_out: &d_out,
                    d_next: Some(&d_next),
                    d_cell: if lstm { &d_cell } else { &[] },
                    d_next_cell: lstm.then_some(&d_next_cell[..]),
                    d_input: &mut d_input,
                    d_hidden: &mut d_hidden,
                    d_before: &mut d_before,
                },
            );
            let value = |numbers: &Numbers| -> f64 {
                let of_one = |(at, (h, c)): (usize, (f64, f64))| {
                    h * (d_out[at] + d_next[at]) + c * (d_cell[at] + d_next_cell[at])
                };
                numbers.naive().into_iter().enumerate().map(of_one).sum()
            };
            let mut check = |pick: fn(&mut Numbers) -> &mut Vec<f64>, found: &[f64]| {
                for (at, found) in found.iter().enumerate() {
                    let old = pick(&mut numbers)[at];
                    pick(&mut numbers)[at] = old + 1e-6;
                    let above = value(&numbers);
                    pick(&mut numbers)[at] = old - 1e-6;
                    let slope = (above - value(&numbers)) / 2e-6;
                    pick(&mut numbers)[at] = old;
                    assert!((slope - found).abs() < 1e-7, "{kind:?}: {found}, not {slope}");
                }
            };
            check(|numbers| &mut numbers.input, &d_input);
            check(|numbers| &mut numbers.hidden, if gru { &d_hidden } else { &d_input });
            check(|numbers| &mut numbers.before, &d_before);
        }
    }
}
