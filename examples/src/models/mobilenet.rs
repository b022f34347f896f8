//! MobileNetV2.

use tensor::prelude::*;

/// MobileNetV2 for images `[3, 224, 224]`, 1,000 classes, with 3,504,872 parameters: Sandler, Howard, Zhu, Zhmoginov, Chen, *MobileNetV2:
/// inverted residuals and linear bottlenecks*, 2018. Its names are torchvision's.
///
/// ```
/// use examples::models::MobileNetV2;
/// use tensor::prelude::*;
/// let model = MobileNetV2::new(&Device::cpu(), Seed(0));
/// assert_eq!(model.num_parameters(), 3_504_872);
/// assert_eq!(model.parameters()[0].name, "features.0.0.weight");
/// ```
#[model]
#[input(3, 224, 224)]
pub struct MobileNetV2 {
    // Each block widens, looks at each channel by itself, and narrows again.
    features: net!(
        (conv2d(3, 32, 3, stride = 2, padding = 1, bias = false) >> batch_norm2d(_) >> relu6)
            >> (conv: ((conv2d(_, 32, 3, padding = 1, groups = 32, bias = false) >> batch_norm2d(_) >> relu6)
                >> conv2d(_, 16, 1, bias = false) >> batch_norm2d(_)))
            >> (conv: ((conv2d(16, 96, 1, bias = false) >> batch_norm2d(_) >> relu6)
                >> (conv2d(_, 96, 3, stride = 2, padding = 1, groups = 96, bias = false) >> batch_norm2d(_) >> relu6)
                >> conv2d(_, 24, 1, bias = false) >> batch_norm2d(_)))
            >> residual(conv: ((conv2d(24, 144, 1, bias = false) >> batch_norm2d(_) >> relu6)
                >> (conv2d(_, 144, 3, padding = 1, groups = 144, bias = false) >> batch_norm2d(_) >> relu6)
                >> conv2d(_, 24, 1, bias = false) >> batch_norm2d(_)))
            >> (conv: ((conv2d(24, 144, 1, bias = false) >> batch_norm2d(_) >> relu6)
                >> (conv2d(_, 144, 3, stride = 2, padding = 1, groups = 144, bias = false) >> batch_norm2d(_) >> relu6)
                >> conv2d(_, 32, 1, bias = false) >> batch_norm2d(_)))
            >> residual(conv: ((conv2d(32, 192, 1, bias = false) >> batch_norm2d(_) >> relu6)
                >> (conv2d(_, 192, 3, padding = 1, groups = 192, bias = false) >> batch_norm2d(_) >> relu6)
                >> conv2d(_, 32, 1, bias = false) >> batch_norm2d(_)))
            >> residual(conv: ((conv2d(32, 192, 1, bias = false) >> batch_norm2d(_) >> relu6)
                >> (conv2d(_, 192, 3, padding = 1, groups = 192, bias = false) >> batch_norm2d(_) >> relu6)
                >> conv2d(_, 32, 1, bias = false) >> batch_norm2d(_)))
            >> (conv: ((conv2d(32, 192, 1, bias = false) >> batch_norm2d(_) >> relu6)
                >> (conv2d(_, 192, 3, stride = 2, padding = 1, groups = 192, bias = false) >> batch_norm2d(_) >> relu6)
                >> conv2d(_, 64, 1, bias = false) >> batch_norm2d(_)))
            >> residual(conv: ((conv2d(64, 384, 1, bias = false) >> batch_norm2d(_) >> relu6)
                >> (conv2d(_, 384, 3, padding = 1, groups = 384, bias = false) >> batch_norm2d(_) >> relu6)
                >> conv2d(_, 64, 1, bias = false) >> batch_norm2d(_)))
            >> residual(conv: ((conv2d(64, 384, 1, bias = false) >> batch_norm2d(_) >> relu6)
                >> (conv2d(_, 384, 3, padding = 1, groups = 384, bias = false) >> batch_norm2d(_) >> relu6)
                >> conv2d(_, 64, 1, bias = false) >> batch_norm2d(_)))
            >> residual(conv: ((conv2d(64, 384, 1, bias = false) >> batch_norm2d(_) >> relu6)
                >> (conv2d(_, 384, 3, padding = 1, groups = 384, bias = false) >> batch_norm2d(_) >> relu6)
                >> conv2d(_, 64, 1, bias = false) >> batch_norm2d(_)))
            >> (conv: ((conv2d(64, 384, 1, bias = false) >> batch_norm2d(_) >> relu6)
                >> (conv2d(_, 384, 3, padding = 1, groups = 384, bias = false) >> batch_norm2d(_) >> relu6)
                >> conv2d(_, 96, 1, bias = false) >> batch_norm2d(_)))
            >> residual(conv: ((conv2d(96, 576, 1, bias = false) >> batch_norm2d(_) >> relu6)
                >> (conv2d(_, 576, 3, padding = 1, groups = 576, bias = false) >> batch_norm2d(_) >> relu6)
                >> conv2d(_, 96, 1, bias = false) >> batch_norm2d(_)))
            >> residual(conv: ((conv2d(96, 576, 1, bias = false) >> batch_norm2d(_) >> relu6)
                >> (conv2d(_, 576, 3, padding = 1, groups = 576, bias = false) >> batch_norm2d(_) >> relu6)
                >> conv2d(_, 96, 1, bias = false) >> batch_norm2d(_)))
            >> (conv: ((conv2d(96, 576, 1, bias = false) >> batch_norm2d(_) >> relu6)
                >> (conv2d(_, 576, 3, stride = 2, padding = 1, groups = 576, bias = false) >> batch_norm2d(_) >> relu6)
                >> conv2d(_, 160, 1, bias = false) >> batch_norm2d(_)))
            >> residual(conv: ((conv2d(160, 960, 1, bias = false) >> batch_norm2d(_) >> relu6)
                >> (conv2d(_, 960, 3, padding = 1, groups = 960, bias = false) >> batch_norm2d(_) >> relu6)
                >> conv2d(_, 160, 1, bias = false) >> batch_norm2d(_)))
            >> residual(conv: ((conv2d(160, 960, 1, bias = false) >> batch_norm2d(_) >> relu6)
                >> (conv2d(_, 960, 3, padding = 1, groups = 960, bias = false) >> batch_norm2d(_) >> relu6)
                >> conv2d(_, 160, 1, bias = false) >> batch_norm2d(_)))
            >> (conv: ((conv2d(160, 960, 1, bias = false) >> batch_norm2d(_) >> relu6)
                >> (conv2d(_, 960, 3, padding = 1, groups = 960, bias = false) >> batch_norm2d(_) >> relu6)
                >> conv2d(_, 320, 1, bias = false) >> batch_norm2d(_)))
            >> (conv2d(320, 1280, 1, bias = false) >> batch_norm2d(_) >> relu6)
    ),
    pool: net!(adaptive_avg_pool2d(1) >> flatten),
    classifier: net!(dropout(0.2) >> linear(_, 1000)),
}
