//! What normalisations have learned, and what they keep.

use crate::element::Float;
use crate::nn::{Buffer, Builder, Init, Module, Parameter, Walk};
use crate::shape::{Dim, settled};

/// A number for each channel that a normalisation may have learned: a parameter, or nothing.
pub trait PerChannel<Channels: Dim, T: Float>: Sized {
    #[doc(hidden)]
    fn build(builder: &mut Builder<'_>, name: &'static str, channels: usize, first: f64) -> Self;
    #[doc(hidden)]
    fn visit(&self, name: &'static str, walk: &mut Walk<'_>);
}

impl<Channels: Dim, T: Float> PerChannel<Channels, T> for Parameter<(Channels,), T> {
    fn build(builder: &mut Builder<'_>, name: &'static str, channels: usize, first: f64) -> Self {
        builder.parameter(name, &[channels], Init::Constant(first))
    }

    fn visit(&self, name: &'static str, walk: &mut Walk<'_>) {
        walk.parameter(name, self);
    }
}

impl<Channels: Dim, T: Float> PerChannel<Channels, T> for () {
    fn build(_: &mut Builder<'_>, _: &'static str, _: usize, _: f64) -> Self {}

    fn visit(&self, _: &'static str, _: &mut Walk<'_>) {}
}

macro_rules! batch_norms {
    ($($Name:ident $name:literal $input:literal;)*) => {
        $(
            #[doc = concat!("What `", $name, "` has learned and keeps: `y = (x - mean) / sqrt(variance + eps) * weight + bias` for each channel.")]
            ///
            /// In training mean and (biased) variance are those of the batch, and go into the running ones, the variance as the unbiased one;
            /// in evaluation those serve. `weight` and `bias` are `[Channels]` and start as 1 and 0; without them the last type parameter is
            /// `()`. Ioffe, Szegedy, *Batch Normalization*, 2015.
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("net! { #[input(", $input, ")] type Net = ", $name, "(3) >> relu }")]
            /// let net = Net::new(&Device::cpu(), Seed(0));
            /// assert_eq!(net.0.running_var.get(), tensor![1., 1., 1.]);
            /// ```
            #[derive(Clone, Debug)]
            pub struct $Name<Channels: Dim, T: Float = f32, Affine = Parameter<(Channels,), T>> {
                /// `[Channels]`, or `()`.
                pub weight: Affine,
                /// `[Channels]`, or `()`.
                pub bias: Affine,
                /// `[Channels]`, starts as 0.
                pub running_mean: Buffer<(Channels,), T>,
                /// `[Channels]`, starts as 1.
                pub running_var: Buffer<(Channels,), T>,
                /// How many batches the running statistics are of.
                pub num_batches_tracked: Buffer<(), i64>,
            }

            impl<Channels: Dim, T: Float, Affine: PerChannel<Channels, T>> Module<T> for $Name<Channels, T, Affine> {
                fn build(builder: &mut Builder<'_>) -> Self {
                    Self {
                        weight: Affine::build(builder, "weight", const { settled::<Channels>() }, 1.0),
                        bias: Affine::build(builder, "bias", const { settled::<Channels>() }, 0.0),
                        running_mean: builder.buffer(&[const { settled::<Channels>() }], 0.0),
                        running_var: builder.buffer(&[const { settled::<Channels>() }], 1.0),
                        num_batches_tracked: builder.buffer(&[], 0.0),
                    }
                }

                fn visit(&self, walk: &mut Walk<'_>) {
                    self.weight.visit("weight", walk);
                    self.bias.visit("bias", walk);
                    walk.buffer("running_mean", &self.running_mean);
                    walk.buffer("running_var", &self.running_var);
                    walk.buffer("num_batches_tracked", &self.num_batches_tracked);
                }
            }
        )*
    };
}

batch_norms! {
    BatchNorm1d "batch_norm1d" "3";
    BatchNorm2d "batch_norm2d" "3, 8, 8";
    BatchNorm3d "batch_norm3d" "3, 4, 4, 4";
}

