use super::*;
use crate::kernels::strided::tests::Dice;
use crate::threads::tests::with_each_count;

fn close(a: &[f64], b: &[f64]) {
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() <= 1e-14 * b.abs().max(1.0), "{a}, not {b}");
    }
}

const COUNTS: [usize; 6] = [0, 1, 7, 16, 33, 40_000];

#[test]
fn sgd_is_its_formula() {
    let mut dice = Dice::new(1);
    for count in COUNTS {
        for options in 0..32 {
            let on = |bit: usize| options >> bit & 1 == 1;
            let rule = SgdRule {
                lr: 0.1,
                momentum: 0.9,
                dampening: if on(0) && !on(1) { 0.3 } else { 0.0 },
                nesterov: on(1),
                weight_decay: if on(2) { 0.01 } else { 0.0 },
                maximize: on(3),
            };
            let mut p = dice.numbers(count);
            let mut expected = p.clone();
            let (mut buffer, mut naive_buffer) = (vec![f64::NAN; count], vec![0.0; count]);
            for step in 0..3 {
                let grads = dice.numbers(count);
                sgd(&mut p, &grads, on(4).then_some(&mut buffer), step == 0, rule);
                for i in 0..count {
                    let sign = if rule.maximize { -1.0 } else { 1.0 };
                    let mut g = sign * grads[i] + rule.weight_decay * expected[i];
                    if on(4) {
                        naive_buffer[i] = if step == 0 {
                            g
                        } else {
                            rule.momentum * naive_buffer[i] + (1.0 - rule.dampening) * g
                        };
                        g = if rule.nesterov {
                            g + rule.momentum * naive_buffer[i]
                        } else {
                            naive_buffer[i]
                        };
                    }
                    expected[i] -= rule.lr * g;
                }
            }
            close(&p, &expected);
        }
    }
}

#[test]
fn adam_is_its_formula() {
    let mut dice = Dice::new(2);
    for count in COUNTS {
        for options in 0..16 {
            let on = |bit: usize| options >> bit & 1 == 1;
            let mut rule = AdamRule {
                lr: 0.01,
                beta1: 0.9,
                beta2: 0.999,
                eps: 1e-8,
                weight_decay: if on(0) { 0.1 } else { 0.0 },
                decoupled: on(1),
                maximize: on(2),
                step: 0,
            };
            let mut p = dice.numbers(count);
            let mut expected = p.clone();
            let [mut m, mut v, mut largest] = [(); 3].map(|()| vec![0.0; count]);
            let [mut naive_m, mut naive_v, mut naive_largest] = [(); 3].map(|()| vec![0f64; count]);
            for step in 1..4 {
                rule.step = step;
                let grads = dice.numbers(count);
                adam(&mut p, &grads, &mut m, &mut v, on(3).then_some(&mut largest), rule);
                for i in 0..count {
                    let sign = if rule.maximize { -1.0 } else { 1.0 };
                    let mut g = sign * grads[i];
                    if rule.decoupled {
                        expected[i] *= 1.0 - rule.lr * rule.weight_decay;
                    } else {
                        g += rule.weight_decay * expected[i];
                    }
                    naive_m[i] = 0.9 * naive_m[i] + (1.0 - 0.9) * g;
                    naive_v[i] = 0.999 * naive_v[i] + (1.0 - 0.999) * g * g;
                    naive_largest[i] = naive_largest[i].max(naive_v[i]);
                    let v = if on(3) { naive_largest[i] } else { naive_v[i] };
                    let m_hat = naive_m[i] / (1.0 - 0.9f64.powf(step as f64));
                    let v_hat = v / (1.0 - 0.999f64.powf(step as f64));
                    expected[i] -= rule.lr * m_hat / (v_hat.sqrt() + rule.eps);
                }
            }
            close(&p, &expected);
        }
    }
}

#[test]
fn threads_do_not_change_the_bits() {
    let mut dice = Dice::new(3);
    let (p, grads) = (dice.numbers(100_000), dice.numbers(100_000));
    let rule = AdamRule {
        lr: 0.01,
        beta1: 0.9,
        beta2: 0.999,
        eps: 1e-8,
        weight_decay: 0.1,
        decoupled: true,
        maximize: false,
        step: 1,
    };
    let run = || {
        let (mut p, mut m, mut v) = (p.clone(), vec![0.0; p.len()], vec![0.0; p.len()]);
        adam(&mut p, &grads, &mut m, &mut v, None, rule);
        (p, m, v)
    };
    assert_eq!(with_each_count(run).len(), 1);
}

#[test]
fn means_of_nothing_end_at_zero() {
    let mut parameters = [1f32];
    let (mut m, mut v) = ([1e-37f32], [1e-37f32]);
    let mut velocity = [1e-37f32];
    for step in 2..3000 {
        adam(
            &mut parameters,
            &[0.0],
            &mut m,
            &mut v,
            None,
            AdamRule {
                lr: 1e-3,
                beta1: 0.9,
                beta2: 0.999,
                eps: 1e-8,
                weight_decay: 0.0,
                decoupled: false,
                maximize: false,
                step,
            },
        );
        let rule = SgdRule {
            lr: 1e-3,
            momentum: 0.9,
            dampening: 0.0,
            nesterov: false,
            weight_decay: 0.0,
            maximize: false,
        };
        sgd(&mut parameters, &[0.0], Some(&mut velocity), false, rule);
    }
    assert_eq!((m, v, velocity), ([0.0], [0.0], [0.0]));
}
