//! Operations with a gradient of the user's own.

use smallvec::SmallVec;

use crate::element::Differentiable;
use crate::error::{Error, Result};
use crate::layout::describe;
use crate::shape::Dynamic;
use crate::tape::{Gradients, Rule, Saved, Step, Value, no_grad, record_all};
use crate::tensors::Tensor;

/// An operation with a gradient of its own: PyTorch's `torch.autograd.Function`.
///
/// ```
/// use tensor::prelude::*;
/// use tensor::autograd::{Context, Function, apply};
///
/// /// Rounds, and lets the gradient through as if it had not.
/// struct StraightThrough;
///
/// impl Function<f32> for StraightThrough {
///     fn forward(&self, _: &mut Context<f32>, x: &[Tensor<Dynamic>]) -> tensor::Result<Tensor<Dynamic>> {
///         Ok(x[0].round())
///     }
///     fn backward(&self, _: &Context<f32>, d: &Tensor<Dynamic>) -> tensor::Result<Vec<Option<Tensor<Dynamic>>>> {
///         Ok(vec![Some(d.clone())])
///     }
/// }
///
/// let x = Tensor::<Dynamic>::from(vec![0.2, 1.7]).requires_grad();
/// let y = apply(StraightThrough, &[&x])?;
/// y.sum().backward();
/// assert_eq!(y, Tensor::from(vec![0., 2.]));
/// assert_eq!(x.grad(), Some(Tensor::from(vec![1., 1.])));
/// # Ok::<(), tensor::Error>(())
/// ```
pub trait Function<T: Differentiable>: Send + 'static {
    /// The name that errors have for it.
    fn name(&self) -> &'static str {
        std::any::type_name::<Self>()
    }

    /// The output. Nothing in here is recorded. What `backward` needs of inputs, of the output and of what is between is given to
    /// [`Context::save`].
    ///
    /// # Errors
    /// Whatever the operation finds wrong with its inputs.
    fn forward(&self, context: &mut Context<T>, inputs: &[Tensor<Dynamic, T>]) -> Result<Tensor<Dynamic, T>>;

    /// The gradient of each input, from that of the output. Where it is written in operations on inputs and output it has a gradient
    /// itself. `None` stands for no gradient.
    ///
    /// # Errors
    /// Whatever goes wrong; `backward` returns it.
    fn backward(&self, context: &Context<T>, gradient: &Tensor<Dynamic, T>) -> Result<Vec<Option<Tensor<Dynamic, T>>>>;
}

/// What a [`Function`] keeps from its forward to its backward.
#[derive(Debug)]
pub struct Context<T: Differentiable> {
    saved: Vec<Tensor<Dynamic, T>>,
    wanted: Vec<bool>,
}

impl<T: Differentiable> Context<T> {
    /// Keeps a tensor for `backward`.
    ///
    /// ```
    /// use tensor::autograd::{Context, Function, apply};
    /// use tensor::prelude::*;
    ///
    /// struct Reciprocal;
    ///
    /// impl Function<f32> for Reciprocal {
    ///     fn forward(&self, context: &mut Context<f32>, x: &[Tensor<Dynamic>]) -> tensor::Result<Tensor<Dynamic>> {
    ///         let out = x[0].reciprocal();
    ///         context.save(&out);
    ///         Ok(out)
    ///     }
    ///     fn backward(&self, context: &Context<f32>, d: &Tensor<Dynamic>) -> tensor::Result<Vec<Option<Tensor<Dynamic>>>> {
    ///         Ok(vec![Some(-(d * &context.saved()[0].square()))])
    ///     }
    /// }
    ///
    /// let x = tensor![2., -4.].into_dynamic().requires_grad();
    /// apply(Reciprocal, &[&x])?.sum().backward();
    /// assert_eq!(x.grad(), Some(tensor![-0.25, -0.0625].into_dynamic()));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn save(&mut self, tensor: &Tensor<Dynamic, T>) {
        self.saved.push(tensor.clone());
    }

    /// What was kept, in that order.
    ///
    /// ```
    /// use tensor::autograd::{Context, Function, apply};
    /// use tensor::prelude::*;
    ///
    /// struct Product;
    ///
    /// impl Function<f32> for Product {
    ///     fn forward(&self, context: &mut Context<f32>, x: &[Tensor<Dynamic>]) -> tensor::Result<Tensor<Dynamic>> {
    ///         x.iter().for_each(|x| context.save(x));
    ///         Ok(&x[0] * &x[1])
    ///     }
    ///     fn backward(&self, context: &Context<f32>, d: &Tensor<Dynamic>) -> tensor::Result<Vec<Option<Tensor<Dynamic>>>> {
    ///         let [x, y] = context.saved() else { unreachable!("both were saved") };
    ///         Ok(vec![Some(d * y), Some(d * x)])
    ///     }
    /// }
    ///
    /// let (x, y) = (tensor![2.].into_dynamic().requires_grad(), tensor![5.].into_dynamic().requires_grad());
    /// apply(Product, &[&x, &y])?.sum().backward();
    /// assert_eq!((x.grad(), y.grad()), (Some(Tensor::from(vec![5.])), Some(Tensor::from(vec![2.]))));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn saved(&self) -> &[Tensor<Dynamic, T>] {
        &self.saved
    }

    /// Whether the gradient of an input is wanted.
    ///
    /// ```
    /// use tensor::autograd::{Context, Function, apply};
    /// use tensor::prelude::*;
    ///
    /// struct Difference;
    ///
    /// impl Function<f32> for Difference {
    ///     fn forward(&self, _: &mut Context<f32>, x: &[Tensor<Dynamic>]) -> tensor::Result<Tensor<Dynamic>> {
    ///         Ok(&x[0] - &x[1])
    ///     }
    ///     fn backward(&self, context: &Context<f32>, d: &Tensor<Dynamic>) -> tensor::Result<Vec<Option<Tensor<Dynamic>>>> {
    ///         assert!(context.needs_gradient(0) && !context.needs_gradient(1));
    ///         Ok(vec![Some(d.clone()), None])
    ///     }
    /// }
    ///
    /// let x = tensor![2.].into_dynamic().requires_grad();
    /// apply(Difference, &[&x, &x.detach()])?.sum().backward();
    /// assert_eq!(x.grad(), Some(Tensor::from(vec![1.])));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn needs_gradient(&self, input: usize) -> bool {
        self.wanted.get(input).copied().unwrap_or(false)
    }
}

