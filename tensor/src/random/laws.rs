//! Numbers with fractions: uniform, normal, exponential, gamma; and counts of events.

use crate::device::Device;
use crate::element::{DType, Differentiable};
use crate::error::{Error, Result};
use crate::kernels::random::Stream;
use crate::kernels::random::laws::{Words, elements};
use crate::ops::cast::cast;
use crate::ops::host::on_processor;
use crate::random::Generator;
use crate::shape::{Dynamic, Shape};
use crate::tape::Value;
use crate::tensors::Tensor;

/// Uniform numbers of `[0, 1)`.
fn unit(stream: Stream, device: Device, dtype: DType, sizes: &[usize]) -> Result<Value> {
    if !dtype.is_half() {
        return between(stream, device, dtype, sizes, 0.0, 1.0);
    }
    // Cut and not rounded: 1 is excluded.
    let steps = if dtype == DType::F16 { 2048.0 } else { 256.0 };
    let wide = Value::empty(device, DType::F32, sizes);
    wide.buffer.check()?;
    let data = elements(wide.len(), stream, |_, words| {
        ((words.unit() * steps).floor() / steps) as f32
    });
    Ok(cast(&Value::from_slice(device, sizes, &data), dtype))
}

/// Uniform numbers of `[low, high)`, in `f32` or `f64`.
fn between(stream: Stream, device: Device, dtype: DType, sizes: &[usize], low: f64, high: f64) -> Result<Value> {
    let out = Value::empty(device, dtype, sizes);
    out.buffer.check()?;
    device
        .backend()
        .uniform(low, high, stream.seed, stream.stream, out.row());
    Ok(out)
}

/// Normal numbers.
fn normal(stream: Stream, device: Device, dtype: DType, sizes: &[usize], mean: f64, deviation: f64) -> Result<Value> {
    let wide = if dtype.is_half() { DType::F32 } else { dtype };
    let out = Value::empty(device, wide, sizes);
    out.buffer.check()?;
    device
        .backend()
        .normal(mean, deviation, stream.seed, stream.stream, out.row());
    Ok(cast(&out, dtype))
}

/// A number for each of `x`, which `make` makes of it where `fits` holds of all.
fn of_each(
    operation: &'static str,
    stream: Stream,
    x: &Value,
    expected: &str,
    fits: fn(f64) -> bool,
    make: impl Fn(f64, &mut Words) -> f64 + Sync,
) -> Result<Value> {
    on_processor(operation, &[x])?;
    let numbers: Vec<f64> = cast(&x.detach(), DType::F64).to_vec()?;
    if let Some(wrong) = numbers.iter().find(|&&number| !fits(number)) {
        return Err(Error::argument(operation, expected, wrong));
    }
    let data = elements(numbers.len(), stream, |index, words| make(numbers[index], words));
    Ok(cast(&Value::from_slice(x.device(), x.sizes(), &data), x.dtype()))
}

impl Generator {
    /// Uniform numbers of `[0, 1)`.
    ///
    /// ```
    /// let x = tensor::random::Generator::new(0).rand::<f32>(&[1000])?;
    /// assert!(x.min().item()? >= 0. && x.max().item()? < 1. && (x.mean().item()? - 0.5).abs() < 0.05);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the sizes do not fit into memory.
    pub fn rand<T: Differentiable>(&self, sizes: &[usize]) -> Result<Tensor<Dynamic, T>> {
        unit(self.next(), Device::cpu(), T::DTYPE, sizes).map(Tensor::of)
    }

    /// Uniform numbers of `[0, 1)`, with the sizes of a tensor and on its device.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let generator = tensor::random::Generator::new(0);
    /// let x: Tensor<dims![2, 3]> = generator.rand_like(&Tensor::zeros())?;
    /// assert!(x.to_vec()?.iter().all(|x| (0.0..1.0).contains(x)));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where there is no room for them.
    pub fn rand_like<S: Shape, T: Differentiable>(&self, x: &Tensor<S, T>) -> Result<Tensor<S, T>> {
        unit(self.next(), x.device(), T::DTYPE, x.sizes()).map(Tensor::of)
    }

    /// Normal numbers of mean 0 and variance 1.
    ///
    /// ```
    /// let x = tensor::random::Generator::new(0).randn::<f32>(&[1000])?;
    /// assert!(x.mean().item()?.abs() < 0.2 && (x.square().mean().item()? - 1.).abs() < 0.2);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the sizes do not fit into memory.
    pub fn randn<T: Differentiable>(&self, sizes: &[usize]) -> Result<Tensor<Dynamic, T>> {
        self.normal(0.0, 1.0, sizes)
    }

    /// Normal numbers of mean 0 and variance 1, with the sizes of a tensor and on its device.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::random::Generator;
    /// let x = Tensor::<Dynamic>::zeros_of(&[3])?;
    /// assert_eq!(Generator::new(0).randn_like(&x)?, Generator::new(0).randn(&[3])?);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where there is no room for them.
    pub fn randn_like<S: Shape, T: Differentiable>(&self, x: &Tensor<S, T>) -> Result<Tensor<S, T>> {
        normal(self.next(), x.device(), T::DTYPE, x.sizes(), 0.0, 1.0).map(Tensor::of)
    }

