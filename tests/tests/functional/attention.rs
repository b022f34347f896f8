//! Attention, embeddings, dropout.

use tensor::autograd::{Tolerance, gradcheck, gradgradcheck};
use tensor::functional::{
    Attention, AttentionMask, Embedding, dropout, embedding, linear, scaled_dot_product_attention,
};
use tensor::{Dynamic, Seed, Tensor};

use crate::{assert_near, assert_refused, doubles, numbers};

fn truths(data: &[bool], sizes: &[usize]) -> Tensor<Dynamic, bool> {
    Tensor::from_vec(data.to_vec(), sizes).expect("as many as there are")
}

#[test]
fn queries_without_keys_give_zeros() {
    let (q, k) = (numbers::<f64>(&[2, 3], 1).requires_grad(), numbers::<f64>(&[4, 3], 2));
    let allowed = truths(&[true, false, true, false, false, false, false, false], &[2, 4]);
    let mask = AttentionMask::Allowed(&allowed);
    let out = scaled_dot_product_attention(&q, &k, &k, mask, Attention::default()).expect("sizes that fit");
    assert_eq!(doubles(&out.detach())[3..], [0.0; 3]);
    out.sum().backward();
    let gradient = doubles(&q.grad().expect("tracked").into_dynamic());
    assert!(gradient.iter().all(|x| x.is_finite()));
    let blocked = [0.0, f64::NEG_INFINITY, 0.0, f64::NEG_INFINITY];
    let added = Tensor::from_vec([blocked, [f64::NEG_INFINITY; 4]].concat(), &[2, 4]).expect("sizes");
    let mask = AttentionMask::Added(&added);
    let again = scaled_dot_product_attention(&q, &k, &k, mask, Attention::default()).expect("sizes that fit");
    assert_near(&again, &doubles(&out), 1e-15);
}

#[test]
fn causal_is_a_mask_of_what_is_not_behind() {
    let (q, k) = (numbers::<f64>(&[2, 3, 5], 1), numbers::<f64>(&[2, 4, 5], 2));
    let allowed: Vec<bool> = (0..3).flat_map(|i| (0..4).map(move |j| j <= i)).collect();
    let allowed = truths(&allowed, &[3, 4]);
    let run = |mask| scaled_dot_product_attention(&q, &k, &k, mask, Attention::default()).expect("sizes that fit");
    assert_near(
        &run(AttentionMask::Causal),
        &doubles(&run(AttentionMask::Allowed(&allowed))),
        1e-15,
    );
    let f = |of: &[Tensor<Dynamic, f64>]| {
        scaled_dot_product_attention(&of[0], &of[1], &of[1], AttentionMask::Causal, Attention::default())
    };
    gradcheck(f, &[&q, &k], Tolerance::default()).expect("gradients");
    gradgradcheck(f, &[&q, &k], Tolerance::default()).expect("gradients of second order");
}

#[test]
fn as_many_queries_as_keys_take_a_kernel_that_agrees_with_a_mask() {
    for (causal, sizes) in [
        (true, &[2, 2, 4, 3][..]),
        (false, &[3, 5, 2]),
        (true, &[1, 1]),
        (false, &[2, 70, 3]),
    ] {
        let [q, k, v] = [1, 2, 3].map(|seed| numbers::<f64>(sizes, seed));
        let seq = sizes[sizes.len() - 2];
        let allowed: Vec<bool> = (0..seq * seq).map(|at| !causal || at % seq <= at / seq).collect();
        let allowed = truths(&allowed, &[seq, seq]);
        let run = |of: &[Tensor<Dynamic, f64>], mask| {
            scaled_dot_product_attention(&of[0], &of[1], &of[2], mask, Attention::default())
        };
        let plain = if causal {
            AttentionMask::Causal
        } else {
            AttentionMask::None
        };
        let of = [q, k, v];
        let masked = |of: &[_]| run(of, AttentionMask::Allowed(&allowed)).expect("sizes that fit");
        assert_near(&run(&of, plain).expect("sizes that fit"), &doubles(&masked(&of)), 1e-13);
        if seq < 10 {
            let f = |of: &[_]| run(of, plain);
            gradcheck(f, &of.each_ref(), Tolerance::default()).expect("gradients");
            gradgradcheck(f, &of.each_ref(), Tolerance::default()).expect("gradients of second order");
        }
        // Views that lie otherwise, and nothing at all.
        let turned = of
            .each_ref()
            .map(|x| x.transpose(-2, -1).expect("two axes").contiguous());
        let turned = turned.each_ref().map(|x| x.transpose(-2, -1).expect("two axes"));
        assert_near(
            &run(&turned, plain).expect("sizes that fit"),
            &doubles(&masked(&of)),
            1e-13,
        );
        let nothing = of.each_ref().map(|x| x.narrow(-1, 0, 0).expect("there"));
        assert_eq!(
            run(&nothing, plain).expect("sizes that fit").to_vec().expect("read"),
            [0.0; 0]
        );
    }
}

