//! Tensors put together, and elements by their places.

use tensor::prelude::*;

#[test]
fn sizes_add_up_along_the_axis() {
    let (a, b) = (Tensor::<dims![2, 3]>::ones(), Tensor::<dims![2, 4]>::zeros());
    let both: Tensor<dims![2, 7]> = (&a, &b).cat::<1>();
    assert_eq!(both.sum_axis::<-1>(), tensor![3., 3.]);
    let none: Tensor<dims![2, 3]> = (&a, &Tensor::<dims![0, 3]>::ones()).cat::<0>();
    assert_eq!(none, a);
    let stacked: Tensor<dims![2, 2, 3]> = [&a, &a].stack::<1>();
    assert_eq!(stacked.select::<1, dim![1]>(), a);
    let padded: Tensor<dims![2, 6]> = a.pad_axis::<-1, dim![1], dim![2]>(9.);
    assert_eq!(padded.select::<0, dim![0]>(), tensor![9., 1., 1., 1., 9., 9.]);
}

#[test]
fn elements_by_their_places() {
    let x = tensor![[3., 1., 2.], [4., 6., 5.]];
    let (values, places): (Tensor<dims![2, 2]>, Tensor<dims![2, 2], i64>) = x.topk::<-1, dim![2]>(false);
    assert_eq!((values, places), (tensor![[1., 2.], [4., 5.]], tensor![[1, 2], [0, 2]]));
    let (sorted, order) = x.sort::<0>(true);
    assert_eq!(
        (sorted, order),
        (tensor![[4., 6., 5.], [3., 1., 2.]], tensor![[1, 1, 1], [0, 0, 0]])
    );
    let picked: Tensor<dims![2, 4]> = x.index_select::<1, _>(&tensor![0, 0, 2, 1]).unwrap();
    assert_eq!(picked, tensor![[3., 3., 2., 1.], [4., 4., 5., 6.]]);
    assert!(x.index_select::<1, _>(&tensor![3]).is_err());
    let steps: Tensor<dims![2, 2]> = x.diff::<-1>();
    assert_eq!(steps, tensor![[-2., 1.], [2., -1.]]);
    let (second, place) = x.kthvalue::<1, dim![1]>();
    assert_eq!((second, place), (tensor![2., 5.], tensor![2, 2]));
}

#[test]
fn products_of_matrices_and_vectors() {
    let (a, b, x) = (tensor![[1., 2.], [3., 4.]], tensor![[5.], [6.]], tensor![1., 10.]);
    assert_eq!(a.mm(&b), tensor![[17.], [39.]]);
    assert_eq!(a.mv(&x), tensor![21., 43.]);
    assert_eq!(x.dot(&x).item().unwrap(), 101.);
    assert_eq!(x.outer(&tensor![2., 3., 4.]), tensor![[2., 3., 4.], [20., 30., 40.]]);
    let batch: Tensor<dims![1, 2, 1]> = a.unsqueeze::<0>().bmm(&b.unsqueeze::<0>());
    assert_eq!(batch.squeeze::<0>(), a.mm(&b));
}

#[test]
fn square_matrices_have_inverses() {
    let a = tensor![[[2., 0.], [0., 4.]], [[1., 1.], [0., 1.]]];
    let volumes: Tensor<dims![2]> = a.det().unwrap();
    assert_eq!(volumes, tensor![8., 1.]);
    let back = a.matmul(&a.inv().unwrap());
    assert_eq!(back, tensor![[[1., 0.], [0., 1.]], [[1., 0.], [0., 1.]]]);
    let sides = Tensor::<dims![2, 2, 3]>::ones();
    let x: Tensor<dims![2, 2, 3]> = a.solve(&sides).unwrap();
    assert_eq!(a.matmul(&x), sides);
    assert!(tensor![[0., 0.], [0., 0.]].inv().is_err());
}
