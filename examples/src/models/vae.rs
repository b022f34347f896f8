//! A variational autoencoder.

use tensor::prelude::*;

/// A variational autoencoder for images of 784 points between 0 and 1, with 652,824 parameters: Kingma, Welling, *Auto-Encoding Variational Bayes*,
/// 2013. It is given noise beside the image, and gives the image again, with mean and logarithm of the variance of what it drew it from.
///
/// ```
/// use examples::models::Vae;
/// use tensor::prelude::*;
/// use tensor::reduction::Sum;
///
/// let model = Vae::new(&Device::cpu(), Seed(0));
/// assert_eq!(model.num_parameters(), 652_824);
/// // What the image lost on its way, and how far the latent values are from normal ones.
/// let mut step = model.compile(
///     |(image, mean, log_var), x: &Tensor<dims![Batch, 784]>| -> tensor::Result<_> {
///         let (mean, log_var) = (mean.tensor(), log_var.tensor());
///         let divergence = (log_var.exp() + &mean * &mean - &log_var - 1.).sum() * 0.5;
///         Ok(image.tensor().binary_cross_entropy(x, None, Sum)? + divergence)
///     },
///     Adam::new(1e-3),
/// );
/// let (x, noise) = (Tensor::<dims![4, 784]>::full(0.25), Tensor::<dims![4, 20]>::zeros());
/// let first = step.run((&x, &noise), &x)?;
/// # let mut last = first;
/// # for _ in 0..5 {
/// #     last = step.run((&x, &noise), &x)?;
/// # }
/// # assert!(last < first);
/// # Ok::<(), tensor::Error>(())
/// ```
#[model]
#[forward(|x: [784], noise: [20]| {
    let h = relu(hidden(x));
    let mean = mean(h);
    let log_var = log_var(h);
    let z = mean + exp(0.5 * log_var) * noise;
    (sigmoid(out(relu(decode(z)))), mean, log_var)
})]
pub struct Vae {
    hidden: Linear<784, 400>,
    mean: Linear<400, 20>,
    log_var: Linear<400, 20>,
    decode: Linear<20, 400>,
    out: Linear<400, 784>,
}
