//! Factors of matrices, against the functions of linear algebra.

use tensor::linalg;
use tensor::prelude::*;

#[test]
fn factors_have_the_smaller_of_both_sizes() {
    let tall = Tensor::<dims![2, 3, 2]>::from_vec((0..12).map(|i| (i * 7 % 11) as f32).collect(), &[2, 3, 2]).unwrap();
    let any = tall.clone().into_dynamic();
    let (q, r): (Tensor<dims![2, 3, 2]>, Tensor<dims![2, 2, 2]>) = tall.qr().unwrap();
    assert_eq!((q.into_dynamic(), r.into_dynamic()), linalg::qr(&any).unwrap());
    let (u, s, vt): (Tensor<dims![2, 3, 2]>, Tensor<dims![2, 2]>, Tensor<dims![2, 2, 2]>) = tall.svd().unwrap();
    let found = (u.into_dynamic(), s.into_dynamic(), vt.into_dynamic());
    assert_eq!(found, linalg::svd(&any).unwrap());

    let wide = tall.t();
    let (q, r): (Tensor<dims![2, 2, 2]>, Tensor<dims![2, 2, 3]>) = wide.qr().unwrap();
    let found = (q.into_dynamic(), r.into_dynamic());
    assert_eq!(found, linalg::qr(&wide.clone().into_dynamic()).unwrap());
    let values: Tensor<dims![2, 2]> = wide.svdvals().unwrap();
    assert_eq!(values.into_dynamic(), linalg::svdvals(&wide.into_dynamic()).unwrap());
}

#[test]
fn batches_of_factors_may_be_named_and_matrices_empty() {
    let batch = Tensor::<dims![Batch, 1, 4]>::full_of(1.0, &[3, 1, 4]).unwrap();
    let values: Tensor<dims![Batch, 1]> = batch.svdvals().unwrap();
    tensor::testing::assert_close(&values, &tensor![[2.], [2.], [2.]]);
    let (q, r): (Tensor<dims![3, 0]>, Tensor<dims![0, 0]>) = Tensor::<dims![3, 0]>::zeros().qr().unwrap();
    assert_eq!((q.sizes(), r.sizes()), (&[3, 0][..], &[0, 0][..]));
    assert!(tensor![[f32::NAN]].svd().is_err());
}
