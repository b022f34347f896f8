//! Rows of a table by whole numbers, which are an input of a model.

use tensor::prelude::*;

use crate::hold;

declare_dims! { pub Letters; }

net! {
    pub type Chain = [4] => embedding(5, 3) >> tanh >> linear(_, 2);
    pub type Deep = [2, 3] => embedding(4, 3) >> flatten >> linear(_, 2);
    pub type InFront = table: Chain >> relu
}

/// Two tables, one of them twice, and floats beside.
#[model]
#[forward(|ids: [Letters], kinds: [Letters], scale: [Letters, 4]| {
    let x = words(ids) + sorts(kinds) + words(kinds);
    norm(x * scale)
})]
pub struct Embeddings {
    words: Embedding<6, 4>,
    sorts: Embedding<3, 4>,
    norm: LayerNorm<4>,
}

/// What a model inside takes is an input of this one; the mask is of floats.
#[model]
#[forward(|ids: [5], kinds: [5], scale: [5, 4], mask: [4]| {
    let x: [5, 4] = embeddings(ids, kinds, scale);
    let again: [5, 4] = embeddings(kinds, ids, scale);
    (flatten(x + again), out(mask))
})]
pub struct Encoder {
    embeddings: Fixed,
    out: Linear<4, 2>,
}

#[model]
#[forward(|ids: [5], kinds: [5], scale: [5, 4]| (words(ids) - 0.5 * words(kinds)) * scale)]
pub struct Fixed {
    words: Embedding<6, 4>,
}

hold! {
    chain Chain
    deep Deep
    in_front InFront
    embeddings Embeddings
    encoder Encoder
}

#[test]
fn an_index_of_no_row_is_an_error_of_whoever_reads() {
    let mut model = Chain::new(&Device::cpu(), Seed(1));
    for wrong in [5, -1] {
        let out = model.forward(&tensor![[0, 1, wrong, 2]]);
        let error = out.to_vec().expect_err("there are 5 rows").to_string();
        assert_eq!(
            error,
            format!("`embedding`: index {wrong} is out of range for a table of 5 rows")
        );
        let infer = model
            .infer(&tensor![[0, 1, wrong, 2]])
            .to_vec()
            .expect_err("there are 5 rows");
        assert_eq!(infer.to_string(), error);
        out.sum().backward();
        let step = Sgd::new(0.1).step(&mut model).expect_err("no gradient arrived");
        assert_eq!(step.to_string(), error);
        model.zero_grad();
    }
    assert!(model.infer(&tensor![[0, 1, 4, 2]]).to_vec().is_ok());
}

#[test]
fn rows_that_are_taken_learn_and_others_do_not() {
    let model = Deep::new(&Device::cpu(), Seed(2));
    model.forward(&tensor![[[1, 1, 3], [1, 3, 3]]]).sum().backward();
    let gradient = model.0.weight.grad().expect("it learns").to_vec().expect("numbers");
    let is_zero = |row: usize| gradient[3 * row..3 * row + 3].iter().all(|number| *number == 0.0);
    assert_eq!([0, 1, 2, 3].map(is_zero), [true, false, true, false]);
}

#[test]
fn a_step_takes_whole_numbers() {
    let mut step = Chain::new(&Device::cpu(), Seed(3)).compile(cross_entropy, Sgd::new(0.5));
    let (ids, labels) = (tensor![[0, 1, 2, 3], [4, 0, 4, 0]], tensor![[0, 1, 0, 1], [1, 0, 1, 0]]);
    let first = step.run(&ids, &labels).expect("a finite loss");
    for _ in 0..50 {
        step.run(&ids, &labels).expect("a finite loss");
    }
    assert!(step.run(&ids, &labels).expect("a finite loss") < first / 2.0);
    let error = step
        .run(&tensor![[0, 1, 2, 5], [4, 0, 4, 0]], &labels)
        .expect_err("row 5");
    assert_eq!(
        error.to_string(),
        "`embedding`: index 5 is out of range for a table of 5 rows"
    );
    assert!(step.run(&ids, &labels).is_ok());
}

#[test]
fn it_starts_normal() {
    net! { type Wide = [2] => embedding(200, 50) }
    let weight = Wide::new(&Device::cpu(), Seed(4)).0.weight.to_vec().expect("numbers");
    let mean = weight.iter().sum::<f32>() / 10_000.0;
    let variance = weight.iter().map(|number| (number - mean).powi(2)).sum::<f32>() / 10_000.0;
    assert!(mean.abs() < 0.05 && (variance - 1.0).abs() < 0.06, "{mean}, {variance}");
}
