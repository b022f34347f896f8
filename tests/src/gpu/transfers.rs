//! Tensors on their way to the device and back, and what reads them.

use tensor::prelude::*;

use super::Check;
use super::sides::{Values, device, numbers, sure};
use crate::Chance;

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    macro_rules! list {
        ($($name:ident)*) => {
            vec![$(Check { name: concat!("transfers::", stringify!($name)), run: $name }),*]
        };
    }
    list! {
        there_and_back views_there_and_back gradients_go_through large_tensors one_element text equality parameters_take_over
        names_of_devices typed_tensors
    }
}

fn round_trip<T: Element>(data: Vec<T>, sizes: &[usize]) {
    let x = sure("from_vec", Tensor::<Dynamic, T>::from_vec(data.clone(), sizes));
    let there = sure("to", x.to(device()));
    assert_eq!((there.device(), there.sizes()), (device(), sizes));
    assert_eq!(sure("to_vec", there.to_vec()), data);
    let again = sure("to", there.to(device()));
    let back = sure("to", again.to(Device::cpu()));
    assert_eq!((back.device(), back.sizes()), (Device::cpu(), sizes));
    assert_eq!(sure("to_vec", back.to_vec()), data);
    let made = sure("on", Tensor::<Dynamic, T>::on(device(), &data, sizes));
    assert_eq!(sure("to_vec", made.to_vec()), data);
}

fn there_and_back() {
    for sizes in [&[][..], &[0], &[1], &[3, 0, 2], &[7, 5], &[2, 3, 1, 4]] {
        let len = sizes.iter().product::<usize>() as i64;
        round_trip((0..len).map(|at| at as f32 / 3.0).collect(), sizes);
        round_trip((0..len).map(|at| at as f64 / 3.0).collect(), sizes);
        round_trip((0..len).map(|at| i64::MAX - 7 * at).collect(), sizes);
    }
}

/// Past every piece that copies are cut into.
fn large_tensors() {
    for len in [16_385, (1 << 20) + 7, (5 << 20) / 4 + 1, 3 << 20] {
        round_trip((0..len).map(|at| at as f32).collect(), &[len as usize]);
    }
}

fn views_there_and_back() {
    let mut chance = Chance::new(1);
    let x: Values<f32> = chance.normal(&[3, 4, 5]);
    let there = sure("to", x.to(device()));
    let views = |x: &Values<f32>| {
        [
            x.transpose(0, 2),
            x.transpose(1, 2),
            x.reshape(&[12, 5]),
            x.broadcast_to(&[2, 3, 4, 5]),
            x.transpose(0, 1).and_then(|x| x.reshape(&[60])),
        ]
        .map(|view| sure("a view", view))
    };
    for (here, there) in views(&x).into_iter().zip(views(&there)) {
        let expected = sure("to_vec", here.to_vec());
        assert_eq!(sure("to_vec", there.to_vec()), expected, "a view of what is there");
        assert_eq!(
            sure("to_vec", sure("to", there.to(Device::cpu())).to_vec()),
            expected,
            "and its way back"
        );
        let moved = sure("to", here.to(device()));
        assert_eq!(moved.sizes(), here.sizes());
        assert_eq!(sure("to_vec", moved.to_vec()), expected, "a view that moved");
    }
}

fn gradients_go_through() {
    let data = [1.0, -2.0, 0.5, 3.0, 4.0, -1.0];
    let x: Values<f64> = sure("from_vec", Tensor::from_vec(data.to_vec(), &[2, 3]));
    let leaf = x.requires_grad();
    let there = sure("to", leaf.to(device()));
    assert!(there.is_tracked() && !there.is_leaf());
    let back = sure("to", there.transpose(0, 1).and_then(|x| x.square().to(Device::cpu())));
    (back.sum() * 3.0).backward();
    let gradient = leaf.grad().expect("a leaf behind the sum");
    assert_eq!(gradient.device(), Device::cpu(), "where the leaf is");
    assert_eq!(numbers("gradient", &gradient), data.map(|number| 6.0 * number));

    let leaf: Values<f64> = sure("on", Tensor::on(device(), &data, &[6])).requires_grad();
    let here = sure("to", leaf.to(Device::cpu()));
    sure("backward_with", here.backward_with(&here.detach()));
    let gradient = leaf.grad().expect("a leaf behind the copy");
    assert_eq!(gradient.device(), device());
    assert_eq!(numbers("gradient", &gradient), data);
    let layer = sure("linear", tensor::dynamic::Linear::<f64>::new(&device(), Seed(1), 6, 2));
    let out = leaf
        .reshape(&[1, 6])
        .and_then(|x| layer.forward(&x))
        .and_then(|x| x.to(Device::cpu()));
    let out = sure("linear", out);
    out.sum().backward();
    let gradient = layer.weight.grad().expect("a parameter behind the sum");
    assert_eq!(gradient.device(), device());
    assert_eq!(numbers("gradient", &gradient), [data, data].concat());
}