macro_rules! plain_norms {
    ($($Name:ident $what:literal $over:literal $input:literal $example:literal;)*) => {
        $(
            #[doc = concat!("What `", $what, "` has learned: `y = (x - mean) / sqrt(variance + eps) * weight + bias`, ", $over, ".")]
            ///
            /// `weight` and `bias` are `[Channels]` and start as 1 and 0; without them the last type parameter is `()`.
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("net! { #[input(", $input, ")] type Net = ", $example, " >> relu }")]
            /// let net = Net::new(&Device::cpu(), Seed(0));
            /// assert_eq!(net.0.bias.to_vec()?, [0.; 4]);
            /// # Ok::<(), tensor::Error>(())
            /// ```
            #[derive(Clone, Debug)]
            pub struct $Name<Channels: Dim, T: Float = f32, Affine = Parameter<(Channels,), T>> {
                /// `[Channels]`, or `()`.
                pub weight: Affine,
                /// `[Channels]`, or `()`.
                pub bias: Affine,
                types: std::marker::PhantomData<fn() -> (Channels, T)>,
            }

            impl<Channels: Dim, T: Float, Affine: PerChannel<Channels, T>> Module<T> for $Name<Channels, T, Affine> {
                fn build(builder: &mut Builder<'_>) -> Self {
                    Self {
                        weight: Affine::build(builder, "weight", const { settled::<Channels>() }, 1.0),
                        bias: Affine::build(builder, "bias", const { settled::<Channels>() }, 0.0),
                        types: std::marker::PhantomData,
                    }
                }

                fn visit(&self, walk: &mut Walk<'_>) {
                    self.weight.visit("weight", walk);
                    self.bias.visit("bias", walk);
                }
            }
        )*
    };
}

plain_norms! {
    GroupNorm "group_norm" "for each sample over the channels of a group and all axes behind; Wu, He, *Group Normalization*, 2018" "4, 6" "group_norm(2, 4)";
    InstanceNorm1d "instance_norm1d" "for each sample over a channel; Ulyanov, Vedaldi, Lempitsky, *Instance Normalization*, 2016" "4, 6" "instance_norm1d(4, affine = true)";
    InstanceNorm2d "instance_norm2d" "for each sample over a channel; Ulyanov, Vedaldi, Lempitsky, *Instance Normalization*, 2016" "4, 2, 3" "instance_norm2d(4, affine = true)";
    InstanceNorm3d "instance_norm3d" "for each sample over a channel; Ulyanov, Vedaldi, Lempitsky, *Instance Normalization*, 2016" "4, 1, 2, 3" "instance_norm3d(4, affine = true)";
    BatchNorm1dUntracked "batch_norm1d(track_running_stats = false)" "over a channel of the whole batch, in evaluation too" "4, 6" "batch_norm1d(4, track_running_stats = false)";
    BatchNorm2dUntracked "batch_norm2d(track_running_stats = false)" "over a channel of the whole batch, in evaluation too" "4, 2, 3" "batch_norm2d(4, track_running_stats = false)";
    BatchNorm3dUntracked "batch_norm3d(track_running_stats = false)" "over a channel of the whole batch, in evaluation too" "4, 1, 2, 3" "batch_norm3d(4, track_running_stats = false)";
}

/// What `rms_norm` has learned: `y = x / sqrt(mean(x^2) + eps) * weight` along the last axis.
///
/// `weight` is `[Features]` and starts as 1; without it the last type parameter is `()`. Zhang, Sennrich, *Root Mean Square Layer
/// Normalization*, 2019.
///
/// ```
/// use tensor::prelude::*;
/// net! { type Net = rms_norm(2, affine = true) >> relu }
/// let net = Net::new(&Device::cpu(), Seed(0));
/// assert_eq!(net.infer(&tensor![[3., -3.]]), tensor![[1., 0.]]);
/// assert_eq!(net.0.weight.to_vec()?, [1., 1.]);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct RmsNorm<Features: Dim, T: Float = f32, Affine = Parameter<(Features,), T>> {
    /// `[Features]`, or `()`.
    pub weight: Affine,
    types: std::marker::PhantomData<fn() -> (Features, T)>,
}

impl<Features: Dim, T: Float, Affine: PerChannel<Features, T>> Module<T> for RmsNorm<Features, T, Affine> {
    fn build(builder: &mut Builder<'_>) -> Self {
        Self {
            weight: Affine::build(builder, "weight", const { settled::<Features>() }, 1.0),
            types: std::marker::PhantomData,
        }
    }

    fn visit(&self, walk: &mut Walk<'_>) {
        self.weight.visit("weight", walk);
    }
}
