//! Arithmetic of whole numbers and truth values.

use gpu_kernels::{Error, Fold, Operand, Ptr, Type, Whole};

use super::memory::{Memory, kept};
use super::view::{View, contiguous, indices, sizes};
use crate::Chance;
use crate::gpu::{Check, gpu};

/// The checks of this file.
pub(super) fn checks() -> Vec<Check> {
    macro_rules! list {
        ($($name:ident)*) => {
            vec![$(Check { name: concat!("kernels::whole::", stringify!($name)), run: $name }),*]
        };
    }
    list! {
        operations_over_random_views divisions_by_zero_are_reported folds_over_random_views folds_of_many
        folds_of_nothing products too_many_axes_are_refused
    }
}

const BITS: [Whole; 3] = [Whole::BitAnd, Whole::BitOr, Whole::BitXor];

fn divides(op: Whole) -> bool {
    matches!(
        op,
        Whole::Fmod | Whole::Remainder | Whole::FloorDivide | Whole::TruncDivide
    )
}

/// The plain operation, before what does not fit is cut off.
fn plain(op: Whole, of: Type, a: i64, b: i64) -> i64 {
    let bits = 8 * of.size() as i64;
    let places = (0..bits).contains(&b).then_some(b);
    let (wide_a, wide_b) = (i128::from(a), i128::from(b));
    let floor = |a: i128, b: i128| a.div_euclid(b) - i128::from(a.rem_euclid(b) != 0 && b < 0);
    let wide = match op {
        Whole::Add => wide_a + wide_b,
        Whole::Sub => wide_a - wide_b,
        Whole::Mul => wide_a * wide_b,
        Whole::Pow if b < 0 => match a {
            1 => 1,
            -1 => [1, -1][b.rem_euclid(2) as usize],
            _ => 0,
        },
        Whole::Pow => (0..b).fold(1i64, |power, _| power.wrapping_mul(a)).into(),
        Whole::Maximum => wide_a.max(wide_b),
        Whole::Minimum => wide_a.min(wide_b),
        Whole::Fmod => wide_a % wide_b,
        Whole::Remainder => wide_a - wide_b * floor(wide_a, wide_b),
        Whole::FloorDivide => floor(wide_a, wide_b),
        Whole::TruncDivide => wide_a / wide_b,
        Whole::Heaviside if a == 0 => wide_b,
        Whole::Heaviside => (a > 0).into(),
        Whole::BitAnd => (a & b).into(),
        Whole::BitOr => (a | b).into(),
        Whole::BitXor => (a ^ b).into(),
        Whole::ShiftLeft => places.map_or(0, |places| a.wrapping_shl(places as u32)).into(),
        Whole::ShiftRight => (a >> places.unwrap_or(63)).into(),
        Whole::Gcd => gcd(wide_a, wide_b),
        Whole::Lcm if a == 0 || b == 0 => 0,
        Whole::Lcm => return ((wide_a / gcd(wide_a, wide_b) * wide_b) as i64).wrapping_abs(),
    };
    wide as i64
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a.abs() } else { gcd(b, a % b) }
}

