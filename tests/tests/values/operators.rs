//! Operations: the calls of PyTorch's own table, in f32 and f64, results and gradients.

use serde_json::Value;
use tensor::prelude::*;
use tensor::{Device, Dynamic, Float, Result, Seed, Tensor, dynamic};
use tests::reference::{Argument, Pack, compare, compare_as};

type Outcome<T> = Result<Tensor<Dynamic, T>>;

/// The tensors and the other arguments of one call.
struct Call<T: Float> {
    inputs: Vec<Tensor<Dynamic, T>>,
    rest: Vec<Argument>,
    json: Value,
}

impl<T: Float> Call<T> {
    fn x(&self) -> &Tensor<Dynamic, T> {
        &self.inputs[0]
    }

    fn named(&self, name: &str) -> Argument {
        Argument::named(&self.json["kwargs"], name)
    }
}

/// The call of an operation of PyTorch's; `None` where there is no such thing here.
fn run<T: Float>(op: &str, call: &Call<T>) -> Option<Outcome<T>> {
    let x = call.x();
    Some(match op {
        "erf" => Ok(x.erf()),
        "exp" => Ok(x.exp()),
        "sin" => Ok(x.sin()),
        "sqrt" => Ok(x.sqrt()),
        "nn.functional.relu" => Ok(x.relu()),
        "nn.functional.elu" => Ok(x.elu(1.0)),
        "nn.functional.gelu" => match call.named("approximate") {
            Argument::Text(text) if text == "tanh" => Ok(x.gelu_tanh()),
            _ => Ok(x.gelu()),
        },
        "nn.functional.softplus" => {
            let number = |name, default| call.named(name).number().unwrap_or(default);
            Ok(x.softplus(number("beta", 1.0), number("threshold", 20.0)))
        }
        "div.no_rounding_mode" => x.div(&call.inputs[1]),
        "maximum" | "max.binary" => x.maximum(&call.inputs[1]),
        "minimum" => x.minimum(&call.inputs[1]),
        "amax" => reduce(call, |x| x.max().into_dynamic(), Tensor::<Dynamic, T>::max_keep),
        "sum" => reduce(call, |x| x.sum().into_dynamic(), Tensor::<Dynamic, T>::sum_keep),
        "log_softmax" => along_last(x, call.rest[0].number()? as isize),
        "inner" if x.sizes().is_empty() => x.mul(&call.inputs[1]),
        "inner" => x.matmul(&call.inputs[1]),
        "flatten" => {
            let start = call.named("start_dim").number().unwrap_or(0.0) as usize;
            let (kept, flat) = x.sizes().split_at(start);
            x.reshape(&[kept, &[flat.iter().product()]].concat())
        }
        "view" => x.reshape(&sizes(&call.rest[0], x.len())?),
        "unflatten" => {
            let rank = x.sizes().len() as isize;
            let axis = (call.rest[0].number()? as isize).rem_euclid(rank) as usize;
            let parts = sizes(&call.rest[1], x.sizes()[axis])?;
            x.reshape(&[&x.sizes()[..axis], &parts, &x.sizes()[axis + 1..]].concat())
        }
        "unsqueeze" => {
            let rank = x.sizes().len() as isize + 1;
            let mut sizes = x.sizes().to_vec();
            sizes.insert((call.rest[0].number()? as isize).rem_euclid(rank) as usize, 1);
            x.reshape(&sizes)
        }
        "permute" => permute(x, &call.rest[0]),
        _ => return None,
    })
}

/// A reduction over the axes that the call names: one, several, or all.
fn reduce<T: Float>(
    call: &Call<T>,
    all: fn(&Tensor<Dynamic, T>) -> Tensor<Dynamic, T>,
    keep: fn(&Tensor<Dynamic, T>, isize) -> Outcome<T>,
) -> Outcome<T> {
    let x = call.x();
    let rank = x.sizes().len() as i64;
    let axes: Vec<i64> = match call.named("dim") {
        Argument::Number(axis) => vec![axis as i64],
        Argument::Integers(axes) => axes,
        _ => Vec::new(),
    };
    if axes.is_empty() || rank == 0 {
        return Ok(all(x));
    }
    let mut out = x.clone();
    for &axis in &axes {
        out = keep(&out, axis as isize)?;
    }
    if call.named("keepdim") == Argument::Flag(true) {
        return Ok(out);
    }
    let gone = |axis: usize| axes.iter().any(|&gone| gone.rem_euclid(rank) as usize == axis);
    let kept: Vec<usize> = (0..rank as usize)
        .filter(|&axis| !gone(axis))
        .map(|axis| x.sizes()[axis])
        .collect();
    out.reshape(&kept)
}

/// The logarithm of the softmax along an axis: that axis is made the last one, and goes back.
fn along_last<T: Float>(x: &Tensor<Dynamic, T>, axis: isize) -> Outcome<T> {
    if x.sizes().is_empty() {
        return Ok(x.log_softmax());
    }
    x.transpose(axis, -1)?.log_softmax().transpose(axis, -1)
}

/// Sizes of `len` elements, of which one may be -1.
fn sizes(argument: &Argument, len: usize) -> Option<Vec<usize>> {
    let Argument::Integers(sizes) = argument else {
        return None;
    };
    let known: i64 = sizes.iter().filter(|&&size| size >= 0).product();
    Some(
        sizes
            .iter()
            .map(|&size| if size >= 0 { size as usize } else { len / known as usize })
            .collect(),
    )
}

