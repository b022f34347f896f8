//! Losses in compiled steps: each trains as the recorded forward with the same loss of tensors does.

use tensor::functional::{ClassOptions, CtcOptions, GaussianOptions, MultiMarginOptions, NllOptions, TripletOptions};
use tensor::loss::*;
use tensor::prelude::*;
use tensor::reduction::{Mean, Sum};
use tensor::{NamedParameter, Planned, PlannedLoss};

use tests::Chance;

net! {
    /// Probabilities.
    type Shares = linear(3, 4) >> sigmoid;
    /// Logarithms of them.
    type Logs = linear(3, 4) >> log_softmax;
}

/// Three values of one input.
#[model]
#[forward(|x: [3]| (one(x), two(x), exp(three(x))))]
struct Three {
    one: Linear<3, 4>,
    two: Linear<3, 4>,
    three: Linear<3, 4>,
}

/// Scores of letters for each of six steps.
#[model]
#[forward(|x: [6, 3]| log_softmax(body(x)))]
struct Spoken {
    body: Linear<3, 4>,
}

type Rows<T> = Tensor<dims![5, 4], T>;

fn numbers<S: Shape>(seed: u64, sizes: &[usize]) -> Tensor<S, f64> {
    let x: Tensor<Dynamic, f64> = Chance::new(seed).normal(sizes);
    x.try_into_shape().expect("of these sizes")
}

fn elements(parameters: Vec<NamedParameter<f64>>) -> Vec<f64> {
    let vectors = parameters
        .into_iter()
        .map(|parameter| parameter.tensor.to_vec().expect("computed"));
    vectors.flatten().collect()
}

/// Some steps of a compiled model against the same on the tape: losses and parameters.
macro_rules! same {
    ($Net:ident, $loss:expr, $x:expr, $target:expr, |$($out:ident),+| $recorded:expr) => {{
        let mut compiled = $Net::<f64>::new_as(&Device::cpu(), Seed(2)).compile($loss, Sgd::new(0.05).momentum(0.5));
        let mut model = $Net::<f64>::new_as(&Device::cpu(), Seed(2));
        let mut sgd = Sgd::new(0.05).momentum(0.5);
        for step in 0..4 {
            let found = compiled.run(&$x, &$target).expect("a finite loss");
            #[allow(unused_parens)]
            let ($($out),+) = model.forward(&$x);
            let loss = $recorded;
            loss.backward();
            sgd.step(&mut model).expect("a finite gradient");
            let expected: f64 = loss.item().expect("computed");
            assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1.0), "step {step}: {found} {expected}");
        }
        let pairs = elements(compiled.model().parameters()).into_iter().zip(elements(model.parameters()));
        for (found, expected) in pairs {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
    }};
}

/// Losses by name: compiled, and as a method of tensors with the mean.
macro_rules! by_name {
    ($($test:ident: $Net:ident, $name:ident($($argument:expr),*), $target:expr;)*) => {
        $(
            #[test]
            fn $test() {
                let x: Tensor<dims![5, 3], f64> = numbers(3, &[5, 3]);
                let target = $target;
                same!($Net, $name, x, target, |out| out.$name(&target, $($argument,)* Mean).expect("it fits"));
                // Of a recorded tensor the function of that name is the same.
                let model = $Net::<f64>::new_as(&Device::cpu(), Seed(2));
                let (one, other) = (
                    $name(&model.infer(&x), &target),
                    model.infer(&x).$name(&target, $($argument,)* Mean).expect("it fits"),
                );
                tensor::testing::assert_close(&one, &other);
                let dynamic = $name(&model.infer(&x).into_dynamic(), &target.clone().into_dynamic());
                tensor::testing::assert_close(&dynamic.expect("it fits"), &other);
            }
        )*
    };
}

fn signs() -> Rows<f64> {
    numbers::<dims![5, 4]>(9, &[5, 4]).sign()
}

fn shares() -> Rows<f64> {
    numbers::<dims![5, 4]>(8, &[5, 4]).sigmoid()
}

fn labels() -> Tensor<dims![5], i64> {
    tensor![0, 3, 1, 2, 3]
}

