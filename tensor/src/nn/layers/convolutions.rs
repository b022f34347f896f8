//! What convolutions have learned.

use crate::element::Float;
use crate::nn::layers::LinearBias;
use crate::nn::{Builder, Init, Module, Parameter, Trainable, Walk};
use crate::shape::{Dim, settled};

macro_rules! convolutions {
    ($($Name:ident $name:literal $example:literal $axes:literal ($($Size:ident),*);)*) => {
        $(
            #[doc = concat!("What `", $name, "` has learned: `y[n, o, p] = b[o] + sum over c, k of x[n, c, p stride + k dilation - padding] w[o, c, k]`.")]
            ///
            #[doc = concat!("`weight` is `[Out, In, ", $axes, "]`, where `In` are the channels of a group, `bias` is `[Out]`, as in PyTorch. Both start")]
            /// uniform in `[-1 / sqrt(n), 1 / sqrt(n))`, where `n` numbers go into each output. Without a bias the last type parameter is `()`.
            /// How the kernel goes is the model's affair.
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = $example]
            /// let net = Net::new(&Device::cpu(), Seed(0));
            /// assert_eq!(net.0.weight.sizes()[..2], [8, 2]);
            /// assert_eq!(net.0.bias.sizes(), [8]);
            /// ```
            #[derive(Clone, Debug)]
            pub struct $Name<In: Dim, Out: Dim, $($Size: Dim,)* T: Float = f32, Bias = Parameter<(Out,), T>> {
                #[doc = concat!("`[Out, In, ", $axes, "]`.")]
                pub weight: Parameter<(Out, In, $($Size),*), T>,
                /// `[Out]`, or `()`.
                pub bias: Bias,
            }

            impl<In: Dim, Out: Dim, $($Size: Dim,)* T: Float, Bias: LinearBias<Out, T>> Module<T>
                for $Name<In, Out, $($Size,)* T, Bias>
            {
                fn build(builder: &mut Builder<'_>) -> Self {
                    let init = Init::linear(const { settled::<In>() $(* settled::<$Size>())* });
                    Self {
                        weight: builder.parameter("weight", &const { [settled::<Out>(), settled::<In>(), $(settled::<$Size>()),*] }, init),
                        bias: Bias::build(builder, const { settled::<Out>() }, init),
                    }
                }

                fn visit(&self, walk: &mut Walk<'_>) {
                    self.walk(walk);
                }
            }

            impl<In: Dim, Out: Dim, $($Size: Dim,)* T: Float, Bias: LinearBias<Out, T>> Trainable
                for $Name<In, Out, $($Size,)* T, Bias>
            {
                fn walk(&self, walk: &mut Walk<'_>) {
                    walk.parameter("weight", &self.weight);
                    self.bias.visit(walk);
                }
            }
        )*
    };
}

macro_rules! transposed {
    ($($Name:ident $name:literal $example:literal $axes:literal ($($Size:ident),*);)*) => {
        $(
            #[doc = concat!("What `", $name, "` has learned: every element of the input sends the kernel, times itself, to the places that a convolution")]
            /// would have seen from there.
            ///
            #[doc = concat!("`weight` is `[In, Out, ", $axes, "]`, where `Out` are the channels of a group, `bias` is `[Channels]`, one for each output, as in")]
            /// PyTorch. Both start uniform in `[-1 / sqrt(n), 1 / sqrt(n))`, where `n` is the product of all but the first size. Without a bias the last
            /// type parameter is `()`.
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = $example]
            /// let net = Net::new(&Device::cpu(), Seed(0));
            /// assert_eq!(net.0.weight.sizes()[..2], [4, 3]);
            /// assert_eq!(net.0.bias.sizes(), [6]);
            /// ```
            #[derive(Clone, Debug)]
            pub struct $Name<In: Dim, Out: Dim, $($Size: Dim,)* Channels: Dim, T: Float = f32, Bias = Parameter<(Channels,), T>> {
                #[doc = concat!("`[In, Out, ", $axes, "]`.")]
                pub weight: Parameter<(In, Out, $($Size),*), T>,
                /// `[Channels]`, or `()`.
                pub bias: Bias,
                channels: std::marker::PhantomData<fn() -> Channels>,
            }

            impl<In: Dim, Out: Dim, $($Size: Dim,)* Channels: Dim, T: Float, Bias: LinearBias<Channels, T>> Module<T>
                for $Name<In, Out, $($Size,)* Channels, T, Bias>
            {
                fn build(builder: &mut Builder<'_>) -> Self {
                    let init = Init::linear(const { settled::<Out>() $(* settled::<$Size>())* });
                    Self {
                        weight: builder.parameter("weight", &const { [settled::<In>(), settled::<Out>(), $(settled::<$Size>()),*] }, init),
                        bias: Bias::build(builder, const { settled::<Channels>() }, init),
                        channels: std::marker::PhantomData,
                    }
                }

                fn visit(&self, walk: &mut Walk<'_>) {
                    walk.parameter("weight", &self.weight);
                    self.bias.visit(walk);
                }
            }
        )*
    };
}

transposed! {
    ConvTranspose1d "conv_transpose1d" "net! { #[input(4, 9)] type Net = conv_transpose1d(4, 6, 3, groups = 2) >> relu }" "Length" (Length);
    ConvTranspose2d "conv_transpose2d" "net! { #[input(4, 9, 9)] type Net = conv_transpose2d(4, 6, 3, groups = 2) >> relu }" "Height, Width" (Height, Width);
    ConvTranspose3d "conv_transpose3d" "net! { #[input(4, 5, 5, 5)] type Net = conv_transpose3d(4, 6, 3, groups = 2) >> relu }" "Depth, Height, Width" (Depth, Height, Width);
}

convolutions! {
    Conv1d "conv1d" "net! { #[input(4, 9)] type Net = conv1d(4, 8, 3, groups = 2) >> relu }" "Length" (Length);
    Conv2d "conv2d" "net! { #[input(4, 9, 9)] type Net = conv2d(4, 8, 3, groups = 2) >> relu }" "Height, Width" (Height, Width);
    Conv3d "conv3d" "net! { #[input(4, 9, 9, 9)] type Net = conv3d(4, 8, 3, groups = 2) >> relu }" "Depth, Height, Width" (Depth, Height, Width);
}
