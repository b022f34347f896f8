//! LeNet-5.

use tensor::prelude::*;

/// LeNet-5 for images `[1, 28, 28]`, with 61,706 parameters: LeCun, Bottou, Bengio, Haffner, *Gradient-based learning applied to document
/// recognition*, 1998; with the activations and the pooling that are usual since.
///
/// ```
/// use examples::models::LeNet;
/// use tensor::prelude::*;
/// let model = LeNet::new(&Device::cpu(), Seed(0));
/// assert_eq!(model.num_parameters(), 61_706);
/// let scores = model.infer(&Tensor::<dims![2, 1, 28, 28]>::zeros());
/// assert_eq!(scores.sizes(), [2, 10]);
/// ```
#[model]
#[input(1, 28, 28)]
pub struct LeNet {
    conv1: conv2d!(1, 6, 5, padding = 2),
    pool1: net!(relu >> max_pool2d(2)),
    conv2: Conv2d<6, 16, 5>,
    pool2: net!(relu >> max_pool2d(2) >> flatten),
    fc1: Linear<400, 120>,
    relu3: Relu,
    fc2: Linear<120, 84>,
    relu4: Relu,
    fc3: Linear<84, 10>,
}