/// `softmax(q k^T scale + mask) v`, written out.
fn plainly(of: &[Tensor<Dynamic, f64>], scale: f64, added: &Tensor<Dynamic, f64>) -> Tensor<Dynamic, f64> {
    let scores = of[0]
        .matmul(&of[1].transpose(-2, -1).expect("two axes"))
        .expect("sizes that fit");
    let scores = scores.affine(scale, 0.0).add(added).expect("sizes that fit");
    scores.softmax().matmul(&of[2]).expect("sizes that fit")
}

#[test]
fn masks_of_every_shape_are_those_of_the_formula() {
    let (q, k, v) = (
        numbers(&[2, 3, 4, 2], 1),
        numbers(&[2, 3, 5, 2], 2),
        numbers(&[2, 3, 5, 1], 3),
    );
    let of: [Tensor<Dynamic, f64>; 3] = [q, k, v];
    for (sizes, scale) in [
        (&[5][..], None),
        (&[4, 5], Some(0.7)),
        (&[4, 1], None),
        (&[3, 4, 5], None),
        (&[3, 1, 5], Some(-1.0)),
        (&[2, 1, 1, 5], None),
        (&[1, 3, 4, 5], None),
        (&[2, 3, 4, 5], None),
    ] {
        let count: usize = sizes.iter().product();
        // The first key of a row takes part, so that each query has one.
        let keys = sizes[sizes.len() - 1];
        let allowed: Vec<bool> = (0..count).map(|place| place % keys == 0 || place % 5 < 3).collect();
        let blocked: Vec<f64> = allowed
            .iter()
            .map(|&is| if is { 0.0 } else { f64::NEG_INFINITY })
            .collect();
        let (allowed, blocked) = (
            truths(&allowed, sizes),
            Tensor::from_vec(blocked, sizes).expect("sizes"),
        );
        let added = numbers::<f64>(sizes, 4);
        let both = added.add(&blocked).expect("one shape");
        let options = Attention {
            scale,
            ..Attention::default()
        };
        let scale = scale.unwrap_or(1.0 / 2.0_f64.sqrt());
        for (mask, expected) in [
            (AttentionMask::Allowed(&allowed), &blocked),
            (AttentionMask::Added(&added), &added),
            (AttentionMask::Added(&both), &both),
        ] {
            let f = |of: &[Tensor<Dynamic, f64>]| scaled_dot_product_attention(&of[0], &of[1], &of[2], mask, options);
            assert_near(
                &f(&of).expect("sizes that fit"),
                &doubles(&plainly(&of, scale, expected)),
                1e-14,
            );
            if count < 20 {
                gradcheck(f, &of.each_ref(), Tolerance::default()).expect("gradients");
            }
        }
        // What is added may be learned itself.
        let f = |of: &[Tensor<Dynamic, f64>]| {
            scaled_dot_product_attention(&of[0], &of[1], &of[2], AttentionMask::Added(&of[3]), options)
        };
        let all = [&of[0], &of[1], &of[2], &added];
        if count < 20 {
            gradcheck(f, &all, Tolerance::default()).expect("gradients");
        }
    }
    let wide = truths(&[true; 7], &[7]);
    let run = |mask| scaled_dot_product_attention(&of[0], &of[1], &of[2], mask, Attention::default());
    assert_refused(run(AttentionMask::Allowed(&wide)), "[2, 3, 4, 5]");
    let many = truths(&[true; 20], &[1, 1, 1, 4, 5]);
    assert_refused(run(AttentionMask::Allowed(&many)), "[2, 3, 4, 5]");
}

#[test]
fn masks_of_masked_out_queries_have_gradients_of_zero() {
    let of: [Tensor<Dynamic, f64>; 3] = [1, 2, 3].map(|seed| numbers(&[2, 3, 4], seed));
    let allowed = truths(&[false, false, false, true, false, true], &[2, 1, 3]);
    let f = |of: &[Tensor<Dynamic, f64>]| {
        let mask = AttentionMask::Allowed(&allowed);
        scaled_dot_product_attention(&of[0], &of[1], &of[2], mask, Attention::default())
    };
    let out = f(&of).expect("sizes that fit");
    assert_eq!(doubles(&out)[..12], [0.0; 12]);
    gradcheck(f, &of.each_ref(), Tolerance::default()).expect("gradients");
    gradgradcheck(f, &of.each_ref(), Tolerance::default()).expect("gradients of second order");
}