fn operations_over_random_views() {
    let edges = [
        0,
        1,
        -1,
        2,
        3,
        -7,
        12,
        31,
        63,
        64,
        100,
        -100,
        200,
        255,
        65_536,
        -2_147_483_648,
        2_147_483_647,
        i64::MIN,
        i64::MAX,
        6_000_000_000,
    ];
    let mut chance = Chance::new(51);
    for round in 0..540 {
        let op = Whole::ALL[round % Whole::ALL.len()];
        let mut types = vec![Type::I64, Type::I32, Type::U8];
        types.extend(BITS.contains(&op).then_some(Type::Bool));
        let of = *chance.one_of(&types);
        let sizes = sizes(&mut chance);
        let views = [(); 2].map(|()| View::random(&mut chance, &sizes, true));
        let mut data = [0, 1].map(|operand: usize| -> Vec<i64> {
            let number = |_| kept(of, *chance.one_of(&edges));
            (0..views[operand].len).map(number).collect()
        });
        for b in &mut data[1] {
            match op {
                Whole::Pow => *b %= 70,
                _ if divides(op) && *b == 0 => *b = 5,
                _ => {}
            }
        }
        let memory = [0, 1].map(|operand| Memory::new(of, &data[operand]));
        let out = Memory::new(of, &vec![1; sizes.iter().product()]);
        let [a, b] = [0, 1].map(|operand| memory[operand].seen(&views[operand]));
        // SAFETY: the views lie in their memory.
        unsafe { gpu().whole(op, &sizes, a, b, out.address()) }.expect("a launch");
        let value = |operand: usize, index: &[usize]| data[operand][views[operand].at(index)];
        let indices = indices(&sizes);
        let expected = indices
            .iter()
            .map(|index| kept(of, plain(op, of, value(0, index), value(1, index))));
        assert_eq!(
            out.read(),
            expected.collect::<Vec<_>>(),
            "{op:?} of {of:?}, {sizes:?}, {views:?}"
        );
    }
}

fn divisions_by_zero_are_reported() {
    let (line, sizes) = (View::line(5), [5]);
    for operation in Whole::ALL.iter().copied().filter(|&op| divides(op)) {
        let (a, b) = (
            Memory::new(Type::I32, &[7, -7, 0, 9, 9]),
            Memory::new(Type::I32, &[2, 2, 0, 3, 0]),
        );
        let out = Memory::new(Type::I32, &[1; 5]);
        // SAFETY: the views lie in their memory.
        unsafe { gpu().whole(operation, &sizes, a.seen(&line), b.seen(&line), out.address()) }.expect("a launch");
        assert_eq!(gpu().synchronize(), Err(Error::ByZero { operation }));
        assert_eq!(gpu().synchronize(), Ok(()));
        let expected = |a, b| if b == 0 { 0 } else { plain(operation, Type::I32, a, b) };
        let expected: Vec<i64> = [(7, 2), (-7, 2), (0, 0), (9, 3), (9, 0)]
            .map(|(a, b)| expected(a, b))
            .to_vec();
        assert_eq!(out.read(), expected, "{operation:?}");
    }
}

/// Folds a view of random numbers and holds the result against a loop.
#[track_caller]
fn check_fold(chance: &mut Chance, fold: Fold, sizes: &[usize], view: &View, reduced: &[bool]) {
    let number = |chance: &mut Chance| match fold {
        Fold::Prod => *chance.one_of(&[1, -1, 1, 3, 1 << 33]),
        _ => chance.number() as i64,
    };
    let data: Vec<i64> = (0..view.len).map(|_| number(chance)).collect();
    let remaining: Vec<usize> = (0..sizes.len()).filter(|&axis| !reduced[axis]).collect();
    let kept: Vec<usize> = remaining.iter().map(|&axis| sizes[axis]).collect();
    let (start, join): (i64, fn(i64, i64) -> i64) = match fold {
        Fold::Sum => (0, i64::wrapping_add),
        Fold::Prod => (1, i64::wrapping_mul),
        Fold::Max => (i64::MIN, i64::max),
        Fold::Min => (i64::MAX, i64::min),
    };
    let mut expected = vec![start; kept.iter().product()];
    let steps = contiguous(&kept);
    for index in indices(sizes) {
        let place: usize = remaining
            .iter()
            .zip(&steps)
            .map(|(&axis, step)| index[axis] * *step as usize)
            .sum();
        expected[place] = join(expected[place], data[view.at(&index)]);
    }
    let (x, out) = (
        Memory::new(Type::I64, &data),
        Memory::new(Type::I64, &vec![77; expected.len()]),
    );
    // SAFETY: the view lies in its memory, and the result has its size.
    unsafe { gpu().fold(fold, sizes, x.seen_as_indices(view), reduced, Ptr::new(out.address())) }.expect("a launch");
    assert_eq!(out.read(), expected, "{fold:?} of {sizes:?} over {reduced:?}, {view:?}");
}

