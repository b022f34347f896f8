//! Axes more and less, in another order, cut and joined.

use tensor::prelude::*;

/// 0, 1, 2, .. in a shape.
fn counted<S: tensor::shape::StaticShape>() -> Tensor<S> {
    Tensor::from_vec((0..S::LEN).map(|i| i as f32).collect(), S::SIZES).expect("as many elements as the shape has")
}

fn dynamic<S: Shape>(x: &Tensor<S>) -> Tensor<Dynamic> {
    x.clone().into_dynamic()
}

#[test]
fn axes_come_and_go() {
    let x = counted::<dims![2, 3, 4]>();
    let first: Tensor<dims![1, 2, 3, 4]> = x.unsqueeze::<0>();
    let inner: Tensor<dims![2, 1, 3, 4]> = x.unsqueeze::<1>();
    let last: Tensor<dims![2, 3, 4, 1]> = x.unsqueeze::<-1>();
    assert_eq!(
        (first.sizes(), inner.sizes(), last.sizes()),
        (&[1, 2, 3, 4][..], &[2, 1, 3, 4][..], &[2, 3, 4, 1][..])
    );
    assert_eq!(last.squeeze::<3>(), x);
    assert_eq!(first.squeeze::<-4>(), x);
    let scalar: Tensor<dims![1]> = Tensor::scalar(1.0).unsqueeze::<-1>();
    assert_eq!(scalar.squeeze::<0>(), Tensor::scalar(1.0));
}

#[test]
fn axes_change_their_order() {
    let x = counted::<dims![2, 3, 4]>();
    let turned: Tensor<dims![4, 2, 3]> = x.permute::<Axes<2, 0, 1>>();
    assert_eq!(turned.into_dynamic(), dynamic(&x).permute(&[2, 0, 1]).unwrap());
    let turned: Tensor<dims![3, 4, 2]> = x.permute::<Axes<-2, -1, 0>>();
    assert_eq!(turned.into_dynamic(), dynamic(&x).permute(&[1, 2, 0]).unwrap());
    let swapped: Tensor<dims![4, 3, 2]> = x.swapaxes::<0, -1>();
    assert_eq!(swapped.into_dynamic(), dynamic(&x).swapaxes(0, 2).unwrap());
    assert_eq!(x.swapaxes::<1, 1>(), x);
    let moved: Tensor<dims![3, 4, 2]> = x.movedim::<0, -1>();
    assert_eq!(moved.into_dynamic(), dynamic(&x).movedim(&[0], &[-1]).unwrap());
    let moved: Tensor<dims![4, 2, 3]> = x.movedim::<2, 0>();
    assert_eq!(moved.into_dynamic(), dynamic(&x).movedim(&[2], &[0]).unwrap());
    let six = counted::<dims![1, 2, 3, 4, 5, 6]>();
    let turned: Tensor<dims![6, 5, 4, 3, 2, 1]> = six.permute::<Axes<5, 4, 3, 2, 1, 0>>();
    assert_eq!(turned.sizes(), [6, 5, 4, 3, 2, 1]);
}

#[test]
fn axes_are_cut_and_joined() {
    let x = counted::<dims![2, 12, 5]>();
    let cut: Tensor<dims![2, 3, 4, 5]> = x.unflatten::<1, dims![3, 4]>();
    let all: Tensor<dims![2, 12, 5]> = cut.flatten_axes::<1, 2>();
    assert_eq!(all, x);
    let front: Tensor<dims![24, 5]> = x.flatten_axes::<0, -2>();
    let one: Tensor<dims![120]> = x.flatten_axes::<0, 2>();
    assert_eq!((front.sizes(), one.sizes()), (&[24, 5][..], &[120][..]));
    assert_eq!(x.flatten_axes::<1, 1>(), x);
}

#[test]
fn parts_are_views() {
    let x = counted::<dims![3, 5]>();
    let middle: Tensor<dims![3, 2]> = x.narrow::<-1, dim![1], dim![2]>();
    assert_eq!(middle, tensor![[1., 2.], [6., 7.], [11., 12.]]);
    let nothing: Tensor<dims![3, 0]> = x.narrow::<1, dim![5], dim![0]>();
    assert!(nothing.is_empty());
    let row: Tensor<dims![5]> = x.select::<0, dim![2]>();
    assert_eq!(row, tensor![10., 11., 12., 13., 14.]);
    let (left, right): (Tensor<dims![3, 2]>, Tensor<dims![3, 3]>) = x.split::<1, dim![2]>();
    assert_eq!((&left, &right).cat::<1>(), x);
    let (all, none): (Tensor<dims![3, 5]>, Tensor<dims![0, 5]>) = x.split::<0, dim![3]>();
    assert_eq!((all.len(), none.len()), (15, 0));
    let [a, b, c]: [Tensor<dims![1, 5]>; 3] = x.chunk::<0, 3>();
    assert_eq!((&(&a, &b).cat::<0>(), &c).cat::<0>(), x);
    let [a, b, c]: [Tensor<dims![5]>; 3] = x.unbind::<0, 3>();
    assert_eq!([&a, &b, &c].stack::<0>(), x);
    assert!(x.narrow::<0, dim![1], dim![1]>().shares_memory_with(&x));
}

#[test]
fn diagonals_and_triangles() {
    let x = counted::<dims![2, 3, 3]>();
    let diagonal: Tensor<dims![2, 3]> = x.diagonal();
    assert_eq!(diagonal, tensor![[0., 4., 8.], [9., 13., 17.]]);
    assert_eq!(&x.tril(-1) + &x.triu(0), x);
}

#[test]
fn elements_are_repeated_and_turned() {
    let x = counted::<dims![2, 1]>();
    let wide: Tensor<dims![4, 2, 3]> = x.broadcast_to::<dims![4, 2, 3]>();
    assert_eq!(wide, x.expand::<dims![4, 2, 3]>());
    assert_eq!(wide.into_dynamic(), dynamic(&x).expand(&[4, 2, 3]).unwrap());
    let more: Tensor<dims![3, 4, 1]> = x.repeat::<dims![3, 2, 1]>();
    assert_eq!(more.into_dynamic(), dynamic(&x).repeat(&[3, 2, 1]).unwrap());
    let y = counted::<dims![2, 3]>();
    assert_eq!(y.flip::<Axes<-1>>(), tensor![[2., 1., 0.], [5., 4., 3.]]);
    assert_eq!(y.flip::<Axes<0, 1>>(), tensor![[5., 4., 3.], [2., 1., 0.]]);
    assert_eq!(y.roll::<1>(1), tensor![[2., 0., 1.], [5., 3., 4.]]);
}

#[test]
fn dynamic_and_typed_convert_into_each_other() {
    let x = counted::<dims![2, 3]>();
    let any = Tensor::<Dynamic>::from(&x);
    assert_eq!(Tensor::<dims![2, 3]>::try_from(any.clone()).unwrap(), x);
    assert_eq!(
        Tensor::<dims![Batch, 3]>::try_from(any.clone()).unwrap().sizes(),
        [2, 3]
    );
    assert!(Tensor::<dims![Batch, Batch]>::try_from(any.clone()).is_err());
    assert!(Tensor::<dims![2]>::try_from(any).is_err());
}