/// Runs a [`Function`] and records it.
///
/// ```
/// use tensor::autograd::{Context, Function, apply};
/// use tensor::prelude::*;
///
/// struct Square;
///
/// impl Function<f32> for Square {
///     fn forward(&self, context: &mut Context<f32>, x: &[Tensor<Dynamic>]) -> tensor::Result<Tensor<Dynamic>> {
///         context.save(&x[0]);
///         Ok(x[0].square())
///     }
///     fn backward(&self, context: &Context<f32>, d: &Tensor<Dynamic>) -> tensor::Result<Vec<Option<Tensor<Dynamic>>>> {
///         Ok(vec![Some((d * &context.saved()[0]) * 2.)])
///     }
/// }
///
/// let x = tensor![1., 3.].into_dynamic().requires_grad();
/// apply(Square, &[&x])?.sum().backward();
/// assert_eq!(x.grad(), Some(tensor![2., 6.].into_dynamic()));
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// What its `forward` returns. Where `backward` gives another number of gradients than there are inputs, or a gradient of other sizes than its
/// input, the backward pass returns that.
pub fn apply<T: Differentiable>(
    function: impl Function<T>,
    inputs: &[&Tensor<Dynamic, T>],
) -> Result<Tensor<Dynamic, T>> {
    let name = function.name();
    let values: Vec<&Value> = inputs.iter().map(|input| input.value()).collect();
    let own: Vec<Tensor<Dynamic, T>> = inputs.iter().map(|&input| input.clone()).collect();
    let mut context = Context {
        saved: Vec::new(),
        wanted: values.iter().map(|value| value.track.is_tracked()).collect(),
    };
    let out = no_grad(|| function.forward(&mut context, &own))?;
    let out = out.value().detach();
    let Context { saved, wanted } = context;
    let sizes: Vec<Vec<usize>> = values.iter().map(|value| value.sizes().to_vec()).collect();
    let rule = || {
        Rule::own(move |step: Step<'_>| {
            let context = Context {
                saved: step.saved.iter().map(|value| Tensor::of(value.clone())).collect(),
                wanted: wanted.clone(),
            };
            let gradients = function.backward(&context, &Tensor::of(step.gradient.clone()))?;
            check(name, &sizes, gradients)
        })
    };
    let kept = |out: &Value| -> Saved {
        let is_own = |value: &Value| value.buffer.shares_memory(&out.buffer) && value.layout == out.layout;
        let values = saved.iter().map(Tensor::value);
        values
            .map(|value| if is_own(value) { value.as_own() } else { value.clone() })
            .collect()
    };
    Ok(Tensor::of(record_all(name, out, &values, rule, kept)))
}

/// A gradient for each input, each of its input's sizes.
fn check<T: Differentiable>(
    name: &'static str,
    sizes: &[Vec<usize>],
    gradients: Vec<Option<Tensor<Dynamic, T>>>,
) -> Result<Gradients> {
    if gradients.len() != sizes.len() {
        let expected = format!("{} gradients, one an input", sizes.len());
        return Err(Error::shape(name, expected, gradients.len().to_string()));
    }
    let mut checked: Gradients = SmallVec::new();
    for (input, (gradient, sizes)) in gradients.into_iter().zip(sizes).enumerate() {
        if let Some(gradient) = &gradient
            && gradient.sizes() != sizes
        {
            let expected = format!("a gradient of {} for input {input}", describe(sizes));
            return Err(Error::shape(name, expected, describe(gradient.sizes())));
        }
        checked.push(gradient.map(|gradient| gradient.value().clone()));
    }
    Ok(checked)
}
