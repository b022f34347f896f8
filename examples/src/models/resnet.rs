//! ResNet-18 and ResNet-50.

use tensor::prelude::*;

/// Two convolutions, and around them what goes in: images `[C, S, S]` stay so.
#[model]
#[forward(|x: [C, S, S]| relu(bn2(conv2(relu(bn1(conv1(x))))) + x))]
pub struct Basic<C: Dim, S: Dim> {
    conv1: conv2d!(C, C, 3, padding = 1, bias = false),
    bn1: BatchNorm2d<C>,
    conv2: conv2d!(C, C, 3, padding = 1, bias = false),
    bn2: BatchNorm2d<C>,
}

/// The first block of a stage: images of half the size, with twice as many channels.
#[model]
#[forward(|x: [C, 2 * S, 2 * S]| relu(bn2(conv2(relu(bn1(conv1(x))))) + downsample(x)))]
pub struct Down<C: Dim, S: Dim> {
    conv1: conv2d!(C, 2 * C, 3, stride = 2, padding = 1, bias = false),
    bn1: BatchNorm2d<{ 2 * C }>,
    conv2: conv2d!(2 * C, 2 * C, 3, padding = 1, bias = false),
    bn2: BatchNorm2d<{ 2 * C }>,
    downsample: net!(conv2d(C, 2 * C, 1, stride = 2, bias = false) >> batch_norm2d(_)),
}

/// ResNet-18 for images `[3, 224, 224]`, 1,000 classes, with 11,689,512 parameters: He, Zhang, Ren, Sun, *Deep residual learning for image
/// recognition*, 2015. Its names are torchvision's.
///
/// ```
/// use examples::models::ResNet18;
/// use tensor::prelude::*;
/// let model = ResNet18::new(&Device::cpu(), Seed(0));
/// assert_eq!(model.num_parameters(), 11_689_512);
/// assert_eq!(model.parameters()[15].name, "layer2.0.conv1.weight");
/// ```
#[model]
#[forward(|x: [3, 224, 224]| {
    let x = max_pool2d(relu(bn1(conv1(x))), 3, stride = 2, padding = 1);
    let x: [512, 7, 7] = layer4(layer3(layer2(layer1(x))));
    fc(flatten(adaptive_avg_pool2d(x, 1)))
})]
pub struct ResNet18 {
    conv1: conv2d!(3, 64, 7, stride = 2, padding = 3, bias = false),
    bn1: BatchNorm2d<64>,
    layer1: net!(Basic<64, 56> >> Basic<64, 56>),
    layer2: net!(Down<64, 28> >> Basic<128, 28>),
    layer3: net!(Down<128, 14> >> Basic<256, 14>),
    layer4: net!(Down<256, 7> >> Basic<512, 7>),
    fc: Linear<512, 1000>,
}

/// Narrow in the middle: `C` channels between `4 * C`.
#[model]
#[forward(|x: [4 * C, S, S]| relu(bn3(conv3(relu(bn2(conv2(relu(bn1(conv1(x)))))))) + x))]
pub struct Bottleneck<C: Dim, S: Dim> {
    conv1: conv2d!(4 * C, C, 1, bias = false),
    bn1: BatchNorm2d<C>,
    conv2: conv2d!(C, C, 3, padding = 1, bias = false),
    bn2: BatchNorm2d<C>,
    conv3: conv2d!(C, 4 * C, 1, bias = false),
    bn3: BatchNorm2d<{ 4 * C }>,
}

/// The first of all: four times as many channels.
#[model]
#[forward(|x: [C, S, S]| relu(bn3(conv3(relu(bn2(conv2(relu(bn1(conv1(x)))))))) + downsample(x)))]
pub struct WideBottleneck<C: Dim, S: Dim> {
    conv1: conv2d!(C, C, 1, bias = false),
    bn1: BatchNorm2d<C>,
    conv2: conv2d!(C, C, 3, padding = 1, bias = false),
    bn2: BatchNorm2d<C>,
    conv3: conv2d!(C, 4 * C, 1, bias = false),
    bn3: BatchNorm2d<{ 4 * C }>,
    downsample: net!(conv2d(C, 4 * C, 1, bias = false) >> batch_norm2d(_)),
}

/// The first of a later stage: images of half the size, with twice as many channels.
#[model]
#[forward(|x: [2 * C, 2 * S, 2 * S]| relu(bn3(conv3(relu(bn2(conv2(relu(bn1(conv1(x)))))))) + downsample(x)))]
pub struct DownBottleneck<C: Dim, S: Dim> {
    conv1: conv2d!(2 * C, C, 1, bias = false),
    bn1: BatchNorm2d<C>,
    conv2: conv2d!(C, C, 3, stride = 2, padding = 1, bias = false),
    bn2: BatchNorm2d<C>,
    conv3: conv2d!(C, 4 * C, 1, bias = false),
    bn3: BatchNorm2d<{ 4 * C }>,
    downsample: net!(conv2d(2 * C, 4 * C, 1, stride = 2, bias = false) >> batch_norm2d(_)),
}

/// ResNet-50 for images `[3, 224, 224]`, 1,000 classes, with 25,557,032 parameters, where its stride is in the middle of a block. Its names are
/// torchvision's.
///
/// ```
/// use examples::models::ResNet50;
/// use tensor::prelude::*;
/// let model = ResNet50::new(&Device::cpu(), Seed(0));
/// assert_eq!(model.num_parameters(), 25_557_032);
/// ```
#[model]
#[forward(|x: [3, 224, 224]| {
    let x = max_pool2d(relu(bn1(conv1(x))), 3, stride = 2, padding = 1);
    let x: [2048, 7, 7] = layer4(layer3(layer2(layer1(x))));
    fc(flatten(adaptive_avg_pool2d(x, 1)))
})]
pub struct ResNet50 {
    conv1: conv2d!(3, 64, 7, stride = 2, padding = 3, bias = false),
    bn1: BatchNorm2d<64>,
    layer1: net!(WideBottleneck<64, 56> >> Bottleneck<64, 56> >> Bottleneck<64, 56>),
    layer2: net!(DownBottleneck<128, 28> >> Bottleneck<128, 28> >> Bottleneck<128, 28> >> Bottleneck<128, 28>),
    layer3: net!(
        DownBottleneck<256, 14> >> Bottleneck<256, 14> >> Bottleneck<256, 14> >> Bottleneck<256, 14>
            >> Bottleneck<256, 14> >> Bottleneck<256, 14>
    ),
    layer4: net!(DownBottleneck<512, 7> >> Bottleneck<512, 7> >> Bottleneck<512, 7>),
    fc: Linear<2048, 1000>,
}
