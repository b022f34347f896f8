use tensor_ops::Unary;

use super::*;
use crate::kernels::chain::{Random, chain};
use crate::kernels::strided::tests::Dice;
use crate::threads::tests::with_each_count;

/// A matrix of random layout: element, data and steps.
struct Matrix<T> {
    data: Vec<T>,
    row: usize,
    col: usize,
}

impl<T: Real> Matrix<T> {
    fn random(dice: &mut Dice, rows: usize, columns: usize, layout: usize) -> Self {
        let gap = dice.below(3);
        let (row, col) = match layout {
            0 => (columns + gap, 1),
            1 => (1, rows + gap),
            _ => (2 * columns + gap, 2),
        };
        let length = rows.saturating_sub(1) * row + columns.saturating_sub(1) * col + 1;
        let data = dice.numbers(length).into_iter().map(T::from_f64).collect();
        Self { data, row, col }
    }

    fn view(&self) -> Strided<'_, T> {
        Strided {
            data: &self.data,
            row: self.row,
            col: self.col,
        }
    }

    fn at(&self, i: usize, j: usize) -> f64 {
        self.data[i * self.row + j * self.col].to_f64()
    }
}

/// Every product against the sum of its products, with and without what was there.
fn check<T: Real>(dice: &mut Dice, m: usize, k: usize, n: usize, layouts: (usize, usize)) {
    let a = Matrix::<T>::random(dice, m, k, layouts.0);
    let b = Matrix::<T>::random(dice, k, n, layouts.1);
    let c_row = n + dice.below(2) * 3;
    let accumulate = dice.below(2) == 0;
    let before = Matrix::<T> {
        data: dice.numbers(m * c_row).into_iter().map(T::from_f64).collect(),
        row: c_row,
        col: 1,
    };
    let mut c = before.data.clone();
    gemm(m, k, n, a.view(), b.view(), &mut c, c_row, accumulate, None);
    for i in 0..m {
        for j in 0..c_row {
            let found = c[i * c_row + j].to_f64();
            if j >= n {
                assert_eq!(found, before.at(i, j), "written between the rows");
                continue;
            }
            let exact: f64 = (0..k).map(|p| a.at(i, p) * b.at(p, j)).sum();
            let exact = if accumulate { exact + before.at(i, j) } else { exact };
            let tolerance = 4.0 * T::EPSILON.to_f64() * (k as f64 + 4.0);
            assert!(
                (found - exact).abs() <= tolerance,
                "{m} x {k} x {n}, layouts {layouts:?}, element ({i}, {j}): {found}, not {exact}"
            );
        }
    }
}

#[test]
fn small_products_of_every_layout() {
    let mut dice = Dice::new(1);
    for m in [0, 1, 2, 3, 4, 5, 7, 13] {
        for k in [0, 1, 3, 4, 16, 17, 33] {
            for n in [0, 1, 2, 5, 10, 16, 17, 32, 47] {
                let layouts = (dice.below(3), dice.below(3));
                check::<f32>(&mut dice, m, k, n, layouts);
                check::<f64>(&mut dice, m, k, n, layouts);
            }
        }
    }
}

#[test]
fn random_products() {
    let mut dice = Dice::new(2);
    for _ in 0..300 {
        let [m, k, n] = [(); 3].map(|()| dice.below(90));
        let layouts = (dice.below(3), dice.below(3));
        check::<f32>(&mut dice, m, k, n, layouts);
        check::<f64>(&mut dice, m, k, n, layouts);
    }
}

#[test]
fn products_of_more_than_a_block() {
    let mut dice = Dice::new(3);
    for (m, k, n) in [
        (64, 784, 128),
        (1, 768, 300),
        (2, 700, 900),
        (130, 1100, 70),
        (1100, 20, 40),
        (20, 30, 2100),
        (3, 2000, 5),
    ] {
        for layouts in [(0, 0), (0, 1), (1, 0), (1, 1), (2, 2)] {
            check::<f32>(&mut dice, m, k, n, layouts);
        }
        check::<f64>(&mut dice, m, k, n, (0, 1));
    }
}

