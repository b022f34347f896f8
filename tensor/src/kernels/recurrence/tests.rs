use super::*;
use crate::kernels::strided::tests::Dice;
use crate::threads::tests::with_each_count;

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// A state after another, straight from the formulas.
fn naive(course: &Course, gates: &[f64], start: Start<'_, f64>, weight: &[f64], bias: Option<&[f64]>) -> Vec<f64> {
    let (hidden, wide) = (course.hidden, course.gates());
    let row_out = course.states().row;
    let mut out = vec![0.0; course.batch * course.seq * row_out];
    for sequence in 0..course.batch {
        let begin = |start: Option<&[f64]>| match start {
            Some(start) => start[sequence * hidden..][..hidden].to_vec(),
            None => vec![0.0; hidden],
        };
        let [mut h, mut c] = start.map(begin);
        for at in course.steps() {
            let row = sequence * course.seq + at;
            let a = |gate: usize, j: usize| gates[row * wide + gate * hidden + j];
            let b = |gate: usize, j: usize| {
                let of = gate * hidden + j;
                let products = (0..hidden).map(|k| weight[of * hidden + k] * h[k]);
                products.sum::<f64>() + bias.map_or(0.0, |bias| bias[of])
            };
            let step = |j: usize| match course.cell {
                Cell::Tanh => ((a(0, j) + b(0, j)).tanh(), 0.0),
                Cell::Relu => ((a(0, j) + b(0, j)).max(0.0), 0.0),
                Cell::Lstm => {
                    let [i, f, o] = [0, 1, 3].map(|gate| sigmoid(a(gate, j) + b(gate, j)));
                    let c = f * c[j] + i * (a(2, j) + b(2, j)).tanh();
                    (o * c.tanh(), c)
                }
                Cell::Gru => {
                    let [r, z] = [0, 1].map(|gate| sigmoid(a(gate, j) + b(gate, j)));
                    let n = (a(2, j) + r * b(2, j)).tanh();
                    ((1.0 - z) * n + z * h[j], 0.0)
                }
            };
            let next: Vec<(f64, f64)> = (0..hidden).map(step).collect();
            (h, c) = next.into_iter().unzip();
            out[row * row_out..][..hidden].copy_from_slice(&h);
            if course.cells {
                out[row * row_out + hidden..][..hidden].copy_from_slice(&c);
            }
        }
    }
    out
}

/// Every cell in both directions, an LSTM with its cells too, and sizes with 0 and 1.
fn courses() -> Vec<Course> {
    let mut all = Vec::new();
    for cell in Cell::ALL {
        for reverse in [false, true] {
            for [batch, seq, hidden] in [[2, 3, 4], [1, 1, 1], [3, 2, 5], [0, 2, 3], [2, 0, 3]] {
                for cells in [false, true].into_iter().take(1 + cell.cells()) {
                    all.push(Course {
                        cell,
                        reverse,
                        batch,
                        seq,
                        hidden,
                        cells,
                    });
                }
            }
        }
    }
    all
}

struct Numbers {
    gates: Vec<f64>,
    starts: [Vec<f64>; 2],
    weight: Vec<f64>,
    bias: Vec<f64>,
    d_out: Vec<f64>,
}

impl Numbers {
    fn of(course: &Course) -> Self {
        let mut dice = Dice::new(7);
        let rows = course.batch * course.seq;
        Self {
            gates: dice.numbers(rows * course.gates()),
            starts: [(); 2].map(|()| dice.numbers(course.batch * course.hidden)),
            weight: dice.numbers(course.gates() * course.hidden),
            bias: dice.numbers(course.gates()),
            d_out: dice.numbers(rows * course.states().row),
        }
    }

    /// What the course begins with.
    fn start(&self, course: &Course) -> Start<'_, f64> {
        let [h, c] = &self.starts;
        [Some(&h[..]), Some(&c[..]).filter(|_| course.cell == Cell::Lstm)]
    }

    /// What a loss that has `d_out` as its gradient is.
    fn loss(&self, course: &Course) -> f64 {
        let out = naive(course, &self.gates, self.start(course), &self.weight, Some(&self.bias));
        out.iter().zip(&self.d_out).map(|(out, d)| out * d).sum()
    }
}

#[test]
fn states_are_those_of_the_formulas() {
    for course in courses() {
        let numbers = Numbers::of(&course);
        let begins = [[None, None], numbers.start(&course)];
        for (bias, start) in [None, Some(&numbers.bias[..])].into_iter().zip(begins) {
            let expected = naive(&course, &numbers.gates, start, &numbers.weight, bias);
            with_each_count(|| {
                for keeps in [false, true] {
                    let mut out = vec![9.0; expected.len()];
                    let mut kept = vec![9.0; course.all_kept()];
                    let kept = keeps.then_some(&mut kept[..]);
                    forward(&course, &numbers.gates, start, &numbers.weight, bias, kept, &mut out);
                    let near = out.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-12);
                    assert!(near, "{course:?}: {out:?} for {expected:?}");
                }
            });
        }
    }
}

#[test]
fn gradients_are_differences() {
    for course in courses() {
        let mut numbers = Numbers::of(&course);
        let mut out = vec![0.0; numbers.d_out.len()];
        let mut kept = vec![0.0; course.all_kept()];
        let (gates, weight, bias) = (&numbers.gates, &numbers.weight, &numbers.bias);
        let start = numbers.start(&course);
        forward(&course, gates, start, weight, Some(bias), Some(&mut kept), &mut out);
        let mut d_gates = vec![9.0; gates.len()];
        let mut d_starts = numbers.starts.clone();
        let [d_h, d_c] = &mut d_starts;
        // One is put there, the other is added to what is there.
        let (mut d_weight, mut d_bias) = (vec![9.0; weight.len()], vec![1.0; bias.len()]);
        let d = Gradients {
            gates: Some(&mut d_gates),
            start: [Some(&mut d_h[..]), Some(&mut d_c[..]).filter(|_| start[1].is_some())],
            weight: Some((&mut d_weight, false)),
            bias: Some((&mut d_bias, true)),
        };
        gradients(&course, start, weight, [&out, &numbers.d_out], &kept, d);
        d_bias.iter_mut().for_each(|d| *d -= 1.0);
        let [d_h, d_c] = d_starts;
        let d_c = if start[1].is_some() { d_c } else { Vec::new() };
        for (which, d) in [d_gates, d_weight, d_bias, d_h, d_c].iter().enumerate() {
            for (at, d) in d.iter().enumerate() {
                let mut moved = |by: f64| {
                    let [h, c] = &mut numbers.starts;
                    [&mut numbers.gates, &mut numbers.weight, &mut numbers.bias, h, c][which][at] += by;
                    numbers.loss(&course)
                };
                let slope = (moved(1e-6) - moved(-2e-6)) / 2e-6;
                moved(1e-6);
                assert!((slope - d).abs() < 1e-6, "{course:?}, {which}, {at}: {d} for {slope}");
            }
        }
    }
}

#[test]
fn a_second_course_needs_no_more_space() {
    let course = courses()[0];
    let numbers = Numbers::of(&course);
    let run = |numbers: &Numbers| {
        let mut out = vec![0.0; numbers.d_out.len()];
        forward(
            &course,
            &numbers.gates,
            [None, None],
            &numbers.weight,
            None,
            None,
            &mut out,
        );
        SPACE.with(|space| {
            let held = space.take();
            let place = (held.as_ptr(), held.len());
            space.set(held);
            place
        })
    };
    let first = run(&numbers);
    assert_eq!(run(&numbers), first);
}
