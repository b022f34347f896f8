//! Attention of several heads: against one head at a time, masks, projections, what it refuses.

use tensor::autograd::{Tolerance, gradcheck, gradgradcheck};
use tensor::functional::{
    Attention, AttentionMask, InProjection, MultiHead, MultiHeadWeights, linear, multi_head_attention_forward,
    scaled_dot_product_attention,
};
use tensor::{Dynamic, Result, Seed, Tensor, bf16};

use crate::{assert_near, assert_refused, doubles, numbers};

type Values = Tensor<Dynamic, f64>;

const FEATURES: usize = 4;

/// Joint weight, its bias, output weight, its bias.
fn weights() -> [Values; 4] {
    [
        numbers(&[3 * FEATURES, FEATURES], 5),
        numbers(&[3 * FEATURES], 6),
        numbers(&[FEATURES, FEATURES], 7),
        numbers(&[FEATURES], 8),
    ]
}

fn of(all: &[Values]) -> MultiHeadWeights<'_, f64> {
    MultiHeadWeights {
        input: InProjection::Joint(&all[0]),
        input_bias: Some(&all[1]),
        extra: None,
        output: &all[2],
        output_bias: Some(&all[3]),
    }
}

fn first() -> MultiHead<'static, f64> {
    MultiHead {
        batch_first: true,
        ..MultiHead::default()
    }
}

fn run(x: [&Values; 3], all: &[Values], options: MultiHead<'_, f64>) -> Result<(Values, Option<Values>)> {
    multi_head_attention_forward(x[0], x[1], x[2], 2, of(all), options)
}

fn truths(data: &[bool], sizes: &[usize]) -> Tensor<Dynamic, bool> {
    Tensor::from_vec(data.to_vec(), sizes).expect("as many as there are")
}

/// The same with a call for each head.
fn one_by_one(x: &Values, all: &[Values], mask: AttentionMask<'_, f64>) -> Result<Values> {
    let projected = linear(x, &all[0], Some(&all[1]))?;
    let head = |index: usize| {
        let part = |of: usize| projected.narrow(2, (of * FEATURES + 2 * index) as isize, 2);
        scaled_dot_product_attention(&part(0)?, &part(1)?, &part(2)?, mask, Attention::default())
    };
    linear(&Tensor::cat(&[&head(0)?, &head(1)?], 2)?, &all[2], Some(&all[3]))
}

#[test]
fn heads_are_attentions_of_parts() {
    let (x, all): (Values, _) = (numbers(&[3, 5, FEATURES], 1), weights());
    for mask in [AttentionMask::None, AttentionMask::Causal] {
        let options = MultiHead {
            attn_mask: mask,
            ..first()
        };
        let (out, shares) = run([&x, &x, &x], &all, options).expect("sizes that fit");
        assert_near(&out, &doubles(&one_by_one(&x, &all, mask).expect("fits")), 1e-14);
        let shares = shares.expect("asked for");
        assert_eq!(shares.sizes(), [3, 5, 5]);
        assert_near(&shares.sum_axis(2).expect("an axis"), &[1.0; 15], 1e-14);
    }
}

#[test]
fn the_same_in_every_form() {
    let (x, all): (Values, _) = (numbers(&[3, 5, FEATURES], 1), weights());
    let (out, shares) = run([&x, &x, &x], &all, first()).expect("fits");
    // Other handles on the same input: three products instead of one.
    let (out_again, _) = run([&x, &x.clone(), &x.clone()], &all, first()).expect("fits");
    assert_near(&out_again, &doubles(&out), 1e-15);
    let turned = x.transpose(0, 1).expect("axes");
    let (second, again) = run([&turned, &turned, &turned], &all, MultiHead::default()).expect("fits");
    assert_near(&second.transpose(0, 1).expect("axes"), &doubles(&out), 0.0);
    assert_near(&again.expect("asked for"), &doubles(&shares.expect("asked for")), 0.0);
    let alone = x.select(0, 1).expect("there");
    let (single, share) = run([&alone, &alone, &alone], &all, first()).expect("fits");
    assert_near(&single, &doubles(&out.select(0, 1).expect("there")), 1e-15);
    assert_eq!(share.expect("asked for").sizes(), [5, 5]);
    let apart = MultiHead {
        average_attn_weights: false,
        ..first()
    };
    let (_, apart) = run([&x, &x, &x], &all, apart).expect("fits");
    assert_eq!(apart.expect("asked for").sizes(), [3, 2, 5, 5]);
    let without = MultiHead {
        need_weights: false,
        ..first()
    };
    assert!(run([&x, &x, &x], &all, without).expect("fits").1.is_none());
    let parts = [0, 1, 2].map(|part| all[0].narrow(0, part * FEATURES as isize, FEATURES).expect("there"));
    let separate = MultiHeadWeights {
        input: InProjection::Separate(parts.each_ref()),
        ..of(&all)
    };
    let (out_apart, _) = multi_head_attention_forward(&x, &x, &x, 2, separate, first()).expect("fits");
    assert_near(&out_apart, &doubles(&out), 1e-15);
}

