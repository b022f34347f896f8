//! Products of tensors, against the dynamic ones.

use tensor::prelude::*;
use tensor::shape::StaticShape;

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

fn counted<S: StaticShape>() -> Tensor<S> {
    let len: usize = S::SIZES.iter().product();
    Tensor::from_vec((0..len).map(|i| i as f32 - 1.).collect(), S::SIZES).unwrap()
}

macro_rules! kroneckers {
    ($([$($a:literal),*] [$($b:literal),*] => [$($out:literal),*];)*) => {
        $({
            let (a, b) = (counted::<dims![$($a),*]>(), counted::<dims![$($b),*]>());
            let out: Tensor<dims![$($out),*]> = a.kron(&b);
            assert_eq!(out.into_dynamic(), a.into_dynamic().kron(&b.into_dynamic()).unwrap());
        })*
    };
}

#[test]
fn kronecker_products_multiply_the_axes_from_the_right() {
    kroneckers! {
        [] [] => [];
        [2] [] => [2];
        [] [2, 3] => [2, 3];
        [2] [3] => [6];
        [2, 3] [4, 1] => [8, 3];
        [1, 3] [2, 2] => [2, 6];
        [2, 3] [4] => [2, 12];
        [3] [2, 4] => [2, 12];
        [2, 0] [3, 2] => [6, 0];
        [1, 2, 1, 2, 1, 2] [2, 1, 2, 1, 2, 1] => [2, 2, 2, 2, 2, 2];
    }
    let batch = Tensor::<dims![Batch, 2]>::full_of(2.0, &[3, 2]).unwrap();
    let out: Tensor<dims![Batch, 4]> = batch.kron(&tensor![[1., 10.]]);
    assert_eq!(out.to_vec().unwrap(), [2., 20., 2., 20.].repeat(3));
    let out: Tensor<dims![Batch, 4]> = tensor![[1., 10.]].kron(&batch);
    assert_eq!(out.to_vec().unwrap(), [2., 2., 20., 20.].repeat(3));
}
