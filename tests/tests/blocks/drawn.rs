//! Layers that draw in training, and norms that keep no statistics.

use tensor::dynamic::{self, BatchNormOptions, Layer};
use tensor::prelude::*;
use tests::assert_close;

use crate::{hold, taught};

net! {
    pub type Alpha = linear(3, 4) >> selu >> alpha_dropout(0.3) >> linear(4, 2);
    #[input(3, 4)] pub type Features = conv1d(3, 4, 2) >> feature_alpha_dropout(0.4) >> tanh;
    #[input(2, 3, 2)] pub type Planes = feature_alpha_dropout >> conv2d(2, 2, 1);
    pub type Slopes = linear(3, 4) >> rrelu >> linear(4, 2) >> rrelu(-0.5, 0.5);
    pub type Fixed = linear(3, 4) >> rrelu(0.25, 0.25) >> alpha_dropout(0);
    #[input(2, 7)] pub type OfBatch = conv1d(2, 3, 2, bias = false) >> batch_norm1d(3, track_running_stats = false) >> tanh;
    #[input(2, 3, 2)] pub type OfBatch2 = tanh >> batch_norm2d(2, affine = false, track_running_stats = false) >> conv2d(2, 1, 1);
}

hold! {
    alpha Alpha
    features Features
    planes Planes
    slopes Slopes
    fixed Fixed
    of_batch OfBatch
    of_batch2 OfBatch2
}

net! {
    #[input(64, 32)] type OnlyAlpha = alpha_dropout(0.2);
    #[input(64, 32)] type OnlyFeatures = feature_alpha_dropout(0.2);
    #[input(64, 32)] type OnlySlopes = rrelu(0.1, 0.3);
}

type Block = Tensor<dims![16, 64, 32]>;

fn drawn() -> Block {
    Block::randn(&[16, 64, 32], 3).expect("a tensor")
}

#[test]
fn alpha_dropout_keeps_mean_and_variance() -> tensor::Result<()> {
    let mut net = OnlyAlpha::new(&Device::cpu(), Seed(1));
    let x = drawn();
    let y = net.forward(&x).to_vec()?;
    let count = y.len() as f64;
    let mean = y.iter().map(|&y| f64::from(y)).sum::<f64>() / count;
    let variance = y.iter().map(|&y| (f64::from(y) - mean).powi(2)).sum::<f64>() / count;
    assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.03, "{mean}, {variance}");
    // What is dropped is one number, of which a fifth is there.
    let (a, end) = (0.8 * (1.0 + 0.2 * 1.758_099_3_f64.powi(2)), -1.758_099_3);
    let low = (a.powf(-0.5) * end * 0.8) as f32;
    let dropped = y.iter().filter(|&&y| (y - low).abs() < 1e-5).count() as f64 / count;
    assert!((dropped - 0.2).abs() < 0.01, "{dropped}");
    net.eval();
    assert_eq!(net.forward(&x), x);
    assert_eq!(net.infer(&x), x);
    Ok(())
}

#[test]
fn features_are_dropped_whole() -> tensor::Result<()> {
    let mut net = OnlyFeatures::new(&Device::cpu(), Seed(1));
    let x = drawn();
    let y = net.forward(&x).to_vec()?;
    let whole = y.chunks(32).filter(|row| row.iter().all(|y| *y == row[0])).count();
    assert!((150..260).contains(&whole), "{whole} of 1024");
    net.eval();
    assert_eq!(net.forward(&x), x);
    Ok(())
}

#[test]
fn slopes_are_drawn_in_training_and_their_mean_is_taken_else() -> tensor::Result<()> {
    let mut net = OnlySlopes::new(&Device::cpu(), Seed(1));
    let x = drawn();
    let (values, y) = (x.to_vec()?, net.forward(&x).to_vec()?);
    let (mut least, mut most) = (f32::MAX, f32::MIN);
    for (&x, &y) in values.iter().zip(&y) {
        if x >= 0.0 {
            assert_eq!(x, y);
        } else {
            (least, most) = (least.min(y / x), most.max(y / x));
        }
    }
    assert!(
        (0.0999..0.101).contains(&least) && (0.299..0.3001).contains(&most),
        "{least} to {most}"
    );
    net.eval();
    let expected: Vec<f32> = values.iter().map(|&x| if x < 0.0 { 0.2 * x } else { x }).collect();
    for found in [net.forward(&x), net.infer(&x)] {
        found
            .to_vec()?
            .iter()
            .zip(&expected)
            .for_each(|(a, b)| assert!((a - b).abs() < 1e-6));
    }
    Ok(())
}

#[test]
fn without_statistics_those_of_the_batch_serve() -> tensor::Result<()> {
    net! { #[input(3, 4)] type Only = batch_norm1d(3, eps = 1e-3, track_running_stats = false) }
    let mut net = Only::<f64>::new_as(&Device::cpu(), Seed(1));
    assert_eq!(net.parameters().len(), 2);
    let options = BatchNormOptions {
        eps: 1e-3,
        track_running_stats: false,
        ..Default::default()
    };
    let layer = taught(
        dynamic::BatchNorm1d::with(&Device::cpu(), 3, options)?,
        net.parameters(),
    )?;
    let x = Tensor::<dims![5, 3, 4], f64>::randn(&[5, 3, 4], 2)?;
    let expected = layer.forward(&x.clone().into_dynamic())?.to_vec()?;
    for training in [true, false] {
        if !training {
            net.eval();
        }
        assert_close("untracked", &net.forward(&x).to_vec()?, &expected, 1e-12);
    }
    assert_close("untracked", &net.infer(&x).to_vec()?, &expected, 1e-12);
    net! { type Row = linear(2, 3) >> batch_norm1d(3, track_running_stats = false) }
    let row = Row::new(&Device::cpu(), Seed(1));
    let error = row.infer(&tensor![[1., 2.]]).to_vec().expect_err("one element");
    assert_eq!(
        error.to_string(),
        "`batch_norm1d`: expected more than one element for each channel, found [1, 3]"
    );
    Ok(())
}
