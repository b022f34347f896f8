//! Gathering, scattering, and sums into views whose elements share places.

use gpu_kernels::{Error, Ptr, Scatter, Strided, Type, Typed};

use super::memory::{Memory, kept};
use super::placed::Placed;
use super::view::{View, contiguous, indices, sizes};
use crate::Chance;
use crate::gpu::{Check, gpu};

/// The checks of this file.
pub(super) fn checks() -> Vec<Check> {
    macro_rules! list {
        ($($name:ident)*) => {
            vec![$(Check { name: concat!("kernels::places::", stringify!($name)), run: $name }),*]
        };
    }
    list! {
        gathers_over_random_views scatters_over_random_views long_scatters elements_come_in_order
        sums_into_random_views sums_into_windows indices_outside_are_reported too_many_axes_are_refused
    }
}

/// An index tensor of random places below `end`.
fn random_index(chance: &mut Chance, sizes: &[usize], end: usize) -> (View, Memory, Vec<i64>) {
    let view = View::random(chance, sizes, true);
    let places: Vec<i64> = (0..view.len).map(|_| chance.below(end) as i64).collect();
    (view, Memory::new(Type::I64, &places), places)
}

/// Sizes of one axis at least, and one of the axes.
fn sizes_with_axis(chance: &mut Chance) -> (Vec<usize>, usize) {
    let mut sizes = sizes(chance);
    if sizes.is_empty() {
        sizes.push(5);
    }
    let axis = chance.below(sizes.len());
    (sizes, axis)
}

fn gathers_over_random_views() {
    let mut chance = Chance::new(61);
    for round in 0..320 {
        let of = Type::ALL[round % 8];
        let (sizes, axis) = sizes_with_axis(&mut chance);
        let mut x_sizes = sizes.clone();
        x_sizes[axis] = *chance.one_of(&[1, 2, 6, 40]);
        let x_view = View::random(&mut chance, &x_sizes, true);
        let (x, data) = Memory::random(of, &mut chance, x_view.len);
        let (view, index, places) = random_index(&mut chance, &sizes, x_sizes[axis]);
        let out = Memory::new(of, &vec![1; sizes.iter().product()]);
        let (seen, seen_index) = (x.seen(&x_view), index.seen_as_indices(&view));
        // SAFETY: the views lie in their memory.
        unsafe { gpu().gather(axis, x_sizes[axis], &sizes, seen, seen_index, out.address()) }.expect("a launch");
        let expected = indices(&sizes).into_iter().map(|mut at| {
            at[axis] = places[view.at(&at)] as usize;
            data[x_view.at(&at)]
        });
        let expected: Vec<i64> = expected.collect();
        assert_eq!(
            out.read(),
            expected,
            "{of:?}, {sizes:?} along {axis}, {x_view:?}, {view:?}"
        );
    }
}

/// What `how` makes of two numbers of a type.
fn joined(how: Scatter, of: Type, old: i64, new: i64) -> i64 {
    let both = match how {
        Scatter::Set => new,
        Scatter::Add => old.wrapping_add(new),
        Scatter::Prod => old.wrapping_mul(new),
        Scatter::Max => old.max(new),
        Scatter::Min => old.min(new),
        Scatter::Gather => unreachable!("nothing comes to a place"),
    };
    kept(of, both)
}

/// Scatters random numbers, and holds the result against a loop.
#[track_caller]
fn check_scatter(chance: &mut Chance, how: Scatter, of: Type, axis: usize, sizes: &[usize], out_sizes: &[usize]) {
    let (view, index, places) = random_index(chance, sizes, out_sizes[axis]);
    let source_view = View::random(chance, sizes, true);
    // So small that no product leaves the whole numbers of a type.
    let small = |_| {
        kept(
            of,
            if how == Scatter::Prod {
                *chance.one_of(&[1, -1, 1, 1, 2])
            } else {
                chance.below(9) as i64 - 3
            },
        )
    };
    let data: Vec<i64> = (0..source_view.len).map(small).collect();
    let source = Memory::new(of, &data);
    let (out, mut expected) = Memory::random(of, chance, out_sizes.iter().product());
    let steps = contiguous(out_sizes);
    for mut at in indices(sizes) {
        let new = data[source_view.at(&at)];
        at[axis] = places[view.at(&at)] as usize;
        let place: usize = at.iter().zip(&steps).map(|(i, step)| i * *step as usize).sum();
        expected[place] = joined(how, of, expected[place], new);
    }
    let (seen_index, seen) = (index.seen_as_indices(&view), source.seen(&source_view));
    // SAFETY: the views lie in their memory.
    unsafe { gpu().scatter(how, axis, sizes, seen_index, seen, out_sizes, out.address()) }.expect("a launch");
    let what = format!("{how:?} of {of:?}, {sizes:?} into {out_sizes:?} along {axis}, {view:?}, {source_view:?}");
    assert_eq!(out.read(), expected, "{what}");
}

