//! Sums of products over several axes, and products added to something, against the dynamic ones.

use tensor::linalg;
use tensor::prelude::*;

use crate::counted::{counted, dynamic};
use crate::same;

#[test]
fn axes_in_common_go() {
    let (a, b) = (counted::<dims![2, 3, 4]>(), counted::<dims![3, 4, 5]>());
    let (da, db) = (dynamic(&a), dynamic(&b));
    same! {
        a.tensordot::<2, _>(&b) => da.tensordot(&db, 2).unwrap(), dims![2, 5];
        a.tensordot::<0, _>(&counted::<dims![2]>()) => da.tensordot(&dynamic(&counted::<dims![2]>()), 0).unwrap(), dims![2, 3, 4, 2];
        a.tensordot::<3, _>(&a) => da.tensordot(&da, 3).unwrap(), dims![];
        a.tensordot_axes::<Axes<1>, Axes<0>, _>(&b) => da.tensordot_axes(&db, &[1], &[0]).unwrap(), dims![2, 4, 4, 5];
        a.tensordot_axes::<Axes<-1, 1>, Axes<1, 0>, _>(&b) => da.tensordot_axes(&db, &[-1, 1], &[1, 0]).unwrap(), dims![2, 5];
        a.inner(&counted::<dims![5, 4]>()) => da.inner(&dynamic(&counted::<dims![5, 4]>())).unwrap(), dims![2, 3, 5];
        a.vecdot::<1, _>(&counted::<dims![3, 1]>()) => da.vecdot(&dynamic(&counted::<dims![3, 1]>()), 1).unwrap(), dims![2, 4];
        a.cdist(&counted::<dims![2, 5, 4]>(), 1.).unwrap()
            => da.cdist(&dynamic(&counted::<dims![2, 5, 4]>()), 1.).unwrap(), dims![2, 3, 5];
        a.cdist(&counted::<dims![1, 4]>(), 2.).unwrap() => da.cdist(&dynamic(&counted::<dims![1, 4]>()), 2.).unwrap(), dims![2, 3, 1];
    }
    assert!(a.cdist(&a, -1.).is_err());
    let none = Tensor::<dims![2, 0]>::zeros();
    assert_eq!(
        none.tensordot::<1, _>(&Tensor::<dims![0, 3]>::zeros()),
        Tensor::<dims![2, 3]>::zeros()
    );
}

#[test]
fn products_are_added() {
    let (a, b, x) = (
        counted::<dims![2, 3]>(),
        counted::<dims![3, 4]>(),
        counted::<dims![4]>(),
    );
    let (da, db, dx) = (dynamic(&a), dynamic(&b), dynamic(&x));
    let (many, more) = (counted::<dims![5, 2, 3]>(), counted::<dims![5, 3, 4]>());
    let (dmany, dmore) = (dynamic(&many), dynamic(&more));
    let vector = counted::<dims![3]>();
    same! {
        x.addmm(&a, &b, 2., 3.) => dx.addmm(&da, &db, 2., 3.).unwrap(), dims![2, 4];
        x.baddbmm(&many, &more, 0., 1.) => dx.baddbmm(&dmany, &dmore, 0., 1.).unwrap(), dims![5, 2, 4];
        x.addbmm(&many, &more, 1., 0.5) => dx.addbmm(&dmany, &dmore, 1., 0.5).unwrap(), dims![2, 4];
        Tensor::scalar(2f32).addmv(&a, &vector, 1., 1.)
            => dynamic(&Tensor::scalar(2f32)).addmv(&da, &dynamic(&vector), 1., 1.).unwrap(), dims![2];
        x.addr(&vector, &x, 1., 2.) => dx.addr(&dynamic(&vector), &dx, 1., 2.).unwrap(), dims![3, 4];
        (&a, &b).multi_dot() => linalg::multi_dot(&[&da, &db]).unwrap(), dims![2, 4];
        (&a, &b, &b.t(), &a.t(), &a, &b).multi_dot()
            => linalg::multi_dot(&[&da, &db, &dynamic(&b.t()), &dynamic(&a.t()), &da, &db]).unwrap(), dims![2, 4];
    }
}

#[test]
#[should_panic(expected = "`batch` of 1, as on the left")]
fn a_name_has_one_value_in_added_products() {
    let one = Tensor::<dims![Batch, 3]>::full_of(1.0, &[1, 3]).unwrap();
    let two = Tensor::<dims![3, Batch]>::full_of(1.0, &[3, 2]).unwrap();
    Tensor::scalar(0f32).addmm(&one, &two, 1., 1.);
}

#[test]
fn variables_vary_together() {
    let x = counted::<dims![3, 6]>();
    let d = dynamic(&x);
    let places = Tensor::<dims![3, 6]>::counting_rows();
    same! {
        x.cov(0.) => d.cov(0.).unwrap(), dims![3, 3];
        x.corrcoef() => d.corrcoef().unwrap(), dims![3, 3];
        x.ravel().cov(1.) => d.ravel().cov(1.).unwrap(), dims![];
        x.pdist(2.).unwrap() => d.pdist(2.).unwrap(), dims![3];
        x.t().pdist(1.).unwrap() => d.t().unwrap().pdist(1.).unwrap(), dims![15];
        x.narrow::<0, dim![0], dim![1]>().pdist(1.).unwrap() => d.narrow(0, 0, 1).unwrap().pdist(1.).unwrap(), dims![0];
        x.renorm::<1>(2., 1.5).unwrap() => d.renorm(2., 1, 1.5).unwrap(), dims![3, 6];
        x.trapezoid::<1>(0.5) => d.trapezoid(0.5, 1).unwrap(), dims![3];
        x.trapezoid_at::<1>(&places) => d.trapezoid_at(&dynamic(&places), 1).unwrap(), dims![3];
        x.cumulative_trapezoid::<-1>(2.) => d.cumulative_trapezoid(2., -1).unwrap(), dims![3, 5];
        x.cumulative_trapezoid_at::<0>(&places) => d.cumulative_trapezoid_at(&dynamic(&places), 0).unwrap(), dims![2, 6];
        x.dist(&counted::<dims![6]>(), 1.) => d.dist(&dynamic(&counted::<dims![6]>()), 1.).unwrap(), dims![];
    }
    let (least, most): (Tensor<dims![1, 6]>, Tensor<dims![1, 6]>) = x.aminmax::<KeptAxes<0>>();
    assert_eq!((dynamic(&least), dynamic(&most)), d.aminmax(&[0], true).unwrap());
    assert!(x.renorm::<0>(0., 1.).is_err() && x.pdist(f64::NAN).is_err());
}

/// Places that rise along both axes.
trait CountingRows {
    fn counting_rows() -> Self;
}

impl CountingRows for Tensor<dims![3, 6]> {
    fn counting_rows() -> Self {
        Tensor::from_vec((0..18).map(|i| (i * i) as f32).collect(), &[3, 6]).unwrap()
    }
}
