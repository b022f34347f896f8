//! Losses of typed tensors, against the functions: each by itself, their mean and their sum.

use tensor::functional::{
    self, ClassOptions, CtcOptions, GaussianOptions, LogitsOptions, MultiMarginOptions, NllOptions, PoissonOptions,
    Reduction, TripletOptions,
};
use tensor::prelude::*;
use tensor::reduction::{Mean, Sum, Unreduced};

use crate::counted::{counted, dynamic};
use crate::same;

#[test]
fn elements_have_targets_of_their_own() {
    let (x, y) = (
        counted::<dims![2, 3]>(),
        counted::<dims![3, 2]>().reshape::<dims![2, 3]>() * 0.5,
    );
    let (dx, dy) = (dynamic(&x), dynamic(&y));
    let (p, dp) = (x.sigmoid(), dx.sigmoid());
    let (none, mean, sum) = (Reduction::None, Reduction::Mean, Reduction::Sum);
    same! {
        x.l1_loss(&y, Unreduced).unwrap() => functional::l1_loss(&dx, &dy, none).unwrap(), dims![2, 3];
        x.mse_loss(&y, Mean).unwrap() => functional::mse_loss(&dx, &dy, mean).unwrap(), dims![];
        x.smooth_l1_loss(&y, 0.7, Sum).unwrap() => functional::smooth_l1_loss(&dx, &dy, 0.7, sum).unwrap(), dims![];
        x.huber_loss(&y, 0.7, Unreduced).unwrap() => functional::huber_loss(&dx, &dy, 0.7, none).unwrap(), dims![2, 3];
        x.soft_margin_loss(&y, Mean).unwrap() => functional::soft_margin_loss(&dx, &dy, mean).unwrap(), dims![];
        x.hinge_embedding_loss(&y.sign(), 2., Sum).unwrap()
            => functional::hinge_embedding_loss(&dx, &dy.sign(), 2., sum).unwrap(), dims![];
        p.binary_cross_entropy(&p, Some(&y), Unreduced).unwrap()
            => functional::binary_cross_entropy(&dp, &dp, Some(&dy), none).unwrap(), dims![2, 3];
        x.binary_cross_entropy_with_logits(&p, LogitsOptions::default(), Unreduced).unwrap() => {
            let options = LogitsOptions { reduction: none, ..LogitsOptions::default() };
            functional::binary_cross_entropy_with_logits(&dx, &dp, options).unwrap()
        }, dims![2, 3];
        x.kl_div(&p, false, Sum).unwrap() => functional::kl_div(&dx, &dp, false, sum).unwrap(), dims![];
        x.gaussian_nll_loss(&y, &p, GaussianOptions::default(), Unreduced).unwrap() => {
            let options = GaussianOptions { reduction: none, ..GaussianOptions::default() };
            functional::gaussian_nll_loss(&dx, &dy, &dp, options).unwrap()
        }, dims![2, 3];
        x.poisson_nll_loss(&p, PoissonOptions::default(), Mean).unwrap()
            => functional::poisson_nll_loss(&dx, &dp, PoissonOptions::default()).unwrap(), dims![];
        x.margin_ranking_loss(&y, &p.sign(), 0.5, Unreduced).unwrap()
            => functional::margin_ranking_loss(&dx, &dy, &dp.sign(), 0.5, none).unwrap(), dims![2, 3];
    }
    assert!(x.binary_cross_entropy(&p, None, Mean).is_err());
    assert!(x.huber_loss(&y, -1., Mean).is_err());
}