by_name! {
    l1: Shares, l1_loss(), shares();
    smooth_l1: Shares, smooth_l1_loss(1.0), shares();
    huber: Shares, huber_loss(1.0), shares() * 4.0;
    probabilities: Shares, binary_cross_entropy(None), shares();
    logits: Shares, binary_cross_entropy_with_logits(Default::default()), shares();
    divergence: Logs, kl_div(false), shares();
    counts: Shares, poisson_nll_loss(Default::default()), shares();
    soft_margin: Shares, soft_margin_loss(), signs();
    hinge: Shares, hinge_embedding_loss(1.0), signs();
    multilabel: Shares, multilabel_soft_margin_loss(None), shares().round();
    negative_log: Logs, nll_loss(NllOptions::default()), labels();
    margins: Shares, multi_margin_loss(MultiMarginOptions::default()), labels();
}

#[test]
fn losses_with_kernels_of_their_own_are_those_of_tensors() {
    let x: Tensor<dims![5, 3], f64> = numbers(3, &[5, 3]);
    same!(Shares, mse_loss, x, shares(), |out| out
        .mse_loss(&shares(), Mean)
        .expect("it fits"));
    same!(Shares, cross_entropy, x, labels(), |out| out
        .cross_entropy(&labels(), ClassOptions::default(), Mean)
        .expect("it fits"));
}

#[test]
fn options_are_those_of_tensors() {
    let x: Tensor<dims![5, 3], f64> = numbers(3, &[5, 3]);
    let smooth = || ClassOptions {
        label_smoothing: 0.1,
        ..Default::default()
    };
    same!(
        Shares,
        |out: &Planned<Shares<f64>>, y: &Tensor<dims![Batch], i64>| out.tensor().cross_entropy(y, smooth(), Sum),
        x,
        labels(),
        |out| out.cross_entropy(&labels(), smooth(), Sum).expect("it fits")
    );
}

#[test]
fn several_outputs_are_compared_with_each_other() {
    let x: Tensor<dims![5, 3], f64> = numbers(3, &[5, 3]);
    let options = GaussianOptions::default;
    same!(
        Three,
        |(mean, _, variance), y: &Tensor<dims![Batch, 4], f64>| {
            mean.tensor().gaussian_nll_loss(y, &variance.tensor(), options(), Mean)
        },
        x,
        shares(),
        |mean, _same, variance| mean
            .gaussian_nll_loss(&shares(), &variance, options(), Mean)
            .expect("it fits")
    );
    let options = TripletOptions::default;
    same!(
        Three,
        |(anchor, near, far), (): &()| {
            anchor
                .tensor()
                .triplet_margin_loss(&near.tensor(), &far.tensor(), options(), Mean)
        },
        x,
        (),
        |anchor, near, far| anchor
            .triplet_margin_loss(&near, &far, options(), Mean)
            .expect("it fits")
    );
    let (sign, other): (Tensor<dims![5], f64>, Rows<f64>) = (tensor![1., -1., -1., 1., 1.].cast(), signs());
    type Targets = (Tensor<dims![Batch], f64>, Tensor<dims![Batch, 4], f64>);
    same!(
        Three,
        |(a, b, c), (y, z): &Targets| -> tensor::Result<_> {
            let cosine = a.tensor().cosine_embedding_loss(&b.tensor(), y, 0.1, Mean)?;
            Ok(cosine + b.tensor().margin_ranking_loss(&c.tensor(), z, 0.2, Sum)? * 0.5)
        },
        x,
        (sign.clone(), other.clone()),
        |a, b, c| {
            let cosine = a.cosine_embedding_loss(&b, &sign, 0.1, Mean).expect("it fits");
            cosine + b.margin_ranking_loss(&c, &other, 0.2, Sum).expect("it fits") * 0.5
        }
    );
}

#[test]
fn sequences_are_compared_with_words() {
    type Steps = dims![2, 6, 3];
    let x: Tensor<Steps, f64> = numbers(3, &[2, 6, 3]);
    let words: Tensor<dims![2, 2], i64> = tensor![[1, 2], [3, 1]];
    let step = |out: Tensor<Dynamic, f64>, words: &Tensor<Dynamic, i64>| {
        let steps = out.permute(&[1, 0, 2])?;
        tensor::functional::ctc_loss(&steps, words, &[6, 5], &[2, 1], CtcOptions::default())
    };
    same!(
        Spoken,
        |out: &Planned<Spoken<f64>>, words: &Tensor<dims![Batch, 2], i64>| {
            step(out.tensor().into_dynamic(), &words.clone().into_dynamic())
        },
        x,
        words,
        |out| step(out.into_dynamic(), &words.clone().into_dynamic())
            .expect("it fits")
            .try_into_shape::<()>()
            .expect("a number")
    );
}