/// How elements come to a place.
const HOW: [Scatter; 5] = [Scatter::Set, Scatter::Add, Scatter::Prod, Scatter::Max, Scatter::Min];

fn scatters_over_random_views() {
    let mut chance = Chance::new(62);
    for round in 0..400 {
        let (of, how) = (Type::ALL[round % 8], HOW[round % 5]);
        let (mut sizes, axis) = sizes_with_axis(&mut chance);
        sizes[axis] = sizes[axis].min(8);
        let mut out_sizes: Vec<usize> = sizes.iter().map(|size| size + chance.below(3) / 2).collect();
        out_sizes[axis] = *chance.one_of(&[1, 2, 3, 9]);
        check_scatter(&mut chance, how, of, axis, &sizes, &out_sizes);
    }
}

/// By warps and by threads, in ranges of places.
fn long_scatters() {
    let mut chance = Chance::new(63);
    let shapes: [(usize, &[usize], &[usize]); 6] = [
        (0, &[5000], &[7]),
        (0, &[5000], &[3000]),
        (1, &[3, 2100], &[3, 50]),
        (0, &[300, 40], &[5, 40]),
        (0, &[300, 40], &[200, 41]),
        (1, &[2, 100, 33], &[2, 64, 33]),
    ];
    for (axis, sizes, out_sizes) in shapes {
        for (how, of) in [
            (Scatter::Set, Type::F32),
            (Scatter::Add, Type::I32),
            (Scatter::Max, Type::F16),
            (Scatter::Add, Type::U8),
            (Scatter::Min, Type::I64),
        ] {
            check_scatter(&mut chance, how, of, axis, sizes, out_sizes);
        }
    }
}

/// Sums with rounding are those of the loop, bit by bit.
fn elements_come_in_order() {
    let mut chance = Chance::new(64);
    for (axis, sizes, places) in [(0, vec![3000], 5), (0, vec![200, 40], 3), (1, vec![40, 200], 2)] {
        let n: usize = sizes.iter().product();
        let source: Vec<f32> = (0..n).map(|_| chance.below(1 << 20) as f32 / 3.0).collect();
        let index: Vec<i64> = (0..n).map(|_| chance.below(places) as i64).collect();
        let mut out_sizes = sizes.clone();
        out_sizes[axis] = places;
        let (steps, out_steps) = (contiguous(&sizes), contiguous(&out_sizes));
        let mut expected = vec![0.1f32; out_sizes.iter().product()];
        for (number, mut at) in indices(&sizes).into_iter().enumerate() {
            at[axis] = index[number] as usize;
            let place: usize = at.iter().zip(&out_steps).map(|(i, step)| i * *step as usize).sum();
            expected[place] += source[number];
        }
        let (index, source) = (Memory::new(Type::I64, &index), Placed::new(&source, 1));
        let out = Placed::new(&vec![0.1f32; expected.len()], 3);
        let index = Strided {
            ptr: Ptr::new(index.address()),
            strides: &steps,
        };
        let source = Typed {
            of: Type::F32,
            address: source.ptr().address(),
            strides: &steps,
        };
        let to = out.ptr().address();
        // SAFETY: the views lie in their memory.
        unsafe { gpu().scatter(Scatter::Add, axis, &sizes, index, source, &out_sizes, to) }.expect("a launch");
        assert_eq!(out.read(), expected, "{sizes:?} along {axis}");
    }
}

/// Adds random numbers into a view, and holds the result against a loop.
#[track_caller]
fn check_sum(chance: &mut Chance, of: Type, sizes: &[usize], to: &View) {
    let from = View::random(chance, sizes, true);
    let (x, data) = Memory::random(of, chance, from.len);
    let (out, mut expected) = Memory::random(of, chance, to.len);
    for at in indices(sizes) {
        let place = to.at(&at);
        expected[place] = joined(Scatter::Add, of, expected[place], data[from.at(&at)]);
    }
    // SAFETY: the views lie in their memory.
    unsafe { gpu().accumulate(sizes, x.seen(&from), out.seen(to)) }.expect("a launch");
    assert_eq!(out.read(), expected, "{of:?}, {sizes:?}, {from:?} into {to:?}");
}

