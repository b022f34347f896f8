//! The optimizers' update rules.

use gpu_kernels::{Adam, Error, Float, Sgd};

use super::placed::{Placed, tolerance, wide};
use crate::Chance;
use crate::gpu::naive::{assert_near, numbers};
use crate::gpu::{Check, gpu};

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    vec![
        Check {
            name: "kernels::optimizers::sgd_is_its_formula",
            run: || {
                sgd_is_its_formula::<f32>();
                sgd_is_its_formula::<f64>();
            },
        },
        Check {
            name: "kernels::optimizers::adam_is_its_formula",
            run: || {
                adam_is_its_formula::<f32>();
                adam_is_its_formula::<f64>();
            },
        },
        Check {
            name: "kernels::optimizers::running_means_of_nothing_end_at_zero",
            run: || {
                running_means_of_nothing_end_at_zero::<f32>();
                running_means_of_nothing_end_at_zero::<f64>();
            },
        },
        Check {
            name: "kernels::optimizers::nan_stays",
            run: nan_stays,
        },
        Check {
            name: "kernels::optimizers::nothing_moves_while_a_fault_stands",
            run: nothing_moves_while_a_fault_stands,
        },
    ]
}

const COUNTS: [usize; 7] = [0, 1, 3, 4, 33, 1009, 4097];

fn plain_sgd() -> Sgd {
    Sgd {
        lr: 0.1,
        momentum: 0.9,
        dampening: 0.0,
        nesterov: false,
        weight_decay: 0.0,
        maximize: false,
    }
}

fn plain_adam() -> Adam {
    Adam {
        lr: 0.01,
        beta1: 0.9,
        beta2: 0.999,
        eps: 1e-8,
        weight_decay: 0.0,
        decoupled: false,
        maximize: false,
        step: 1,
    }
}

fn sgd_is_its_formula<T: Float>() {
    let mut chance = Chance::new(21);
    for options in 0..32 {
        let on = |bit: usize| options >> bit & 1 == 1;
        let rule = Sgd {
            dampening: if on(0) && !on(1) { 0.3 } else { 0.0 },
            nesterov: on(1),
            weight_decay: if on(2) { 0.01 } else { 0.0 },
            maximize: on(3),
            ..plain_sgd()
        };
        let sign = if rule.maximize { -1.0 } else { 1.0 };
        let n = *chance.one_of(&COUNTS);
        let p: Vec<T> = numbers(&mut chance, n);
        let values = Placed::new(&p, chance.below(4));
        // Fresh memory: NaN.
        let buffer = Placed::<T>::filled_with_nan(n, chance.below(4));
        let (mut p, mut velocity) = (wide(&p), vec![0.0; n]);
        for step in 0..3 {
            let grads: Vec<T> = numbers(&mut chance, n);
            let grads_at = Placed::new(&grads, chance.below(4));
            let momentum = on(4).then(|| buffer.ptr());
            // SAFETY: all are of n elements.
            unsafe { gpu().sgd(values.ptr(), grads_at.ptr(), momentum, step == 0, rule, n) }.expect("a launch");
            for i in 0..n {
                let mut g = sign * grads[i].as_f64() + rule.weight_decay * p[i];
                if on(4) {
                    let next = rule.momentum * velocity[i] + (1.0 - rule.dampening) * g;
                    velocity[i] = if step == 0 { g } else { next };
                    g = match rule.nesterov {
                        true => g + rule.momentum * velocity[i],
                        false => velocity[i],
                    };
                }
                p[i] -= rule.lr * g;
            }
        }
        let what = format!("{rule:?} of {n}");
        assert_near(&values.read(), &p, tolerance::<T>(1e-6, 1e-14), &what);
        if on(4) {
            assert_near(&buffer.read(), &velocity, tolerance::<T>(1e-6, 1e-14), &what);
        }
    }
}