fn one_element() {
    let x: Values<f32> = sure("on", Tensor::on(device(), &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[2, 3]));
    assert_eq!(sure("at", x.at(vec![1, 0])), 4.0);
    assert_eq!(sure("at", sure("transpose", x.transpose(0, 1)).at(vec![2, 0])), 3.0);
    let error = x.at(vec![2, 0]).expect_err("there are two rows").to_string();
    assert_eq!(error, "`at`: index 2 is out of range for [2, 3]");
    assert_eq!(sure("item", x.sum().item()), 21.0);
    assert_eq!(
        sure("item", Tensor::scalar(7_i64).to(device()).and_then(|x| x.item())),
        7
    );
    let typed: Tensor<dims![2, 3]> = sure("a type", x.try_into_shape());
    assert_eq!(sure("at", typed.at([0, 2])), 3.0);
}

fn text() {
    let data: Vec<f32> = (0..6).map(|at| at as f32 / 4.0).collect();
    let x: Values<f32> = sure("from_vec", Tensor::from_vec(data, &[2, 3]));
    let there = sure("to", x.to(device()));
    // The same, and where it is.
    let place = format!(", device='{}'", device());
    let same = |there: String, here: String| {
        assert!(there.contains(&place), "{there}");
        assert_eq!(there.replace(&place, ""), here);
    };
    same(there.to_string(), x.to_string());
    same(format!("{there:?}"), format!("{x:?}"));
    let flipped = |x: &Values<f32>| sure("transpose", x.transpose(0, 1)).to_string();
    same(flipped(&there), flipped(&x));
    let integers = Tensor::<Dynamic, i64>::from(vec![1, -20, 300]);
    same(sure("to", integers.to(device())).to_string(), integers.to_string());
    net! { type Small = linear(2, 3) >> relu }
    let model = Small::new(&device(), Seed(0));
    assert_eq!(
        model.to_string(),
        Small::new(&Device::cpu(), Seed(0)).to_string(),
        "a summary says nothing of devices"
    );
}

fn equality() {
    let x: Values<f32> = sure("from_vec", Tensor::from_vec(vec![1.0, 2.0, 3.0, 4.0], &[2, 2]));
    let there = sure("to", x.to(device()));
    assert_eq!(there, x);
    assert_eq!(x, there);
    assert_eq!(there, there.clone());
    assert_ne!(there, sure("transpose", there.transpose(0, 1)));
    assert_ne!(there, sure("reshape", there.reshape(&[4])));
    assert_ne!(there.full_like(f32::NAN), there.full_like(f32::NAN));
}

fn parameters_take_over() {
    for (from, to) in [
        (Device::cpu(), device()),
        (device(), Device::cpu()),
        (device(), device()),
    ] {
        let mut layer = Linear::<dim![2], dim![3]>::new(&to, Seed(0));
        let data = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let x: Tensor<dims![2, 3]> = sure("on", Tensor::on(from, &data, &[2, 3]));
        sure("set", layer.weight.set(&x.transpose()));
        assert_eq!(layer.weight.device(), to);
        assert_eq!(sure("to_vec", layer.weight.to_vec()), [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
        let bias: Tensor<dims![3]> = sure("on", Tensor::on(from, &[0.5, 0.25, 0.125], &[3]));
        sure("set", layer.bias.set(&bias));
        let input: Tensor<dims![1, 2]> = sure("on", Tensor::on(to, &[1.0, 10.0], &[1, 2]));
        assert_eq!(sure("forward", layer.forward(&input).to_vec()), [41.5, 52.25, 63.125]);
    }
    let mut layer = Linear::<dim![2], dim![2]>::new(&device(), Seed(0));
    let own = (*layer.weight).clone();
    let before = sure("to_vec", own.to_vec());
    sure("set", layer.weight.set(&own.transpose()));
    let [a, b, c, d] = before[..] else {
        panic!("four weights")
    };
    assert_eq!(
        sure("to_vec", layer.weight.to_vec()),
        [a, c, b, d],
        "a view of itself is read before it is written"
    );
    let layer = sure("to", layer.to(Device::cpu()));
    assert_eq!(layer.weight.device(), Device::cpu());
    assert_eq!(sure("to_vec", layer.weight.to_vec()), [a, c, b, d]);
}

fn names_of_devices() {
    let there = device();
    assert_eq!(sure("a name", there.to_string().parse::<Device>()), there);
    assert_eq!(format!("{there:?}"), format!("Device({there})"));
    assert_eq!(
        sure(
            "a model's device",
            Ok(Linear::<dim![1], dim![1]>::new(&there, Seed(0)).weight.device())
        ),
        there
    );
    for wrong in ["gpu", "cuda:", "cuda:one", "cuda:-1", ""] {
        let error = wrong.parse::<Device>().expect_err("no device's name").to_string();
        assert_eq!(
            error,
            format!("`device`: expected `cpu`, `cuda` or `cuda:0`, found `{wrong}`")
        );
    }
}

fn typed_tensors() {
    let x = tensor![[1., 2., 3.], [4., 5., 6.]];
    let there: Tensor<dims![2, 3]> = sure("to", x.to(device()));
    let product: Tensor<dims![2, 2]> = there.matmul(&there.t());
    assert_eq!(product, tensor![[14., 32.], [32., 77.]]);
    assert_eq!((&there + &there).sum_axis::<0>(), tensor![10., 14., 18.]);
    assert_eq!(there.argmax(), tensor![2, 2]);
    assert_eq!(
        there.flatten::<0>().reshape::<dims![3, 2]>(),
        tensor![[1., 2.], [3., 4.], [5., 6.]]
    );
}
