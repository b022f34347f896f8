//! Forwards that are plain Rust: by themselves, as parts, in compiled steps.

use tensor::autograd::{Tolerance, gradcheck, gradgradcheck};
use tensor::prelude::*;

use crate::hold;

/// The same model, written and generated.
#[model]
#[forward(dynamic, |x: [6]| -> [3] {
    let hidden = self.hidden.forward(x).tanh();
    self.output.forward(&hidden)
})]
pub struct Written {
    hidden: Linear<6, 5>,
    output: linear!(5, 3, bias = false),
}

#[model]
#[input(6)]
pub struct Generated {
    hidden: Linear<6, 5>,
    act: Tanh,
    output: linear!(5, 3, bias = false),
}

/// Control flow of all kinds, over an array of chains.
#[model]
#[forward(dynamic, |x: [4]| -> Result<[4]> {
    let mut state = x.clone();
    for (depth, block) in self.blocks.iter().enumerate() {
        let made = block.forward(&state);
        state = if depth % 2 == 0 { &state + &made } else { made };
    }
    while state.value_norm()? > 1e6 {
        state = state.affine(0.5, 0.0);
    }
    Ok(self.norm.forward(&state))
})]
pub struct Deep {
    blocks: [net!(linear(4, 4) >> tanh); 3],
    norm: LayerNorm<4>,
}

trait ValueNorm {
    fn value_norm(&self) -> tensor::Result<f64>;
}

impl<S: Shape, T: Float> ValueNorm for Tensor<S, T> {
    fn value_norm(&self) -> tensor::Result<f64> {
        Ok(self.to_vec()?.iter().map(|x| x.as_f64() * x.as_f64()).sum())
    }
}

/// Images, running statistics, dropout: what only the chains in it know.
#[model]
#[forward(dynamic, |x: [2, 5, 5]| -> [3] {
    self.head.forward(&self.body.forward(x).flatten::<1>())
})]
pub struct Images {
    body: net!([2, 5, 5] => conv2d(2, 3, 3, bias = false) >> batch_norm2d(_) >> relu),
    head: net!(linear(27, 8) >> dropout(0.25) >> tanh >> linear(_, 3)),
}

/// Several values in and out, and a parameter by itself.
#[model]
#[forward(dynamic, |x: [3], h: [4]| -> ([4], [3]) {
    let h = (self.input.forward(x) + self.state.forward(h) + &*self.shift).tanh();
    let out = self.back.forward(&h);
    (h, out)
})]
pub struct Cell {
    input: Linear<3, 4>,
    state: linear!(4, 4, bias = false),
    back: Linear<4, 3>,
    #[init(constant(0.25))]
    shift: Parameter<1, 4>,
}

/// Sizes left open.
#[model]
#[forward(dynamic, |x: [D]| -> [2 * D] {
    self.wide.forward(&self.narrow.forward(x))
})]
pub struct Open<D: Dim, H: Dim> {
    narrow: net!(linear(D, D / H) >> gelu),
    wide: linear!(D / H, 2 * D),
}

declare_dims! { pub Words; }

/// Sizes that come with the data, and whole numbers.
#[model]
#[forward(dynamic, |text: [Words] as i64| -> [Words, 2] {
    self.head.forward(&self.table.forward(text))
})]
pub struct Tokens {
    table: net!([Words] => embedding(7, 4)),
    head: Linear<4, 2>,
}

/// Written models inside generated ones: twice the same, and in a chain.
#[model]
#[forward(|x: [6]| {
    let a = written(x);
    let b = written(x * 0.5);
    deep(enter(a * b))
})]
pub struct Around {
    written: Written,
    enter: Linear<3, 4>,
    deep: Deep,
}

net! { pub type Chain = linear(5, 4) >> Deep >> relu >> linear(4, 6) >> Written }
net! { pub type Pictures = [2, 5, 5] => identity >> Images >> tanh }
net! { pub type Wider = linear(3, 8) >> Open<8, 4> >> linear(16, 2) }

/// One inside another one.
#[model]
#[forward(dynamic, |x: [5]| -> [3] { self.chain.forward(x).affine(2.0, 1.0) })]
pub struct Outer {
    chain: Chain,
}