fn adam_is_its_formula<T: Float>() {
    let mut chance = Chance::new(22);
    for options in 0..32 {
        let on = |bit: usize| options >> bit & 1 == 1;
        let mut rule = Adam {
            weight_decay: if on(0) { 0.1 } else { 0.0 },
            decoupled: on(1),
            maximize: on(2),
            eps: if on(4) { 1e-3 } else { 1e-8 },
            ..plain_adam()
        };
        let sign = if rule.maximize { -1.0 } else { 1.0 };
        let n = *chance.one_of(&COUNTS);
        let p: Vec<T> = numbers(&mut chance, n);
        let values = Placed::new(&p, chance.below(4));
        let zeros = vec![T::default(); n];
        let [first, second, largest] = [(); 3].map(|()| Placed::new(&zeros, chance.below(4)));
        let (mut p, [mut m, mut v, mut top]) = (wide(&p), [(); 3].map(|()| vec![0f64; n]));
        for step in 1..4 {
            rule.step = step;
            let grads: Vec<T> = numbers(&mut chance, n);
            let grads_at = Placed::new(&grads, chance.below(4));
            let pointers = [values.ptr(), grads_at.ptr(), first.ptr(), second.ptr()];
            let [values, grads_at, first, second] = pointers;
            let largest = on(3).then(|| largest.ptr());
            // SAFETY: all are of n elements.
            unsafe { gpu().adam(values, grads_at, first, second, largest, rule, n) }.expect("a launch");
            for i in 0..n {
                let mut g = sign * grads[i].as_f64();
                if rule.decoupled {
                    p[i] *= 1.0 - rule.lr * rule.weight_decay;
                } else {
                    g += rule.weight_decay * p[i];
                }
                m[i] = rule.beta1 * m[i] + (1.0 - rule.beta1) * g;
                v[i] = rule.beta2 * v[i] + (1.0 - rule.beta2) * g * g;
                top[i] = top[i].max(v[i]);
                let square = if on(3) { top[i] } else { v[i] };
                let m_hat = m[i] / (1.0 - rule.beta1.powi(step as i32));
                let v_hat = square / (1.0 - rule.beta2.powi(step as i32));
                p[i] -= rule.lr * m_hat / (v_hat.sqrt() + rule.eps);
            }
        }
        let what = format!("{rule:?} of {n}");
        let close = tolerance::<T>(2e-6, 1e-13);
        assert_near(&values.read(), &p, close, &what);
        assert_near(&first.read(), &m, close, &what);
        assert_near(&second.read(), &v, close, &what);
        // It stays as it was where it does not count.
        let top = if on(3) { top } else { vec![0.0; n] };
        assert_near(&largest.read(), &top, close, &what);
    }
}

/// A gradient once, then none for a long time.
fn running_means_of_nothing_end_at_zero<T: Float>() {
    let smallest = [f64::from(f32::MIN_POSITIVE), f64::MIN_POSITIVE][T::INDEX];
    let means = [smallest, -smallest, smallest * 1.2, smallest * 0.5].map(T::from_f64);
    let n = means.len();
    let [p, g] = [(); 2].map(|()| Placed::new(&vec![T::default(); n], 0));
    let [m, v, velocity] = [(); 3].map(|()| Placed::new(&means, 0));
    let rule = Adam {
        step: 1000,
        ..plain_adam()
    };
    // SAFETY: all are of n elements.
    unsafe {
        gpu()
            .adam(p.ptr(), g.ptr(), m.ptr(), v.ptr(), None, rule, n)
            .expect("a launch");
        gpu()
            .sgd(p.ptr(), g.ptr(), Some(velocity.ptr()), false, plain_sgd(), n)
            .expect("a launch");
    }
    let kept = |rate: f64| {
        means.map(|mean| {
            if mean.as_f64() * rate < smallest {
                0.0
            } else {
                mean.as_f64() * rate
            }
        })
    };
    assert_near(&m.read(), &kept(0.9), smallest * 1e-5, "m");
    assert_near(&v.read(), &kept(0.999), smallest * 1e-5, "v");
    assert_near(&velocity.read(), &kept(0.9), smallest * 1e-5, "the buffer");
    let zeros = |x: Vec<T>| x[..2].iter().filter(|x| x.as_f64() == 0.0).count();
    assert_eq!((zeros(m.read()), zeros(v.read()), zeros(velocity.read())), (2, 2, 2));
}

fn nan_stays() {
    let [p, g] = [1f32, f32::NAN].map(|x| Placed::between(&[x], 0, -77.0));
    let [m, v, largest] = [(); 3].map(|()| Placed::new(&[0f32], 0));
    // SAFETY: all are of one element.
    unsafe {
        gpu()
            .adam(p.ptr(), g.ptr(), m.ptr(), v.ptr(), Some(largest.ptr()), plain_adam(), 1)
            .expect("a launch");
    }
    assert!([p, m, v, largest].iter().all(|x| x.read()[0].is_nan()));
}

fn nothing_moves_while_a_fault_stands() {
    let [p, g, m, v, buffer, loss] = [1.0, 0.5, 0.25, 0.125, 2.0, 0.0].map(|x: f32| Placed::new(&[x], 0));
    let label = Placed::between(&[7i64], 0, 0);
    // SAFETY: all are of one element, and so is a row of logits.
    let step = || unsafe {
        gpu()
            .adam(p.ptr(), g.ptr(), m.ptr(), v.ptr(), None, plain_adam(), 1)
            .expect("a launch");
        let momentum = Some(buffer.ptr());
        gpu()
            .sgd(p.ptr(), g.ptr(), momentum, false, plain_sgd(), 1)
            .expect("a launch");
    };
    // SAFETY: as above.
    unsafe { gpu().cross_entropy(g.ptr(), label.ptr(), loss.ptr(), None, 1, 1) }.expect("a launch");
    step();
    let fault = gpu().synchronize();
    let expected = Error::BadLabel {
        row: 0,
        label: 7,
        classes: 1,
    };
    assert_eq!(fault, Err(expected));
    let state = || [&p, &m, &v, &buffer].map(|x| x.read()[0]);
    assert_eq!(state(), [1.0, 0.25, 0.125, 2.0]);
    // The fault was read: the next step counts again.
    step();
    assert!(
        state()
            .iter()
            .zip([1.0, 0.25, 0.125, 2.0])
            .all(|(now, before)| *now != before)
    );
}
