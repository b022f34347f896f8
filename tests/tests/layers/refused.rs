//! What layers refuse, and how they say it.

use tensor::dynamic::{
    BatchNorm1d, BatchNorm2d, Bilinear, Conv2d, ConvOptions, CrossEntropyLoss, Embedding, EmbeddingOptions, Flatten,
    GroupNorm, InstanceNorm2d, Layer, LayerNorm, Linear, MaxPool2d, MseLoss, ReplicationPad1d, Sequential, Softmax2d,
    Unflatten,
};
use tensor::functional::Padding;
use tensor::prelude::*;

use crate::{cpu, network, values};

#[test]
fn inputs_that_do_not_fit_are_named() {
    let linear = Linear::new(&cpu(), Seed(0), 3, 2).expect("room");
    let conv = Conv2d::new(&cpu(), Seed(0), 3, 2, 3).expect("room");
    let norm = BatchNorm2d::new(&cpu(), 3).expect("room");
    let flat = BatchNorm1d::new(&cpu(), 3).expect("room");
    let instance = InstanceNorm2d::new(&cpu(), 3).expect("room");
    let group = GroupNorm::new(&cpu(), 2, 4).expect("room");
    let layer = LayerNorm::new(&cpu(), &[2, 3]).expect("room");
    let cases: [(&dyn Layer, &[usize], &str); 14] = [
        (&linear, &[2, 4], "`linear`: expected a last axis of 3, found [2, 4]"),
        (&linear, &[], "`linear`: expected a last axis of 3, found []"),
        (&conv, &[1, 4, 5, 5], "`conv2d`: expected an input of 3 channels"),
        (&conv, &[3, 2, 5], "`conv2d`: expected an input that a kernel of [3, 3]"),
        (
            &conv,
            &[5, 5],
            "`conv2d`: expected an input of 3 axes, or of 4 with a batch, found [5, 5]",
        ),
        (
            &norm,
            &[1, 2, 4, 4],
            "`batch_norm2d`: expected an input of batch, 3 channels and 2 further axes, found [1, 2, 4, 4]",
        ),
        (
            &norm,
            &[3, 4, 4],
            "`batch_norm2d`: expected an input of batch, 3 channels",
        ),
        (
            &flat,
            &[3],
            "`batch_norm1d`: expected an input of batch, 3 channels and 1 or no further axis, found [3]",
        ),
        (
            &flat,
            &[1, 3],
            "`batch_norm`: expected more than one element for each channel, found [1, 3]",
        ),
        (
            &instance,
            &[4, 2, 2],
            "`instance_norm2d`: expected an input of 3 channels",
        ),
        (
            &group,
            &[1, 3, 2],
            "`group_norm`: expected an input of batch, 4 channels and more, found [1, 3, 2]",
        ),
        (&layer, &[5, 3, 2], "`layer_norm`: expected"),
        (
            &MaxPool2d::new(4),
            &[1, 1, 3, 8],
            "`max_pool2d`: expected an input that a kernel of [4, 4]",
        ),
        (
            &Softmax2d,
            &[2, 3],
            "`softmax2d`: expected an input of 3 axes, or of 4 with a batch, found [2, 3]",
        ),
    ];
    for (layer, sizes, expected) in cases {
        let error = layer
            .forward(&values(sizes, 0))
            .expect_err("sizes that do not fit")
            .to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}

#[test]
fn options_that_make_no_sense_are_named() {
    let conv = |groups: usize, stride: usize, padding: Padding<2>| {
        let options = ConvOptions {
            groups,
            stride: [stride; 2],
            padding,
            ..Default::default()
        };
        Conv2d::<f32>::with(&cpu(), Seed(0), 4, 6, 3, options)
            .map(drop)
            .map_err(|error| error.to_string())
    };
    let divisor = "`groups`: expected a divisor of 4 input and 6 output channels, found ";
    assert_eq!(conv(4, 1, Padding::Valid), Err(format!("{divisor}4")));
    assert_eq!(conv(0, 1, Padding::Valid), Err(format!("{divisor}0")));
    assert_eq!(
        conv(2, 2, Padding::Same),
        Err("`stride`: expected 1 where the padding is `same`, found [2, 2]".into())
    );
    assert_eq!(conv(2, 2, 1.into()), Ok(()));
    let error = GroupNorm::<f32>::new(&cpu(), 3, 4).expect_err("no divisor").to_string();
    assert_eq!(error, "`groups`: expected a divisor of 4 channels, found 3");
    let table = |options| {
        Embedding::<f32>::with(&cpu(), Seed(0), 3, 2, options)
            .expect_err("no such row")
            .to_string()
    };
    let padding = |row| EmbeddingOptions {
        padding_idx: Some(row),
        ..Default::default()
    };
    for row in [3, -4, i64::MIN] {
        let expected = format!("`embedding`: `padding_idx` {row} is out of range for a table of 3 rows");
        assert_eq!(table(padding(row)), expected);
    }
    let norm = EmbeddingOptions {
        max_norm: Some(-1.),
        ..Default::default()
    };
    assert_eq!(table(norm), "`max_norm`: expected a number from 0 on, found -1");
}

#[test]
fn strides_of_nothing_are_refused_when_they_are_used() {
    let options = ConvOptions {
        stride: [0; 2],
        ..Default::default()
    };
    let conv = Conv2d::with(&cpu(), Seed(0), 1, 1, 1, options).expect("room");
    let error = conv
        .forward(&values(&[1, 1, 2, 2], 0))
        .expect_err("no stride")
        .to_string();
    assert_eq!(error, "`stride`: expected 1 or more, found 0");
    let empty = Conv2d::new(&cpu(), Seed(0), 1, 1, 0).expect("an empty kernel");
    assert!(empty.forward(&values(&[1, 1, 2, 2], 0)).is_err());
}

#[test]
fn too_large_is_an_error() {
    let huge = 1 << 40;
    assert!(Conv2d::<f32>::new(&cpu(), Seed(0), huge, huge, 3).is_err());
    assert!(Bilinear::<f32>::new(&cpu(), Seed(0), huge, huge, huge).is_err());
    assert!(Embedding::<f32>::new(&cpu(), Seed(0), huge, huge).is_err());
    assert!(BatchNorm1d::<f32>::new(&cpu(), usize::MAX).is_err());
    assert!(LayerNorm::<f32>::new(&cpu(), &[huge, huge]).is_err());
    let pad = ReplicationPad1d::new(isize::MAX);
    assert!(pad.forward(&values(&[1, 2], 0)).is_err());
}

#[test]
fn a_sequence_stops_at_the_first_error() {
    let error = network(0)
        .forward(&values(&[1, 2, 5, 5], 0))
        .expect_err("27 features")
        .to_string();
    assert_eq!(error, "`linear`: expected a last axis of 12, found [1, 27]");
    let nothing = Sequential::<f32>::new();
    assert!(nothing.is_empty());
    let x = values(&[2], 0);
    assert_eq!(nothing.forward(&x).expect("itself"), x);
}

#[test]
fn axes_and_losses_are_checked() {
    let x = values(&[2, 6], 0);
    assert!(Flatten::new(0, 2).forward(&x).is_err());
    assert!(Unflatten::new(1, &[4, -1]).forward(&x).is_err());
    assert!(MseLoss::default().forward(&x, &values(&[6, 2], 0)).is_err());
    let bilinear = Bilinear::new(&cpu(), Seed(0), 6, 6, 1).expect("room");
    assert!(bilinear.forward(&x, &values(&[3, 6], 0)).is_err());
    let labels = Tensor::<Dynamic, i64>::from_vec(vec![0, 6], &[2]).expect("two");
    let error = CrossEntropyLoss::default()
        .forward(&x, &labels)
        .expect_err("no class 6")
        .to_string();
    assert!(error.contains("class 6 is out of range"), "{error}");
}
