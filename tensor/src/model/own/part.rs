//! A layer of the user's own as a part: its program, which runs the layer's functions over slices.

use std::marker::PhantomData;

use smallvec::SmallVec;
use tensor_ops::Text;

use crate::device::{Device, Gradient, Matrix, host};
use crate::element::{DType, Float};
use crate::error::{Error, Result};
use crate::layout::{describe, len};
use crate::model::own::{Backward, FEW, Forward, Gradients, Layer, Weight};
use crate::model::program::{Extent, Given, Made};
use crate::model::{Core, Eager, Model, Part, Pass, Plan, Program, TakesInput, Traced, run};
use crate::nn::{Builder, Module, Parameter, Walk};
use crate::random::seed::Seed;
use crate::shape::{Axis, Batch, Dim, Dynamic, LastAxis, Shape};
use crate::tape::Value;
use crate::tensors::Tensor;

/// A layer of one's own as a part: see the [module](crate::own).
pub struct Own<L: Layer, T: Float = f32> {
    /// In the order of [`Layer::PARAMETERS`].
    pub parameters: Vec<Parameter<Dynamic, T>>,
    core: Core,
    layer: PhantomData<fn() -> L>,
}

impl<L: Layer> Own<L> {
    /// A layer by itself with fresh parameters.
    ///
    /// ```
    /// use tensor::own::{Backward, Forward, Layer, Own};
    /// use tensor::prelude::*;
    ///
    /// struct Double;
    /// impl Layer for Double {
    ///     type Input<B: Dim> = (B, dim![2]);
    ///     type Output<B: Dim> = (B, dim![2]);
    ///     const NAME: &'static str = "double";
    ///     fn forward<T: Float>(pass: Forward<'_, T>) {
    ///         pass.x.iter().zip(pass.out).for_each(|(x, out)| *out = *x + *x);
    ///     }
    ///     fn backward<T: Float>(pass: Backward<'_, T>) {
    ///         pass.d_out.iter().zip(pass.d_x.into_iter().flatten()).for_each(|(d, d_x)| *d_x = *d + *d);
    ///     }
    /// }
    /// let layer = Own::<Double>::new(&Device::cpu(), Seed(0));
    /// assert_eq!(layer.forward(&tensor![[1., 3.]]), tensor![[2., 6.]]);
    /// ```
    pub fn new(device: &Device, seed: Seed) -> Self {
        run::build(device, seed)
    }
}

impl<L: Layer, T: Float> Module<T> for Own<L, T> {
    fn build(builder: &mut Builder<'_>) -> Self {
        let parameter = |weight: &Weight| builder.parameter(weight.name, weight.sizes, weight.init);
        let parameters = L::PARAMETERS.iter().map(parameter).collect();
        Self {
            parameters,
            core: Core::new(builder),
            layer: PhantomData,
        }
    }

    fn visit(&self, walk: &mut Walk<'_>) {
        for (weight, parameter) in L::PARAMETERS.iter().zip(&self.parameters) {
            walk.parameter(weight.name, parameter);
        }
    }
}

impl<L: Layer, T: Float> TakesInput<0> for Own<L, T> {
    type Of<E: Float> = E;
}

// Not recommended: who meets this has mistaken a type for a model.
#[diagnostic::do_not_recommend]
impl<L: Layer, T: Float> Model for Own<L, T> {
    type Element = T;
    type Inputs<'a, B: Dim> = &'a Tensor<L::Input<B>, T>;
    type Outputs<B: Dim> = Tensor<L::Output<B>, T>;
    type Input<B: Dim> = L::Input<B>;
    type Output<B: Dim> = L::Output<B>;
    type InputFeatures = <L::Input<Batch> as LastAxis>::Last;
    type OutputFeatures = <L::Output<Batch> as LastAxis>::Last;
    type With<E: Float> = Own<L, E>;
    const PROGRAM: &'static Program = &Program {
        name: L::NAME,
        inputs: &[Given {
            name: "x",
            sizes: Table::<L>::INPUT,
            text: Table::<L>::INPUT_TEXT.as_str(),
            whole: false,
        }],
        outputs: &[Made {
            sizes: Table::<L>::OUTPUT,
            extents: Table::<L>::EXTENT,
            text: Table::<L>::OUTPUT_TEXT.as_str(),
        }],
        shared: &[],
        parameters: L::PARAMETERS.len(),
        buffers: 0,
        training_slots: 1,
        inference_slots: 1,
        streams: 0,
        parts: &[Part {
            path: "",
            layer: L::NAME,
            output: Table::<L>::OUTPUT_TEXT.as_str(),
            parameters: Table::<L>::NUMBERS,
            flops: 0,
            nested: None,
            primitives: &[],
        }],
        plan_training: plan::<L>,
        plan_inference: plan::<L>,
        infer: forward::<L>,
        forward: forward::<L>,
        backward: backward::<L>,
        eager: eager::<L>,
    };

    fn core(&self) -> &Core {
        &self.core
    }
}

