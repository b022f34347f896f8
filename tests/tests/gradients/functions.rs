//! Functions of one number or two that only the tape knows, and what is made of them: both orders.

use tensor::Result;
use tensor::autograd::{Tolerance, gradgradcheck};
use tests::Chance;
use tests::differences::{Values, check};

/// Checks both orders on numbers of `[low, high)`, with sizes of 0 and 1 among them.
#[track_caller]
fn hold<const N: usize>(what: &str, range: [(f64, f64); N], operation: impl Fn(&[Values]) -> Result<Values>) {
    let mut chance = Chance::new(what.bytes().map(u64::from).sum());
    for sizes in [&[][..], &[3], &[2, 0], &[4, 1, 3]] {
        let inputs: Vec<Values> = range
            .iter()
            .map(|&(low, high)| chance.uniform(sizes, low, high))
            .collect();
        check(what, &inputs, |inputs| operation(inputs).expect("sizes that fit"));
    }
    let inputs: Vec<Values> = range
        .iter()
        .map(|&(low, high)| chance.uniform(&[5], low, high))
        .collect();
    let inputs: Vec<&Values> = inputs.iter().collect();
    if let Err(error) = gradgradcheck(&operation, &inputs, Tolerance::default()) {
        panic!("{what}, second order: {error}");
    }
}

macro_rules! of_one {
    ($($name:ident $low:literal..$high:literal;)*) => {
        $(
            #[test]
            fn $name() {
                hold(stringify!($name), [($low, $high)], |x| Ok(x[0].$name()));
            }
        )*
    };
}

of_one! {
    tan -1.2..1.2;
    asin -0.9..0.9;
    acos -0.9..0.9;
    atan -3.0..3.0;
    sinh -3.0..3.0;
    cosh -3.0..3.0;
    asinh -3.0..3.0;
    acosh 1.2..4.0;
    atanh -0.8..0.8;
    exp2 -3.0..3.0;
    expm1 -3.0..3.0;
    log2 0.2..5.0;
    log10 0.2..5.0;
    log1p -0.8..5.0;
    rsqrt 0.2..4.0;
    sinc 0.2..3.0;
    entr 0.2..4.0;
    erfc -2.0..2.0;
    erfcx -1.5..3.0;
    erfinv -0.9..0.9;
    ndtr -3.0..3.0;
    log_ndtr -4.0..3.0;
    ndtri 0.1..0.9;
    lgamma 0.5..5.0;
    digamma 0.5..5.0;
    i0 -3.0..3.0;
    i0e 0.2..3.0;
    i1 0.2..3.0;
    i1e 0.2..3.0;
    bessel_j0 -6.0..6.0;
    bessel_j1 0.3..6.0;
    bessel_y0 0.4..6.0;
    bessel_y1 0.4..6.0;
    modified_bessel_k0 0.4..4.0;
    scaled_modified_bessel_k0 0.4..4.0;
    modified_bessel_k1 0.4..4.0;
    scaled_modified_bessel_k1 0.4..4.0;
    deg2rad -90.0..90.0;
    rad2deg -1.0..1.0;
    frac 0.1..0.9;
    logsigmoid -4.0..4.0;
    softsign 0.1..3.0;
    tanhshrink -3.0..3.0;
    selu -3.0..3.0;
    mish -4.0..4.0;
    hardswish -2.9..2.9;
    relu6 0.1..5.9;
}

#[test]
fn with_numbers() {
    hold("polygamma", [(0.5, 4.0)], |x| Ok(x[0].polygamma(2)));
    hold("logit", [(0.1, 0.9)], |x| Ok(x[0].logit(None)));
    hold("logit of what is held", [(-0.5, 0.09)], |x| Ok(x[0].logit(Some(0.1))));
    hold("mvlgamma", [(2.0, 5.0)], |x| x[0].mvlgamma(3));
    hold("frexp", [(0.3, 3.0)], |x| Ok(x[0].frexp()?.0));
    hold("celu", [(-3.0, 3.0)], |x| x[0].celu(1.5));
    hold("celu of a negative alpha", [(-3.0, 3.0)], |x| x[0].celu(-0.5));
    hold("hardshrink", [(0.6, 3.0)], |x| Ok(x[0].hardshrink(0.5)));
    hold("softshrink", [(-3.0, -0.6)], |x| x[0].softshrink(0.5));
    hold("hardtanh", [(-0.4, 0.4)], |x| x[0].hardtanh(-0.5, 0.5));
    hold("threshold", [(0.6, 2.0)], |x| Ok(x[0].threshold(0.5, 7.0)));
    hold("clamp", [(-0.4, 0.4)], |x| Ok(x[0].clamp(-0.5, 0.5)));
    hold("powi", [(-2.0, 2.0)], |x| Ok(x[0].powi(3)));
    hold("nan_to_num", [(-2.0, 2.0)], |x| Ok(x[0].nan_to_num(0.0, None, None)));
    hold("float_power", [(0.2, 2.0)], |x| Ok(x[0].float_power(1.5)));
    // What rises by the float nearest to a sixth: differences do not see that it is not one.
    let mut chance = Chance::new(6);
    check("hardsigmoid", &[chance.uniform(&[4], -7.0, -3.1)], |x| {
        x[0].hardsigmoid()
    });
}

