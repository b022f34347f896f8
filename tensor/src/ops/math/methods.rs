//! The methods of tensors.

use tensor_ops::{Binary, Math};

use super::{frexp, logit};
use crate::element::{Differentiable, Element, Kind, Numeric};
use crate::error::{Error, Result};
use crate::ops::function::functions;
use crate::ops::{binary, cast};
use crate::shape::Shape;
use crate::tensors::Tensor;

/// Mantissas and exponents.
type Parts<S, T> = (Tensor<S, <T as Element>::Float>, Tensor<S, i32>);

functions! { math;
    /// The tangent of `x` in radians.
    tan => Math::Tan, "tensor![0., 1.]" => "tensor![0., 1.5574]";
    /// The inverse of the sine, in radians; NaN beyond 1 and -1.
    #[doc(alias = "arcsin")]
    asin => Math::Asin, "tensor![0., 1.]" => "tensor![0., 1.5708]";
    /// The inverse of the cosine, in radians; NaN beyond 1 and -1.
    #[doc(alias = "arccos")]
    acos => Math::Acos, "tensor![1., 0.]" => "tensor![0., 1.5708]";
    /// The inverse of the tangent, in radians.
    #[doc(alias = "arctan")]
    atan => Math::Atan, "tensor![0., 1.]" => "tensor![0., 0.7854]";
    /// The hyperbolic sine, `(exp(x) - exp(-x)) / 2`.
    sinh => Math::Sinh, "tensor![0., 1.]" => "tensor![0., 1.1752]";
    /// The hyperbolic cosine, `(exp(x) + exp(-x)) / 2`.
    cosh => Math::Cosh, "tensor![0., 1.]" => "tensor![1., 1.5431]";
    /// The inverse of the hyperbolic sine, `log(x + sqrt(x^2 + 1))`.
    #[doc(alias = "arcsinh")]
    asinh => Math::Asinh, "tensor![0., 1.]" => "tensor![0., 0.8814]";
    /// The inverse of the hyperbolic cosine, `log(x + sqrt(x^2 - 1))`; NaN below 1.
    #[doc(alias = "arccosh")]
    acosh => Math::Acosh, "tensor![1., 2.]" => "tensor![0., 1.317]";
    /// The inverse of the hyperbolic tangent, `log((1 + x) / (1 - x)) / 2`; infinite at 1 and -1, NaN beyond.
    #[doc(alias = "arctanh")]
    atanh => Math::Atanh, "tensor![0., 0.5]" => "tensor![0., 0.5493]";
    /// 2 to the power of `x`.
    exp2 => Math::Exp2, "tensor![3., 0.5]" => "tensor![8., 1.4142]";
    /// `exp(x) - 1` without cancellation near 0.
    expm1 => Math::Expm1, "tensor![0., 1.]" => "tensor![0., 1.7183]";
    /// The logarithm to base 2.
    log2 => Math::Log2, "tensor![8., 3.]" => "tensor![3., 1.585]";
    /// The logarithm to base 10.
    log10 => Math::Log10, "tensor![1000., 2.]" => "tensor![3., 0.301]";
    /// `log(1 + x)` without cancellation near 0.
    log1p => Math::Log1p, "tensor![0., 1.]" => "tensor![0., 0.6931]";
    /// `sin(pi x) / (pi x)`, and 1 at 0.
    sinc => Math::Sinc, "tensor![0., 0.5]" => "tensor![1., 0.6366]";
    /// `-x log(x)`, 0 at 0, minus infinity below. PyTorch's `special.entr`.
    entr => Math::Entr, "tensor![0., 0.5]" => "tensor![0., 0.3466]";
    /// `1 - erf(x)` without cancellation where that is small.
    erfc => Math::Erfc, "tensor![0., 1.]" => "tensor![1., 0.1573]";
    /// `exp(x^2) erfc(x)`. PyTorch's `special.erfcx`.
    erfcx => Math::Erfcx, "tensor![0., 1.]" => "tensor![1., 0.4276]";
    /// The inverse of the error function: infinite at 1 and -1, NaN beyond.
    erfinv => Math::Erfinv, "tensor![0., 0.5]" => "tensor![0., 0.4769]";
    /// The normal distribution's cumulative function, `(1 + erf(x / sqrt(2))) / 2`. PyTorch's `special.ndtr`.
    ndtr => Math::Ndtr, "tensor![0., 1.]" => "tensor![0.5, 0.8413]";
    /// The logarithm of [`Tensor::ndtr`], exact where that is nearly 0. PyTorch's `special.log_ndtr`.
    log_ndtr => Math::LogNdtr, "tensor![0., -10.]" => "tensor![-0.6931, -53.2313]";
    /// The inverse of [`Tensor::ndtr`]: quantiles of the normal distribution. PyTorch's `special.ndtri`.
    ndtri => Math::Ndtri, "tensor![0.5, 0.975]" => "tensor![0., 1.96]";
    /// The logarithm of the absolute value of the gamma function: of `(x - 1)!` for whole numbers above 0.
    #[doc(alias = "gammaln")]
    lgamma => Math::Lgamma, "tensor![1., 5.]" => "tensor![0., 3.1781]";
    /// The derivative of [`Tensor::lgamma`], `gamma'(x) / gamma(x)`.
    #[doc(alias = "psi")]
    digamma => Math::Digamma, "tensor![1., 2.]" => "tensor![-0.5772, 0.4228]";
    /// The modified Bessel function of the first kind, of order 0: the sum of `(x / 2)^(2 k) / k!^2` over `k` from 0 on.
    i0 => Math::I0, "tensor![0., 1.]" => "tensor![1., 1.2661]";
    /// `exp(-|x|) i0(x)`. PyTorch's `special.i0e`.
    i0e => Math::I0e, "tensor![0., 1.]" => "tensor![1., 0.4658]";
    /// The modified Bessel function of the first kind, of order 1. PyTorch's `special.i1`.
    i1 => Math::I1, "tensor![0., 1.]" => "tensor![0., 0.5652]";
    /// `exp(-|x|) i1(x)`. PyTorch's `special.i1e`.
    i1e => Math::I1e, "tensor![0., 1.]" => "tensor![0., 0.2079]";
    /// The Bessel function of the first kind, of order 0. PyTorch's `special.bessel_j0`, with a gradient.
    bessel_j0 => Math::BesselJ0, "tensor![0., 1.]" => "tensor![1., 0.7652]";
    /// The Bessel function of the first kind, of order 1. PyTorch's `special.bessel_j1`, with a gradient.
    bessel_j1 => Math::BesselJ1, "tensor![0., 1.]" => "tensor![0., 0.4401]";
    /// The Bessel function of the second kind, of order 0; NaN below 0. PyTorch's `special.bessel_y0`, with a gradient.
    bessel_y0 => Math::BesselY0, "tensor![1., 2.]" => "tensor![0.0883, 0.5104]";
    /// The Bessel function of the second kind, of order 1; NaN below 0. PyTorch's `special.bessel_y1`, with a gradient.
    bessel_y1 => Math::BesselY1, "tensor![1., 2.]" => "tensor![-0.7812, -0.107]";
    /// The modified Bessel function of the second kind, of order 0; NaN below 0. PyTorch's `special.modified_bessel_k0`, with a gradient.
    modified_bessel_k0 => Math::K0, "tensor![1., 2.]" => "tensor![0.421, 0.1139]";
    /// `exp(x)` times [`Tensor::modified_bessel_k0`]. PyTorch's `special.scaled_modified_bessel_k0`, with a gradient.
    scaled_modified_bessel_k0 => Math::K0e, "tensor![1., 2.]" => "tensor![1.1445, 0.8416]";
    /// The modified Bessel function of the second kind, of order 1; NaN below 0. PyTorch's `special.modified_bessel_k1`, with a gradient.
    modified_bessel_k1 => Math::K1, "tensor![1., 2.]" => "tensor![0.6019, 0.1399]";
    /// `exp(x)` times [`Tensor::modified_bessel_k1`]. PyTorch's `special.scaled_modified_bessel_k1`, with a gradient.
    scaled_modified_bessel_k1 => Math::K1e, "tensor![1., 2.]" => "tensor![1.6362, 1.0335]";
}