#[model]
#[forward(|x: [3], h: [4]| {
    let (h, out) = cell(x, h);
    let (h, again) = cell(out, h);
    (h, out + again)
})]
pub struct Twice {
    cell: Cell,
}

hold! {
    a_written_model Written
    a_deep_one Deep
    images Images
    several_values Cell
    tokens Tokens
    parts_of_generated_models Around
    a_chain Chain
    a_chain_of_images Pictures
    open_sizes Wider
    one_inside_another Outer
    a_cell_twice Twice
}

#[test]
fn it_is_what_the_generated_model_is() -> tensor::Result<()> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("model.safetensors");
    let written = Written::new(&Device::cpu(), Seed(3));
    let same = Generated::new(&Device::cpu(), Seed(3));
    let names = |parameters: Vec<tensor::NamedParameter>| -> Vec<String> {
        parameters.into_iter().map(|parameter| parameter.name).collect()
    };
    assert_eq!(names(written.parameters()), names(same.parameters()));
    assert_eq!(*written.hidden.weight, *same.hidden.weight);

    written.save(&path)?;
    let mut other = Generated::new(&Device::cpu(), Seed(4));
    other.load(&path)?;
    let x = Tensor::<dims![5, 6]>::randn(&[5, 6], 1)?;
    tensor::testing::assert_close(&written.forward(&x), &other.forward(&x));
    assert!(!written.infer(&x).is_tracked());

    written.forward(&x).square().mean().backward();
    other.forward(&x).square().mean().backward();
    let [one, two] = [written.hidden.weight.grad(), other.hidden.weight.grad()].map(Option::unwrap);
    tensor::testing::assert_close(&one, &two);
    Ok(())
}

#[test]
fn a_compiled_step_is_the_step_of_the_tape() -> tensor::Result<()> {
    let (x, y) = (
        Tensor::<dims![8, 6]>::randn(&[8, 6], 1)?,
        Tensor::<dims![8, 3]>::randn(&[8, 3], 2)?,
    );
    let mut eager = Written::new(&Device::cpu(), Seed(0));
    let mut step = Written::new(&Device::cpu(), Seed(0)).compile(mse_loss, Adam::new(0.05));
    let mut adam = Adam::new(0.05);
    let mut first = None;
    for _ in 0..20 {
        let loss = mse_loss(&eager.forward(&x), &y);
        loss.backward();
        adam.step(&mut eager)?;
        let compiled = step.run(&x, &y)?;
        assert!((loss.item()? - compiled).abs() < 1e-5);
        first.get_or_insert(compiled);
    }
    tensor::testing::assert_close(&*eager.hidden.weight, &*step.model().hidden.weight);
    assert!(step.run(&x, &y)? < first.expect("twenty steps"));
    Ok(())
}

#[test]
fn modes_reach_the_models_inside() -> tensor::Result<()> {
    let mut model = Images::new(&Device::cpu(), Seed(0));
    let x = Tensor::<dims![4, 2, 5, 5]>::randn(&[4, 2, 5, 5], 1)?;
    assert_ne!(model.forward(&x), model.forward(&x), "dropout drops");
    let (trained, before) = (model.infer(&x), model.body.1.running_mean.get());
    model.eval();
    assert_eq!(model.forward(&x), trained);
    assert_eq!(
        model.body.1.running_mean.get(),
        before,
        "evaluation keeps the statistics"
    );
    model.train();
    let _ = model.forward(&x);
    assert_ne!(model.body.1.running_mean.get(), before, "training moves them");
    Ok(())
}

#[test]
fn a_run_goes_on_where_the_file_says() -> tensor::Result<()> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("images.safetensors");
    let model = Images::new(&Device::cpu(), Seed(0));
    let x = Tensor::<dims![4, 2, 5, 5]>::randn(&[4, 2, 5, 5], 1)?;
    let _ = model.forward(&x);
    model.save(&path)?;
    let mut other = Images::new(&Device::cpu(), Seed(9));
    other.load(&path)?;
    assert_eq!(model.forward(&x), other.forward(&x), "statistics and dropout masks too");
    let copy = model.clone();
    assert_eq!(model.forward(&x), copy.forward(&x));
    Ok(())
}

