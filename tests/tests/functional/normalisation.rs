//! Normalisation.

use tensor::autograd::{Tolerance, gradcheck, gradgradcheck};
use tensor::functional::{
    LocalResponseNorm, Normalize, Statistics, batch_norm, cosine_similarity, group_norm, instance_norm, layer_norm,
    local_response_norm, normalize, rms_norm,
};
use tensor::{Dynamic, Tensor, f16};

use crate::{assert_near, assert_refused, doubles, numbers};

fn ones(count: usize) -> Tensor<Dynamic, f64> {
    Tensor::from_vec(vec![1.0; count], &[count]).expect("as many as there are")
}

#[test]
fn running_statistics_take_the_unbiased_variance() {
    let x = Tensor::<Dynamic, f64>::from_vec(vec![1.0, 2.0, 3.0, 6.0], &[4, 1]).expect("sizes");
    let (mut mean, mut var) = (ones(1), ones(1));
    let tracked = Statistics::Tracked {
        mean: &mut mean,
        var: &mut var,
        momentum: 0.25,
    };
    batch_norm(&x, tracked, None, None, 1e-5).expect("sizes that fit");
    assert_near(&mean, &[1.5], 1e-15);
    assert_near(&var, &[0.75 + 0.25 * 14.0 / 3.0], 1e-15);
    let used = Statistics::Running { mean: &mean, var: &var };
    let out = batch_norm(&x, used, None, None, 0.0).expect("sizes that fit");
    assert_near(
        &out,
        &[1.0, 2.0, 3.0, 6.0].map(|x| (x - 1.5) / doubles(&var)[0].sqrt()),
        1e-14,
    );
}

#[test]
fn nothing_is_changed_by_what_is_refused() {
    let x = numbers::<f64>(&[3, 2, 4], 1);
    let (mut mean, mut var) = (ones(2), ones(3));
    let tracked = Statistics::Tracked {
        mean: &mut mean,
        var: &mut var,
        momentum: 0.5,
    };
    assert_refused(batch_norm(&x, tracked, None, None, 1e-5), "each of 2 channels");
    assert_near(&mean, &[1.0, 1.0], 0.0);
    assert_refused(
        batch_norm(&numbers::<f64>(&[1, 2], 1), Statistics::Batch, None, None, 1e-5),
        "more than one element",
    );
    assert_refused(
        instance_norm(&numbers::<f64>(&[2, 2, 1], 1), Statistics::Batch, None, None, 1e-5),
        "more than one",
    );
    assert_refused(group_norm(&x, 3, None, None, 1e-5), "into 3 groups");
    assert_refused(group_norm(&x, 0, None, None, 1e-5), "into 0 groups");
    assert_refused(layer_norm(&x, &[3], None, None, 1e-5), "whose last sizes are [3]");
    assert_refused(
        layer_norm(&x, &[4], Some(&ones(2)), None, 1e-5),
        "weight and bias of [4]",
    );
    assert_refused(rms_norm(&x, &[], None, None), "one axis or more");
    assert_refused(local_response_norm(&x, 0, LocalResponseNorm::default()), "`size`");
    assert_refused(
        normalize(
            &x,
            Normalize {
                axis: 3,
                ..Normalize::default()
            },
        ),
        "axis",
    );
}

#[test]
fn what_is_normalised_has_mean_0_and_variance_1() {
    let x = numbers::<f64>(&[3, 4, 5], 1);
    let rows = |out: &Tensor<Dynamic, f64>, length: usize| {
        for row in doubles(out).chunks(length) {
            let mean = row.iter().sum::<f64>() / length as f64;
            let var = row.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / length as f64;
            assert!(mean.abs() < 1e-12 && (var - 1.0).abs() < 1e-12, "{mean} {var}");
        }
    };
    rows(&layer_norm(&x, &[4, 5], None, None, 0.0).expect("sizes that fit"), 20);
    rows(&group_norm(&x, 2, None, None, 0.0).expect("sizes that fit"), 10);
    rows(
        &instance_norm(&x, Statistics::Batch, None, None, 0.0).expect("sizes that fit"),
        5,
    );
    // Strided inputs and weights.
    let flipped = x.transpose(0, 2).expect("axes");
    let weight = numbers::<f64>(&[3, 4], 2).transpose(0, 1).expect("axes");
    let out = layer_norm(&flipped, &[4, 3], Some(&weight), None, 1e-5).expect("sizes that fit");
    let dense = layer_norm(&flipped.contiguous(), &[4, 3], Some(&weight.contiguous()), None, 1e-5);
    assert_near(&out, &doubles(&dense.expect("sizes that fit")), 0.0);
}

