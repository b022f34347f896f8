//! Losses as functions: numbers that PyTorch gave for what the reference data leave out, edges, and bad calls.

use tensor::f16;
use tensor::functional::*;
// These two have a namesake in the prelude.
use tensor::functional::{cross_entropy, mse_loss};
use tensor::prelude::*;

use crate::refused;

type Numbers = Tensor<Dynamic, f64>;

fn numbers(data: &[f64], sizes: &[usize]) -> Numbers {
    Tensor::from_slice(data, sizes).expect("as many numbers as the sizes say")
}

fn classes(data: &[i64], sizes: &[usize]) -> Tensor<Dynamic, i64> {
    Tensor::from_slice(data, sizes).expect("as many classes as the sizes say")
}

#[track_caller]
fn assert_close(found: tensor::Result<Numbers>, expected: &[f64]) {
    let found = found.expect("a loss").to_vec().expect("numbers");
    let close = |(a, b): (&f64, &f64)| a == b || (a - b).abs() <= 1e-12 * b.abs() || (a.is_nan() && b.is_nan());
    assert!(
        found.len() == expected.len() && found.iter().zip(expected).all(close),
        "{found:?} and not {expected:?}"
    );
}

fn scores() -> Numbers {
    numbers(&[0.5, -1., 2., 1., 0., -0.5], &[2, 3])
}

const ALL: [Reduction; 3] = [Reduction::None, Reduction::Mean, Reduction::Sum];

#[test]
fn cross_entropy_with_smoothed_labels() {
    let (weight, target) = (numbers(&[0.5, 1., 2.], &[3]), classes(&[2, 0], &[2]));
    let plain: [&[f64]; 3] = [
        &[0.541_311_296_657_157, 0.631_035_450_774_611_7],
        &[0.586_173_373_715_884_3],
        &[1.172_346_747_431_768_6],
    ];
    let weighted: [&[f64]; 3] = [
        &[0.6924040438714546, 0.560_766_896_601_698_4],
        &[0.501_268_376_189_261_2],
        &[1.253_170_940_473_153],
    ];
    for ((reduction, plain), weighted) in ALL.into_iter().zip(plain).zip(weighted) {
        let mut options = ClassOptions {
            label_smoothing: 0.2,
            reduction,
            ..Default::default()
        };
        assert_close(cross_entropy(&scores(), &target, ClassOptions { ..options }), plain);
        options.weight = Some(&weight);
        assert_close(cross_entropy(&scores(), &target, options), weighted);
    }
    let options = ClassOptions {
        label_smoothing: 0.2,
        weight: Some(&weight),
        ..Default::default()
    };
    let ignoring = cross_entropy(&scores(), &classes(&[2, -100], &[2]), options);
    assert_close(ignoring, &[0.3462020219357273]);
    let all = ClassOptions {
        ignore_index: 1,
        ..Default::default()
    };
    assert_close(cross_entropy(&scores(), &classes(&[1, 1], &[2]), all), &[f64::NAN]);
}

#[test]
fn cross_entropy_of_probabilities_and_of_one_row() {
    let weight = numbers(&[0.5, 1., 2.], &[3]);
    let target = numbers(&[0.2, 0.3, 0.5, 1., 0., 0.], &[2, 3]);
    let options = |reduction| ClassOptions {
        label_smoothing: 0.1,
        weight: Some(&weight),
        reduction,
        ..Default::default()
    };
    assert_close(
        cross_entropy(&scores(), &target, options(Reduction::Mean)),
        &[0.899_340_431_362_927_5],
    );
    let each = cross_entropy(&scores(), &target, options(Reduction::None));
    assert_close(each, &[1.402_205_218_398_019_6, 0.39647564432783544]);
    let row = numbers(&[0.5, -1., 2.], &[3]);
    assert_close(
        cross_entropy(&row, &classes(&[1], &[]), ClassOptions::default()),
        &[3.241_311_296_657_157],
    );
    let probabilities = numbers(&[0.2, 0.3, 0.5], &[3]);
    assert_close(
        cross_entropy(&row, &probabilities, ClassOptions::default()),
        &[1.441_311_296_657_157],
    );
}

#[test]
fn cross_entropy_of_more_axes_and_of_nothing() {
    let scores: Vec<f64> = (0..12).map(|number| f64::from(number).sin()).collect();
    let none = ClassOptions {
        reduction: Reduction::None,
        ..Default::default()
    };
    let found = cross_entropy(
        &numbers(&scores, &[1, 3, 2, 2]),
        &classes(&[0, 1, 2, 0], &[1, 2, 2]),
        none,
    );
    let expected = [
        1.425_195_817_422_805_7,
        2.397_121_844_614_421_3,
        1.884_065_495_949_829_5,
        1.096_795_185_735_589_5,
    ];
    assert_close(found, &expected);
    let (nothing, target) = (numbers(&[], &[0, 3]), classes(&[], &[0]));
    assert_close(cross_entropy(&nothing, &target, ClassOptions::default()), &[f64::NAN]);
    let sum = ClassOptions {
        reduction: Reduction::Sum,
        ..Default::default()
    };
    assert_close(cross_entropy(&nothing, &target, sum), &[0.]);
}