macro_rules! of_two {
    ($($name:ident $low:literal..$high:literal, $left:literal..$right:literal;)*) => {
        $(
            #[test]
            fn $name() {
                hold(stringify!($name), [($low, $high), ($left, $right)], |x| x[0].$name(&x[1]));
            }
        )*
    };
}

of_two! {
    atan2 -2.0..2.0, 0.3..2.0;
    hypot 0.3..2.0, -2.0..2.0;
    fmod 2.1..2.9, 0.95..1.0;
    remainder -2.9..-2.1, 0.95..1.0;
    floor_divide 2.1..2.9, 0.95..1.0;
    trunc_divide 2.1..2.9, 0.95..1.0;
    fmax 0.0..1.0, 1.1..2.0;
    fmin 0.0..1.0, 1.1..2.0;
    copysign 0.3..2.0, -2.0..-0.3;
    ldexp -2.0..2.0, -2.0..2.0;
    logaddexp -3.0..3.0, -3.0..3.0;
    logaddexp2 -3.0..3.0, -3.0..3.0;
    xlogy -2.0..2.0, 0.3..3.0;
    xlog1py -2.0..2.0, -0.5..3.0;
}

#[test]
fn of_three() {
    let ranges = [(-2.0, 2.0), (-2.0, 2.0), (0.3, 2.0)];
    hold("addcmul", ranges, |x| x[0].addcmul(&x[1], &x[2], 0.5));
    hold("addcdiv", ranges, |x| x[0].addcdiv(&x[1], &x[2], 0.5));
    hold("lerp", ranges, |x| x[0].lerp(&x[1], &x[2]));
    hold("clamp_tensor", [(0.1, 0.9), (-2.0, 0.0), (1.0, 2.0)], |x| {
        x[0].clamp_tensor(Some(&x[1]), Some(&x[2]))
    });
    hold("where_", [(0.3, 2.0), (-2.0, 2.0)], |x| {
        x[0].where_(&x[1].gt_scalar(0.0), &x[1])
    });
}

#[test]
fn along_axes() {
    let mut chance = Chance::new(8);
    for sizes in [&[4, 3][..], &[2, 6, 2], &[2, 0]] {
        let x = chance.normal(sizes);
        check("softmax_axis", std::slice::from_ref(&x), |x| {
            x[0].softmax_axis(0).expect("an axis")
        });
        check("log_softmax_axis", std::slice::from_ref(&x), |x| {
            x[0].log_softmax_axis(-2).expect("an axis")
        });
        check("softmin", std::slice::from_ref(&x), |x| {
            x[0].softmin(1).expect("an axis")
        });
        check("glu", std::slice::from_ref(&x), |x| x[0].glu(0).expect("an even size"));
        let weight = chance.uniform(&[sizes[1]], 0.1, 0.5);
        check("prelu", &[x, weight], |x| x[0].prelu(&x[1]).expect("a weight for each"));
    }
}

#[test]
fn both_sides_stretch() {
    let mut chance = Chance::new(9);
    for (left, right) in [
        (&[2, 3][..], &[3][..]),
        (&[2, 1], &[1, 3]),
        (&[], &[4]),
        (&[0, 3], &[1]),
    ] {
        let (a, b) = (chance.uniform(left, 0.3, 2.0), chance.uniform(right, 0.3, 2.0));
        check("atan2", &[a.clone(), b.clone()], |x| {
            x[0].atan2(&x[1]).expect("sizes that broadcast")
        });
        check("lerp", &[a, b.clone(), b], |x| {
            x[0].lerp(&x[1], &x[2]).expect("sizes that broadcast")
        });
    }
}

#[test]
fn of_the_second_argument_alone() {
    let s = Values::from(vec![2.0, 3.5]);
    check("igamma", &[Values::from(vec![0.5, 3.0])], |x| {
        s.igamma(&x[0]).expect("equal sizes")
    });
    check("igammac", &[Values::from(vec![0.5, 3.0])], |x| {
        s.igammac(&x[0]).expect("equal sizes")
    });
    check("zeta", &[Values::from(vec![0.5, 3.0])], |x| {
        s.zeta(&x[0]).expect("equal sizes")
    });
}
