//! The models of the examples against PyTorch: the number of parameters, the names and sizes of the state, outputs and gradients of the
//! same weights.

#![allow(missing_docs)]

mod kept;
mod recipe;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use examples::models::{
    Bert, BertBase, CharLstm, Gpt2, Gpt2Small, LeNet, Letters, MobileNetV2, ResNet18, ResNet50, UNet, Vae, Vit, VitB16,
};
use kept::{Known, Run};
use tensor::__private::layout;
use tensor::files::Archive;
use tensor::prelude::*;
use tensor::{DType, NamedParameter};

/// The weights of the recipe, in a file under PyTorch's names.
fn weights(known: &Known) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let state = known
        .state
        .iter()
        .map(|(name, sizes)| (name.as_str(), sizes.as_slice()));
    let saved = recipe::archive(state).and_then(|archive| archive.save_safetensors(file.path()));
    saved.expect("written");
    file
}

/// Numbers of the recipe, in a shape.
fn drawn<S: Shape>(name: &str, sizes: &[usize]) -> Tensor<S, f64> {
    let x = Tensor::<Dynamic, f64>::from_vec(recipe::uniform(name, sizes), sizes).expect("as many as the sizes say");
    x.try_into_shape().expect("the model's shape")
}

/// Holds the gradient of each parameter against PyTorch's.
fn hold_gradients(known: &Run, parameters: Vec<NamedParameter<f64>>) {
    let mut held = BTreeSet::new();
    for parameter in parameters {
        let gradient = parameter.tensor.grad().expect("backward reached it");
        known.gradients[&parameter.name].hold(&parameter.name, &gradient);
        held.insert(parameter.name);
    }
    let expected: BTreeSet<String> = known.gradients.keys().cloned().collect();
    assert_eq!(held, expected);
}

/// Holds the running statistics against PyTorch's, as they come out in a file.
fn hold_buffers(known: &Run, file: &Path) -> tensor::Result<()> {
    let archive = Archive::load_safetensors(file)?;
    for (name, expected) in &known.buffers {
        if archive.dtype(name) == Some(DType::F64) {
            expected.hold(name, &archive.get::<f64>(name)?);
        } else {
            expected.hold(name, &archive.get::<i64>(name)?.cast::<f64>());
        }
    }
    Ok(())
}

/// A model of one input and one output against the file of a name. `in training too` where PyTorch's values are without dropout and so
/// is the model; `statistics too` where of a step in training only the running statistics can be compared.
macro_rules! pytorchs {
    ($($test:ident: $Model:ident, $file:literal $(, $mode:ident too)?;)*) => {
        $(
            #[test]
            fn $test() -> tensor::Result<()> {
                let known = Known::of($file);
                let weights = weights(&known);
                let mut model = $Model::<f64>::new_as(&Device::cpu(), Seed(0));
                assert_eq!(model.num_parameters(), known.parameters);
                model.load(weights.path())?;
                model.eval();
                pytorchs!(@compare model, &known, &known.eval);
                $(pytorchs!(@$mode model, &known);)?
                Ok(())
            }
        )*
    };
    (@compare $model:ident, $known:expr, $run:expr) => {{
        let x = drawn("input.0", &$known.inputs[0].shape).requires_grad();
        let out = $model.forward::<Batch>(&x);
        $run.outputs[0].hold("the output", &out);
        out.backward_with(&drawn("cotangent.0", out.sizes()))?;
        hold_gradients($run, $model.parameters());
        $run.input_gradients[0].hold("the input", &x.grad().expect("backward reached it"));
    }};
    (@training $model:ident, $known:expr) => {{
        let run = $known.train.as_ref().expect("values of a step in training");
        $model.train().zero_grad();
        pytorchs!(@compare $model, $known, run);
        pytorchs!(@buffers $model, run);
    }};
    (@statistics $model:ident, $known:expr) => {{
        let run = $known.train.as_ref().expect("values of a step in training");
        $model.train();
        $model.forward::<Batch>(&drawn("input.0", &$known.inputs[0].shape));
        pytorchs!(@buffers $model, run);
    }};
    (@buffers $model:ident, $run:expr) => {{
        let file = tempfile::NamedTempFile::new().expect("a file");
        $model.save(file.path())?;
        hold_buffers($run, file.path())?;
    }};
}