#[test]
fn certainty_has_a_loss_and_a_gradient() {
    let x = numbers(&[0., 0., 1., 1., 0.3], &[5]).requires_grad();
    let target = numbers(&[0., 1., 0., 1., 0.4], &[5]);
    let losses = binary_cross_entropy(&x, &target, None, Reduction::None);
    assert_close(losses.clone(), &[0., 100., 100., 0., 0.695_594_088_093_613_9]);
    losses.expect("losses").sum().backward();
    let expected = [0., -1e12, 1e12, 0., -0.476_190_476_190_476_4];
    let gradient = x.grad().expect("a leaf").to_vec().expect("numbers");
    assert!(
        gradient
            .iter()
            .zip(expected)
            .all(|(a, b)| (a - b).abs() <= 1e-8 * b.abs()),
        "{gradient:?}"
    );
}

#[test]
fn sequences() {
    let likelihoods = [0.6f64, 0.3, 0.1, 0.2, 0.5, 0.3, 0.1, 0.2, 0.7];
    let log = numbers(&likelihoods.map(f64::ln), &[3, 1, 3]);
    let sum = |zero_infinity| CtcOptions {
        reduction: Reduction::Sum,
        zero_infinity,
        ..Default::default()
    };
    for zero in [false, true] {
        let infinite = if zero { 0. } else { f64::INFINITY };
        let cases: [(&[i64], f64); 4] = [
            (&[1, 2], 0.846_298_360_054_120_3),
            (&[1, 1], 4.422_848_629_194_137),
            (&[1, 1, 2], infinite),
            (&[], 4.422_848_629_194_137),
        ];
        for (target, expected) in cases {
            let length = target.len();
            let found = ctc_loss(&log, &classes(target, &[length]), &[3], &[length], sum(zero));
            assert_close(found, &[expected]);
        }
    }
    let two = log.expand(&[3, 2, 3]).expect("a batch of 1");
    let mean = ctc_loss(
        &two,
        &classes(&[1, 2, 1], &[3]),
        &[3, 2],
        &[2, 1],
        CtcOptions::default(),
    );
    assert_close(mean, &[0.548_246_866_645_412_9]);
    let leaf = log.requires_grad();
    let too_long = ctc_loss(&leaf, &classes(&[1, 1, 2], &[3]), &[3], &[3], sum(true)).expect("a loss");
    too_long.sum().backward();
    assert_eq!(leaf.grad().expect("a leaf").to_vec().expect("numbers"), [0.; 9]);
}

#[test]
fn other_options() {
    let (x, target) = (numbers(&[1., 2.], &[2]), numbers(&[2., 5.], &[2]));
    let options = GaussianOptions {
        eps: 0.5,
        full: true,
        ..Default::default()
    };
    assert_close(
        gaussian_nll_loss(&x, &target, &numbers(&[0., 1.], &[2]), options),
        &[3.495_651_738_064_686_3],
    );
    let neither = hinge_embedding_loss(&numbers(&[0.3], &[1]), &numbers(&[0.], &[1]), 1., Reduction::Mean);
    assert_close(neither, &[1.]);
    let log = numbers(&[-1., -2., -1., -2.], &[2, 2]);
    let divergence = kl_div(&log, &numbers(&[0., 0.7], &[1, 2]), false, KlReduction::BatchMean);
    assert_close(divergence, &[1.150_327_539_242_887]);
    let labels = classes(&[1, 0, -1, 2, -1, 0], &[2, 3]);
    let margins = multilabel_margin_loss(&scores(), &labels, Reduction::None);
    assert_close(margins, &[2.166_666_666_666_666_5, 1.333_333_333_333_333_3]);
    let (positive, negative) = (scores().affine(1., 1.), scores().affine(1., -0.1));
    let triplets = [
        (3., true, 2.298_021_728_777_527),
        (f64::INFINITY, false, 1.899_997_999_999_999_9),
        (1., false, 3.699_994_000_000_000_2),
    ];
    for (p, swap, expected) in triplets {
        let options = TripletOptions {
            p,
            swap,
            ..Default::default()
        };
        assert_close(
            triplet_margin_loss(&scores(), &positive, &negative, options),
            &[expected],
        );
    }
    let counts = PoissonOptions {
        log_input: false,
        full: true,
        reduction: Reduction::None,
        ..Default::default()
    };
    let losses = poisson_nll_loss(&numbers(&[0., 1.], &[2]), &numbers(&[0., 3.], &[2]), counts);
    assert_close(losses, &[0., 2.764_081_513_543_057]);
}