fn sums_into_random_views() {
    let mut chance = Chance::new(65);
    for round in 0..320 {
        let sizes = sizes(&mut chance);
        let to = View::random(&mut chance, &sizes, true);
        // So few into one place that 16 bits hold the sum.
        let narrow = [Type::I64, Type::F32, Type::I32, Type::F64, Type::U8, Type::Bool];
        check_sum(&mut chance, narrow[round % 6], &sizes, &to);
    }
    for of in [Type::F16, Type::BF16] {
        let sizes = [3, 4];
        let to = View::line(4).with_strides(&[0, 1]);
        check_sum(&mut chance, of, &sizes, &to);
    }
}

fn sums_into_windows() {
    let mut chance = Chance::new(66);
    for _ in 0..120 {
        let of = *chance.one_of(&[Type::F32, Type::F64, Type::I64, Type::F16]);
        let [rows, cols] = [(); 2].map(|()| 1 + chance.below(6));
        let [high, wide] = [(); 2].map(|()| 1 + chance.below(4));
        let [down, along] = [(); 2].map(|()| 1 + chance.below(3));
        let width = (cols - 1) * along + wide;
        // Windows of an image, and some that step by less than nothing.
        let (mut strides, mut first) = (vec![(down * width) as isize, along as isize, width as isize, 1], 0);
        if chance.once_in(3) {
            strides[1] = -strides[1];
            first = (cols - 1) * along;
        }
        let height = (rows - 1) * down + high;
        let to = View {
            strides,
            first,
            len: width * height,
        };
        check_sum(&mut chance, of, &[rows, cols, high, wide], &to);
    }
    // A long row of windows that share nearly all.
    check_sum(
        &mut chance,
        Type::F32,
        &[300, 20],
        &View::line(319).with_strides(&[1, 1]),
    );
}

fn indices_outside_are_reported() {
    let line = View::line(4);
    for (index, outside) in [([0, 3, 1, 2], 3), ([0, 0, -1, 2], -1), ([i64::MIN, 0, 1, 1], i64::MIN)] {
        let places = Memory::new(Type::I64, &index);
        for &of in Type::ALL {
            let (x, out) = (Memory::new(of, &[1; 4]), Memory::new(of, &[1; 4]));
            let seen = places.seen_as_indices(&line);
            // SAFETY: the views lie in their memory; along the axis there are three elements.
            unsafe { gpu().gather(0, 3, &[4], x.seen(&line), seen, out.address()) }.expect("a launch");
            let bad = |operation| Error::BadIndex {
                operation,
                index: outside,
                size: 3,
            };
            assert_eq!(gpu().synchronize(), Err(bad(Scatter::Gather)));
            assert_eq!(gpu().synchronize(), Ok(()));
            let missing = if of.is_float() { i64::MIN } else { 0 };
            let expected = index.map(|place| if place == outside { missing } else { 1 });
            assert_eq!(out.read(), expected, "{of:?}");
            for how in HOW {
                let (source, out) = (Memory::new(of, &[1; 4]), Memory::new(of, &[1; 3]));
                let source = source.seen(&line);
                // SAFETY: as above.
                unsafe { gpu().scatter(how, 0, &[4], seen, source, &[3], out.address()) }.expect("a launch");
                assert_eq!(gpu().synchronize(), Err(bad(how)));
                assert_eq!(gpu().synchronize(), Ok(()));
                // Nothing beside the data was written, which this looks at.
                assert_eq!(out.read().len(), 3);
            }
        }
    }
}

fn too_many_axes_are_refused() {
    let (sizes, turned) = ([2; 10], (0..10).map(|axis| 1 << axis).collect::<Vec<isize>>());
    let view = View::line(1024).with_strides(&turned);
    let (memory, out) = (Memory::new(Type::I64, &[0; 1024]), Memory::new(Type::I64, &[0; 1024]));
    let (x, index) = (memory.seen(&view), memory.seen_as_indices(&view));
    // SAFETY: the views lie in their memory.
    let refused = unsafe {
        [
            gpu().gather(0, 2, &sizes, x, index, out.address()),
            gpu().scatter(Scatter::Add, 0, &sizes, index, x, &sizes, out.address()),
            gpu().accumulate(&sizes, x, out.seen(&View::line(1024).with_strides(&contiguous(&sizes)))),
        ]
    };
    let too_many = |axes| Err(Error::TooManyAxes { axes });
    assert_eq!(refused, [too_many(10), too_many(9), too_many(10)]);
}
