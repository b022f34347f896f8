//! A U-Net.

use tensor::prelude::*;

/// A U-Net of three levels for images `[1, 32, 32]`, two classes for each of their points, with 117,090 parameters: Ronneberger, Fischer,
/// Brox, *U-Net: convolutional networks for biomedical image segmentation*, 2015; with borders that keep the size, and batch norm.
///
/// ```
/// use examples::models::UNet;
/// use tensor::prelude::*;
/// let model = UNet::new(&Device::cpu(), Seed(0));
/// assert_eq!(model.num_parameters(), 117_090);
/// let scores = model.infer(&Tensor::<dims![2, 1, 32, 32]>::zeros());
/// assert_eq!(scores.sizes(), [2, 2, 32, 32]);
/// ```
#[model]
#[forward(|x: [1, 32, 32]| {
    let a = down1(x);
    let b = down2(max_pool2d(a, 2));
    let c = middle(max_pool2d(b, 2));
    let b = join2(cat(b, up2(c), axis = 1));
    let a = join1(cat(a, up1(b), axis = 1));
    out(a)
})]
pub struct UNet {
    down1: net!(
        conv2d(1, 16, 3, padding = 1, bias = false)
            >> batch_norm2d(_)
            >> relu
            >> conv2d(_, 16, 3, padding = 1, bias = false)
            >> batch_norm2d(_)
            >> relu
    ),
    down2: net!(
        conv2d(16, 32, 3, padding = 1, bias = false)
            >> batch_norm2d(_)
            >> relu
            >> conv2d(_, 32, 3, padding = 1, bias = false)
            >> batch_norm2d(_)
            >> relu
    ),
    middle: net!(
        conv2d(32, 64, 3, padding = 1, bias = false)
            >> batch_norm2d(_)
            >> relu
            >> conv2d(_, 64, 3, padding = 1, bias = false)
            >> batch_norm2d(_)
            >> relu
    ),
    up2: conv_transpose2d!(64, 32, 2, stride = 2),
    join2: net!(
        conv2d(64, 32, 3, padding = 1, bias = false)
            >> batch_norm2d(_)
            >> relu
            >> conv2d(_, 32, 3, padding = 1, bias = false)
            >> batch_norm2d(_)
            >> relu
    ),
    up1: conv_transpose2d!(32, 16, 2, stride = 2),
    join1: net!(
        conv2d(32, 16, 3, padding = 1, bias = false)
            >> batch_norm2d(_)
            >> relu
            >> conv2d(_, 16, 3, padding = 1, bias = false)
            >> batch_norm2d(_)
            >> relu
    ),
    out: Conv2d<16, 2, 1>,
}
