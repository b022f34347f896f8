//! Functions of one number and of two that no layer is, forward and backward, at ordinary numbers and at corners.

use tensor::Float;

use super::{Check, in_both_types};
use crate::Chance;
use crate::gpu::sides::{Tolerance, Values, agree, both, device, flip, near, numbers};

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    in_both_types!("functions": of_one of_one_at_corners of_two of_two_at_corners)
}

type OfOne<T> = fn(&Values<T>) -> Values<T>;
type OfTwo<T> = fn(&Values<T>, &Values<T>) -> tensor::Result<Values<T>>;

/// Every function of one number, and where it is smooth.
fn all_of_one<T: Float>() -> Vec<(&'static str, OfOne<T>, [f64; 2])> {
    vec![
        ("floor", |x| x.floor(), [-9.0, 9.0]),
        ("ceil", |x| x.ceil(), [-9.0, 9.0]),
        ("round", |x| x.round(), [-9.0, 9.0]),
        ("round_decimals", |x| x.round_decimals(2), [-9.0, 9.0]),
        ("round_decimals", |x| x.round_decimals(-1), [-900.0, 900.0]),
        ("trunc", |x| x.trunc(), [-9.0, 9.0]),
        ("tan", |x| x.tan(), [-1.3, 1.3]),
        ("asin", |x| x.asin(), [-0.9, 0.9]),
        ("acos", |x| x.acos(), [-0.9, 0.9]),
        ("atan", |x| x.atan(), [-9.0, 9.0]),
        ("sinh", |x| x.sinh(), [-3.0, 3.0]),
        ("cosh", |x| x.cosh(), [-3.0, 3.0]),
        ("asinh", |x| x.asinh(), [-9.0, 9.0]),
        ("acosh", |x| x.acosh(), [1.2, 9.0]),
        ("atanh", |x| x.atanh(), [-0.9, 0.9]),
        ("exp2", |x| x.exp2(), [-5.0, 5.0]),
        ("expm1", |x| x.expm1(), [-5.0, 3.0]),
        ("log2", |x| x.log2(), [0.1, 9.0]),
        ("log10", |x| x.log10(), [0.1, 9.0]),
        ("log1p", |x| x.log1p(), [-0.9, 9.0]),
        ("logsigmoid", |x| x.logsigmoid(), [-9.0, 9.0]),
        ("logit", |x| x.logit(None), [0.1, 0.9]),
        ("sinc", |x| x.sinc(), [0.1, 5.0]),
        ("entr", |x| x.entr(), [0.1, 5.0]),
        ("erfc", |x| x.erfc(), [-4.0, 4.0]),
        ("erfcx", |x| x.erfcx(), [-1.5, 9.0]),
        ("erfinv", |x| x.erfinv(), [-0.95, 0.95]),
        ("ndtr", |x| x.ndtr(), [-5.0, 5.0]),
        ("log_ndtr", |x| x.log_ndtr(), [-9.0, 5.0]),
        ("ndtri", |x| x.ndtri(), [0.02, 0.98]),
        ("lgamma", |x| x.lgamma(), [0.1, 15.0]),
        ("lgamma", |x| x.lgamma(), [-2.9, -2.1]),
        ("digamma", |x| x.digamma(), [0.1, 15.0]),
        ("digamma", |x| x.digamma(), [-2.9, -2.1]),
        ("polygamma", |x| x.polygamma(0), [0.3, 15.0]),
        ("polygamma", |x| x.polygamma(1), [0.3, 15.0]),
        ("polygamma", |x| x.polygamma(4), [0.8, 15.0]),
        ("mvlgamma", |x| x.mvlgamma(3).expect("dimensions"), [1.5, 15.0]),
        ("i0", |x| x.i0(), [-9.0, 9.0]),
        ("i0e", |x| x.i0e(), [-20.0, 20.0]),
        ("i1", |x| x.i1(), [0.5, 9.0]),
        ("i1e", |x| x.i1e(), [0.5, 20.0]),
        ("bessel_j0", |x| x.bessel_j0(), [0.5, 30.0]),
        ("bessel_j1", |x| x.bessel_j1(), [0.5, 30.0]),
        ("bessel_y0", |x| x.bessel_y0(), [0.5, 30.0]),
        ("bessel_y1", |x| x.bessel_y1(), [0.5, 30.0]),
        ("modified_bessel_k0", |x| x.modified_bessel_k0(), [0.2, 9.0]),
        (
            "scaled_modified_bessel_k0",
            |x| x.scaled_modified_bessel_k0(),
            [0.2, 20.0],
        ),
        ("modified_bessel_k1", |x| x.modified_bessel_k1(), [0.2, 9.0]),
        (
            "scaled_modified_bessel_k1",
            |x| x.scaled_modified_bessel_k1(),
            [0.2, 20.0],
        ),
        ("rsqrt", |x| x.rsqrt(), [0.1, 9.0]),
        ("frac", |x| x.frac(), [-9.0, 9.0]),
    ]
}

/// What two processors round differently, and a function may make three times as much of.
const ROUNDED: Tolerance = Tolerance::of(Tolerance::FUNCTIONS.single, 4.0 * Tolerance::FUNCTIONS.double);

fn of_one<T: Float>() {
    let mut chance = Chance::new(11);
    for (name, function, [low, high]) in all_of_one::<T>() {
        for sizes in [&[3, 17][..], &[1], &[0, 2]] {
            let x = chance.uniform::<T>(sizes, low, high);
            agree(name, ROUNDED, &[x], |inputs| function(&inputs[0]));
        }
    }
}

