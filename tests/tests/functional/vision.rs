//! Images in other sizes and at other places.

use tensor::autograd::{Tolerance, gradcheck};
use tensor::functional::{
    GridMode, GridPadding, GridSample, Interpolate, Interpolation, Resize, affine_grid, channel_shuffle, grid_sample,
    interpolate, pixel_shuffle, pixel_unshuffle,
};
use tensor::{Dynamic, Tensor};

use crate::{assert_near, assert_refused, doubles, numbers};

fn with(mode: Interpolation) -> Interpolate {
    Interpolate {
        mode,
        ..Interpolate::default()
    }
}

#[test]
fn the_same_size_changes_nothing() {
    let x = numbers::<f64>(&[2, 3, 4, 5], 1);
    for mode in [
        Interpolation::Nearest,
        Interpolation::NearestExact,
        Interpolation::Linear,
        Interpolation::Cubic,
        Interpolation::Area,
    ] {
        let same = interpolate(&x, Resize::Sizes(&[4, 5]), with(mode)).expect("sizes that fit");
        assert_near(&same, &doubles(&x), 1e-15);
    }
}

#[test]
fn neighbours_of_each_mode() {
    let x = Tensor::<Dynamic, f64>::from_vec(vec![0.0, 3.0, 6.0], &[1, 1, 3]).expect("sizes");
    let run =
        |size: usize, mode| doubles(&interpolate(&x, Resize::Sizes(&[size]), with(mode)).expect("sizes that fit"));
    assert_eq!(run(2, Interpolation::Nearest), [0.0, 3.0]);
    assert_eq!(run(2, Interpolation::NearestExact), [0.0, 6.0]);
    assert_eq!(run(2, Interpolation::Linear), [0.75, 5.25]);
    assert_eq!(run(2, Interpolation::Area), [1.5, 4.5]);
    assert_eq!(run(1, Interpolation::Linear), [3.0]);
    let doubled = interpolate(&x, Resize::Factors(&[2.0]), Interpolate::default()).expect("sizes that fit");
    assert_eq!(doubles(&doubled), [0.0, 0.0, 3.0, 3.0, 6.0, 6.0]);
}

#[test]
fn the_grid_of_the_identity_changes_nothing() {
    let x = numbers::<f64>(&[1, 2, 4, 5], 1);
    let identity = Tensor::from_vec(vec![1.0, 0.0, 0.0, 0.0, 1.0, 0.0], &[1, 2, 3]).expect("sizes");
    for align_corners in [false, true] {
        let grid = affine_grid(&identity, &[4, 5], align_corners).expect("sizes that fit");
        for mode in [GridMode::Linear, GridMode::Nearest, GridMode::Cubic] {
            for padding in [GridPadding::Zeros, GridPadding::Border, GridPadding::Reflection] {
                let options = GridSample {
                    mode,
                    padding,
                    align_corners,
                };
                let same = grid_sample(&x, &grid, options).expect("sizes that fit");
                assert_near(&same, &doubles(&x), 1e-12);
            }
        }
    }
}

#[test]
fn what_lies_outside() {
    let x = Tensor::<Dynamic, f64>::from_vec(vec![1.0, 2.0, 3.0, 4.0], &[1, 1, 1, 4]).expect("sizes");
    let places = [-3.0, 3.0, f64::NAN, f64::INFINITY, 1e300];
    let grid: Vec<f64> = places.iter().flat_map(|&x| [x, 0.0]).collect();
    let grid = Tensor::from_vec(grid, &[1, 1, 5, 2]).expect("sizes");
    let run = |padding| {
        let options = GridSample {
            padding,
            ..GridSample::default()
        };
        doubles(&grid_sample(&x, &grid, options).expect("sizes that fit"))
    };
    assert_eq!(run(GridPadding::Zeros), [0.0; 5]);
    assert_eq!(run(GridPadding::Border)[..2], [1.0, 4.0]);
    assert_eq!(run(GridPadding::Reflection)[..2], [4.0, 1.0]);
}

#[test]
fn gradients() {
    let x = numbers::<f64>(&[1, 2, 4, 5], 1);
    for mode in [
        Interpolation::Nearest,
        Interpolation::Linear,
        Interpolation::Cubic,
        Interpolation::Area,
    ] {
        let f = |of: &[Tensor<Dynamic, f64>]| interpolate(&of[0], Resize::Sizes(&[3, 7]), with(mode));
        gradcheck(f, &[&x], Tolerance::default()).expect("gradients of sizes");
    }
    let grid = numbers::<f64>(&[1, 3, 3, 2], 7);
    for mode in [GridMode::Linear, GridMode::Cubic] {
        for padding in [GridPadding::Zeros, GridPadding::Border, GridPadding::Reflection] {
            let options = GridSample {
                mode,
                padding,
                align_corners: false,
            };
            let f = |of: &[Tensor<Dynamic, f64>]| grid_sample(&of[0], &of[1], options);
            gradcheck(f, &[&x, &grid], Tolerance::default()).expect("gradients of places");
        }
    }
}

#[test]
fn channels_go_there_and_back() {
    let x = numbers::<f32>(&[2, 12, 3, 2], 1);
    let image = pixel_shuffle(&x, 2).expect("channels that fit");
    assert_eq!(image.sizes(), [2, 3, 6, 4]);
    assert_near(&pixel_unshuffle(&image, 2).expect("sizes that fit"), &doubles(&x), 0.0);
    let mixed = channel_shuffle(&x, 3).expect("channels that fit");
    assert_near(
        &channel_shuffle(&mixed, 4).expect("channels that fit"),
        &doubles(&x),
        0.0,
    );
}

#[test]
fn what_does_not_fit_is_refused() {
    let x = numbers::<f32>(&[2, 3, 4, 5], 1);
    assert_refused(pixel_shuffle(&x, 2), "`pixel_shuffle`");
    assert_refused(pixel_shuffle(&x, 0), "`pixel_shuffle`");
    assert_refused(pixel_shuffle(&x, usize::MAX), "`pixel_shuffle`");
    assert_refused(pixel_unshuffle(&x, 2), "height and width that 2 divides");
    assert_refused(channel_shuffle(&x, 2), "in 2 groups");
    let plain = Interpolate::default();
    assert_refused(interpolate(&x, Resize::Sizes(&[1, 2, 3]), plain), "`size`");
    assert_refused(interpolate(&x, Resize::Sizes(&[0]), plain), "with elements");
    assert_refused(interpolate(&x, Resize::Sizes(&[usize::MAX]), plain), "fit into memory");
    assert_refused(interpolate(&x, Resize::Factors(&[f64::NAN]), plain), "`scale_factor`");
    assert_refused(interpolate(&x, Resize::Factors(&[-1.0]), plain), "`scale_factor`");
    assert_refused(
        interpolate(
            &x,
            Resize::Sizes(&[2]),
            Interpolate {
                align_corners: true,
                ..plain
            },
        ),
        "`align_corners`",
    );
    assert_refused(
        interpolate(&numbers::<f32>(&[4, 5], 1), Resize::Sizes(&[2]), plain),
        "one to three axes",
    );
    assert_refused(
        grid_sample(&x, &numbers(&[1, 3, 3, 2], 1), GridSample::default()),
        "`grid_sample`",
    );
    assert_refused(
        grid_sample(&x, &numbers(&[2, 3, 3, 3], 1), GridSample::default()),
        "`grid_sample`",
    );
    assert_refused(
        affine_grid(&numbers::<f32>(&[1, 2, 2], 1), &[4, 4], false),
        "matrices [n, 2, 3]",
    );
}
