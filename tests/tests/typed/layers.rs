//! What layers compute, as methods of typed tensors, against the functions.

use tensor::functional::{
    self, Attention, AttentionMask, Embedding, LocalResponseNorm, Normalize, PairwiseDistance, Statistics,
};
use tensor::prelude::*;

use crate::counted::{counted, dynamic};
use crate::same;

#[test]
fn weights_make_outputs_of_features() {
    let (x, y) = (counted::<dims![2, 4, 3]>(), counted::<dims![2, 4, 5]>());
    let (weight, bias, pairs) = (
        counted::<dims![6, 3]>(),
        counted::<dims![6]>(),
        counted::<dims![6, 3, 5]>(),
    );
    let (dx, dbias) = (dynamic(&x), dynamic(&bias));
    same! {
        x.linear(&weight, Some(&bias)) => functional::linear(&dx, &dynamic(&weight), Some(&dbias)).unwrap(), dims![2, 4, 6];
        counted::<dims![3]>().linear(&weight, None)
            => functional::linear(&dynamic(&counted::<dims![3]>()), &dynamic(&weight), None).unwrap(), dims![6];
        x.bilinear(&y, &pairs, Some(&bias))
            => functional::bilinear(&dx, &dynamic(&y), &dynamic(&pairs), Some(&dbias)).unwrap(), dims![2, 4, 6];
        weight.embedding(&tensor![[5, 0], [1, 1]], Embedding::default()).unwrap()
            => functional::embedding(&dynamic(&weight), &tensor![[5, 0], [1, 1]].into_dynamic(), Embedding::default()).unwrap(), dims![2, 2, 3];
    }
    assert!(weight.embedding(&tensor![6], Embedding::default()).is_err());
}

#[test]
fn norms_keep_the_shape() {
    let x = counted::<dims![2, 4, 3]>();
    let d = dynamic(&x);
    let (tail, whole, channels) = (counted::<dims![3]>(), counted::<dims![4, 3]>(), counted::<dims![4]>());
    let (dtail, dwhole, dchannels) = (dynamic(&tail), dynamic(&whole), dynamic(&channels));
    same! {
        x.layer_norm(Some(&tail), None, 1e-5)
            => functional::layer_norm(&d, &[3], Some(&dtail), None, 1e-5).unwrap(), dims![2, 4, 3];
        x.layer_norm::<dims![4, 3]>(None, Some(&whole), 1e-5)
            => functional::layer_norm(&d, &[4, 3], None, Some(&dwhole), 1e-5).unwrap(), dims![2, 4, 3];
        x.rms_norm(Some(&whole), None) => functional::rms_norm(&d, &[4, 3], Some(&dwhole), None).unwrap(), dims![2, 4, 3];
        x.group_norm::<dim![2]>(Some(&channels), Some(&channels), 1e-5).unwrap()
            => functional::group_norm(&d, 2, Some(&dchannels), Some(&dchannels), 1e-5).unwrap(), dims![2, 4, 3];
        x.batch_norm(Statistics::Batch, Some(&channels), None, 1e-5).unwrap()
            => functional::batch_norm(&d, Statistics::Batch, Some(&dchannels), None, 1e-5).unwrap(), dims![2, 4, 3];
        x.instance_norm(Statistics::Batch, None, None, 1e-5).unwrap()
            => functional::instance_norm(&d, Statistics::Batch, None, None, 1e-5).unwrap(), dims![2, 4, 3];
        x.local_response_norm(2, LocalResponseNorm::default()).unwrap()
            => functional::local_response_norm(&d, 2, LocalResponseNorm::default()).unwrap(), dims![2, 4, 3];
        x.normalize::<0>(3., 1e-9)
            => functional::normalize(&d, Normalize { p: 3., axis: 0, eps: 1e-9 }).unwrap(), dims![2, 4, 3];
    }
    assert!(x.local_response_norm(0, LocalResponseNorm::default()).is_err());
    let batch = Tensor::<dims![Batch, 4]>::full_of(1.0, &[3, 4]).unwrap();
    assert_eq!(batch.layer_norm(Some(&channels), None, 1e-5).sizes(), [3, 4]);
}

#[test]
fn rows_are_compared_and_asked_for() {
    let (a, b) = (counted::<dims![2, 4, 3]>(), counted::<dims![4, 1]>());
    let (da, db) = (dynamic(&a), dynamic(&b));
    let (k, v) = (counted::<dims![2, 5, 3]>(), counted::<dims![2, 5, 6]>());
    let apart = PairwiseDistance {
        p: 1.,
        eps: 0.,
        keepdim: false,
    };
    same! {
        a.cosine_similarity::<1, _>(&b, 1e-8) => functional::cosine_similarity(&da, &db, 1, 1e-8).unwrap(), dims![2, 3];
        a.pairwise_distance(&b, 1., 0.) => functional::pairwise_distance(&da, &db, apart).unwrap(), dims![2, 4];
        a.scaled_dot_product_attention(&k, &v, AttentionMask::Causal, Attention::default()).unwrap() => {
            let (k, v) = (dynamic(&k), dynamic(&v));
            functional::scaled_dot_product_attention(&da, &k, &v, AttentionMask::Causal, Attention::default()).unwrap()
        }, dims![2, 4, 6];
    }
}

#[test]
#[should_panic(expected = "`batch` of 1, as on the left")]
fn a_name_has_one_value_in_attention() {
    let one = Tensor::<dims![Batch, 2, 3]>::full_of(1.0, &[1, 2, 3]).unwrap();
    let two = Tensor::<dims![Batch, 2, 3]>::full_of(1.0, &[2, 2, 3]).unwrap();
    let _ = one.scaled_dot_product_attention(&two, &two, AttentionMask::None, Attention::default());
}

#[test]
fn nothing_is_normalised_to_nothing() {
    let none = Tensor::<dims![2, 0]>::zeros();
    assert_eq!(none.layer_norm::<dims![0]>(None, None, 1e-5), none);
    assert_eq!(none.rms_norm::<dims![0]>(None, None), none);
    assert_eq!(none.normalize::<1>(2., 1e-9), none);
    assert_eq!(
        none.linear(&Tensor::<dims![3, 0]>::zeros(), None),
        Tensor::<dims![2, 3]>::zeros()
    );
    assert_eq!(none.pairwise_distance(&none, 2., 0.), tensor![0., 0.]);
    assert_eq!(none.cosine_similarity::<0, _>(&none, 1e-8).sizes(), [0]);
    assert_eq!(none.cov(1.).sizes(), [2, 2]);
    assert_eq!(none.diagflat().sizes(), [0, 0]);
    assert_eq!(
        counted::<dims![1, 2, 3]>().affine_grid::<dims![0, 2]>(false).sizes(),
        [1, 0, 2, 2]
    );
}
