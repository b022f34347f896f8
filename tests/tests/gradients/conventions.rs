//! Where a function has no derivative, or the formula for it is 0 times infinity: what PyTorch says.

use tests::differences::Values;

/// The gradient of the sum of what `function` makes of these numbers.
fn gradient(x: &[f64], function: impl Fn(&Values) -> Values) -> Vec<f64> {
    let leaf = Values::from(x.to_vec()).requires_grad();
    function(&leaf).sum().try_backward().expect("recorded");
    leaf.grad().expect("a leaf").to_vec().expect("numbers")
}

fn gradients(a: &[f64], b: &[f64], function: impl Fn(&Values, &Values) -> tensor::Result<Values>) -> [Vec<f64>; 2] {
    let leaves = [a, b].map(|data| Values::from(data.to_vec()).requires_grad());
    function(&leaves[0], &leaves[1])
        .expect("the same sizes")
        .sum()
        .try_backward()
        .expect("recorded");
    leaves.map(|leaf| leaf.grad().expect("a leaf").to_vec().expect("numbers"))
}

#[test]
fn kinks_at_zero() {
    assert_eq!(gradient(&[0.0, -0.0], Values::relu), [0.0, 0.0]);
    assert_eq!(gradient(&[0.0, -0.0], Values::abs), [0.0, 0.0]);
    assert_eq!(gradient(&[0.0], |x| x.leaky_relu(0.1)), [0.1]);
    assert_eq!(gradient(&[0.0], |x| x.leaky_relu(-0.5)), [-0.5]);
    assert_eq!(gradient(&[0.0], |x| x.elu(1.0)), [1.0]);
}

#[test]
fn powers_of_zero() {
    assert_eq!(gradient(&[0.0], |x| x.pow(0.0)), [0.0]);
    assert_eq!(gradient(&[0.0], |x| x.pow(1.0)), [1.0]);
    assert_eq!(gradient(&[0.0], |x| x.pow(2.0)), [0.0]);
    assert_eq!(gradient(&[0.0], |x| x.pow(0.5)), [f64::INFINITY]);
    assert_eq!(gradient(&[0.0], Values::sqrt), [f64::INFINITY]);
}

#[test]
fn powers_of_zero_by_a_tensor() {
    let [base, exponent] = gradients(
        &[0.0, 0.0, 0.0, 3.0, -2.0],
        &[0.0, 1.0, 2.0, 0.0, 2.0],
        Values::pow_tensor,
    );
    assert_eq!(base, [0.0, 1.0, 0.0, 0.0, -4.0]);
    assert_eq!(exponent[..3], [0.0, 0.0, 0.0]);
    assert!((exponent[3] - 3f64.ln()).abs() < 1e-15);
    assert!(exponent[4].is_nan(), "the logarithm of a negative number");
}

#[test]
fn ties_share_the_gradient() {
    let [a, b] = gradients(&[1.0, 2.0, 3.0], &[1.0, 5.0, -3.0], Values::maximum);
    assert_eq!((a, b), (vec![0.5, 0.0, 1.0], vec![0.5, 1.0, 0.0]));
    let [a, b] = gradients(&[1.0, 2.0, 3.0], &[1.0, 5.0, -3.0], Values::minimum);
    assert_eq!((a, b), (vec![0.5, 1.0, 0.0], vec![0.5, 0.0, 1.0]));
    let third = 1.0 / 3.0;
    assert_eq!(
        gradient(&[4.0, 1.0, 4.0, 4.0], |x| x.max().into_dynamic()),
        [third, 0.0, third, third]
    );
    assert_eq!(
        gradient(&[-4.0, 1.0, -4.0, 4.0], |x| x.min().into_dynamic()),
        [0.5, 0.0, 0.5, 0.0]
    );
}

#[test]
fn infinities_are_numbers_to_an_extreme() {
    let infinity = f64::INFINITY;
    assert_eq!(
        gradient(&[1.0, infinity, 2.0], |x| x.max().into_dynamic()),
        [0.0, 1.0, 0.0]
    );
    assert_eq!(
        gradient(&[1.0, -infinity, 2.0], |x| x.max().into_dynamic()),
        [0.0, 0.0, 1.0]
    );
    let [a, b] = gradients(&[infinity, 1.0], &[infinity, -infinity], Values::maximum);
    assert_eq!((a, b), (vec![0.5, 1.0], vec![0.5, 0.0]));
}

#[test]
fn saturated_functions_have_finite_gradients() {
    let far = [-1e4, -800.0, 800.0, 1e4];
    assert_eq!(gradient(&far, Values::sigmoid), [0.0; 4]);
    assert_eq!(gradient(&far, Values::tanh), [0.0; 4]);
    assert_eq!(gradient(&far, Values::silu), [0.0, 0.0, 1.0, 1.0]);
    assert_eq!(gradient(&far, Values::gelu), [0.0, 0.0, 1.0, 1.0]);
    assert_eq!(gradient(&far, Values::gelu_tanh), [0.0, 0.0, 1.0, 1.0]);
    assert_eq!(gradient(&far, |x| x.elu(1.0)), [0.0, 0.0, 1.0, 1.0]);
    assert_eq!(gradient(&far, |x| x.softplus(1.0, 20.0)), [0.0, 0.0, 1.0, 1.0]);
    assert_eq!(gradient(&far, |x| x.softplus(1.0, 1e9)), [0.0, 0.0, 1.0, 1.0]);
    assert_eq!(gradient(&far, Values::erf), [0.0; 4]);
}