/// A permutation, by exchanges of two axes.
fn permute<T: Float>(x: &Tensor<Dynamic, T>, order: &Argument) -> Outcome<T> {
    let rank = x.sizes().len();
    let Argument::Integers(order) = order else {
        return Ok(x.clone());
    };
    let mut out = x.clone();
    let mut now: Vec<usize> = (0..rank).collect();
    for (to, &axis) in order.iter().enumerate() {
        let axis = axis.rem_euclid(rank as i64) as usize;
        let from = now.iter().position(|&each| each == axis).unwrap_or(to);
        out = out.transpose(from as isize, to as isize)?;
        now.swap(from, to);
    }
    Ok(out)
}

/// Compares every sample of a pack that there is an operation for; gives their number.
fn hold<T: Float>(op: &str, dtype: &str) -> usize {
    let pack = Pack::open("operators", &format!("{op}.{dtype}"));
    let mut compared = 0;
    for sample in pack.samples() {
        let what = format!("{op}.{dtype}, sample {}", sample["id"]);
        let arguments = Argument::list(&sample["args"]);
        let names: Vec<&str> = arguments.iter().filter_map(Argument::tensor).collect();
        let inputs: Vec<Tensor<Dynamic, T>> = names
            .iter()
            .map(|name| pack.tensor(name).tensor().requires_grad())
            .collect();
        let rest = arguments
            .iter()
            .filter(|argument| argument.tensor().is_none())
            .cloned()
            .collect();
        let call = Call {
            inputs,
            rest,
            json: sample.clone(),
        };
        let Some(out) = run(op, &call) else { continue };
        let out = out.unwrap_or_else(|error| panic!("{what}: {error}"));
        let gradient = |index: usize| call.inputs[index].grad();
        hold_sample(&pack, sample, &what, &names, &out, gradient);
        compared += 1;
    }
    compared
}

/// Compares a result and the gradients of its inputs.
fn hold_sample<T: Float>(
    pack: &Pack,
    sample: &Value,
    what: &str,
    names: &[&str],
    out: &Tensor<Dynamic, T>,
    gradient: impl Fn(usize) -> Option<Tensor<Dynamic, T>>,
) {
    let name = sample["out"]["t"]
        .as_str()
        .unwrap_or_else(|| panic!("{what}: one result is a tensor"));
    compare(what, sample, out, pack.tensor(name));
    let along = sample["cotangents"][name]
        .as_str()
        .unwrap_or_else(|| panic!("{what}: a cotangent"));
    out.backward_with(&pack.tensor(along).tensor())
        .unwrap_or_else(|error| panic!("{what}: {error}"));
    for (index, name) in names.iter().enumerate() {
        let Some(expected) = sample["grads"][*name].as_str() else {
            continue;
        };
        let what = format!("{what}, gradient of argument {index}");
        let found = gradient(index).unwrap_or_else(|| panic!("{what}: none arrived"));
        compare_as(&what, sample, "grad_f32_err", &found, pack.tensor(expected));
    }
}

/// `linear` by the layer, whose weight and bias are parameters. A weight that is a vector has no layer.
fn hold_linear<T: Float>(dtype: &str) -> usize {
    let pack = Pack::open("operators", &format!("nn.functional.linear.{dtype}"));
    let mut compared = 0;
    for sample in pack.samples() {
        let what = format!("linear.{dtype}, sample {}", sample["id"]);
        let arguments = Argument::list(&sample["args"]);
        let names: Vec<&str> = arguments.iter().filter_map(Argument::tensor).collect();
        let weight = pack.tensor(names[1]);
        let &[outputs, inputs] = weight.sizes.as_slice() else {
            continue;
        };
        let mut layer = dynamic::Linear::<T>::new(&Device::cpu(), Seed(0), inputs, outputs).expect("room");
        layer.weight.set(&weight.tensor()).expect("the sizes of the weight");
        match (names.get(2), &mut layer.bias) {
            (Some(bias), Some(own)) => own.set(&pack.tensor(bias).tensor()).expect("the sizes of the bias"),
            (_, own) => *own = None,
        }
        let x: Tensor<Dynamic, T> = pack.tensor(names[0]).tensor().requires_grad();
        let out = layer.forward(&x).unwrap_or_else(|error| panic!("{what}: {error}"));
        hold_sample(&pack, sample, &what, &names, &out, |index| match index {
            0 => x.grad(),
            1 => layer.weight.grad(),
            _ => layer.bias.as_ref().and_then(|bias| bias.grad()),
        });
        compared += 1;
    }
    compared
}

/// How many calls of each are compared: that of those in the pack. Fewer would be a reader that skips what it should not.
macro_rules! packs {
    ($($test:ident $op:literal $count:literal;)*) => {
        $(
            #[test]
            fn $test() {
                assert_eq!(hold::<f32>($op, "float32"), $count, "calls in f32");
                assert_eq!(hold::<f64>($op, "float64"), $count, "calls in f64");
            }
        )*
    };
}

packs! {
    amax "amax" 12;
    div "div.no_rounding_mode" 9;
    elu "nn.functional.elu" 3;
    erf "erf" 1;
    exp "exp" 3;
    flatten "flatten" 6;
    gelu "nn.functional.gelu" 8;
    inner "inner" 2;
    log_softmax "log_softmax" 7;
    max_of_two "max.binary" 9;
    maximum "maximum" 9;
    minimum "minimum" 9;
    permutation "permute" 4;
    relu "nn.functional.relu" 4;
    sin "sin" 1;
    softplus "nn.functional.softplus" 3;
    sqrt "sqrt" 1;
    sum "sum" 12;
    unflatten "unflatten" 10;
    unsqueeze "unsqueeze" 9;
    view "view" 7;
}

#[test]
fn linear() {
    assert_eq!(hold_linear::<f32>("float32"), 10, "calls in f32");
    assert_eq!(hold_linear::<f64>("float64"), 10, "calls in f64");
}
