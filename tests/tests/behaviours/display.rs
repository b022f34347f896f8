//! Tensors as text.

use tensor::prelude::*;

#[test]
fn prints_as_pytorch_does() {
    assert_eq!(tensor![1., 2.5].to_string(), "tensor([1.0000, 2.5000])");
    assert_eq!(
        tensor![[1., -2.], [3., 4.]].to_string(),
        "tensor([[ 1., -2.],\n        [ 3.,  4.]])"
    );
    assert_eq!(tensor![1e-8, 1.5].to_string(), "tensor([1.0000e-08, 1.5000e+00])");
    assert_eq!(Tensor::<dims![0, 3]>::zeros().to_string(), "tensor([], size=[0, 3])");
    let long: Tensor<Dynamic> = vec![0.5; 1001].into();
    assert!(long.to_string().contains("0.5000, ..., 0.5000"));
}