/// Numbers at which some function or other is not smooth, or not a number.
const CORNERS: [f64; 30] = [
    0.0,
    -0.0,
    0.5,
    -0.5,
    1.0,
    -1.0,
    1.5,
    2.5,
    -2.5,
    0.1,
    -0.1,
    0.99,
    3.7,
    -3.7,
    1e-9,
    12.0,
    -7.2,
    20.0,
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    1e-3,
    0.7,
    -0.3,
    2.0,
    -3.0,
    0.25,
    8.0,
    4.0,
    -12.75,
];

fn of_one_at_corners<T: Float>() {
    for (name, function, _) in all_of_one::<T>() {
        let x = both::<T>(&CORNERS, &[5, 6]);
        for [here, there] in [x.each_ref().map(function), x.each_ref().map(|x| function(&flip(x)))] {
            assert_eq!(there.device(), device(), "{name}");
            let most = if size_of::<T>() == 4 {
                ROUNDED.single
            } else {
                5.0 * ROUNDED.double
            };
            near(name, &numbers(name, &there), &numbers(name, &here), most);
        }
    }
}

/// A function of two numbers; how both operands are spread; which of them has a gradient.
type Case<T> = (&'static str, OfTwo<T>, [[f64; 2]; 2], [bool; 2]);

/// Every function of two numbers.
fn all_of_two<T: Float>() -> Vec<Case<T>> {
    let (all, none, positive, one) = ([true, true], [false, false], [0.3, 9.0], [-4.0, 4.0]);
    vec![
        ("atan2", |a, b| a.atan2(b), [one, positive], all),
        ("hypot", |a, b| a.hypot(b), [one, positive], all),
        ("fmod", |a, b| a.fmod(b), [one, [0.8, 0.9]], [true, false]),
        ("remainder", |a, b| a.remainder(b), [one, [0.8, 0.9]], [true, false]),
        ("floor_divide", |a, b| a.floor_divide(b), [one, positive], all),
        ("trunc_divide", |a, b| a.trunc_divide(b), [one, positive], all),
        ("fmax", |a, b| a.fmax(b), [one, one], all),
        ("fmin", |a, b| a.fmin(b), [one, one], all),
        ("copysign", |a, b| a.copysign(b), [one, one], all),
        ("nextafter", |a, b| a.nextafter(b), [one, one], none),
        ("ldexp", |a, b| a.ldexp(&b.round()), [one, one], [true, false]),
        ("ldexp", |a, b| a.ldexp(b), [one, one], all),
        ("heaviside", |a, b| a.heaviside(b), [one, one], none),
        ("logaddexp", |a, b| a.logaddexp(b), [one, one], all),
        ("logaddexp2", |a, b| a.logaddexp2(b), [one, one], all),
        ("xlogy", |a, b| a.xlogy(b), [one, positive], all),
        ("xlog1py", |a, b| a.xlog1py(b), [one, positive], all),
        ("zeta", |a, b| a.zeta(b), [[1.5, 9.0], positive], [false, true]),
        ("igamma", |a, b| a.igamma(b), [positive, positive], [false, true]),
        ("igammac", |a, b| a.igammac(b), [positive, positive], [false, true]),
        ("igamma", |a, b| a.igamma(b), [[250.0, 300.0], [240.0, 310.0]], none),
        ("igammac", |a, b| a.igammac(b), [[0.01, 0.2], [0.1, 1.0]], none),
    ]
}

fn of_two<T: Float>() {
    let mut chance = Chance::new(12);
    for (name, function, [first, second], tracked) in all_of_two::<T>() {
        for [a, b] in [
            [&[3, 17][..], &[3, 17]],
            [&[4, 1], &[5]],
            [&[], &[2, 3]],
            [&[0, 3], &[3]],
        ] {
            let a = chance.uniform::<T>(a, first[0], first[1]);
            let b = chance.uniform::<T>(b, second[0], second[1]);
            let call = |a: &Values<T>, b: &Values<T>| function(a, b).expect("sizes that broadcast");
            // The others stay as they are, on the same device.
            let to = |x: &Values<T>, like: &Values<T>| x.to(like.device()).expect("a copy");
            match tracked {
                [true, true] => agree(name, ROUNDED, &[a, b], |inputs| call(&inputs[0], &inputs[1])),
                [true, false] => agree(name, ROUNDED, &[a], |inputs| call(&inputs[0], &to(&b, &inputs[0]))),
                [false, true] => agree(name, ROUNDED, &[b], |inputs| call(&to(&a, &inputs[0]), &inputs[0])),
                [false, false] => {
                    let (there_a, there_b) = (a.to(device()).expect("a copy"), b.to(device()).expect("a copy"));
                    let (here, there) = (call(&a, &b), call(&there_a, &there_b));
                    let most = if size_of::<T>() == 4 {
                        ROUNDED.single
                    } else {
                        ROUNDED.double
                    };
                    near(name, &numbers(name, &there), &numbers(name, &here), most);
                }
            }
        }
    }
}

fn of_two_at_corners<T: Float>() {
    let (column, row) = (both::<T>(&CORNERS, &[30, 1]), both::<T>(&CORNERS, &[30]));
    for (name, function, ..) in all_of_two::<T>() {
        let [here, there] = [0, 1].map(|side| function(&column[side], &row[side]).expect("sizes that broadcast"));
        assert_eq!(there.device(), device(), "{name}");
        let most = if size_of::<T>() == 4 {
            ROUNDED.single
        } else {
            5.0 * ROUNDED.double
        };
        near(name, &numbers(name, &there), &numbers(name, &here), most);
    }
}
