//! Layers of the user's own.

use std::marker::PhantomData;

use tensor::autograd::{Tolerance, grad, gradcheck, gradgradcheck};
use tensor::init::Init;
use tensor::own::{Backward, Forward, Layer, Own, Weight};
use tensor::prelude::*;
use tensor::shape::StaticDim;

use crate::hold;

/// `x sigmoid(beta x)` with a beta for each feature, which keeps the sigmoid. It has a second derivative.
pub struct SwishRule<D>(PhantomData<D>);
pub type Swish<D, T = f32> = Own<SwishRule<D>, T>;

fn sigmoid<T: Float>(x: T) -> T {
    let one = <T as Element>::from_f64(1.0);
    one / (one + <T as Element>::from_f64((-x.as_f64()).exp()))
}

impl<D: StaticDim> Layer for SwishRule<D> {
    type Input<B: Dim> = (B, D);
    type Output<B: Dim> = (B, D);
    const NAME: &'static str = "swish";
    const PARAMETERS: &'static [Weight] = &[Weight::new("beta", &[D::SIZE], Init::Constant(1.5))];
    const KEPT: usize = D::SIZE;

    fn forward<T: Float>(pass: Forward<'_, T>) {
        assert_eq!(pass.sizes[1], D::SIZE);
        for at in 0..pass.x.len() {
            pass.kept[at] = sigmoid(pass.x[at] * pass.parameters[0][at % D::SIZE]);
            pass.out[at] = pass.x[at] * pass.kept[at];
        }
    }

    fn backward<T: Float>(mut pass: Backward<'_, T>) {
        let one = <T as Element>::from_f64(1.0);
        for at in 0..pass.x.len() {
            let (x, beta, kept, d) = (
                pass.x[at],
                pass.parameters[0][at % D::SIZE],
                pass.kept[at],
                pass.d_out[at],
            );
            let slope = kept * (one - kept);
            if let Some(d_beta) = &mut pass.d_parameters[0] {
                d_beta[at % D::SIZE] += d * x * x * slope;
            }
            if let Some(d_x) = &mut pass.d_x {
                d_x[at] = d * (kept + x * beta * slope);
            }
        }
    }

    fn in_operations<T: Float>(
        x: &Tensor<Dynamic, T>,
        parameters: &[Tensor<Dynamic, T>],
    ) -> tensor::Result<Tensor<Dynamic, T>> {
        x.mul(&x.mul(&parameters[0])?.sigmoid())
    }
}

/// The sum of four rows: another shape, no parameters, nothing in operations.
pub struct SumRule;
pub type Sum<T = f32> = Own<SumRule, T>;

impl Layer for SumRule {
    type Input<B: Dim> = (B, dim![4], dim![3]);
    type Output<B: Dim> = (B, dim![3]);
    const NAME: &'static str = "sum of rows";

    fn forward<T: Float>(pass: Forward<'_, T>) {
        for (x, out) in pass.x.chunks(12).zip(pass.out.chunks_mut(3)) {
            for column in 0..3 {
                out[column] = x[column] + x[column + 3] + x[column + 6] + x[column + 9];
            }
        }
    }

    fn backward<T: Float>(pass: Backward<'_, T>) {
        let Some(d_x) = pass.d_x else { return };
        for (at, d_x) in d_x.iter_mut().enumerate() {
            *d_x = pass.d_out[at / 12 * 3 + at % 3];
        }
    }

    fn in_operations<T: Float>(x: &Tensor<Dynamic, T>, _: &[Tensor<Dynamic, T>]) -> tensor::Result<Tensor<Dynamic, T>> {
        x.sum_axis(1)
    }
}

/// No second derivative.
pub struct HalfRule;

impl Layer for HalfRule {
    type Input<B: Dim> = (B, dim![2]);
    type Output<B: Dim> = (B, dim![2]);
    const NAME: &'static str = "half";

    fn forward<T: Float>(pass: Forward<'_, T>) {
        let half = <T as Element>::from_f64(0.5);
        pass.x.iter().zip(pass.out).for_each(|(x, out)| *out = *x * half);
    }