/// What is known of a layer when the program is compiled.
struct Table<L>(PhantomData<L>);

impl<L: Layer> Table<L> {
    const INPUTS: &'static [usize; 6] = &after_batch(<L::Input<Batch> as Shape>::AXES);
    const INPUT: &'static [usize] = Self::INPUTS.split_at(<L::Input<Batch> as Shape>::AXES.len() - 1).0;
    const OUTPUTS: &'static [usize; 6] = &after_batch(<L::Output<Batch> as Shape>::AXES);
    const OUTPUT: &'static [usize] = Self::OUTPUTS.split_at(<L::Output<Batch> as Shape>::AXES.len() - 1).0;
    const EXTENTS: &'static [Extent; 7] = &extents(Self::OUTPUT);
    const EXTENT: &'static [Extent] = Self::EXTENTS.split_at(Self::OUTPUT.len() + 1).0;
    const INPUT_TEXT: &'static Text = &Text::new().then_sizes(Self::INPUT);
    const OUTPUT_TEXT: &'static Text = &Text::new().then_sizes(Self::OUTPUT);
    const NUMBERS: usize = {
        let (mut sum, mut weight) = (0, 0);
        while weight < L::PARAMETERS.len() {
            let (mut numbers, mut axis) = (1, 0);
            while axis < L::PARAMETERS[weight].sizes.len() {
                numbers *= L::PARAMETERS[weight].sizes[axis];
                axis += 1;
            }
            sum += numbers;
            weight += 1;
        }
        sum
    };
}

/// Where all sizes are from, the batch first.
const fn extents(sizes: &[usize]) -> [Extent; 7] {
    let (mut extents, mut axis) = ([Extent::Given(0, 0); 7], 0);
    while axis < sizes.len() {
        extents[axis + 1] = match sizes[axis] {
            0 => Extent::Given(0, axis + 1),
            size => Extent::Known(size),
        };
        axis += 1;
    }
    extents
}

/// The sizes behind the batch; 0 for one that comes with the data.
const fn after_batch(axes: &[Axis]) -> [usize; 6] {
    let (mut sizes, mut axis) = ([0; 6], 1);
    while axis < axes.len() {
        if let Some(size) = axes[axis].size {
            sizes[axis - 1] = size;
        }
        axis += 1;
    }
    sizes
}

fn plan<L: Layer>(plan: &mut Plan) {
    let batch = plan.size(0, 0);
    plan.slot(batch * L::KEPT);
}

/// Runs one of the functions for the element type of an operand; what cannot be done is the operand's to tell.
fn dispatch<L: Layer>(out: Matrix<'_>, single: impl FnOnce(), double: impl FnOnce()) {
    match out.buffer.dtype() {
        DType::F32 if host::is_here(out) => single(),
        DType::F64 if host::is_here(out) => double(),
        dtype => out.buffer.fail(Error::Unsupported {
            operation: L::NAME,
            device: out.buffer.device().to_string(),
            element: dtype.name(),
        }),
    }
}

fn forward<L: Layer>(pass: &Pass<'_>) {
    let out = pass.scope.outputs[0];
    dispatch::<L>(out, || forward_of::<L, f32>(pass), || forward_of::<L, f64>(pass));
}