#[test]
fn kept_keys_are_behind_every_query() {
    let (q, k): (Tensor<Dynamic, f64>, _) = (numbers(&[2, 5, 4], 1), numbers(&[2, 5, 4], 2));
    let run =
        |q: &_, k: &_, mask| scaled_dot_product_attention(q, k, k, mask, Attention::default()).expect("sizes that fit");
    let whole = run(&q, &k, AttentionMask::Causal);
    assert_near(&run(&q, &k, AttentionMask::CausalFromEnd), &doubles(&whole), 0.0);
    // The last queries alone, one and three, with the keys of all.
    for queries in [1, 3] {
        let late = q.narrow(1, -queries, queries as usize).expect("there");
        let expected = doubles(&whole.narrow(1, -queries, queries as usize).expect("there"));
        // As many queries as keys take a kernel of their own.
        assert_near(&run(&late, &k, AttentionMask::CausalFromEnd), &expected, 1e-14);
    }
    // More queries than keys: the first have none.
    let few = k.narrow(1, 0, 2).expect("there");
    let out = run(&q, &few, AttentionMask::CausalFromEnd);
    assert_eq!(doubles(&out.narrow(1, 0, 3).expect("there")), [0.0; 24]);
    let blocked = [true, true, true, true, true, true, false, true, false, false];
    let blocked = truths(&blocked, &[5, 2]);
    assert_near(&out, &doubles(&run(&q, &few, AttentionMask::Blocked(&blocked))), 0.0);
}

#[test]
fn heads_of_keys_serve_several_of_queries() {
    let (q, k) = (numbers::<f64>(&[4, 3, 5], 1), numbers::<f64>(&[2, 3, 5], 2));
    let grouped = Attention {
        enable_gqa: true,
        ..Attention::default()
    };
    let out = scaled_dot_product_attention(&q, &k, &k, AttentionMask::None, grouped).expect("sizes that fit");
    let wide = doubles(&k);
    let repeated = [&wide[..15], &wide[..15], &wide[15..], &wide[15..]].concat();
    let k_wide = Tensor::from_vec(repeated, &[4, 3, 5]).expect("sizes");
    let each = scaled_dot_product_attention(&q, &k_wide, &k_wide, AttentionMask::None, Attention::default());
    assert_near(&out, &doubles(&each.expect("sizes that fit")), 0.0);
    let refused = scaled_dot_product_attention(&q, &numbers(&[3, 3, 5], 1), &k, AttentionMask::None, grouped);
    assert_refused(refused, "divide 4");
    let refused = scaled_dot_product_attention(&q, &numbers(&[4, 3, 6], 1), &q, AttentionMask::None, grouped);
    assert_refused(refused, "keys of 5 features");
}

#[test]
fn a_dropout_drops_the_same_in_its_gradient() {
    let x = Tensor::<Dynamic, f64>::from_vec(vec![1.0; 1000], &[1000])
        .expect("sizes")
        .requires_grad();
    let out = dropout(&x, 0.25, Seed(3)).expect("a probability");
    out.sum().backward();
    assert_near(&x.grad().expect("tracked").into_dynamic(), &doubles(&out), 0.0);
    let kept = doubles(&out).iter().filter(|&&x| x != 0.0).count();
    assert!((650..850).contains(&kept), "{kept} of 1000 at 0.25");
    assert_near(&dropout(&x, 0.0, Seed(3)).expect("a probability"), &[1.0; 1000], 0.0);
    assert_near(&dropout(&x, 1.0, Seed(3)).expect("a probability"), &[0.0; 1000], 0.0);
    assert_refused(dropout(&x, 1.5, Seed(3)), "`p`");
}

#[test]
fn rows_by_their_numbers() {
    let weight = numbers::<f64>(&[3, 2], 1).requires_grad();
    let index = Tensor::<Dynamic, i64>::from_vec(vec![0, 2, 2, 1], &[2, 2]).expect("sizes");
    let gradient = |options| {
        let out = embedding(&weight, &index, options).expect("indices inside");
        assert_eq!(out.sizes(), [2, 2, 2]);
        let all = tensor::autograd::grad(&out, &[&weight]).expect("tracked");
        doubles(all[0].as_ref().expect("connected"))
    };
    assert_eq!(gradient(Embedding::default()), [1.0, 1.0, 1.0, 1.0, 2.0, 2.0]);
    let without = Embedding {
        padding_idx: Some(-2),
        ..Embedding::default()
    };
    assert_eq!(gradient(without), [1.0, 1.0, 0.0, 0.0, 2.0, 2.0]);
    let shared = Embedding {
        scale_grad_by_freq: true,
        ..Embedding::default()
    };
    assert_eq!(gradient(shared), [1.0; 6]);
    let outside = Tensor::<Dynamic, i64>::from_vec(vec![3], &[1]).expect("sizes");
    assert!(embedding(&weight, &outside, Embedding::default()).is_err());
    assert_refused(
        embedding(
            &weight,
            &index,
            Embedding {
                padding_idx: Some(3),
                ..Embedding::default()
            },
        ),
        "`padding_idx`",
    );
}

#[test]
fn a_linear_map_of_nothing_is_its_bias() {
    let (x, weight) = (numbers::<f32>(&[2, 0], 1), numbers::<f32>(&[3, 0], 1));
    let bias = numbers::<f32>(&[3], 1);
    let out = linear(&x, &weight, Some(&bias)).expect("sizes that fit");
    assert_near(&out, &doubles(&bias).repeat(2), 0.0);
    assert_refused(linear(&x, &numbers(&[3, 1], 1), None), "`linear`: expected a weight");
    assert_refused(
        linear(&numbers::<f32>(&[], 1), &weight, None),
        "`linear`: expected a weight",
    );
}
