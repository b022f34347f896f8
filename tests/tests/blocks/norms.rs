//! Normalisations: their numbers, what they keep, and that the mode decides.

use tensor::prelude::*;
use tests::assert_close;

use crate::hold;

net! {
    #[input(3, 4, 5)] pub type Images = conv2d(3, 4, 3, bias = false) >> batch_norm2d(4) >> gelu >> conv2d(4, 2, 1, bias = false) >> batch_norm2d(_, eps = 1e-3, affine = false);
    #[input(4)] pub type Rows = linear(4, 5, bias = false) >> batch_norm1d(5, momentum = 0.3) >> tanh;
    #[input(2, 7)] pub type Lines = batch_norm1d(2) >> tanh >> conv1d(2, 3, 3, bias = false) >> batch_norm1d(3);
    #[input(2, 2, 3, 2)] pub type Solids = batch_norm3d(2) >> tanh >> instance_norm3d(2, affine = true);
    #[input(6, 3, 4)] pub type Groups = group_norm(3, 6) >> tanh >> group_norm(2, _, eps = 1e-3, affine = false) >> instance_norm2d(6);
    #[input(3, 6)] pub type Squares = rms_norm(6) >> linear(6, 5) >> instance_norm1d(3) >> rms_norm(_, eps = 1e-3, affine = false);
    #[input(4)] pub type Nested = linear(4, 4) >> tanh >> Rows >> linear(5, 4) >> tanh >> Rows;
}

hold! {
    groups Groups
    squares Squares
}

/// Batches of one row and of none have no statistics of their own: those are for [`statistics_of_nothing`].
macro_rules! hold_by_batch {
    ($($test:ident $Net:ident)*) => {
        $(
            #[test]
            fn $test() {
                tests::eager::hold_for::<$Net<f32>, $Net<f64>>(7, &[6, 9]);
                let mut chance = tests::Chance::new(11);
                let mut model = $Net::<f64>::new_as(&Device::cpu(), Seed(5));
                for training in [true, false] {
                    if training { model.train() } else { model.eval() };
                    let x = tests::model_inputs::inputs::<$Net<f64>>(5, &mut chance);
                    tests::model_differences::check(&model, &x);
                }
            }
        )*
    };
}

hold_by_batch! {
    images Images
    rows Rows
    lines Lines
    solids Solids
    nested Nested
}

net! { type One = [1] => batch: (batch_norm1d(1, momentum = 0.5)) >> output: linear(1, 1) }

#[test]
fn statistics_are_kept_in_training_and_serve_in_evaluation() -> tensor::Result<()> {
    let mut model = One::new(&Device::cpu(), Seed(0));
    let x = tensor![[1.], [5.]];
    let norm = |model: &One| {
        let norm = &model.batch.0;
        [&norm.running_mean, &norm.running_var].map(|statistic| statistic.get().to_vec().expect("computed")[0])
    };
    let _ = model.infer(&x);
    assert_eq!(norm(&model), [0., 1.]);
    model.forward(&x);
    // The mean is 3; the variance 4, and unbiased 8.
    assert_eq!(norm(&model), [1.5, 4.5]);
    let copy = model.clone();
    model.forward(&x);
    assert_eq!(norm(&model), [2.25, 6.25]);
    assert_eq!(norm(&copy), [1.5, 4.5]);
    assert_eq!(model.batch.0.num_batches_tracked.get().item()?, 2);
    model.eval();
    let before = model.forward(&x).to_vec()?;
    assert_eq!(norm(&model), [2.25, 6.25]);
    let folder = std::env::temp_dir().join(format!("norms-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for files");
    let file = folder.join("one.safetensors");
    model.save(&file)?;
    let mut other = One::new(&Device::cpu(), Seed(1));
    other.load(&file)?;
    other.eval();
    assert_eq!(other.forward(&x).to_vec()?, before);
    assert_eq!(other.batch.0.num_batches_tracked.get().item()?, 2);
    std::fs::remove_dir_all(&folder).expect("the folder is there");
    Ok(())
}

#[test]
fn a_backward_after_an_evaluation_takes_the_statistics_as_given() -> tensor::Result<()> {
    let mut model = One::new(&Device::cpu(), Seed(0));
    model.eval();
    let x = tensor![[1.], [5.]].requires_grad();
    model.forward(&x).sum().backward();
    let weight = model.output.weight.to_vec()?[0];
    let gradient = x.grad().expect("a leaf").to_vec()?;
    let slope = f64::from(weight) / (1.0 + 1e-5_f64).sqrt();
    assert_close(
        "gradient",
        &gradient.iter().map(|&g| f64::from(g)).collect::<Vec<_>>(),
        &[slope, slope],
        1e-6,
    );
    Ok(())
}

#[test]
fn statistics_of_nothing() {
    let mut model = One::new(&Device::cpu(), Seed(0));
    let error = model.forward(&tensor![[1.]]).to_vec().unwrap_err().to_string();
    assert_eq!(
        error,
        "`batch_norm1d`: expected more than one element for each channel in training, found [1, 1]"
    );
    let nothing = Tensor::<dims![Batch, 1]>::from_vec(Vec::new(), &[0, 1]).expect("no rows");
    assert!(model.forward(&nothing).to_vec().is_ok_and(|numbers| numbers.is_empty()));
    assert!(
        model
            .batch
            .0
            .num_batches_tracked
            .get()
            .item()
            .is_ok_and(|count| count == 0)
    );
    model.eval();
    assert!(model.forward(&tensor![[1.]]).to_vec().is_ok());
}

#[test]
fn names_are_those_of_pytorch() {
    let model = Images::new(&Device::cpu(), Seed(0));
    let names: Vec<String> = model.parameters().into_iter().map(|parameter| parameter.name).collect();
    assert_eq!(names, ["0.weight", "1.weight", "1.bias", "3.weight"]);
}
