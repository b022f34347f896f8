//! Moments, norms, running results and what is picked by its order: first and second derivatives, with zeros and ties among the
//! elements.

use std::slice::from_ref;

use tensor::autograd::{Options, grad_with};
use tensor::{Interpolation, Result};
use tests::Chance;
use tests::differences::{Values, check};

/// The first and the second derivative of a function of one tensor.
#[track_caller]
fn hold(what: &str, x: &Values, function: impl Fn(&Values) -> Result<Values>) {
    let run = |x: &Values| function(x).unwrap_or_else(|error| panic!("{what}: {error}"));
    check(what, from_ref(x), |inputs| run(&inputs[0]));
    check(&format!("{what}, twice"), from_ref(x), |inputs| slopes(&inputs[0], run));
}

/// The gradient of a sum of the elements with weights that differ.
fn slopes(x: &Values, function: impl Fn(&Values) -> Values) -> Values {
    let x = if x.is_tracked() {
        x.clone()
    } else {
        x.clone().requires_grad()
    };
    let out = function(&x);
    let weights = Chance::new(9).normal::<f64>(out.sizes());
    let once = Options {
        create_graph: true,
        ..Options::default()
    };
    let found = grad_with(&[&out], &[&x], &[&weights], once).expect("a function with a gradient");
    found[0].clone().expect("the result depends on the input")
}

fn normal(sizes: &[usize]) -> Values {
    Chance::new(sizes.iter().sum::<usize>() as u64).normal(sizes)
}

/// Numbers of which some are 0.
fn with_zeros(sizes: &[usize]) -> Values {
    let data: Vec<f64> = normal(sizes).to_vec().expect("made in this line");
    let data = data.iter().enumerate();
    let data = data.map(|(place, number)| if place % 4 == 1 { 0.0 } else { *number });
    Values::from_vec(data.collect(), sizes).expect("as many")
}

#[test]
fn products_of_zeros() {
    for sizes in [vec![5], vec![3, 4], vec![2, 1, 4], vec![1]] {
        let x = with_zeros(&sizes);
        hold("prod", &x, |x| Ok(x.prod().into_dynamic()));
        hold("prod of an axis", &x, |x| x.prod_axes(&[-1], true));
        hold("cumprod", &x, |x| x.cumprod(0));
        hold("cumprod of the last axis", &x, |x| x.cumprod(-1));
    }
    hold("prod of two axes", &with_zeros(&[2, 3, 2]), |x| {
        x.prod_axes(&[0, 2], false)
    });
}

#[test]
fn running_results() {
    let x = normal(&[3, 4]);
    hold("cumsum", &x, |x| x.square().cumsum(1));
    hold("logcumsumexp", &x, |x| x.logcumsumexp(0));
    hold("diff", &x, |x| x.square().diff(2, 1));
    hold("trapezoid", &x, |x| x.square().trapezoid_at(x, 1));
    hold("cumulative_trapezoid", &x, |x| x.square().cumulative_trapezoid(0.5, 0));
    check("cummax", from_ref(&x), |inputs| inputs[0].cummax(0).expect("an axis").0);
    check("cummin", from_ref(&x), |inputs| inputs[0].cummin(1).expect("an axis").0);
}

#[test]
fn moments() {
    for sizes in [vec![7], vec![3, 4], vec![2, 3, 2]] {
        let x = normal(&sizes);
        hold("var", &x, |x| x.var_axes(&[0], 0.0, false));
        hold("std", &x, |x| x.std_axes(&[-1], 0.5, true));
        hold("std of all", &x, |x| Ok(x.std(1.0).into_dynamic()));
        hold("logsumexp", &x, |x| x.logsumexp(&[0, -1][..sizes.len().min(2)], false));
        hold("nanmean", &x, |x| x.square().nanmean_axes(&[0], false));
    }
    hold("cov", &normal(&[3, 5]), |x| x.cov(1.0));
    hold("corrcoef", &normal(&[3, 5]), |x| x.corrcoef());
}

