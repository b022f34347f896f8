//! Sizes made from the parameters of a model, and models held by others.

use tensor::prelude::*;

use crate::hold;

/// Sums, products and quotients of sizes.
#[model]
#[forward(|x: [3, D]| {
    let y: [3, D / H] = narrow(norm(x));
    let x = x + back(gelu(y));
    x + mlp(x)
})]
pub struct Block<D: Dim, H: Dim> {
    norm: LayerNorm<D>,
    narrow: linear!(D, D / H),
    back: linear!(D / H, D),
    mlp: net!(linear(D, 4 * D + 1) >> gelu >> linear(_, D)),
}

net! {
    /// As a chain.
    pub type Wide<D: Dim> = up: linear(D, 2 * D) >> relu >> rest: (linear(_, D + 2) >> tanh);
    /// The canonical form of a size: `H * (D / H)` is `D`, and half of `2 * D` as well.
    #[input(3, D)]
    pub type Canonical<D: Dim, H: Dim> = linear(2 * D / 2, H * (D / H)) >> linear(D, D * H / (H * H)) >> linear(D / H, D);
    /// With a model in it, directly before the next layer.
    pub type Tower<D: Dim> = Wide<D>>> linear(D + 2, 2 * D)>>Wide<2 * D> >> dropout(0.25) >> linear(_, 3);
    /// A size that is not in any layer before the last, and one that may be left out.
    pub type Late<In: Dim, Out: Dim = dim![3]> = linear(In, 4) >> sigmoid >> linear(4, Out);
    pub type Holder = first: Late<5, 6> >> second: Late<{ 2 * 3 }>;
}

/// Models of symbolic sizes in a model of symbolic sizes.
#[model]
#[forward(|mut x: [3, 2 * D]| {
    for block in blocks {
        x = block(x);
    }
    let y: [3, D] = canonical(narrow(x));
    out(y)
})]
pub struct Nested<D: Dim, H: Dim> {
    blocks: [Block<{ 2 * D }, H>; 3],
    narrow: linear!(2 * D, D),
    canonical: Canonical<D, H>,
    out: Linear<D, 2>,
}

/// Names that the generated code has for itself.
#[model]
pub struct Names<T: Dim, B: Dim, L: Dim, E: Dim> {
    first: linear!(T, B),
    second: net!(tanh >> linear(B, L) >> relu >> linear(_, E)),
}

/// Two kinds of one model in one program, numbers around them.
#[model]
#[forward(|mut x: [3, 4]| {
    for block in blocks {
        x = block(x);
    }
    out(other(x) + nested(x))
})]
pub struct Several {
    blocks: [Block<4, 2>; 12],
    other: Block<4, 4>,
    nested: net!(linear(4, 12) >> linear(12, 4)),
    out: Linear<4, 2>,
}

type Block8<T> = Block<dim![8], dim![2], T>;
type Block6<T> = Block<dim![6], dim![6], T>;
type Wide3<T> = Wide<dim![3], T>;
type Canonical12<T> = Canonical<dim![12], dim![3], T>;
type Tower3<T> = Tower<dim![3], T>;
type Nested4<T> = Nested<dim![4], dim![2], T>;
type NamesOf<T> = Names<dim![3], dim![4], dim![5], dim![2], T>;

hold! {
    blocks Block8
    a_block_of_other_sizes Block6
    chains Wide3
    canonical_forms Canonical12
    models_in_chains Tower3
    sizes_with_defaults Holder
    symbolic_sizes_in_symbolic_sizes Nested4
    names_of_the_generated_code NamesOf
}

#[test]
fn twelve_blocks() {
    tests::eager::hold_for::<Several<f32>, Several<f64>>(7, &[0, 1, 3]);
}

#[test]
fn sizes_that_are_left_out_have_defaults() {
    let model = <Late<dim![5]>>::new(&Device::cpu(), Seed(0));
    let y: Tensor<dims![2, 3]> = model.infer(&Tensor::<dims![2, 5]>::zeros());
    assert_eq!(y.sizes(), [2, 3]);
    let names: Vec<String> = Holder::new(&Device::cpu(), Seed(0))
        .parameters()
        .into_iter()
        .map(|parameter| parameter.name)
        .collect();
    assert_eq!(names.len(), 8);
    assert_eq!(names[0], "first.0.weight");
    assert_eq!(names[7], "second.2.bias");
}

#[test]
fn summaries_are_decimal() {
    let model = Nested::<dim![4], dim![2]>::new(&Device::cpu(), Seed(0));
    assert_eq!(
        model.num_parameters(),
        3 * (16 + 36 + 40 + 297 + 272) + 36 + (20 + 10 + 12) + 10
    );
    let summary = model.to_string();
    for line in [
        "Nested<4, 2> [batch, 3, 8] → [batch, 3, 2]",
        "blocks.2.narrow: linear(8, 4)",
        "blocks.0.mlp.0: linear(8, 33)",
        "canonical.1: linear(4, 2)",
    ] {
        assert!(summary.contains(line), "{line} in\n{summary}");
    }
    assert!(!summary.contains('D'), "{summary}");
}

#[test]
fn a_file_of_a_generic_model_is_read_again() -> tensor::Result<()> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("block.safetensors");
    let model = Block::<dim![8], dim![2]>::new(&Device::cpu(), Seed(0));
    model.save(&path)?;
    let mut other = Block8::<f32>::new_as(&Device::cpu(), Seed(1));
    other.load(&path)?;
    let x = Tensor::<dims![2, 3, 8]>::ones();
    assert_eq!(model.infer(&x), other.infer(&x));
    let mut smaller = Block6::<f32>::new_as(&Device::cpu(), Seed(1));
    assert!(smaller.load(&path).is_err());
    Ok(())
}

/// A function of the user's own over all sizes.
fn parameters<D: Dim>(model: &Wide<D>) -> usize {
    model.parameters().len()
}

#[test]
fn generic_models_are_taken_by_generic_functions() {
    let mut wide = Wide::<dim![3]>::new(&Device::cpu(), Seed(0));
    assert_eq!(parameters(&wide), 4);
    assert_eq!(wide.rest.0.weight.sizes(), [5, 6]);
    wide.up = Linear::new(&Device::cpu(), Seed(1));
    assert_eq!(wide.clone().num_parameters(), 24 + 35);
}

#[test]
fn generic_models_train() -> tensor::Result<()> {
    let mut step = Late::<dim![2], dim![2]>::new(&Device::cpu(), Seed(0)).compile(cross_entropy, Adam::new(0.1));
    let (x, labels) = (tensor![[0., 0.], [0., 1.], [1., 0.], [1., 1.]], tensor![0, 0, 0, 1]);
    for _ in 0..100 {
        step.run(&x, &labels)?;
    }
    assert_eq!(step.model().infer(&x).argmax(), labels);
    Ok(())
}