impl<S: Shape, T: Element> Tensor<S, T> {
    /// The derivative of that order of [`Tensor::digamma`].
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1f64].polygamma(1).round_decimals(4), tensor![1.6449f64]);
    /// ```
    pub fn polygamma(&self, order: u32) -> Tensor<S, T::Float> {
        Tensor::of(self.value().math(Math::Polygamma { order }))
    }

    /// The logarithm of the gamma function of `p` dimensions, for `x` above `(p - 1) / 2`. PyTorch's `mvlgamma`.
    ///
    /// # Errors
    /// Where there is no dimension, or there are more than a million: it is a sum over them.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![3., 5.].mvlgamma(2)?.round_decimals(4), tensor![1.5502, 6.2042]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn mvlgamma(&self, p: u32) -> Result<Tensor<S, T::Float>> {
        if !(1..=1_000_000).contains(&p) {
            return Err(Error::argument("p", "from 1 to 1000000", p));
        }
        Ok(Tensor::of(self.value().math(Math::Multigamma { p })))
    }

    /// The parts of each number, `x = m 2^e` with `m` from 1/2 to below 1 in size; the exponent of what is 0 or not finite is 0.
    ///
    /// # Errors
    /// Where the tensor is not on the processor.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (mantissa, exponent) = tensor![12., -0.25].frexp()?;
    /// assert_eq!((mantissa, exponent), (tensor![0.75, -0.5], tensor![4i32, -1i32]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn frexp(&self) -> Result<Parts<S, T>> {
        let (mantissa, exponent) = frexp(self.value())?;
        Ok((Tensor::of(mantissa), Tensor::of(exponent)))
    }

    /// `log(x / (1 - x))`: the inverse of [`Tensor::sigmoid`]. With `eps`, of `x` held between `eps` and `1 - eps`, and the gradient is 0
    /// where it was not; without, NaN outside of 0 to 1.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![0.5, 0.9].logit(None).round_decimals(4), tensor![0., 2.1972]);
    /// ```
    pub fn logit(&self, eps: Option<f64>) -> Tensor<S, T::Float> {
        Tensor::of(logit(self.value(), eps))
    }

    /// `1 / sqrt(x)`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![4., 0.25].rsqrt(), tensor![0.5, 2.]);
    /// ```
    pub fn rsqrt(&self) -> Tensor<S, T::Float> {
        Tensor::of(self.value().sqrt().reciprocal())
    }

    /// Degrees as radians: `x pi / 180`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![180., 90.].deg2rad().round_decimals(4), tensor![3.1416, 1.5708]);
    /// ```
    pub fn deg2rad(&self) -> Tensor<S, T::Float> {
        Tensor::of(self.value().scale(std::f64::consts::PI / 180.0))
    }

    /// Radians as degrees: `180 x / pi`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., 2.].rad2deg().round_decimals(4), tensor![57.2958, 114.5916]);
    /// ```
    pub fn rad2deg(&self) -> Tensor<S, T::Float> {
        Tensor::of(self.value().scale(180.0 / std::f64::consts::PI))
    }
}