#[test]
fn masks_of_keys_and_of_queries_meet() {
    let (x, all): (Values, _) = (numbers(&[2, 3, FEATURES], 1), weights());
    let keys = truths(&[false, false, true, false, true, true], &[2, 3]);
    let queries = truths(&[false, true, true, false, false, true, false, false, false], &[3, 3]);
    let options = MultiHead {
        key_padding_mask: AttentionMask::Blocked(&keys),
        attn_mask: AttentionMask::Blocked(&queries),
        ..first()
    };
    let (out, shares) = run([&x, &x, &x], &all, options).expect("fits");
    let shares = doubles(&shares.expect("asked for"));
    let expected_zero = [false, true, true, false, false, true, false, false, true];
    for (share, zero) in shares.iter().zip(expected_zero) {
        assert_eq!(*share == 0.0, zero);
    }
    assert_eq!(shares[9..], [1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
    // The same as numbers that are added.
    let number = |blocked: &Tensor<Dynamic, bool>| {
        let data = blocked.to_vec().expect("computed");
        let data = data.iter().map(|&b| if b { f64::NEG_INFINITY } else { 0.0 }).collect();
        Values::from_vec(data, blocked.sizes()).expect("a number an element")
    };
    let (key_numbers, query_numbers) = (number(&keys), number(&queries));
    for attn_mask in [AttentionMask::Added(&query_numbers), AttentionMask::Causal] {
        let options = MultiHead {
            key_padding_mask: AttentionMask::Added(&key_numbers),
            attn_mask,
            ..first()
        };
        let (again, _) = run([&x, &x, &x], &all, options).expect("fits");
        assert_near(&again, &doubles(&out), 1e-15);
    }
    // A mask for each head of each sequence.
    let each = truths(&queries.to_vec().expect("computed").repeat(4), &[4, 3, 3]);
    let options = MultiHead {
        key_padding_mask: AttentionMask::Blocked(&keys),
        attn_mask: AttentionMask::Blocked(&each),
        ..first()
    };
    assert_near(
        &run([&x, &x, &x], &all, options).expect("fits").0,
        &doubles(&out),
        1e-15,
    );
}

#[test]
fn a_sequence_without_keys_gives_the_bias() {
    let (x, all): (Values, _) = (numbers(&[1, 2, FEATURES], 1), weights());
    let x = x.requires_grad();
    let keys = truths(&[true, true], &[1, 2]);
    let options = MultiHead {
        key_padding_mask: AttentionMask::Blocked(&keys),
        ..first()
    };
    let (out, _) = run([&x, &x, &x], &all, options).expect("fits");
    assert_near(&out.detach(), &doubles(&all[3]).repeat(2), 0.0);
    out.sum().backward();
    assert!(
        doubles(&x.grad().expect("tracked").into_dynamic())
            .iter()
            .all(|&d| d == 0.0)
    );
}

#[test]
fn gradients_of_both_orders_with_everything() {
    let inputs: [Values; 8] = [
        numbers(&[2, 3, FEATURES], 1),
        numbers(&[2, 5, 3], 2),
        numbers(&[2, 5, 2], 3),
        numbers(&[FEATURES, FEATURES], 4),
        numbers(&[FEATURES, 3], 5),
        numbers(&[FEATURES, 2], 6),
        numbers(&[1, 1, FEATURES], 7),
        numbers(&[1, 1, FEATURES], 8),
    ];
    let [_, bias, output, output_bias] = weights();
    let blocked = truths(&[false, true, false, false, true], &[5]);
    let blocked = Tensor::stack(&[&blocked, &blocked], 0).expect("the same");
    let f = |all: &[Values]| {
        let weights = MultiHeadWeights {
            input: InProjection::Separate([&all[3], &all[4], &all[5]]),
            input_bias: Some(&all[8]),
            extra: Some([&all[6], &all[7]]),
            output: &all[9],
            output_bias: Some(&all[10]),
        };
        let options = MultiHead {
            add_zero_attn: true,
            key_padding_mask: AttentionMask::Blocked(&blocked),
            dropout: Some((0.3, Seed(4))),
            ..first()
        };
        let (out, shares) = multi_head_attention_forward(&all[0], &all[1], &all[2], 2, weights, options)?;
        let shares = shares.expect("asked for");
        assert_eq!(shares.sizes(), [2, 3, 7]);
        Tensor::cat(&[&out, &shares], 2)
    };
    let all: Vec<&Values> = inputs.iter().chain([&bias, &output, &output_bias]).collect();
    gradcheck(f, &all, Tolerance::default()).expect("gradients");
    gradgradcheck(f, &all, Tolerance::default()).expect("gradients of second order");
}

#[test]
fn nothing_to_attend() {
    let all = weights();
    let none: Values = numbers(&[0, 3, FEATURES], 1);
    let (out, shares) = run([&none, &none, &none], &all, first()).expect("fits");
    assert_eq!(
        (out.sizes(), shares.expect("asked for").sizes()),
        (&[0, 3, FEATURES][..], &[0, 3, 3][..])
    );
    let (x, empty): (Values, Values) = (numbers(&[2, 3, FEATURES], 1), numbers(&[2, 0, FEATURES], 1));
    let (out, _) = run([&x, &empty, &empty], &all, first()).expect("fits");
    assert_near(&out, &doubles(&all[3]).repeat(6), 0.0);
}

#[test]
fn small_floats_are_rounded_once() {
    let x: Tensor<Dynamic, bf16> = numbers(&[2, 3, FEATURES], 1);
    let all = weights().map(|x| x.cast::<bf16>());
    let small = MultiHeadWeights {
        input: InProjection::Joint(&all[0]),
        input_bias: Some(&all[1]),
        extra: None,
        output: &all[2],
        output_bias: Some(&all[3]),
    };
    let (out, _) = multi_head_attention_forward(&x, &x, &x, 2, small, MultiHead::default()).expect("fits");
    let (wide, x) = (all.map(|x| x.cast::<f64>()), x.cast::<f64>());
    let (exact, _) = run([&x, &x, &x], &wide, MultiHead::default()).expect("fits");
    assert_near(&out, &doubles(&exact), 0.02);
}

#[test]
fn what_does_not_fit_is_refused() {
    let (x, all): (Values, _) = (numbers(&[2, 3, FEATURES], 1), weights());
    let heads = |heads| multi_head_attention_forward(&x, &x, &x, heads, of(&all), first());
    assert_refused(heads(3), "`heads`: expected a number that divides 4, found 3");
    assert_refused(heads(0), "`heads`");
    let with = |sizes: &[usize]| {
        let other = numbers(sizes, 2);
        run([&x, &other, &other], &all, first())
    };
    assert_refused(with(&[3, 3, 4]), "expected keys for 2 sequences, found keys for 3");
    assert_refused(with(&[3, 4]), "as many axes as the queries [2, 3, 4], found [3, 4]");
    assert_refused(
        with(&[2, 3, 5]),
        "a weight of [12, 5] for queries, keys and values, found [12, 4]",
    );
    let longer = numbers(&[2, 4, FEATURES], 2);
    assert_refused(
        run([&x, &x, &longer], &all, first()),
        "a value for each of 3 keys, found 4",
    );
    let mask = truths(&[true; 6], &[2, 3]);
    let masked = |attn_mask, key_padding_mask| {
        let options = MultiHead {
            attn_mask,
            key_padding_mask,
            ..first()
        };
        run([&x, &x, &x], &all, options)
    };
    let refused = masked(AttentionMask::Blocked(&mask), AttentionMask::None);
    assert_refused(refused, "a mask of [3, 3] or [4, 3, 3], found [2, 3]");
    let square = truths(&[true; 9], &[3, 3]);
    let refused = masked(AttentionMask::None, AttentionMask::Blocked(&square));
    assert_refused(refused, "a mask of [2, 3] for keys, found [3, 3]");
    let refused = masked(AttentionMask::None, AttentionMask::Causal);
    assert_refused(
        refused,
        "`key_padding_mask`: expected a mask of keys alone, found a causal one",
    );
    let mut wrong = weights();
    wrong[1] = numbers(&[4], 1);
    assert_refused(run([&x, &x, &x], &wrong, first()), "a bias of [12]");
}