#[test]
fn derivatives_of_every_order() {
    let model: Cell<f64> = Cell::new_as(&Device::cpu(), Seed(1));
    let inputs = [(&[2, 3][..], 1), (&[2, 4][..], 2)].map(|(sizes, seed)| {
        Tensor::<Dynamic, f64>::randn(sizes, seed)
            .expect("room")
            .requires_grad()
    });
    let both = |inputs: &[Tensor<Dynamic, f64>]| {
        let (x, h) = (inputs[0].clone().try_into_shape()?, inputs[1].clone().try_into_shape()?);
        let (h, out) = model.forward::<Batch>(&x, &h);
        h.into_dynamic()
            .sum_axes(&[1], false)?
            .add(&out.into_dynamic().sum_axes(&[1], false)?)
    };
    gradcheck(both, &[&inputs[0], &inputs[1]], Tolerance::default()).expect("first");
    gradgradcheck(both, &[&inputs[0], &inputs[1]], Tolerance::default()).expect("second");
    let model: Twice<f64> = Twice::new_as(&Device::cpu(), Seed(1));
    let both = |inputs: &[Tensor<Dynamic, f64>]| {
        let (x, h) = (inputs[0].clone().try_into_shape()?, inputs[1].clone().try_into_shape()?);
        let (h, out) = model.forward::<Batch>(&x, &h);
        h.into_dynamic()
            .sum_axes(&[1], false)?
            .add(&out.into_dynamic().sum_axes(&[1], false)?)
    };
    gradgradcheck(both, &[&inputs[0], &inputs[1]], Tolerance::default()).expect("second, as a part");
}

/// Makes one row of many: a shape that its type cannot tell from the right one.
#[model]
#[forward(dynamic, |x: [2]| -> Result<[2]> {
    self.layer.forward(x).into_dynamic().narrow(0, 0, 1)?.try_into_shape()
})]
pub struct Short {
    layer: Linear<2, 2>,
}

#[test]
fn what_goes_wrong_in_a_body_is_told_by_name() {
    let x = Tensor::<dims![3, 2]>::ones();
    let expected = "`Short`: expected [3, 2], found [1, 2]";
    let mut model = Short::new(&Device::cpu(), Seed(0));
    let out = model.forward(&x);
    assert_eq!(out.to_vec().unwrap_err().to_string(), expected);
    out.sum().backward();
    assert_eq!(Sgd::new(0.1).step(&mut model).unwrap_err().to_string(), expected);
    assert_eq!(model.infer(&x).to_vec().unwrap_err().to_string(), expected);
    net! { type Around = Short >> relu }
    let around = Around::new(&Device::cpu(), Seed(0));
    assert_eq!(around.forward(&x).to_vec().unwrap_err().to_string(), expected);
    let mut step = around.compile(mse_loss, Sgd::new(0.1));
    assert_eq!(step.run(&x, &x).unwrap_err().to_string(), expected);
}

#[test]
fn frozen_parts_stay() -> tensor::Result<()> {
    let mut model = Chain::new(&Device::cpu(), Seed(0));
    model.4.hidden.freeze();
    let before = model.4.hidden.weight.to_vec()?;
    let mut step = model.compile(mse_loss, Sgd::new(0.1));
    step.run(&Tensor::<dims![3, 5]>::ones(), &Tensor::<dims![3, 3]>::ones())?;
    assert_eq!(step.model().4.hidden.weight.to_vec()?, before);
    Ok(())
}

#[test]
fn the_summary_has_its_parts() {
    let text = Images::new(&Device::cpu(), Seed(0)).to_string();
    assert!(text.starts_with("Images [batch, 2, 5, 5] → [batch, 3]"), "{text}");
    assert!(
        text.contains("body.0: conv2d(2, 3, 3, bias = false)") && text.contains("head.3: linear(8, 3)"),
        "{text}"
    );
    let text = Cell::new(&Device::cpu(), Seed(0)).to_string();
    assert!(
        text.contains("shift: parameter(1, 4)") && text.contains("state: linear(4, 4, bias = false)"),
        "{text}"
    );
}
