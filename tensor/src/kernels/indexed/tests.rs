//! Gathering and scattering against loops that know nothing of strides.

use super::*;

/// The elements of a view, row by row.
fn listed<T: Copy>(sizes: &[usize], x: Source<'_, T>) -> Vec<T> {
    let count: usize = sizes.iter().product();
    let element = |mut at: usize| {
        let mut from = x.offset as isize;
        for axis in (0..sizes.len()).rev() {
            from += (at % sizes[axis]) as isize * x.strides[axis];
            at /= sizes[axis];
        }
        x.data[from as usize]
    };
    (0..count).map(element).collect()
}

/// How many elements operands are cut from; miri takes its time.
const DATA: usize = if cfg!(miri) { 1_000 } else { 200_000 };

fn cases() -> impl Iterator<Item = &'static Case> {
    let fits = |case: &&Case| !cfg!(miri) || case.0.iter().product::<usize>() < 200;
    CASES.iter().filter(fits)
}

/// Sizes, an axis, the size of the other operand there, the strides of the two operands that are read.
type Case = (&'static [usize], usize, usize, &'static [isize], &'static [isize]);

const CASES: &[Case] = &[
    (&[4], 0, 3, &[1], &[1]),
    (&[2, 3, 4], 1, 5, &[20, 4, 1], &[12, 4, 1]),
    (&[2, 3, 4], 1, 5, &[20, 4, 1], &[0, 1, 0]),
    (&[2, 3, 4], 1, 5, &[1, 2, 10], &[3, 1, 0]),
    (&[3, 4], 0, 7, &[4, 1], &[1, 0]),
    (&[3, 0, 4], 0, 7, &[4, 4, 1], &[1, 0, 0]),
    (&[300, 200], 0, 50, &[200, 1], &[1, 0]),
    (&[300, 200], 1, 50, &[50, 1], &[200, 1]),
    (&[2, 70_000], 1, 9, &[9, 1], &[70_000, 1]),
    (
        &[2, 1, 1, 2, 1, 1, 2, 1, 1, 2, 1, 1, 2, 1, 1, 2, 1, 1, 2],
        18,
        2,
        &[64, 64, 64, 32, 32, 32, 16, 16, 16, 8, 8, 8, 4, 4, 4, 2, 2, 2, 1],
        &[0; 19],
    ),
];

fn numbers(count: usize, below: i64) -> Vec<i64> {
    (0..count as i64).map(|at| (at * 7919 + at / 3) % below).collect()
}

#[test]
fn gathered() {
    for &(sizes, axis, size, x_strides, index_strides) in cases() {
        let count: usize = sizes.iter().product();
        let x_data: Vec<f32> = (0..DATA).map(|at| at as f32).collect();
        let index_data = numbers(DATA, size as i64);
        let x = Source {
            data: &x_data,
            offset: 1,
            strides: x_strides,
        };
        let index = Source {
            data: &index_data,
            offset: 2,
            strides: index_strides,
        };
        let mut out = vec![-1.0; count];
        gather(axis, size, sizes, x, index, &mut out).expect("all inside");
        let mut x_sizes = sizes.to_vec();
        x_sizes[axis] = size;
        let (flat, places) = (listed(&x_sizes, x), listed(sizes, index));
        let inner: usize = sizes[axis + 1..].iter().product();
        for (at, &found) in out.iter().enumerate() {
            let outer = at / (inner * sizes[axis]);
            let expected = flat[(outer * size + places[at] as usize) * inner + at % inner];
            assert_eq!(found, expected, "{sizes:?} along {axis}: element {at}");
        }
    }
}

#[test]
fn scattered() {
    for &(sizes, axis, size, _, index_strides) in cases() {
        for how in Scatter::ALL {
            let mut out_sizes = sizes.to_vec();
            out_sizes[axis] = size;
            let count: usize = out_sizes.iter().product();
            let source_data: Vec<f32> = (0..DATA).map(|at| ((at * 37 % 101) as f32 - 50.0) / 32.0).collect();
            let index_data = numbers(DATA, size as i64);
            let strides: Vec<isize> = (0..sizes.len()).map(|axis| row_major_step(sizes, axis)).collect();
            let source = Source {
                data: &source_data,
                offset: 1,
                strides: &strides,
            };
            let index = Source {
                data: &index_data,
                offset: 0,
                strides: index_strides,
            };
            let mut out: Vec<f32> = (0..count).map(|at| (at % 5) as f32).collect();
            let mut expected = out.clone();
            scatter(how, axis, sizes, index, source, &out_sizes, &mut out).expect("all inside");
            let inner: usize = sizes[axis + 1..].iter().product();
            let (new, places) = (listed(sizes, source), listed(sizes, index));
            for (at, &new) in new.iter().enumerate() {
                let outer = at / (inner * sizes[axis]);
                let old = &mut expected[(outer * size + places[at] as usize) * inner + at % inner];
                *old = match how {
                    Scatter::Set => new,
                    Scatter::Add => *old + new,
                    Scatter::Prod => *old * new,
                    Scatter::Max => old.max(new),
                    Scatter::Min => old.min(new),
                };
            }
            assert_eq!(out, expected, "{} of {sizes:?} along {axis}", how.name());
        }
    }
}

#[test]
fn indices_outside_write_nothing() {
    let bad = Source {
        data: &[0i64, 3],
        offset: 0,
        strides: &[1],
    };
    let x = Source {
        data: &[1.0f32, 2.0, 3.0],
        offset: 0,
        strides: &[1],
    };
    let mut out = [0.0; 2];
    assert_eq!(
        gather(0, 3, &[2], x, bad, &mut out),
        Err(BadIndex { index: 3, size: 3 })
    );
    assert_eq!(
        scatter(Scatter::Add, 0, &[2], bad, x, &[2], &mut out),
        Err(BadIndex { index: 3, size: 2 })
    );
    assert_eq!(out, [0.0; 2]);
}