#[test]
fn small_elements_round_once() {
    let x = numbers::<f16>(&[2, 3, 8], 1);
    let wide = doubles(&layer_norm(&x.cast::<f64>(), &[8], None, None, 1e-5).expect("sizes that fit"));
    assert_near(
        &layer_norm(&x, &[8], None, None, 1e-5).expect("sizes that fit"),
        &wide,
        2e-3,
    );
    let wide = doubles(&batch_norm(&x.cast::<f64>(), Statistics::Batch, None, None, 1e-5).expect("sizes that fit"));
    assert_near(
        &batch_norm(&x, Statistics::Batch, None, None, 1e-5).expect("sizes that fit"),
        &wide,
        2e-3,
    );
}

#[test]
fn empty_batches() {
    let x = numbers::<f32>(&[0, 4, 5], 1);
    assert_eq!(
        layer_norm(&x, &[5], None, None, 1e-5).expect("sizes that fit").sizes(),
        [0, 4, 5]
    );
    assert_eq!(
        group_norm(&x, 2, None, None, 1e-5).expect("sizes that fit").sizes(),
        [0, 4, 5]
    );
    assert_eq!(
        batch_norm(&x, Statistics::Batch, None, None, 1e-5)
            .expect("sizes that fit")
            .sizes(),
        [0, 4, 5]
    );
    assert_eq!(
        rms_norm(&x, &[5], None, None).expect("sizes that fit").sizes(),
        [0, 4, 5]
    );
}

#[test]
fn gradients_of_first_and_second_order() {
    let (x, w, b) = (
        numbers::<f64>(&[3, 4, 5], 1),
        numbers::<f64>(&[4], 2),
        numbers::<f64>(&[4], 3),
    );
    type Inputs<'a> = &'a [Tensor<Dynamic, f64>];
    let batch = |of: Inputs<'_>| batch_norm(&of[0], Statistics::Batch, Some(&of[1]), Some(&of[2]), 0.1);
    gradcheck(batch, &[&x, &w, &b], Tolerance::default()).expect("gradients of a batch norm");
    gradgradcheck(batch, &[&x, &w, &b], Tolerance::default()).expect("gradients of second order");
    let group = |of: Inputs<'_>| group_norm(&of[0], 2, Some(&of[1]), Some(&of[2]), 0.1);
    gradcheck(group, &[&x, &w, &b], Tolerance::default()).expect("gradients of a group norm");
    gradgradcheck(group, &[&x, &w, &b], Tolerance::default()).expect("gradients of second order");
    let root = |of: Inputs<'_>| rms_norm(&of[0], &[5], None, Some(0.1));
    gradcheck(root, &[&x], Tolerance::default()).expect("gradients of an RMS norm");
    let local = |of: Inputs<'_>| {
        local_response_norm(
            &of[0],
            3,
            LocalResponseNorm {
                alpha: 1.0,
                ..Default::default()
            },
        )
    };
    gradcheck(local, &[&x], Tolerance::default()).expect("gradients of a local response norm");
    let y = numbers::<f64>(&[3, 4, 5], 4);
    let cosine = |of: Inputs<'_>| cosine_similarity(&of[0], &of[1], 1, 1e-8);
    gradcheck(cosine, &[&x, &y], Tolerance::default()).expect("gradients of a cosine");
}
