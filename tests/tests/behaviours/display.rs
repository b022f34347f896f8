//! Tensors as text.

use tensor::prelude::*;
use tensor::{Element, bf16, f16};

fn text<T: Element>(data: &[T], sizes: &[usize]) -> String {
    let tensor = Tensor::<Dynamic, T>::from_slice(data, sizes);
    tensor.expect("as many elements as the sizes say").to_string()
}

/// What PyTorch prints, with our names of element types.
#[test]
fn prints_as_pytorch_does() {
    let cases = [
        (text(&[3.0f32], &[]), "tensor(3.)"),
        (text(&[-2.5f32], &[]), "tensor(-2.5000)"),
        (text(&[1e10f32], &[]), "tensor(1.0000e+10)"),
        (text(&[1e-5f32], &[]), "tensor(1.0000e-05)"),
        (text(&[f32::NAN], &[]), "tensor(nan)"),
        (text(&[1.0f32, -2.0, 30.0], &[3]), "tensor([ 1., -2., 30.])"),
        (text(&[1.5f32, -2.25], &[2]), "tensor([ 1.5000, -2.2500])"),
        (text(&[1e-5f32, 1.0], &[2]), "tensor([1.0000e-05, 1.0000e+00])"),
        (text(&[1e8f32, 1.0], &[2]), "tensor([1.0000e+08, 1.0000e+00])"),
        (text(&[123456790.0f32, 1.5], &[2]), "tensor([1.2346e+08, 1.5000e+00])"),
        (text(&[1000.0f32, 1.0], &[2]), "tensor([1000.,    1.])"),
        (text(&[1001.0f32, 1.0], &[2]), "tensor([1.0010e+03, 1.0000e+00])"),
        (text(&[0.0f32, 0.0], &[2]), "tensor([0., 0.])"),
        (text(&[0.5f32, 0.0], &[2]), "tensor([0.5000, 0.0000])"),
        (text(&[1e-4f32, 1e-4], &[2]), "tensor([1.0000e-04, 1.0000e-04])"),
        (text(&[f32::NAN, 1.0], &[2]), "tensor([nan, 1.])"),
        (
            text(&[f32::INFINITY, f32::NEG_INFINITY, 1.5], &[3]),
            "tensor([   inf,   -inf, 1.5000])",
        ),
        (text(&[f32::NAN, f32::INFINITY], &[2]), "tensor([nan, inf])"),
        (text(&[f32::INFINITY, 1.0], &[2]), "tensor([inf, 1.])"),
        (
            text(&[f32::NAN, 100000.0, -1.0], &[3]),
            "tensor([        nan,  1.0000e+05, -1.0000e+00])",
        ),
        (text(&[1e38f32, 1.0], &[2]), "tensor([1.0000e+38, 1.0000e+00])"),
        (text(&[1e300f64], &[1]), "tensor([1.0000e+300], dtype=f64)"),
        (text(&[1e-300f64], &[1]), "tensor([1.0000e-300], dtype=f64)"),
        (text(&[-0.0f32, 0.0], &[2]), "tensor([-0., 0.])"),
        (text(&[-0.0f32, 1.5], &[2]), "tensor([-0.0000, 1.5000])"),
        (text(&[99999.5f32], &[1]), "tensor([99999.5000])"),
        (text(&[1e8f32], &[1]), "tensor([100000000.])"),
        (text(&[-1e-9f32, 2.0], &[2]), "tensor([-1.0000e-09,  2.0000e+00])"),
        (
            text(&[0.3f64, 0.3, 0.3], &[3]),
            "tensor([0.3000, 0.3000, 0.3000], dtype=f64)",
        ),
        (text(&[2.00005f32, 1.00015], &[2]), "tensor([2.0001, 1.0001])"),
        (text(&[0.99999f32], &[1]), "tensor([1.0000])"),
        (text(&[9.99995f32, 1.0], &[2]), "tensor([10.0000,  1.0000])"),
        (
            text(&[1.0f32, 2.0, 3.0, 4.0], &[2, 2]),
            "tensor([[1., 2.],\n        [3., 4.]])",
        ),
        (
            text(&[1.0f32, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], &[2, 2, 2]),
            "tensor([[[1., 2.],\n         [3., 4.]],\n\n        [[5., 6.],\n         [7., 8.]]])",
        ),
        (text(&[1i64, -20, 300], &[3]), "tensor([  1, -20, 300])"),
        (text(&[true, false], &[2]), "tensor([ True, False])"),
        (text(&[1i32, 2], &[2]), "tensor([1, 2], dtype=i32)"),
        (text(&[1u8, 2], &[2]), "tensor([1, 2], dtype=u8)"),
        (text(&[f16::from_f32(1.5)], &[1]), "tensor([1.5000], dtype=f16)"),
        (text(&[bf16::from_f32(1.5)], &[1]), "tensor([1.5000], dtype=bf16)"),
        (text(&[7i64], &[]), "tensor(7)"),
        (text(&[true], &[]), "tensor(True)"),
    ];
    for (found, expected) in cases {
        assert_eq!(found, expected);
    }
}

/// The same of what needs several lines, or is empty; texts of a file, in order.
#[test]
fn prints_many_elements_as_pytorch_does() {
    let whole = |count: i64| -> Vec<i64> { (0..count).collect() };
    let floats = |count: u16, scale: f32| -> Vec<f32> { (0..count).map(|number| f32::from(number) * scale).collect() };
    let halves: Vec<f64> = (0..28).map(|number| f64::from(number) * 0.5 + 9.5).collect();
    let even: Vec<bool> = (0..60).map(|number| number % 2 == 0).collect();
    let found = [
        text::<f32>(&[], &[0]),
        text::<f32>(&[], &[2, 0]),
        text::<i64>(&[], &[0, 3]),
        text::<f64>(&[], &[0]),
        text(&whole(30), &[30]),
        text(&floats(100, 1.), &[100]),
        text(&whole(1001), &[1001]),
        text(&floats(2000, 1.), &[40, 50]),
        text(&floats(40, 1.5), &[2, 20]),
        text(&even, &[60]),
        text(&whole(1200), &[2, 10, 60]),
        text(&halves, &[28]),
        text(&whole(1344), &[7, 1, 8, 24]),
    ];
    assert_eq!(found.join("\n\n\n"), include_str!("display.txt"));
}

#[test]
fn says_where_gradients_come_from() {
    let x = tensor![1., 2.].requires_grad();
    assert_eq!(x.to_string(), "tensor([1., 2.], requires_grad=True)");
    assert_eq!((&x * &x).to_string(), "tensor([1., 4.], grad_fn=<mul>)");
    assert_eq!(x.detach().to_string(), "tensor([1., 2.])");
}
