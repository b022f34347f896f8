//! Functions of one number and of two, over random strides. What the special ones among them are worth, `ops::functions` looks at.

use gpu_kernels::{Error, Float, Function, Pair, Special, Type, Typed};

use super::placed::{Placed, more_than_the_grid, tolerance};
use super::view::{View, indices, sizes};
use crate::Chance;
use crate::gpu::naive::{assert_near, numbers};
use crate::gpu::{Check, gpu};

/// The checks of this file.
pub(super) fn checks() -> Vec<Check> {
    macro_rules! list {
        ($($name:ident)*) => {
            vec![$(Check {
                name: concat!("kernels::functions::", stringify!($name)),
                run: || {
                    $name::<f32>();
                    $name::<f64>();
                },
            }),*]
        };
    }
    let mut checks = list! { of_one_over_random_views of_two_over_random_views };
    checks.extend([
        Check {
            name: "kernels::functions::too_many_axes_are_refused",
            run: too_many_axes_are_refused,
        },
        Check {
            name: "kernels::functions::more_than_the_grid",
            run: past_the_grid,
        },
    ]);
    checks
}

fn of<T: Float>() -> Type {
    [Type::F32, Type::F64][T::INDEX]
}

/// The view as launchers take it.
fn seen<'a, T: Float>(view: &'a View, memory: &Placed<T>) -> Typed<'a> {
    Typed {
        of: of::<T>(),
        address: view.of(memory).ptr.address(),
        strides: &view.strides,
    }
}

fn of_one_over_random_views<T: Float>() {
    type Plain = fn(f64) -> f64;
    let plain: [(Special, Plain); 9] = [
        (Special::Floor, f64::floor),
        (Special::Round, f64::round_ties_even),
        (Special::Tan, f64::tan),
        (Special::Atan, f64::atan),
        (Special::Sinh, f64::sinh),
        (Special::Asinh, f64::asinh),
        (Special::Exp2, f64::exp2),
        (Special::Expm1, f64::exp_m1),
        (Special::Log1p, |x| x.ln_1p()),
    ];
    let mut chance = Chance::new(41);
    for round in 0..150 {
        let (op, expected) = plain[round % plain.len()];
        let sizes = sizes(&mut chance);
        let view = View::random(&mut chance, &sizes, true);
        let data: Vec<T> = numbers(&mut chance, view.len);
        let x = Placed::new(&data, chance.below(4));
        let out = Placed::<T>::filled_with_nan(sizes.iter().product(), chance.below(4));
        // SAFETY: the views lie in their memory.
        unsafe { gpu().math(Function::new(op), &sizes, seen(&view, &x), out.ptr().address()) }.expect("a launch");
        let indices = indices(&sizes);
        let expected: Vec<f64> = indices
            .iter()
            .map(|index| expected(data[view.at(index)].as_f64()))
            .collect();
        let what = format!("{op:?} of {sizes:?}, {view:?}");
        assert_near(&out.read(), &expected, tolerance::<T>(1e-6, 1e-13), &what);
    }
}

fn of_two_over_random_views<T: Float>() {
    type Plain = fn(f64, f64) -> f64;
    let plain: [(Pair, Plain); 8] = [
        (Pair::Atan2, f64::atan2),
        (Pair::Hypot, f64::hypot),
        (Pair::Fmod, |a, b| a % b),
        (Pair::Remainder, |a, b| a - b * (a / b).floor()),
        (Pair::Fmax, f64::max),
        (Pair::Fmin, f64::min),
        (Pair::Copysign, f64::copysign),
        (Pair::Logaddexp, |a, b| (a.exp() + b.exp()).ln()),
    ];
    let mut chance = Chance::new(42);
    for round in 0..200 {
        let (op, expected) = plain[round % plain.len()];
        let sizes = sizes(&mut chance);
        let views = [(); 2].map(|()| View::random(&mut chance, &sizes, true));
        let mut data: [Vec<T>; 2] = [0, 1].map(|operand| numbers(&mut chance, views[operand].len));
        // Not so near to 0 that a quotient is near to a whole number by chance: multiples of 1/8 and a bit.
        data[1]
            .iter_mut()
            .for_each(|b| *b = T::from_f64((b.as_f64() * 8.0).floor() / 8.0 + 0.0625));
        let memory = [0, 1].map(|operand| Placed::new(&data[operand], chance.below(4)));
        let out = Placed::<T>::filled_with_nan(sizes.iter().product(), chance.below(4));
        let [a, b] = [0, 1].map(|operand| seen(&views[operand], &memory[operand]));
        // SAFETY: the views lie in their memory.
        unsafe { gpu().pair(op, &sizes, a, b, out.ptr().address()) }.expect("a launch");
        let value = |operand: usize, index: &[usize]| data[operand][views[operand].at(index)].as_f64();
        let indices = indices(&sizes);
        let expected: Vec<f64> = indices
            .iter()
            .map(|index| expected(value(0, index), value(1, index)))
            .collect();
        let what = format!("{op:?} of {sizes:?}, {views:?}");
        assert_near(&out.read(), &expected, tolerance::<T>(1e-6, 1e-13), &what);
    }
}

fn too_many_axes_are_refused() {
    let (x, out) = (Placed::new(&[1f32; 512], 0), Placed::<f32>::filled_with_nan(512, 0));
    let strides: Vec<isize> = (0..9).map(|axis| 1 << axis).collect();
    let x = Typed {
        of: Type::F32,
        address: x.ptr().address(),
        strides: &strides,
    };
    let (sizes, out) = ([2; 9], out.ptr().address());
    // SAFETY: the views lie in their memory.
    let (one, two) = unsafe {
        (
            gpu().math(Function::new(Special::Floor), &sizes, x, out),
            gpu().pair(Pair::Hypot, &sizes, x, x, out),
        )
    };
    assert_eq!([one, two], [(); 2].map(|()| Err(Error::TooManyAxes { axes: 9 })));
}

fn past_the_grid() {
    let n = more_than_the_grid();
    let data: Vec<f32> = (0..n).map(|i| (i % 8191) as f32 - 0.25).collect();
    let (x, out) = (Placed::new(&data, 0), Placed::<f32>::filled_with_nan(n, 0));
    let x = Typed {
        of: Type::F32,
        address: x.ptr().address(),
        strides: &[1],
    };
    // SAFETY: all are of n elements.
    unsafe { gpu().math(Function::new(Special::Ceil), &[n], x, out.ptr().address()) }.expect("a launch");
    assert!(out.read().iter().zip(&data).all(|(out, x)| *out == x.ceil()));
    // SAFETY: as above.
    unsafe { gpu().pair(Pair::Fmax, &[n], x, x, out.ptr().address()) }.expect("a launch");
    assert_eq!(out.read(), data);
}