#[test]
fn a_linear_layer_before_the_classes() {
    let (x, weight) = (
        scores(),
        numbers(&[0.1, 0.2, -0.3, 1., -1., 0.5, 0., 2., 1., 0.3, 0.2, 0.1], &[2, 2, 3]),
    );
    let (bias, target) = (numbers(&[0.1, 0.2, 0.3, 0.4], &[2, 2]), classes(&[0, 1, 1, 1], &[2, 2]));
    let found = linear_cross_entropy(&x, &weight, Some(&bias), &target, ClassOptions::default());
    let flat = weight.reshape(&[4, 3]).expect("12 numbers");
    let logits = x.matmul(&flat.transpose(0, 1).expect("two axes")).expect("3 features");
    let logits = logits
        .reshape(&[2, 2, 2])
        .expect("8 numbers")
        .add(&bias)
        .expect("a bias");
    let expected = cross_entropy(&logits, &target, ClassOptions::default()).expect("a loss");
    assert_close(found, &expected.to_vec().expect("a number"));
}

#[test]
fn halves_are_rounded_once() {
    let x = scores().cast::<f16>().requires_grad();
    let loss = cross_entropy(&x, &classes(&[2, 0], &[2]), ClassOptions::default()).expect("a loss");
    let wide = x.cast::<f32>();
    let expected = cross_entropy(&wide, &classes(&[2, 0], &[2]), ClassOptions::default()).expect("a loss");
    assert_eq!(loss, expected.cast::<f16>());
    loss.sum().backward();
    assert!(x.grad().is_some());
}

#[test]
fn bad_calls_are_errors() {
    let (x, target) = (scores(), classes(&[2, 3], &[2]));
    let class = ClassOptions::default;
    refused(cross_entropy(&x, &target, class()), &["`cross_entropy`", "class 3"]);
    refused(nll_loss(&x, &target, NllOptions::default()), &["`nll_loss`", "class 3"]);
    refused(
        cross_entropy(&x, &classes(&[0], &[1]), class()),
        &["`cross_entropy`", "[2]", "[2, 3]", "[1]"],
    );
    refused(
        cross_entropy(&x, &numbers(&[0.; 4], &[2, 2]), class()),
        &["[2, 3]", "[2, 2]"],
    );
    refused(
        cross_entropy(&numbers(&[1.], &[]), &classes(&[0], &[]), class()),
        &["scalar"],
    );
    let smoothing = ClassOptions {
        label_smoothing: 1.5,
        ..Default::default()
    };
    refused(
        cross_entropy(&x, &classes(&[0, 1], &[2]), smoothing),
        &["`label_smoothing`", "1.5"],
    );
    refused(binary_cross_entropy(&x, &x, None, Reduction::Mean), &["0 to 1"]);
    refused(huber_loss(&x, &x, 0., Reduction::Mean), &["`delta`"]);
    refused(
        mse_loss(&x, &numbers(&[0.; 2], &[2]), Reduction::Mean),
        &["`mse_loss`", "[2, 3]", "[2]"],
    );
    refused("abc".parse::<Reduction>(), &["`reduction`", "`abc`"]);
    let log = numbers(&[0.; 12], &[2, 2, 3]);
    let ctc = |target: &Tensor<Dynamic, i64>, input: &[usize], lengths: &[usize], blank| {
        let options = CtcOptions {
            blank,
            ..Default::default()
        };
        ctc_loss(&log, target, input, lengths, options)
    };
    let targets = classes(&[1, 2], &[2, 1]);
    refused(ctc(&targets, &[2, 3], &[1, 1], 0), &["`input_lengths`", "up to 2", "3"]);
    refused(
        ctc(&targets, &[2, 2], &[1, 2], 0),
        &["`target_lengths`", "up to 1", "2"],
    );
    refused(ctc(&targets, &[2], &[1, 1], 0), &["`input_lengths`"]);
    refused(ctc(&targets, &[2, 2], &[1, 1], 3), &["blank 3", "3 classes"]);
    refused(ctc(&classes(&[1, 3], &[2, 1]), &[2, 2], &[1, 1], 0), &["target 3"]);
    refused(
        ctc(&classes(&[1, 2, 1], &[3]), &[2, 2], &[1, usize::MAX], 0),
        &["`target_lengths`"],
    );
}