#[test]
fn losses_of_both_kinds_add() {
    let x: Tensor<dims![5, 3], f64> = numbers(3, &[5, 3]);
    same!(
        Shares,
        |out: &Planned<Shares<f64>>, y: &tensor::Values| -> PlannedLoss {
            mse_loss(out, y) + out.tensor().sum() * 0.125
        },
        x,
        shares(),
        |out| out.mse_loss(&shares(), Mean).expect("it fits") + out.sum() * 0.125
    );
}

#[test]
fn gradients_of_batches_add_on_the_tape_too() {
    let new = || Shares::<f64>::new_as(&Device::cpu(), Seed(2));
    let mut whole = new().compile(l1_loss, Sgd::new(0.5));
    let mut halves = new().compile(l1_loss, Sgd::new(0.5)).accumulate(2);
    let (x, y) = (numbers::<dims![4, 3]>(1, &[4, 3]), numbers::<dims![4, 4]>(2, &[4, 4]));
    let [first, second] = [0, 2].map(|start| {
        let part = |x: Tensor<Dynamic, f64>| x.narrow(0, start, 2).expect("within");
        let (x, y) = (part(x.clone().into_dynamic()), part(y.clone().into_dynamic()));
        let x: Tensor<dims![Batch, 3], f64> = x.try_into_shape().expect("of these sizes");
        let y: Tensor<dims![Batch, 4], f64> = y.try_into_shape().expect("of these sizes");
        (x, y)
    });
    whole.run(&x, &y).expect("finite");
    for (x, y) in [first, second] {
        halves.run(&x, &y).expect("finite");
    }
    for (one, other) in elements(whole.model().parameters())
        .into_iter()
        .zip(elements(halves.model().parameters()))
    {
        assert!((one - other).abs() < 1e-14, "{one} {other}");
    }
}

#[test]
fn what_is_no_loss_says_so() {
    let new = || Shares::<f64>::new_as(&Device::cpu(), Seed(2));
    let (x, y) = (numbers::<dims![5, 3]>(3, &[5, 3]), shares());
    let before = elements(new().parameters());
    let mut rows = new().compile(
        |out: &Planned<Shares<f64>>, (): &()| out.tensor().into_dynamic(),
        Sgd::new(0.1),
    );
    let error = rows.run(&x, &()).expect_err("20 numbers");
    assert_eq!(
        error.to_string(),
        "`compile`: expected a loss of one number, found [5, 4]"
    );
    let mut narrow = new().compile(
        |out: &Planned<Shares<f64>>, (): &()| out.tensor().sum().cast::<f32>(),
        Sgd::new(0.1),
    );
    let error = narrow.run(&x, &()).expect_err("a number of 32 bits");
    assert_eq!(
        error.to_string(),
        "`compile`: expected a loss of `f64`, as the model, found a loss of `f32`"
    );
    let constant = |_: &Planned<Shares<f64>>, y: &Tensor<dims![Batch, 4], f64>| y.sum();
    let error = new()
        .compile(constant, Sgd::new(0.1))
        .run(&x, &y)
        .expect_err("nothing to learn from");
    assert!(error.to_string().contains("nothing to differentiate"), "{error}");
    let failing = |out: &Planned<Shares<f64>>, y: &tensor::Labels| nll_loss(out, y);
    let mut failing = new().compile(failing, Sgd::new(0.1));
    let error = failing
        .run(&x, &tensor![0, 1, 2, 3, 4])
        .expect_err("there is no class 4");
    assert!(error.to_string().contains("nll_loss"), "{error}");
    assert_eq!(elements(failing.model().parameters()), before);
    // And works again afterwards.
    assert!(failing.run(&x, &labels()).is_ok());
}

#[test]
fn a_recording_that_is_off_is_on_for_the_loss() {
    let mut step = Shares::<f64>::new_as(&Device::cpu(), Seed(2)).compile(l1_loss, Sgd::new(0.1));
    let (x, y) = (numbers::<dims![5, 3]>(3, &[5, 3]), shares());
    assert!(tensor::no_grad(|| step.run(&x, &y)).is_ok());
}