/// The names, sizes and number of a model's parameters against the file of a name; the model itself would be too large for a test.
#[track_caller]
fn hold_layout(known: &Known, layout: Vec<(String, Vec<usize>)>) {
    let found: BTreeMap<String, Vec<usize>> = layout.into_iter().collect();
    assert_eq!(found, known.state);
    let count = |sizes: &Vec<usize>| sizes.iter().product::<usize>();
    assert_eq!(found.values().map(count).sum::<usize>(), known.parameters);
}

type VitSmall<T> = Vit<dim![2], dim![10], T>;

#[test]
fn vit_b_16_has_pytorchs_parameters() {
    let known = Known::of("vit_b_16");
    assert_eq!(known.parameters, 86_567_656);
    hold_layout(&known, layout::<f32, VitB16>());
}

type Gpt2Tiny = Gpt2<dim![65], dim![32], dim![24], dim![12], f64>;

/// The token table, and the layer that is tied to it, which a state of PyTorch's has under both names.
const TIED: [&str; 2] = ["transformer.wte.weight", "lm_head.weight"];

#[test]
fn gpt2_has_pytorchs_parameters() {
    let mut known = Known::of("gpt2");
    assert_eq!(known.parameters, 124_439_808);
    known.state.remove(TIED[1]);
    hold_layout(&known, layout::<f32, Gpt2Small>());
}

#[test]
fn gpt2_is_pytorchs() -> tensor::Result<()> {
    let mut known = Known::of("gpt2_small");
    let mut model = Gpt2Tiny::new_as(&Device::cpu(), Seed(0));
    assert_eq!(model.num_parameters(), known.parameters);
    // Both are one tensor, and `make.py` wrote the numbers of the second name last.
    let sizes = known.state.remove(TIED[0]).expect("a table of tokens");
    let names = known
        .state
        .iter()
        .map(|(name, sizes)| (name.as_str(), sizes.as_slice()));
    let mut archive = recipe::archive(names)?;
    let table = archive.get::<f64>(TIED[1])?;
    archive.insert(TIED[0], &table)?;
    let file = tempfile::NamedTempFile::new().expect("a file");
    archive.save_safetensors(file.path())?;
    model.load(file.path())?;
    model.eval();
    let shape = &known.inputs[0].shape;
    let ids = Tensor::<dims![Batch, 32], i64>::from_vec(recipe::tokens("input.0", shape, sizes[0] as u64), shape)?;
    let out = model.forward(&ids);
    known.eval.outputs[0].hold("the output", &out);
    out.backward_with(&drawn("cotangent.0", out.sizes()))?;
    hold_gradients(&known.eval, model.parameters());
    Ok(())
}

#[test]
fn vae_is_pytorchs() -> tensor::Result<()> {
    let known = Known::of("vae");
    let weights = weights(&known);
    let mut model = Vae::<f64>::new_as(&Device::cpu(), Seed(0));
    assert_eq!(model.num_parameters(), known.parameters);
    model.load(weights.path())?;
    let input = |index: usize| format!("input.{index}");
    let x: Tensor<dims![Batch, 784], f64> = drawn(&input(0), &known.inputs[0].shape).requires_grad();
    let noise: Tensor<dims![Batch, 20], f64> = drawn(&input(1), &known.inputs[1].shape).requires_grad();
    let (image, mean, log_var) = model.forward(&x, &noise);
    let outputs = [image.into_dynamic(), mean.into_dynamic(), log_var.into_dynamic()];
    let mut loss = Tensor::scalar(0.0);
    for (index, out) in outputs.iter().enumerate() {
        known.eval.outputs[index].hold("an output", out);
        let weights: Tensor<Dynamic, f64> = drawn(&format!("cotangent.{index}"), out.sizes());
        loss += out.mul(&weights)?.sum();
    }
    loss.backward();
    hold_gradients(&known.eval, model.parameters());
    let held = |index: usize| &known.eval.input_gradients[index];
    held(0).hold("the image", &x.grad().expect("backward reached it"));
    held(1).hold("the noise", &noise.grad().expect("backward reached it"));
    Ok(())
}

/// A text as numbers, and states.
type Text = Tensor<dims![Batch, Letters], i64>;
type States = Tensor<dims![Batch, 2, 128], f64>;

