//! Passes that are cut into tiles.

use tensor_ops::{Binary, Unary};

use super::super::*;
use super::{Dice, View, indices, position};

/// Sizes that are cut into tiles, in both directions, with something left.
const CUT: [&[usize]; 9] = [
    &[70, 300],
    &[3, 1500],
    &[1500, 3],
    &[5, 40, 33],
    &[2, 130, 2, 19],
    &[5000],
    &[2100, 1],
    &[1, 17],
    &[17, 16, 16],
];

fn cut_sizes() -> impl Iterator<Item = (usize, &'static [usize])> {
    let rounds = if cfg!(miri) { 1 } else { 12 };
    (0..rounds).flat_map(|round| CUT.iter().map(move |&sizes| (round, sizes)))
}

#[test]
fn elements_of_every_size_come_to_their_places() {
    fn same<T: Copy + Default + PartialEq + Send + Sync>(sizes: &[usize], view: &View, number: fn(usize) -> T) {
        let data: Vec<T> = (0..view.data.len()).map(number).collect();
        let strides: Vec<isize> = (0..sizes.len())
            .map(|axis| loops::row_major_step(sizes, axis))
            .collect();
        let mut out = vec![T::default(); sizes.iter().product()];
        let (offset, from) = (view.offset, &view.strides[..]);
        let source = Source {
            data: &data,
            offset,
            strides: from,
        };
        let target = Target {
            data: &mut out,
            offset: 0,
            strides: &strides,
        };
        copy(sizes, source, target);
        let all = indices(sizes);
        assert!(
            all.iter()
                .zip(&out)
                .all(|(index, &x)| x == data[position(offset, from, index)])
        );
        // And back, where no two share a place.
        if from.iter().zip(sizes).any(|(&stride, &size)| stride == 0 && size > 1) {
            return;
        }
        let mut back = vec![T::default(); data.len()];
        let source = Source {
            data: &out,
            offset: 0,
            strides: &strides,
        };
        let target = Target {
            data: &mut back,
            offset,
            strides: from,
        };
        copy(sizes, source, target);
        assert!(
            all.iter()
                .zip(&out)
                .all(|(index, &x)| x == back[position(offset, from, index)])
        );
    }
    let mut dice = Dice::new(11);
    for (round, sizes) in cut_sizes() {
        let view = View::random(&mut dice, sizes, round % 2 == 0);
        same(sizes, &view, |i| i as f32);
        same(sizes, &view, |i| i as f64);
        same(sizes, &view, |i| i as i64);
        same(sizes, &view, |i| i as u16);
        same(sizes, &view, |i| i as u8);
        same(sizes, &view, |i| i % 3 == 0);
    }
}

#[test]
fn whole_lines_go_past_the_caches() {
    fn check<T: Copy + Default + PartialEq + Send + Sync>(number: fn(usize) -> T) {
        for (rows, columns) in [(160, 256), (16, 272), (144, 64), (40, 128)] {
            let x: Vec<T> = (0..rows * columns).map(number).collect();
            let mut data = vec![T::default(); rows * columns + 64];
            let offset = data.as_ptr().align_offset(64);
            let source = Source {
                data: &x,
                offset: 0,
                strides: &[1, rows as isize],
            };
            let target = Target {
                data: &mut data,
                offset,
                strides: &[columns as isize, 1],
            };
            copy(&[rows, columns], source, target);
            for (place, &found) in data[offset..offset + rows * columns].iter().enumerate() {
                assert!(
                    found == x[place % columns * rows + place / columns],
                    "{rows} {columns} {place}"
                );
            }
            assert!(
                data[..offset]
                    .iter()
                    .chain(&data[offset + rows * columns..])
                    .all(|x| *x == T::default())
            );
        }
    }
    check(|i| i as f32 + 1.0);
    check(|i| i as f64 + 1.0);
    check(|i| i as i64 + 1);
    check(|i| i as u16 | 1);
}

#[test]
fn functions_of_views_that_are_cut() {
    let mut dice = Dice::new(12);
    for (round, sizes) in cut_sizes() {
        let views = [(); 3].map(|()| View::random(&mut dice, sizes, round % 3 == 0));
        let [a, b, c] = views.each_ref().map(View::source);
        let all = indices(sizes);
        let check = |out: &[f64], expected: &dyn Fn(&[usize]) -> f64| {
            assert!(
                all.iter().zip(out).all(|(index, &out)| out == expected(index)),
                "{sizes:?}"
            );
        };
        let [at_a, at_b, at_c] = views.each_ref().map(|view| |index: &[usize]| view.at(index));
        let mut out = vec![0.0; all.len()];
        map(sizes, a, &mut out, |a| a + 1.0);
        check(&out, &|index| at_a(index) + 1.0);
        update(sizes, b, &mut out, |x, b| x * b);
        check(&out, &|index| (at_a(index) + 1.0) * at_b(index));
        zip(sizes, a, b, &mut out, |a, b| a - b);
        check(&out, &|index| at_a(index) - at_b(index));
        zip3(sizes, a, b, c, &mut out, |a, b, c| if a > b { c } else { -c });
        check(&out, &|index| {
            if at_a(index) > at_b(index) {
                at_c(index)
            } else {
                -at_c(index)
            }
        });
        unary(&[Unary::Relu, Unary::Neg], sizes, a, &mut out);
        check(&out, &|index| -at_a(index).max(0.0));
        binary(Binary::Maximum, sizes, a, b, &mut out);
        check(&out, &|index| at_a(index).max(at_b(index)));
    }
}

#[test]
fn one_number_stands_for_all() {
    let x = Source {
        data: &[2.0],
        offset: 0,
        strides: &[0, 0],
    };
    let mut out = [0.0; 12];
    unary(&[Unary::Square], &[3, 4], x, &mut out);
    assert_eq!(out, [4.0; 12]);
    unary(&[Unary::Square], &[3, 0], x, &mut []);
}
