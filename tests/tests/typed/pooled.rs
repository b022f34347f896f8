//! Pooling to sizes, resizing, grids and patches of typed images, against the functions.

use tensor::functional::{self, GridSample, Interpolate, Interpolation, MaxPool, Resize, Unfold};
use tensor::prelude::*;

use crate::counted::{counted, dynamic};
use crate::same;

#[test]
fn pools_make_the_sizes_that_are_asked_for() {
    let (line, image, volume) = (
        counted::<dims![3, 7]>(),
        counted::<dims![2, 3, 7, 5]>(),
        counted::<dims![1, 2, 3, 4, 5]>(),
    );
    let (dline, dimage, dvolume) = (dynamic(&line), dynamic(&image), dynamic(&volume));
    same! {
        line.adaptive_avg_pool1d::<dims![3]>() => functional::adaptive_avg_pool1d(&dline, [Some(3)]).unwrap(), dims![3, 3];
        image.adaptive_avg_pool2d::<dims![8, 2]>()
            => functional::adaptive_avg_pool2d(&dimage, [Some(8), Some(2)]).unwrap(), dims![2, 3, 8, 2];
        volume.adaptive_max_pool3d::<dims![1, 2, 3]>()
            => functional::adaptive_max_pool3d(&dvolume, [Some(1), Some(2), Some(3)]).unwrap(), dims![1, 2, 1, 2, 3];
        line.lp_pool1d::<dims![2], dims![3]>(2.).unwrap()
            => functional::lp_pool1d(&dline, 2., 2, Some([3]), false).unwrap(), dims![3, 2];
        image.lp_pool2d::<dims![2, 3], dims![1, 2]>(1.).unwrap()
            => functional::lp_pool2d(&dimage, 1., [2, 3], Some([1, 2]), false).unwrap(), dims![2, 3, 6, 2];
    }
    let (values, places): (Tensor<dims![2, 3, 4, 5]>, _) = image.adaptive_max_pool2d_with_indices::<dims![4, 5]>();
    let expected = functional::adaptive_max_pool2d_with_indices(&dimage, [Some(4), Some(5)]).unwrap();
    assert_eq!((dynamic(&values), dynamic(&places)), expected);
    let (values, places): (Tensor<dims![2, 3, 3, 2]>, _) =
        image.max_pool2d_with_indices::<dims![2, 2], dims![2, 2], dims![0, 0], dims![1, 1]>();
    let options = MaxPool {
        stride: Some([2, 2]),
        ..MaxPool::default()
    };
    assert_eq!(
        (dynamic(&values), dynamic(&places)),
        functional::max_pool2d_with_indices(&dimage, 2, options).unwrap()
    );
    same! {
        values.max_unpool2d::<dims![7, 5]>(&places).unwrap()
            => functional::max_unpool2d(&dynamic(&values), &dynamic(&places), [7, 5]).unwrap(), dims![2, 3, 7, 5];
    }
    assert!(values.max_unpool2d::<dims![2, 2]>(&places).is_err());
    assert!(line.lp_pool1d::<dims![2], dims![1]>(0.).is_err());
    let batch = Tensor::<dims![Batch, 2, 4]>::full_of(1.0, &[3, 2, 4]).unwrap();
    let pooled: Tensor<dims![Batch, 2, 1]> = batch.adaptive_avg_pool1d::<dims![1]>();
    assert_eq!(pooled.sizes(), [3, 2, 1]);
}

#[test]
fn images_are_resized_by_sizes_and_by_factors() {
    let (line, image) = (counted::<dims![2, 3, 4]>(), counted::<dims![1, 2, 3, 5]>());
    let (dline, dimage) = (dynamic(&line), dynamic(&image));
    let smooth = Interpolate {
        mode: Interpolation::Cubic,
        ..Interpolate::default()
    };
    same! {
        line.interpolate::<dims![7]>(Interpolate::default()).unwrap()
            => functional::interpolate(&dline, Resize::Sizes(&[7]), Interpolate::default()).unwrap(), dims![2, 3, 7];
        image.interpolate::<dims![2, 9]>(smooth).unwrap()
            => functional::interpolate(&dimage, Resize::Sizes(&[2, 9]), smooth).unwrap(), dims![1, 2, 2, 9];
        image.upsample::<dims![2, 3]>(smooth).unwrap()
            => functional::interpolate(&dimage, Resize::Factors(&[2., 3.]), smooth).unwrap(), dims![1, 2, 6, 15];
    }
    assert!(line.interpolate::<dims![7]>(smooth).is_err());
    let named = Tensor::<dims![Batch, 1, 2]>::full_of(1.0, &[3, 1, 2]).unwrap();
    let large: Tensor<dims![Batch, 1, 4]> = named.upsample::<dims![2]>(Interpolate::default()).unwrap();
    assert_eq!(large.sizes(), [3, 1, 4]);
}

#[test]
fn images_are_seen_through_grids_and_as_patches() {
    let image = counted::<dims![1, 2, 3, 5]>();
    let volume = counted::<dims![2, 1, 2, 3, 2]>();
    let theta = counted::<dims![1, 2, 3]>();
    let deep = counted::<dims![2, 3, 4]>();
    let grid: Tensor<dims![1, 4, 2, 2]> = theta.affine_grid::<dims![4, 2]>(false);
    let deep_grid: Tensor<dims![2, 1, 2, 3, 3]> = deep.affine_grid::<dims![1, 2, 3]>(true);
    same! {
        theta.affine_grid::<dims![4, 2]>(false) => functional::affine_grid(&dynamic(&theta), &[4, 2], false).unwrap(), dims![1, 4, 2, 2];
        image.grid_sample(&grid, GridSample::default()).unwrap()
            => functional::grid_sample(&dynamic(&image), &dynamic(&grid), GridSample::default()).unwrap(), dims![1, 2, 4, 2];
        volume.grid_sample(&deep_grid, GridSample::default()).unwrap()
            => functional::grid_sample(&dynamic(&volume), &dynamic(&deep_grid), GridSample::default()).unwrap(), dims![2, 1, 1, 2, 3];
        counted::<dims![2, 4, 6]>().pixel_unshuffle::<dim![2]>()
            => functional::pixel_unshuffle(&dynamic(&counted::<dims![2, 4, 6]>()), 2).unwrap(), dims![8, 2, 3];
        counted::<dims![2, 6, 3]>().channel_shuffle::<dim![3]>()
            => functional::channel_shuffle(&dynamic(&counted::<dims![2, 6, 3]>()), 3).unwrap(), dims![2, 6, 3];
    }
    let options = Unfold {
        stride: [2, 1],
        padding: [1, 0],
        dilation: [1, 2],
    };
    let patches: Tensor<dims![1, 12, 6]> = image.patches::<dims![3, 2], dims![2, 1], dims![1, 0], dims![1, 2]>();
    let expected = functional::unfold(&dynamic(&image), [3, 2], options).unwrap();
    assert_eq!(dynamic(&patches), expected);
    same! {
        patches.fold::<dims![3, 5], dims![3, 2], dims![2, 1], dims![1, 0], dims![1, 2]>()
            => functional::fold(&expected, [3, 5], [3, 2], options).unwrap(), dims![1, 2, 3, 5];
    }
}

#[test]
fn pools_may_make_nothing() {
    let x = counted::<dims![1, 2, 3]>();
    assert_eq!(x.adaptive_avg_pool1d::<dims![0]>().sizes(), [1, 2, 0]);
    assert_eq!(x.adaptive_max_pool1d::<dims![0]>().sizes(), [1, 2, 0]);
}
