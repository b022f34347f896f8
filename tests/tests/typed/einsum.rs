//! Sums of products in shapes that are named, against the dynamic function.

use tensor::prelude::*;

fn counted(sizes: &[usize]) -> Tensor<Dynamic> {
    let len = sizes.iter().product::<usize>() as i32;
    Tensor::from_vec((0..len).map(|i| (i * 5 % 7) as f32).collect(), sizes).unwrap()
}

#[test]
fn sums_of_products_have_the_shape_that_is_asked_for() {
    let a = Tensor::<dims![Batch, 2, 3]>::try_from(counted(&[4, 2, 3])).unwrap();
    let b = Tensor::<dims![3, 5]>::try_from(counted(&[3, 5])).unwrap();
    let c = Tensor::<dims![5]>::try_from(counted(&[5])).unwrap();
    let out = (&a, &b, &c).einsum::<dims![Batch, 2]>("bij,jk,k->bi").unwrap();
    let operands = [&a.into_dynamic(), &b.into_dynamic(), &c.into_dynamic()];
    assert_eq!(out.into_dynamic(), tensor::einsum("bij,jk,k->bi", &operands).unwrap());
    let none = Tensor::<dims![0, 2]>::zeros();
    assert_eq!(
        (&none,).einsum::<dims![2]>("ij->j").unwrap().to_vec().unwrap(),
        [0., 0.]
    );
}

#[test]
fn another_shape_and_another_value_of_a_name_are_errors() {
    let a = tensor![[1., 2.], [3., 4.]];
    let error = (&a,).einsum::<dims![2]>("ij->ji").unwrap_err().to_string();
    assert_eq!(error, "`einsum`: expected [2], found [2, 2]");
    let two = Tensor::<dims![Batch, 2]>::try_from(counted(&[2, 2])).unwrap();
    let one = Tensor::<dims![Batch, 2]>::try_from(counted(&[1, 2])).unwrap();
    assert!((&two, &two).einsum::<dims![Batch]>("bi,bi->b").is_ok());
    assert!((&two, &one).einsum::<dims![Batch]>("bi,bi->b").is_err());
    assert!((&one, &a).einsum::<dims![Batch, 2]>("bi,ci->ci").is_err());
    assert!((&a, &a).einsum::<dims![2]>("ij->i").is_err());
}
