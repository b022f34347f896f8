//! Elements arranged anew, put beside each other and looked for, against the dynamic methods.

use tensor::prelude::*;
use tensor::{Indexing, Pad};

use crate::counted::{counted, dynamic};
use crate::same;

#[test]
fn shapes_have_other_names() {
    let x = counted::<dims![2, 6]>();
    let d = dynamic(&x);
    same! {
        x.view::<dims![3, 4]>().unwrap() => d.view(&[3, 4]).unwrap(), dims![3, 4];
        x.view_as(&Tensor::<dims![12], i64>::zeros()).unwrap() => d.view(&[12]).unwrap(), dims![12];
        x.t().reshape_as(&counted::<dims![4, 3]>()) => d.t().unwrap().reshape(&[4, 3]).unwrap(), dims![4, 3];
        x.t().ravel() => d.t().unwrap().ravel(), dims![12];
        x.mt() => d.mt().unwrap(), dims![6, 2];
        x.tile::<dims![2, 1, 3]>() => d.tile(&[2, 1, 3]).unwrap(), dims![2, 2, 18];
        x.repeat_interleave::<-1, dim![3]>() => d.repeat_interleave(3, Some(-1)).unwrap(), dims![2, 18];
        x.fliplr() => d.fliplr().unwrap(), dims![2, 6];
        x.flipud() => d.flipud().unwrap(), dims![2, 6];
        x.rot90::<0, 1>() => d.rot90(1, [0, 1]).unwrap(), dims![6, 2];
        x.rot90::<1, 0>() => d.rot90(1, [1, 0]).unwrap(), dims![6, 2];
        x.unfold::<1, dim![3], dim![2]>() => d.unfold(1, 3, 2).unwrap(), dims![2, 2, 3];
        x.unfold::<0, dim![2], dim![1]>() => d.unfold(0, 2, 1).unwrap(), dims![1, 6, 2];
        x.as_strided::<dims![3, 2]>(&[2, 1], 5).unwrap() => d.as_strided(&[3, 2], &[2, 1], 5).unwrap(), dims![3, 2];
    }
    assert!(x.t().view::<dims![12]>().is_err());
    assert!(x.as_strided::<dims![3, 2]>(&[5, 1], 1).is_err());
    assert!(x.as_strided::<dims![3, 2]>(&[1], 0).is_err());
    let batch = Tensor::<dims![Batch, 6]>::full_of(1.0, &[2, 6]).unwrap();
    let cut: Tensor<dims![Batch, 2, 3]> = batch.view::<dims![Batch, 2, 3]>().unwrap();
    assert_eq!(cut.sizes(), [2, 2, 3]);
}

#[test]
fn axes_of_one_are_added_and_left_out() {
    let x = counted::<dims![1, 3, 1]>();
    same! {
        x.squeeze_axes::<Axes<0, -1>>() => dynamic(&x).squeeze_axes(&[0, -1]).unwrap(), dims![3];
        x.squeeze_axes::<Axes<2>>() => dynamic(&x).squeeze_axes(&[2]).unwrap(), dims![1, 3];
        Tensor::scalar(3f32).atleast_1d() => dynamic(&Tensor::scalar(3f32)).atleast_1d(), dims![1];
        Tensor::scalar(3f32).atleast_3d() => dynamic(&Tensor::scalar(3f32)).atleast_3d(), dims![1, 1, 1];
        counted::<dims![4]>().atleast_2d() => dynamic(&counted::<dims![4]>()).atleast_2d(), dims![1, 4];
        counted::<dims![4]>().atleast_3d() => dynamic(&counted::<dims![4]>()).atleast_3d(), dims![1, 4, 1];
        counted::<dims![4, 2]>().atleast_3d() => dynamic(&counted::<dims![4, 2]>()).atleast_3d(), dims![4, 2, 1];
        x.atleast_2d() => dynamic(&x), dims![1, 3, 1];
    }
}

#[test]
fn diagonals_and_borders() {
    let (v, m, images) = (
        counted::<dims![3]>(),
        counted::<dims![2, 3]>(),
        counted::<dims![2, 3, 4]>(),
    );
    same! {
        v.diag() => dynamic(&v).diag(0).unwrap(), dims![3, 3];
        m.diag() => dynamic(&m).diag(0).unwrap(), dims![2];
        m.t().diag() => dynamic(&m.t()).diag(0).unwrap(), dims![2];
        m.diag_embed() => dynamic(&m).diag_embed(0, -2, -1).unwrap(), dims![2, 3, 3];
        m.diagflat() => dynamic(&m).diagflat(0).unwrap(), dims![6, 6];
        images.pad::<dims![1, 2], dims![0, 1]>(Pad::Replicate).unwrap()
            => dynamic(&images).pad(&[2, 1, 1, 0], Pad::Replicate).unwrap(), dims![2, 4, 7];
        images.pad::<dims![0, 1, 0], dims![1, 0, 2]>(Pad::Constant(7.)).unwrap()
            => dynamic(&images).pad(&[0, 2, 1, 0, 0, 1], Pad::Constant(7.)).unwrap(), dims![3, 4, 6];
        m.pad::<dims![2], dims![2]>(Pad::Reflect).unwrap() => dynamic(&m).pad(&[2, 2], Pad::Reflect).unwrap(), dims![2, 7];
        v.vander::<dim![4]>(true) => dynamic(&v).vander(4, true).unwrap(), dims![3, 4];
        Tensor::<dims![3, 2]>::identity() => Tensor::eye(3, 2).unwrap(), dims![3, 2];
        Tensor::<dims![4]>::counting(1, 0.5) => Tensor::arange(1., 3., 0.5).unwrap(), dims![4];
        Tensor::<dims![0]>::counting(1, 2) => Tensor::zeros_of(&[0]).unwrap(), dims![0];
        Tensor::<dims![7]>::spaced(-1, 2) => Tensor::linspace(-1, 2, 7).unwrap(), dims![7];
        Tensor::<dims![4]>::log_spaced(0, 3, 2.) => Tensor::logspace(0, 3, 4, 2.).unwrap(), dims![4];
    }
    assert!(m.pad::<dims![3], dims![0]>(Pad::Reflect).is_err());
}