/// The text at once, then in two pieces with the states carried from one to the other: both are PyTorch's of the whole text.
#[test]
fn char_lstm_is_pytorchs() -> tensor::Result<()> {
    let known = Known::of("char_lstm");
    let weights = weights(&known);
    let mut model = CharLstm::<f64>::new_as(&Device::cpu(), Seed(0));
    assert_eq!(model.num_parameters(), known.parameters);
    model.load(weights.path())?;
    let shape = &known.inputs[0].shape;
    let ids = Tensor::<Dynamic, i64>::from_vec(recipe::tokens("input.0", shape, 65), shape)?;
    let cotangent = drawn::<Dynamic>("cotangent.0", &[shape[0], shape[1], 65]);
    for pieces in [&[12][..], &[5, 7]] {
        model.zero_grad();
        let states = || States::zeros_of(&[shape[0], 2, 128]);
        let (mut h, mut c) = (states()?, states()?);
        let (mut outs, mut loss, mut first) = (Vec::new(), Tensor::<(), f64>::zeros(), 0);
        for &len in pieces {
            let text: Text = ids.narrow(1, first, len)?.try_into_shape()?;
            let out;
            (out, h, c) = model.forward(&text, &h, &c);
            let d: Tensor<dims![Batch, Letters, 65], f64> = cotangent.narrow(1, first, len)?.try_into_shape()?;
            loss += (&out * &d).sum();
            outs.push(out.into_dynamic());
            first += len as isize;
        }
        loss.backward();
        let outs: Vec<&Tensor<Dynamic, f64>> = outs.iter().collect();
        known.eval.outputs[0].hold("the output", &Tensor::cat(&outs, 1)?);
        hold_gradients(&known.eval, model.parameters());
    }
    Ok(())
}

type BertTiny = Bert<dim![65], dim![32], dim![2], f64>;

#[test]
fn bert_has_transformers_parameters() {
    let known = Known::of("bert");
    assert_eq!(known.parameters, 109_482_240);
    hold_layout(&known, layout::<f32, BertBase>());
}

#[test]
fn bert_is_transformers() -> tensor::Result<()> {
    let mut known = Known::of("bert_small");
    let mut model = BertTiny::new_as(&Device::cpu(), Seed(0));
    assert_eq!(model.num_parameters(), known.parameters);
    model.load(weights(&known).path())?;
    model.eval();
    let shape = &known.inputs[0].shape;
    let given = |numbers: Vec<i64>| Tensor::<Dynamic, i64>::from_vec(numbers, shape)?.try_into_shape();
    let ids = given(recipe::tokens("input.0", shape, 65))?;
    let mask = recipe::tokens("mask", shape, 4).into_iter();
    let mask = given(mask.map(|number| number.min(1)).collect())?;
    let types = given(vec![0; shape[0] * shape[1]])?;
    let places = given((0..shape[0]).flat_map(|_| 0..shape[1] as i64).collect())?;
    let (states, pooled) = model.forward::<Batch>(&ids, &mask, &types, &places);
    let mut loss = Tensor::scalar(0.0);
    for (index, out) in [states.into_dynamic(), pooled.into_dynamic()].iter().enumerate() {
        known.eval.outputs[index].hold("an output", out);
        let weights: Tensor<Dynamic, f64> = drawn(&format!("cotangent.{index}"), out.sizes());
        loss += out.mul(&weights)?.sum();
    }
    loss.backward();
    // It moves all scores of a query alike, of which a softmax takes no notice.
    let is_nothing = |name: &str| name.ends_with("self.key.bias");
    let (nothing, all): (Vec<_>, Vec<_>) = model.parameters().into_iter().partition(|of| is_nothing(&of.name));
    assert_eq!(nothing.len(), 12);
    for parameter in nothing {
        let gradient = parameter.tensor.grad().expect("backward reached it");
        assert!(gradient.abs().max().item()? < 1e-12, "{}", parameter.name);
    }
    known.eval.gradients.retain(|name, _| !is_nothing(name));
    hold_gradients(&known.eval, all);
    Ok(())
}

pytorchs! {
    lenet_is_pytorchs: LeNet, "lenet5";
    mobilenet_is_pytorchs: MobileNetV2, "mobilenet_v2", statistics too;
    resnet18_is_pytorchs: ResNet18, "resnet18", statistics too;
    resnet50_is_pytorchs: ResNet50, "resnet50", statistics too;
    unet_is_pytorchs: UNet, "unet", training too;
    vit_is_pytorchs: VitSmall, "vit_small";
}
