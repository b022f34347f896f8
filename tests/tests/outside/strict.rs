//! A library that warns of nothing, because it denies everything.

#![deny(
    warnings,
    missing_docs,
    nonstandard_style,
    future_incompatible,
    unused,
    rust_2018_idioms,
    rust_2024_compatibility
)]
#![deny(
    missing_debug_implementations,
    missing_copy_implementations,
    unreachable_pub,
    unnameable_types
)]
#![deny(
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    single_use_lifetimes,
    unused_lifetimes
)]
#![deny(
    let_underscore_drop,
    macro_use_extern_crate,
    meta_variable_misuse,
    redundant_lifetimes,
    ambiguous_negative_literals
)]
#![deny(
    trivial_casts,
    trivial_numeric_casts,
    unused_import_braces,
    unused_macro_rules,
    unused_qualifications,
    variant_size_differences
)]
#![forbid(unsafe_code)]

use tensor::prelude::*;

declare_dims! {
    /// The number of points.
    pub Points;
    /// What a point has.
    pub Width = 2;
}

net! {
    /// Two layers with names.
    pub type Named = hidden: linear(2, 8) >> relu >> dropout(0.1) >> /// The last.
        output: linear(8, 2);
    /// Without names, and with groups.
    pub type Nameless = linear(2, 8) >> (linear(8, 8) >> gelu >> layer_norm(_)) >> tanh >> linear(8, 2);
    /// Nothing but activations.
    #[input(2)]
    pub type Activations = relu >> softmax;
    type Hidden = linear(2, 2);
}

/// All kinds of parts.
#[model]
pub struct Whole {
    /// A model.
    pub named: Named,
    /// A model without names.
    pub nameless: Nameless,
    inner: Hidden,
    /// A layer.
    pub linear: Linear<2, 4>,
    /// An activation.
    pub relu: Relu,
    /// A chain.
    pub chain: net!(linear(_, 8) >> silu >> linear(8, 2)),
}

/// The sizes of the output for three points.
pub fn sizes() -> Vec<usize> {
    let x = Tensor::<dims![Points, Width]>::randn(&[3, 2], 1).expect("three points");
    let out: Tensor<dims![Points, 2]> = Whole::new(&Device::cpu(), Seed(1)).infer(&x);
    let nameless = net!(linear(2, 3) >> relu >> linear(3, 2));
    let activations = Activations::new(&Device::cpu(), Seed(1));
    let mut step = nameless.compile(cross_entropy, Adam::new(1e-3));
    let _loss = step.run(&activations.infer(&out), &tensor![0, 1, 0].into_points());
    out.sizes().to_vec()
}

/// Labels of points.
trait IntoPoints {
    /// The same labels, by the name of their axis.
    fn into_points(self) -> Tensor<dims![Points], i64>;
}

impl IntoPoints for Tensor<dims![3], i64> {
    fn into_points(self) -> Tensor<dims![Points], i64> {
        self.try_into_shape().expect("any number of points")
    }
}
