//! Functions of the user's own, and checkpoints.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tensor::autograd::{Context, Function, Options, Tolerance, apply, checkpoint, grad_with, gradcheck, gradgradcheck};
use tensor::prelude::*;
use tensor::{Error, Result};

use crate::{only, vector};

/// `exp(x)`, whose gradient is its own output.
struct Exp;

impl Function<f64> for Exp {
    fn forward(&self, context: &mut Context<f64>, x: &[Tensor<Dynamic, f64>]) -> Result<Tensor<Dynamic, f64>> {
        let out = x[0].exp();
        context.save(&out);
        Ok(out)
    }

    fn backward(&self, context: &Context<f64>, d: &Tensor<Dynamic, f64>) -> Result<Vec<Option<Tensor<Dynamic, f64>>>> {
        Ok(vec![Some(context.saved()[0].mul(d)?)])
    }
}

/// `a b`, of which only what is wanted is computed.
struct Mul;

impl Function<f64> for Mul {
    fn forward(&self, context: &mut Context<f64>, x: &[Tensor<Dynamic, f64>]) -> Result<Tensor<Dynamic, f64>> {
        x.iter().for_each(|x| context.save(x));
        x[0].mul(&x[1])
    }

    fn backward(&self, context: &Context<f64>, d: &Tensor<Dynamic, f64>) -> Result<Vec<Option<Tensor<Dynamic, f64>>>> {
        let part = |input: usize, other: usize| {
            context
                .needs_gradient(input)
                .then(|| d.mul(&context.saved()[other]))
                .transpose()
        };
        Ok(vec![part(0, 1)?, part(1, 0)?])
    }
}

#[test]
fn functions_have_gradients_of_both_orders() {
    let (a, b) = (vector(&[0.3, -1.2]), vector(&[1.5, 0.4]));
    let f = |x: &[Tensor<Dynamic, f64>]| apply(Mul, &[&apply(Exp, &[&x[0]])?, &x[1]]);
    gradcheck(f, &[&a, &b], Tolerance::default()).unwrap();
    gradgradcheck(f, &[&a, &b], Tolerance::default()).unwrap();
}

#[test]
fn gradients_that_do_not_fit_are_errors() {
    struct Wrong(usize);
    impl Function<f64> for Wrong {
        fn name(&self) -> &'static str {
            "wrong"
        }
        fn forward(&self, _: &mut Context<f64>, x: &[Tensor<Dynamic, f64>]) -> Result<Tensor<Dynamic, f64>> {
            Ok(x[0].clone())
        }
        fn backward(&self, _: &Context<f64>, _: &Tensor<Dynamic, f64>) -> Result<Vec<Option<Tensor<Dynamic, f64>>>> {
            Ok(vec![Some(vector(&[1.])); self.0])
        }
    }
    let x = vector(&[1., 2.]).requires_grad();
    let error = |count| {
        apply(Wrong(count), &[&x])
            .unwrap()
            .sum()
            .try_backward()
            .unwrap_err()
            .to_string()
    };
    assert_eq!(error(1), "`wrong`: expected a gradient of [2] for input 0, found [1]");
    assert_eq!(error(2), "`wrong`: expected 1 gradients, one an input, found 2");
}

#[test]
fn a_failing_gradient_is_found() {
    struct Wrong;
    impl Function<f64> for Wrong {
        fn forward(&self, _: &mut Context<f64>, x: &[Tensor<Dynamic, f64>]) -> Result<Tensor<Dynamic, f64>> {
            Ok(x[0].square())
        }
        fn backward(&self, _: &Context<f64>, d: &Tensor<Dynamic, f64>) -> Result<Vec<Option<Tensor<Dynamic, f64>>>> {
            Ok(vec![Some(d.clone())])
        }
    }
    let error = gradcheck(|x| apply(Wrong, &[&x[0]]), &[&vector(&[0.5, 3.])], Tolerance::default()).unwrap_err();
    assert!(
        matches!(error, Error::Gradient(_)) && error.to_string().contains("element 1"),
        "{error}"
    );
}

#[test]
fn a_checkpoint_computes_again() {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let body = move |x: &[Tensor<Dynamic, f64>]| {
        counted.fetch_add(1, Ordering::Relaxed);
        x[0].exp().mul(&x[1])
    };
    let (a, b) = (vector(&[0.3, -1.2]).requires_grad(), vector(&[1.5, 0.4]));
    let y = checkpoint(body, &[&a, &b]).unwrap();
    assert_eq!(count.load(Ordering::Relaxed), 1);
    y.sum().backward();
    assert_eq!(count.load(Ordering::Relaxed), 2);
    assert_eq!(a.grad(), Some(a.exp().mul(&b).unwrap().detach()));
    assert_eq!(b.grad(), None);
}

#[test]
fn a_checkpoint_has_second_derivatives() {
    let f = |x: &[Tensor<Dynamic, f64>]| checkpoint(|x| x[0].exp().mul(&x[1].sin()), &[&x[0], &x[1]]);
    let (a, b) = (vector(&[0.3, -1.2]), vector(&[1.5, 0.4]));
    gradcheck(f, &[&a, &b], Tolerance::default()).unwrap();
    gradgradcheck(f, &[&a, &b], Tolerance::default()).unwrap();
}

#[test]
fn a_checkpoint_of_a_model_drops_the_same_elements() {
    net! { type Net = linear(4, 32) >> dropout(0.5) >> relu >> linear(32, 2) }
    let model = Arc::new(Net::new(&Device::cpu(), Seed(1)));
    let same = model.as_ref().clone();
    let x = Tensor::<dims![Batch, 4]>::randn(&[3, 4], 1).unwrap();
    let inside = Arc::clone(&model);
    let body = move |x: &[Tensor<Dynamic>]| {
        let x = x[0].clone().try_into_shape::<dims![Batch, 4]>()?;
        Ok(inside.forward(&x).into_dynamic())
    };
    checkpoint(body, &[&x.clone().into_dynamic()]).unwrap().sum().backward();
    same.forward(&x).sum().backward();
    let (found, expected) = (model.0.weight.grad().unwrap(), same.0.weight.grad().unwrap());
    assert_eq!(found, expected);
}

#[test]
fn a_checkpoint_among_chosen_gradients() {
    let a = vector(&[0.3, -1.2]).requires_grad();
    let y = checkpoint(|x| Ok(x[0].exp()), &[&a]).unwrap().sum();
    let found = grad_with(&[&y], &[&a], &[&y.ones_like()], Options::default()).unwrap();
    assert_eq!(only(found), a.exp().detach());
    assert_eq!(a.grad(), None);
}