#[test]
fn norms() {
    let x = normal(&[3, 4]);
    for p in [0.5, 1.0, 1.5, 2.0, 3.0, -1.0, f64::INFINITY, f64::NEG_INFINITY] {
        hold(&format!("norm {p}"), &x, |x| x.norm(p, &[1], false));
    }
    let other = normal(&[2, 4]);
    check("cdist 0", &[x.clone(), other.clone()], |inputs| {
        inputs[0].cdist(&inputs[1], 0.0).expect("points of four numbers")
    });
    for p in [1.0, 1.5, 2.0, 3.0, f64::INFINITY] {
        hold(&format!("cdist {p}"), &x, |x| x.cdist(&other, p));
        hold(&format!("pdist {p}"), &x, |x| x.pdist(p));
    }
    hold("renorm", &x, |x| x.renorm(2.0, 0, 1.5));
    hold("dist", &x, |x| x.dist(&x.square(), 3.0));
}

#[test]
fn picked_elements() {
    let x = normal(&[4, 5]);
    hold("sort", &x, |x| Ok(x.square().sort(0, true)?.0));
    hold("topk", &x, |x| Ok(x.square().topk(2, 1, false)?.0));
    hold("kthvalue", &x, |x| Ok(x.square().kthvalue(3, 1, true)?.0));
    hold("median", &x, |x| Ok(x.square().median().into_dynamic()));
    hold("median of an axis", &x, |x| Ok(x.square().median_axis(0, false)?.0));
    hold("max with its place", &x, |x| Ok(x.square().max_with_index(0, false)?.0));
    hold("mode", &x, |x| Ok(x.square().mode(0, false)?.0));
    hold("amax", &x, |x| x.square().amax(&[0, 1], true));
    for between in [Interpolation::Linear, Interpolation::Midpoint, Interpolation::Nearest] {
        hold("quantile", &x, |x| x.square().quantile(0.3, Some(0), false, between));
    }
    let q = Values::from(vec![0.21, 0.77]);
    let linear = Interpolation::Linear;
    check("quantiles, by both", &[x, q], |inputs| {
        inputs[0]
            .quantiles(&inputs[1], Some(1), true, linear)
            .expect("in range")
    });
}

/// What is agreed on where there is no derivative, or no number.
#[test]
fn kinks() {
    let gradient = |data: &[f64], function: fn(&Values) -> Result<Values>| {
        let x = Values::from(data.to_vec()).requires_grad();
        let out = function(&x).expect("a function of one axis");
        out.backward_with(&out.ones_like()).expect("it has a gradient");
        x.grad().expect("it arrived").to_vec().expect("numbers")
    };
    assert_eq!(gradient(&[2.0, 2.0], |x| x.std_axes(&[0], 1.0, false)), [0.0, 0.0]);
    for norm in [0.5, 1.0, 2.0, 3.0] {
        let x = Values::from(vec![0.0, 0.0]).requires_grad();
        x.norm(norm, &[0], false)
            .expect("an axis")
            .backward_with(&Values::full_of(1.0, &[]).expect("one"))
            .expect("a gradient");
        assert_eq!(
            x.grad().expect("it arrived").to_vec().expect("numbers"),
            [0.0, 0.0],
            "{norm}"
        );
    }
    let half = [0.0, 0.5, 0.5, 0.0];
    assert_eq!(gradient(&[1.0, 2.0, 2.0, 3.0], |x| Ok(x.median().into_dynamic())), half);
    assert_eq!(
        gradient(&[1.0, 2.0, 2.0, 3.0], |x| Ok(x.median_axis(0, false)?.0)),
        [0.0, 1.0, 0.0, 0.0]
    );
    assert_eq!(gradient(&[3.0, 3.0, 1.0], |x| x.amax(&[0], false)), [0.5, 0.5, 0.0]);
    assert_eq!(
        gradient(&[3.0, 3.0, 1.0], |x| Ok(x.max_with_index(0, false)?.0)),
        [1.0, 0.0, 0.0]
    );
    let nothing = f64::NEG_INFINITY;
    assert_eq!(gradient(&[nothing, nothing], |x| x.logsumexp(&[0], false)), [0.0, 0.0]);
    assert_eq!(gradient(&[nothing, 1.0], |x| x.logcumsumexp(0)), [0.0, 1.0]);
    assert_eq!(gradient(&[1.0, f64::NAN], |x| x.nansum_axes(&[0], false)), [1.0, 0.0]);
}