fn forward_of<L: Layer, T: Float>(pass: &Pass<'_>) {
    let (x, out) = (pass.scope.inputs[0], pass.scope.outputs[0]);
    let parameters: SmallVec<[&[T]; FEW]> = parameters::<L, T>(pass);
    let kept = pass.slot(0, pass.size(0, 0), L::KEPT);
    L::forward(Forward {
        sizes: pass.scope.sizes[0],
        x: host::read(x),
        parameters: &parameters,
        kept: host::write(kept, &[x]),
        out: host::write(out, &[x, kept]),
    });
}

fn parameters<'a, L: Layer, T: Float>(pass: &Pass<'a>) -> SmallVec<[&'a [T]; FEW]> {
    (0..L::PARAMETERS.len())
        .map(|index| host::read(pass.parameter(index)))
        .collect()
}

fn backward<L: Layer>(pass: &Pass<'_>) {
    let d_out = pass.scope.output_grads[0];
    // What cannot be done the forward has told already.
    match d_out.buffer.dtype() {
        DType::F32 if host::is_here(d_out) => backward_of::<L, f32>(pass, d_out),
        DType::F64 if host::is_here(d_out) => backward_of::<L, f64>(pass, d_out),
        _ => {}
    }
}

fn backward_of<L: Layer, T: Float>(pass: &Pass<'_>, d_out: Matrix<'_>) {
    let (x, out) = (pass.scope.inputs[0], pass.scope.outputs[0]);
    let parameters: SmallVec<[&[T]; FEW]> = parameters::<L, T>(pass);
    let kept = pass.slot(0, pass.size(0, 0), L::KEPT);
    let read = [x, out, d_out, kept];
    let gradient = |index: usize| -> Option<&mut [T]> {
        let Gradient {
            matrix,
            wanted,
            accumulate,
        } = pass.gradient(index);
        wanted.then(|| {
            let gradient = host::write(matrix, &read);
            if !accumulate {
                gradient.fill(T::default());
            }
            gradient
        })
    };
    let d_parameters = (0..L::PARAMETERS.len()).map(gradient).collect();
    let d_x = pass.scope.input_grads.first().copied().flatten().map(|d_x| {
        let d_x: &mut [T] = host::write(d_x, &read);
        d_x.fill(T::default());
        d_x
    });
    L::backward(Backward {
        sizes: pass.scope.sizes[0],
        x: host::read(x),
        parameters: &parameters,
        kept: host::read(kept),
        out: host::read(out),
        d_out: host::read(d_out),
        d_x,
        d_parameters: Gradients(d_parameters),
    });
}

fn eager<L: Layer>(eager: &Eager<'_>, inputs: &[Traced]) -> Vec<Traced> {
    let x = &inputs[0].0;
    let out = match x.dtype() {
        DType::F64 => eager_of::<L, f64>(eager, x),
        _ => eager_of::<L, f32>(eager, x),
    };
    let sizes = || -> Vec<usize> {
        let behind = Table::<L>::OUTPUT.iter().enumerate();
        let behind = behind.map(|(axis, &size)| if size == 0 { x.sizes()[axis + 1] } else { size });
        x.sizes()[..1].iter().copied().chain(behind).collect()
    };
    let out = out.and_then(|out| match *out.sizes() == *sizes() {
        true => Ok(out),
        false => Err(Error::shape(L::NAME, describe(&sizes()), out.layout.describe())),
    });
    let out = out.unwrap_or_else(|error| Value::poisoned(x.device(), x.dtype(), &sizes(), error));
    vec![Traced(out)]
}

fn eager_of<L: Layer, T: Float>(eager: &Eager<'_>, x: &Value) -> Result<Value> {
    let parameters: Vec<Tensor<Dynamic, T>> = (0..L::PARAMETERS.len())
        .map(|index| Tensor::of(eager.parameter(index).clone()))
        .collect();
    debug_assert!(
        parameters
            .iter()
            .zip(L::PARAMETERS)
            .all(|(own, weight)| own.value().len() == len(weight.sizes))
    );
    L::in_operations::<T>(&Tensor::of(x.clone()), &parameters).map(|out| out.value().clone())
}