    /// Uniform numbers of `[low, high)`. Those of 16 bits may be rounded to `high`. PyTorch's `x.uniform_(low, high)`.
    ///
    /// ```
    /// let generator = tensor::random::Generator::new(0);
    /// let x = generator.uniform::<f32>(-3., -1., &[1000])?;
    /// assert!(x.min().item()? >= -3. && x.max().item()? < -1.);
    /// assert!(generator.uniform::<f32>(2., 1., &[3]).is_err());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where `high` is below `low` or one of them not finite, or the sizes do not fit into memory.
    pub fn uniform<T: Differentiable>(&self, low: f64, high: f64, sizes: &[usize]) -> Result<Tensor<Dynamic, T>> {
        if !(low <= high && (high - low).is_finite()) {
            let found = format!("{low} to {high}");
            return Err(Error::argument("uniform", "finite bounds, the lower first", found));
        }
        let stream = self.next();
        if !T::DTYPE.is_half() {
            return between(stream, Device::cpu(), T::DTYPE, sizes, low, high).map(Tensor::of);
        }
        Ok(Tensor::of(
            unit(stream, Device::cpu(), T::DTYPE, sizes)?.affine(high - low, low),
        ))
    }

    /// Normal numbers of a mean and a standard deviation. Those with a mean or deviation each: `&mean + &deviation * &randn_like(&mean)`.
    ///
    /// ```
    /// let generator = tensor::random::Generator::new(0);
    /// let x = generator.normal::<f32>(5., 0.1, &[1000])?;
    /// assert!((x.mean().item()? - 5.).abs() < 0.02);
    /// assert_eq!(generator.normal::<f32>(5., 0., &[2])?.to_vec()?, [5., 5.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the deviation is negative or not finite, or the sizes do not fit into memory.
    pub fn normal<T: Differentiable>(&self, mean: f64, deviation: f64, sizes: &[usize]) -> Result<Tensor<Dynamic, T>> {
        if !(deviation >= 0.0 && deviation.is_finite()) {
            return Err(Error::argument("deviation", "a finite number from 0 on", deviation));
        }
        normal(self.next(), Device::cpu(), T::DTYPE, sizes, mean, deviation).map(Tensor::of)
    }

    /// Exponential numbers of a rate, whose mean is `1 / rate`. PyTorch's `x.exponential_(rate)`.
    ///
    /// ```
    /// let x = tensor::random::Generator::new(0).exponential::<f32>(4., &[1000])?;
    /// assert!(x.min().item()? >= 0. && (x.mean().item()? - 0.25).abs() < 0.05);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the rate is not a positive finite number, or the sizes do not fit into memory.
    pub fn exponential<T: Differentiable>(&self, rate: f64, sizes: &[usize]) -> Result<Tensor<Dynamic, T>> {
        if !(rate > 0.0 && rate.is_finite()) {
            return Err(Error::argument("rate", "a finite number above 0", rate));
        }
        let out = Value::empty(Device::cpu(), DType::F64, sizes);
        out.buffer.check()?;
        let data = elements(out.len(), self.next(), |_, words| words.exponential() / rate);
        Ok(Tensor::of(cast(
            &Value::from_slice(Device::cpu(), sizes, &data),
            T::DTYPE,
        )))
    }

    /// 1 with the probability that `x` says, else 0.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let generator = tensor::random::Generator::new(0);
    /// assert_eq!(generator.bernoulli(&tensor![0., 1., 1.])?, tensor![0., 1., 1.]);
    /// assert!(generator.bernoulli(&tensor![1.5]).is_err());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where a probability is outside `[0, 1]`.
    pub fn bernoulli<S: Shape, T: Differentiable>(&self, x: &Tensor<S, T>) -> Result<Tensor<S, T>> {
        let fits = |p: f64| (0.0..=1.0).contains(&p);
        let make = |p: f64, words: &mut Words| f64::from(u8::from(words.unit() < p));
        of_each("bernoulli", self.next(), x.value(), "probabilities", fits, make).map(Tensor::of)
    }

    /// Gamma numbers of the shapes in `x` and of scale 1: divide by a rate for others. PyTorch's `torch._standard_gamma`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let generator = tensor::random::Generator::new(0);
    /// let x = generator.gamma(&Tensor::<Dynamic>::full_of(2., &[1000])?)?;
    /// assert!(x.min().item()? > 0. && (x.mean().item()? - 2.).abs() < 0.3);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where a shape is not a positive finite number.
    pub fn gamma<S: Shape, T: Differentiable>(&self, x: &Tensor<S, T>) -> Result<Tensor<S, T>> {
        let fits = |shape: f64| shape > 0.0 && shape.is_finite();
        let make = |shape: f64, words: &mut Words| words.gamma(shape);
        of_each("gamma", self.next(), x.value(), "finite shapes above 0", fits, make).map(Tensor::of)
    }

    /// How many events there are, of the rates in `x`: Poisson's law.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let generator = tensor::random::Generator::new(0);
    /// let x = generator.poisson(&Tensor::<Dynamic>::full_of(2., &[1000])?)?;
    /// assert!((x.mean().item()? - 2.).abs() < 0.3);
    /// assert_eq!(generator.poisson(&tensor![0.])?, tensor![0.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where a rate is negative or not finite.
    pub fn poisson<S: Shape, T: Differentiable>(&self, x: &Tensor<S, T>) -> Result<Tensor<S, T>> {
        let fits = |rate: f64| rate >= 0.0 && rate.is_finite();
        let make = |rate: f64, words: &mut Words| words.poisson(rate);
        of_each("poisson", self.next(), x.value(), "finite rates from 0 on", fits, make).map(Tensor::of)
    }
}