#[test]
fn tensors_stand_beside_each_other() {
    let (a, b) = (counted::<dims![3]>(), counted::<dims![2]>());
    let (da, db) = (dynamic(&a), dynamic(&b));
    let (m, n) = (counted::<dims![2, 3]>(), counted::<dims![2, 4]>());
    let (dm, dn) = (dynamic(&m), dynamic(&n));
    same! {
        (&a, &b).hstack() => Tensor::hstack(&[&da, &db]).unwrap(), dims![5];
        (&m, &n).hstack() => Tensor::hstack(&[&dm, &dn]).unwrap(), dims![2, 7];
        (&a, &m).vstack() => Tensor::vstack(&[&da, &dm]).unwrap(), dims![3, 3];
        (&a, &a).dstack() => Tensor::dstack(&[&da, &da]).unwrap(), dims![1, 3, 2];
        (&m, &m).dstack() => Tensor::dstack(&[&dm, &dm]).unwrap(), dims![2, 3, 2];
        (&b, &n).column_stack() => Tensor::column_stack(&[&db, &dn]).unwrap(), dims![2, 5];
        (&a, &n).block_diag() => Tensor::block_diag(&[&da, &dn]).unwrap(), dims![3, 7];
        (&a, &b).cartesian_prod() => Tensor::cartesian_prod(&[&da, &db]).unwrap(), dims![6, 2];
    }
    let (rows, columns): (Tensor<dims![3, 2]>, Tensor<dims![3, 2]>) = (&a, &b).meshgrid();
    let found = vec![dynamic(&rows), dynamic(&columns)];
    assert_eq!(found, Tensor::meshgrid(&[&da, &db], Indexing::Ij).unwrap());
    let column = counted::<dims![2, 1]>();
    let (left, right): (Tensor<dims![2, 3]>, Tensor<dims![2, 3]>) = (&a, &column).broadcast_tensors();
    let found = vec![dynamic(&left), dynamic(&right)];
    assert_eq!(found, Tensor::broadcast_tensors(&[&da, &dynamic(&column)]).unwrap());
    let (first, second, third): (Tensor<dims![2, 1]>, Tensor<dims![2, 0]>, Tensor<dims![2, 3]>) =
        n.split_sizes::<1, dims![1, 0, 3]>();
    let found = vec![dynamic(&first), dynamic(&second), dynamic(&third)];
    assert_eq!(found, dn.split_sizes(&[1, 0, 3], 1).unwrap());
}

#[test]
fn places_are_looked_for() {
    let x = counted::<dims![3, 5]>();
    let d = dynamic(&x);
    let sorted = x.sort::<1>(false).0;
    let places = x.argsort::<1>(false);
    let values = counted::<dims![3, 2]>();
    let steps = tensor![-1., 0.5, 3.];
    same! {
        sorted.searchsorted(&values, true) => dynamic(&sorted).searchsorted(&dynamic(&values), true).unwrap(), dims![3, 2];
        steps.searchsorted(&x, false) => dynamic(&steps).searchsorted(&d, false).unwrap(), dims![3, 5];
        x.searchsorted_by(&places, &values, false).unwrap()
            => d.searchsorted_by(&dynamic(&places), &dynamic(&values), false).unwrap(), dims![3, 2];
        x.bucketize(&steps, true) => d.bucketize(&dynamic(&steps), true).unwrap(), dims![3, 5];
        x.msort() => d.msort().unwrap(), dims![3, 5];
        x.take_along_dim::<1, _>(&places).unwrap() => d.take_along_dim(&places, Some(1)).unwrap(), dims![3, 5];
        x.masked_fill(&tensor![[true], [false], [true]], 9.)
            => d.masked_fill(&tensor![[true], [false], [true]], 9.).unwrap(), dims![3, 5];
        x.masked_scatter(&x.gt_scalar(0.), &x).unwrap() => d.masked_scatter(&x.gt_scalar(0.), &x).unwrap(), dims![3, 5];
    }
    assert_eq!(x.take_along_dim::<1, _>(&places).unwrap(), sorted);
    assert!(x.take_along_dim::<1, _>(&tensor![[5], [0], [0]]).is_err());
    assert!(
        x.masked_scatter(&tensor![true, true, true, true, true], &steps)
            .is_err()
    );
}

#[test]
fn functions_of_sizes_make_typed_tensors() {
    let window =
        Tensor::<dims![8]>::with_sizes(|sizes| tensor::signal::hann(sizes[0], tensor::signal::Span::Symmetric))
            .unwrap();
    assert_eq!(
        dynamic(&window),
        tensor::signal::hann(8, tensor::signal::Span::Symmetric).unwrap()
    );
    assert!(Tensor::<dims![8]>::with_sizes(|_| Tensor::zeros_of(&[7])).is_err());
    let x = counted::<dims![2, 3]>();
    assert_eq!(x.trace(), dynamic(&x).trace().unwrap());
}