fn folds_over_random_views() {
    let mut chance = Chance::new(52);
    for round in 0..240 {
        let sizes = sizes(&mut chance);
        let view = View::random(&mut chance, &sizes, true);
        let reduced: Vec<bool> = sizes.iter().map(|_| chance.once_in(2)).collect();
        check_fold(&mut chance, Fold::ALL[round % 4], &sizes, &view, &reduced);
    }
}

fn folds_of_many() {
    let mut chance = Chance::new(53);
    let shapes: [(&[usize], &[bool]); 9] = [
        (&[60_000], &[true]),
        (&[3, 20_000], &[false, true]),
        (&[20_000, 3], &[true, false]),
        (&[5000, 40], &[true, false]),
        (&[300, 300], &[false, true]),
        (&[2000, 10], &[false, true]),
        (&[70, 50, 30], &[true, false, true]),
        (&[70, 50, 30], &[false, true, false]),
        (&[200, 300], &[true, true]),
    ];
    for (number, (sizes, reduced)) in shapes.into_iter().enumerate() {
        let view = View {
            strides: contiguous(sizes),
            first: 0,
            len: sizes.iter().product(),
        };
        check_fold(&mut chance, Fold::ALL[number % 4], sizes, &view, reduced);
        check_fold(&mut chance, Fold::Sum, sizes, &view, reduced);
    }
}

fn folds_of_nothing() {
    let mut chance = Chance::new(54);
    for &fold in Fold::ALL {
        for (sizes, reduced) in [
            (&[0, 3][..], &[true, false][..]),
            (&[2, 0], &[false, true]),
            (&[0, 3], &[false, true]),
        ] {
            check_fold(&mut chance, fold, sizes, &View::line(0).with_strides(&[3, 1]), reduced);
        }
    }
}

fn products() {
    let mut chance = Chance::new(55);
    for round in 0..60 {
        let [m, n, k] = [(); 3].map(|()| *chance.one_of(&[1, 2, 15, 16, 17, 33, 40]));
        let k = if round == 7 { 0 } else { k };
        // By rows or by columns.
        let mut side = |rows: usize, cols: usize| {
            let data: Vec<i64> = (0..rows * cols).map(|_| chance.number() as i64).collect();
            let steps = if chance.once_in(2) { [cols, 1] } else { [1, rows] };
            (Memory::new(Type::I64, &data), data, steps)
        };
        let (a, a_data, a_steps) = side(m, k);
        let (b, b_data, b_steps) = side(k, n);
        let (out, mut expected, _) = side(m, n);
        let accumulate = round % 2 == 1;
        for row in 0..m {
            for col in 0..n {
                let terms = (0..k).map(|i| {
                    let (x, y) = (
                        a_data[row * a_steps[0] + i * a_steps[1]],
                        b_data[i * b_steps[0] + col * b_steps[1]],
                    );
                    x.wrapping_mul(y)
                });
                let before = if accumulate { expected[row * n + col] } else { 0 };
                expected[row * n + col] = terms.fold(before, i64::wrapping_add);
            }
        }
        let operand = |memory: &Memory, steps: [usize; 2]| Operand {
            ptr: Ptr::new(memory.address()),
            row: steps[0],
            col: steps[1],
        };
        let (left, right) = (operand(&a, a_steps), operand(&b, b_steps));
        // SAFETY: all are of so many elements.
        unsafe { gpu().whole_product(left, right, Ptr::new(out.address()), [m, n, k], accumulate) }.expect("a launch");
        assert_eq!(out.read(), expected, "{m} x {k} x {n}");
    }
}

fn too_many_axes_are_refused() {
    let memory = Memory::new(Type::I64, &[1; 1024]);
    let turned: Vec<isize> = (0..9).map(|axis| 1 << axis).collect();
    let view = View::line(512).with_strides(&turned);
    let (x, sizes) = (memory.seen(&view), [2; 9]);
    // SAFETY: the views lie in their memory.
    let refused = unsafe { gpu().whole(Whole::Add, &sizes, x, x, memory.address()) };
    assert_eq!(refused, Err(Error::TooManyAxes { axes: 9 }));
}