#[test]
fn agrees_with_matrixmultiply() {
    let mut dice = Dice::new(4);
    let (m, k, n) = (150, 600, 170);
    let (a, b) = (
        Matrix::<f32>::random(&mut dice, m, k, 0),
        Matrix::<f32>::random(&mut dice, k, n, 1),
    );
    let (mut ours, mut theirs) = (vec![0f32; m * n], vec![0f32; m * n]);
    gemm(m, k, n, a.view(), b.view(), &mut ours, n, false, None);
    let product = Product {
        m,
        k,
        n,
        a: Operand::new(a.view()),
        b: Operand::new(b.view()),
        c: Shared::new(&mut theirs),
        c_row: n,
        accumulate: false,
        finish: None,
    };
    product.by_matrixmultiply();
    assert!(ours.iter().zip(&theirs).all(|(a, b)| (a - b).abs() < 2e-4));
}

#[test]
fn linear_is_product_bias_and_chain() {
    let mut dice = Dice::new(5);
    let random = Some(Random { seed: 3, call: 5 });
    let relu_dropout = [Unary::Relu, Unary::Dropout { p: 0.5, layer: 1 }];
    for (m, k, n) in [
        (0, 3, 4),
        (1, 4, 16),
        (1, 16, 2),
        (3, 0, 5),
        (64, 128, 10),
        (64, 300, 128),
        (20, 3, 1),
        (9, 40, 700),
    ] {
        for ops in [&relu_dropout[..], &[Unary::Gelu], &[Unary::Relu], &[]] {
            let x = Matrix::<f32>::random(&mut dice, m, k, 0);
            let weight = Matrix::<f32>::random(&mut dice, n, k, 0);
            let bias: Vec<f32> = dice.numbers(n).iter().map(|&x| x as f32).collect();
            let (mut out, mut pre) = (vec![9f32; m * n], vec![9f32; m * n]);
            linear(
                m,
                k,
                n,
                x.view(),
                weight.view(),
                Some(&bias),
                ops,
                random,
                Some(&mut pre),
                &mut out,
            );
            for i in 0..m {
                for j in 0..n {
                    let exact: f64 = (0..k).map(|p| x.at(i, p) * weight.at(j, p)).sum::<f64>() + bias[j] as f64;
                    assert!((pre[i * n + j] as f64 - exact).abs() < 1e-5 * (k as f64 + 4.0));
                }
            }
            let mut expected = vec![0f32; m * n];
            chain(ops, random, 0, &pre, &mut expected);
            assert_eq!(out, expected);
            // Without the value before the operations the bits are the same.
            let mut alone = vec![9f32; m * n];
            linear(
                m,
                k,
                n,
                x.view(),
                weight.view(),
                Some(&bias),
                ops,
                random,
                None,
                &mut alone,
            );
            assert_eq!(alone, expected);
            let mut plain = vec![0f32; m * n];
            linear(m, k, n, x.view(), weight.view(), None, &[], None, None, &mut plain);
            for (i, plain) in plain.iter().enumerate() {
                assert!((plain + bias[i % n] - pre[i]).abs() < 1e-5);
            }
        }
    }
}

#[test]
fn threads_do_not_change_the_bits() {
    let mut dice = Dice::new(6);
    for (m, k, n, layouts) in [
        (64, 784, 128, (0, 1)),
        (128, 64, 784, (1, 0)),
        (300, 300, 300, (0, 0)),
        (1100, 1100, 90, (0, 0)),
        (90, 600, 2100, (2, 1)),
        (2, 3000, 500, (0, 1)),
        (2, 500, 3000, (0, 0)),
    ] {
        let a = Matrix::<f32>::random(&mut dice, m, k, layouts.0);
        let b = Matrix::<f32>::random(&mut dice, k, n, layouts.1);
        let run = || {
            let mut c = vec![0f32; m * n];
            gemm(m, k, n, a.view(), b.view(), &mut c, n, false, None);
            c
        };
        assert_eq!(with_each_count(run).len(), 1);
    }
}

#[test]
fn space_is_kept_by_its_keys() {
    use crate::kernels::scratch::{new_key, with_kept_space, with_space};
    let visit = |keys: [u64; 2], expected: [bool; 2]| {
        with_kept_space::<f32>(keys, 8, |_, held| {
            assert_eq!(held.each_mut().map(|held| held.is_new(3)), expected);
        });
    };
    let (a, b, c) = (new_key(), new_key(), new_key());
    visit([a, b], [true, true]);
    visit([a, b], [false, false]);
    visit([c, b], [true, false]);
    // Another use may overwrite what is there.
    with_space::<f64, ()>(4, |_| ());
    visit([c, b], [true, true]);
}