#[test]
fn classes_have_numbers() {
    let x = counted::<dims![2, 4, 3]>();
    let d = dynamic(&x);
    let target = tensor![[0, 3, 1], [2, 2, 0]];
    let (row, of_row) = (counted::<dims![4]>(), Tensor::scalar(2i64));
    let (weight, bias) = (counted::<dims![5, 3]>(), counted::<dims![5]>());
    let (inputs, rows) = (counted::<dims![2, 3]>(), tensor![0, 4]);
    same! {
        x.nll_loss(&target, NllOptions::default(), Unreduced).unwrap() => {
            let options = NllOptions { reduction: Reduction::None, ..NllOptions::default() };
            functional::nll_loss(&d, &dynamic(&target), options).unwrap()
        }, dims![2, 3];
        x.cross_entropy(&target, ClassOptions::default(), Mean).unwrap()
            => functional::cross_entropy(&d, &dynamic(&target), ClassOptions::default()).unwrap(), dims![];
        row.cross_entropy(&of_row, ClassOptions::default(), Unreduced).unwrap()
            => functional::cross_entropy(&dynamic(&row), &dynamic(&of_row), ClassOptions::default()).unwrap(), dims![];
        inputs.linear_cross_entropy(&weight, Some(&bias), &rows, ClassOptions::default(), Sum).unwrap() => {
            let options = ClassOptions { reduction: Reduction::Sum, ..ClassOptions::default() };
            let (weight, bias) = (dynamic(&weight), dynamic(&bias));
            functional::linear_cross_entropy(&dynamic(&inputs), &weight, Some(&bias), &dynamic(&rows), options).unwrap()
        }, dims![];
        weight.multi_margin_loss(&tensor![0, 1, 2, 0, 1], MultiMarginOptions::default(), Unreduced).unwrap() => {
            let options = MultiMarginOptions { reduction: Reduction::None, ..MultiMarginOptions::default() };
            functional::multi_margin_loss(&dynamic(&weight), &tensor![0, 1, 2, 0, 1].into_dynamic(), options).unwrap()
        }, dims![5];
        tensor![[1f32, 2., 0.]].multilabel_margin_loss(&tensor![[2, 0, -1]], Unreduced).unwrap() => {
            let (x, y) = (tensor![[1f32, 2., 0.]].into_dynamic(), tensor![[2, 0, -1]].into_dynamic());
            functional::multilabel_margin_loss(&x, &y, Reduction::None).unwrap()
        }, dims![1];
        weight.multilabel_soft_margin_loss(&weight.sigmoid(), None, Unreduced).unwrap() => {
            let weight = dynamic(&weight);
            functional::multilabel_soft_margin_loss(&weight, &weight.sigmoid(), None, Reduction::None).unwrap()
        }, dims![5];
    }
    assert!(
        row.cross_entropy(&Tensor::scalar(4i64), ClassOptions::default(), Mean)
            .is_err()
    );
    let log = counted::<dims![6, 2, 4]>().log_softmax();
    let targets = tensor![[1, 2], [3, 3]];
    same! {
        log.ctc_loss(&targets, &[6, 5], &[2, 1], CtcOptions::default(), Unreduced).unwrap() => {
            let options = CtcOptions { reduction: Reduction::None, ..CtcOptions::default() };
            functional::ctc_loss(&dynamic(&log), &dynamic(&targets), &[6, 5], &[2, 1], options).unwrap()
        }, dims![2];
    }
    assert!(
        log.ctc_loss(&targets, &[7, 5], &[2, 1], CtcOptions::default(), Mean)
            .is_err()
    );
}

#[test]
fn rows_are_near_and_far() {
    let (x, y, z) = (
        counted::<dims![4, 3]>(),
        counted::<dims![3, 4]>().t(),
        counted::<dims![6, 2]>().reshape::<dims![4, 3]>(),
    );
    let (dx, dy, dz) = (dynamic(&x), dynamic(&y), dynamic(&z));
    let signs = tensor![1., -1., 1., -1.];
    same! {
        x.cosine_embedding_loss(&y, &signs, 0.1, Unreduced).unwrap()
            => functional::cosine_embedding_loss(&dx, &dy, &dynamic(&signs), 0.1, Reduction::None).unwrap(), dims![4];
        x.triplet_margin_loss(&y, &z, TripletOptions::default(), Unreduced).unwrap() => {
            let options = TripletOptions { reduction: Reduction::None, ..TripletOptions::default() };
            functional::triplet_margin_loss(&dx, &dy, &dz, options).unwrap()
        }, dims![4];
    }
    assert!(
        x.triplet_margin_loss(
            &y,
            &z,
            TripletOptions {
                margin: -1.,
                ..TripletOptions::default()
            },
            Mean
        )
        .is_err()
    );
}