    fn backward<T: Float>(pass: Backward<'_, T>) {
        let half = <T as Element>::from_f64(0.5);
        pass.d_out
            .iter()
            .zip(pass.d_x.into_iter().flatten())
            .for_each(|(d, d_x)| *d_x = *d * half);
    }
}

net! { pub type Chained = linear(4, 6) >> Swish<6> >> linear(6, 2) }
net! { pub type First = act: Swish<5> >> out: linear(5, 2) }

#[model]
#[forward(|x: [4, 3]| {
    let y: [3] = sum(x);
    act(fc(y)) + act(y)
})]
pub struct Summed {
    sum: Sum,
    #[init(beta = constant(0.5))]
    act: Swish<3>,
    fc: Linear<3, 3>,
}

hold! {
    chained Chained
    first First
    summed Summed
}

#[test]
fn names_files_summary() {
    let model = Summed::new(&Device::cpu(), Seed(0));
    let names: Vec<String> = model.parameters().into_iter().map(|parameter| parameter.name).collect();
    assert_eq!(names, ["act.beta", "fc.weight", "fc.bias"]);
    assert_eq!(model.act.parameters[0].to_vec().unwrap(), [0.5; 3]);
    assert_eq!(model.num_parameters(), 3 + 9 + 3);
    let text = format!("{model}");
    assert!(
        text.contains("act: swish") && text.contains("sum: sum of rows"),
        "{text}"
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("summed.safetensors");
    model.save(&path).unwrap();
    let mut other = Summed::new(&Device::cpu(), Seed(1));
    other.load(&path).unwrap();
    assert_eq!(*other.fc.weight, *model.fc.weight);
}

#[test]
fn by_itself_with_gradients_of_both_orders() {
    let layer: Swish<dim![3], f64> = tensor::__private::build(&Device::cpu(), Seed(0));
    let x = Tensor::<dims![Batch, 3], f64>::randn(&[4, 3], 1)
        .unwrap()
        .into_dynamic();
    let run = |x: &Tensor<Dynamic, f64>| -> tensor::Result<Tensor<Dynamic, f64>> {
        Ok(Model::forward(&layer, &x.clone().try_into_shape::<dims![Batch, 3]>()?).into_dynamic())
    };
    gradcheck(|x| run(&x[0]), &[&x], Tolerance::default()).unwrap();
    gradgradcheck(|x| run(&x[0]), &[&x], Tolerance::default()).unwrap();
}

#[test]
fn a_second_derivative_that_is_not_there_is_told_by_name() {
    let layer = Own::<HalfRule>::new(&Device::cpu(), Seed(0));
    let x = tensor![[1., 2.]].requires_grad();
    let y = layer.forward(&x).square().sum();
    y.backward();
    assert_eq!(x.grad(), Some(tensor![[0.5, 1.]]));
    let x = tensor![[1., 2.]].into_dynamic().requires_grad();
    let y = layer
        .forward(&x.clone().try_into_shape::<dims![1, 2]>().unwrap())
        .square()
        .sum();
    let chosen = grad(&y, &[&x]).and_then(|found| found[0].as_ref().expect("a gradient").to_vec());
    let text = chosen.unwrap_err().to_string();
    assert!(text.contains("`half`") && text.contains("in_operations"), "{text}");
}

#[test]
fn frozen_and_trained() {
    let mut model = Chained::new(&Device::cpu(), Seed(0));
    model.1.freeze();
    let x = Tensor::<dims![Batch, 4]>::randn(&[3, 4], 1).unwrap();
    let before = model.1.parameters[0].to_vec().unwrap();
    let mut sgd = Sgd::new(0.1);
    model.forward(&x).square().mean().backward();
    sgd.step(&mut model).unwrap();
    assert_eq!(model.1.parameters[0].to_vec().unwrap(), before);
    model.1.unfreeze();
    let mut step = model.compile(mse_loss, Sgd::new(0.1));
    let y = Tensor::<dims![Batch, 2]>::randn(&[3, 2], 2).unwrap();
    let first = step.run(&x, &y).unwrap();
    for _ in 0..50 {
        step.run(&x, &y).unwrap();
    }
    assert!(step.run(&x, &y).unwrap() < first);
    assert_ne!(step.model().1.parameters[0].to_vec().unwrap(), before);
}
