//! Products of tensors, against the dynamic ones.

use tensor::prelude::*;

#[test]
fn vectors_of_three_have_a_vector_product() {
    let a = Tensor::<dims![Batch, 3, 2]>::from_vec((0..12).map(|i| (i * i % 7) as f32).collect(), &[2, 3, 2]).unwrap();
    let b = Tensor::<dims![Batch, 3, 2]>::from_vec((0..12).map(|i| (i * 5 % 8) as f32).collect(), &[2, 3, 2]).unwrap();
    let out: Tensor<dims![Batch, 3, 2]> = a.cross::<1>(&b);
    let expected = a.clone().into_dynamic().cross(&b.into_dynamic(), 1).unwrap();
    assert_eq!(out.into_dynamic(), expected);
    assert_eq!(a.cross::<-2>(&a).into_dynamic().abs().sum().item().unwrap(), 0.);
    let none = Tensor::<dims![0, 3]>::zeros();
    assert_eq!(none.cross::<1>(&none).sizes(), [0, 3]);
}

#[test]
#[should_panic(expected = "`batch` of 1, as on the left")]
fn a_name_has_one_value_in_a_vector_product() {
    let one = Tensor::<dims![Batch, 3]>::full_of(1.0, &[1, 3]).unwrap();
    let two = Tensor::<dims![Batch, 3]>::full_of(1.0, &[2, 3]).unwrap();
    one.cross::<1>(&two);
}