/// What gives whole numbers, which whole numbers are already.
macro_rules! rounding {
    ($($(#[$doc:meta])* $name:ident => $op:expr, $y:literal;)*) => {
        impl<S: Shape, T: Numeric> Tensor<S, T> {
            $($(#[$doc])*
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("assert_eq!(tensor![-1.5, 0.5, 1.5].", stringify!($name), "(), ", $y, ");")]
            /// ```
            pub fn $name(&self) -> Self {
                match T::DTYPE.kind() {
                    Kind::Float => Self::of(self.value().math($op)),
                    Kind::Integer | Kind::Bool => self.clone(),
                }
            })*
        }
    };
}

rounding! {
    /// The largest whole number that is not above `x`; its gradient is 0.
    floor => Math::Floor, "tensor![-2., 0., 1.]";
    /// The smallest whole number that is not below `x`; its gradient is 0.
    ceil => Math::Ceil, "tensor![-1., 1., 2.]";
    /// The nearest whole number, of two the even one; its gradient is 0.
    round => Math::Round, "tensor![-2., 0., 2.]";
    /// The whole number towards 0; its gradient is 0.
    #[doc(alias = "fix")]
    trunc => Math::Trunc, "tensor![-1., 0., 1.]";
}

impl<S: Shape, T: Differentiable> Tensor<S, T> {
    /// The nearest number of so many decimals, of two the one that ends in an even digit; negative ones are before the point. Its
    /// gradient is 0. PyTorch's `round(decimals=..)`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1.2345, 1250.].round_decimals(2), tensor![1.23, 1250.]);
    /// assert_eq!(tensor![1.2345, 1250.].round_decimals(-2), tensor![0., 1200.]);
    /// ```
    pub fn round_decimals(&self, decimals: i32) -> Self {
        Self::of(self.value().math(Math::RoundTo { decimals }))
    }

    /// `x - trunc(x)`: what is behind the point, with the sign of `x`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![2.25, -1.5].frac(), tensor![0.25, -0.5]);
    /// ```
    pub fn frac(&self) -> Self {
        Self::of(cast::widened([self.value()], |[x]| {
            binary::binary(Binary::Sub, x, &x.math(Math::Trunc), x.sizes())
        }))
    }
}
