//! Reductions along axes in types, against the dynamic ones.

use tensor::Interpolation;
use tensor::prelude::*;

macro_rules! same_as_dynamic {
    ($x:ident: $($name:ident($($argument:expr),*);)*) => {
        $({
            let any = $x.clone().into_dynamic();
            let gone: Tensor<dims![3], _> = $x.$name::<Axes<0, -1>>($($argument),*);
            assert_eq!(gone.into_dynamic(), any.$name(&[0, 2] $(, $argument)*, false).unwrap());
            let kept: Tensor<dims![2, 1, 4], _> = $x.$name::<KeptAxes<1>>($($argument),*);
            assert_eq!(kept.into_dynamic(), any.$name(&[1] $(, $argument)*, true).unwrap());
            let all: Tensor<dims![], _> = $x.$name::<Axes<2, 0, 1>>($($argument),*);
            assert_eq!(all.into_dynamic(), any.$name(&[0, 1, 2] $(, $argument)*, false).unwrap());
        })*
    };
}

fn sample() -> Tensor<dims![2, 3, 4]> {
    Tensor::from_vec((0..24).map(|i| ((i * 7) % 11) as f32 / 4. - 1.).collect(), &[2, 3, 4]).unwrap()
}

#[test]
fn several_axes_go_or_stay() {
    let x = sample();
    same_as_dynamic! { x:
        sum_axes(); prod_axes(); nansum_axes(); logsumexp(); any_axes(); all_axes(); count_nonzero_axes(); amax(); amin();
        mean_axes(); nanmean_axes(); var_axes(1.); std_axes(0.);
    }
    let (var, mean): (Tensor<dims![2, 1, 4]>, _) = x.var_mean::<KeptAxes<1>>(1.);
    assert_eq!(
        (var, mean),
        (x.var_axes::<KeptAxes<1>>(1.), x.mean_axes::<KeptAxes<1>>())
    );
    let norms: Tensor<dims![2, 4]> = x.norm::<Axes<1>>(2.);
    assert_eq!(
        norms.into_dynamic(),
        x.clone().into_dynamic().norm(2., &[1], false).unwrap()
    );
}

#[test]
fn one_axis_goes_and_gives_places() {
    let x = sample();
    let any = x.clone().into_dynamic();
    let (values, places): (Tensor<dims![2, 4]>, Tensor<dims![2, 4], i64>) = x.max_with_index::<1>();
    let (expected, at) = any.max_with_index(1, false).unwrap();
    assert_eq!((values.into_dynamic(), places.clone().into_dynamic()), (expected, at));
    assert_eq!(x.argmax_axis::<1>(), places);
    assert_eq!(x.min_with_index::<-1>().1, x.argmin_axis::<2>());
    let (median, _): (Tensor<dims![3, 4]>, _) = x.median_axis::<0>();
    assert_eq!(median.into_dynamic(), any.median_axis(0, false).unwrap().0);
}

#[test]
fn running_results_keep_the_shape() {
    let x = sample();
    let any = x.clone().into_dynamic();
    assert_eq!(x.cumsum::<1>().into_dynamic(), any.cumsum(1).unwrap());
    assert_eq!(x.cumprod::<-1>().into_dynamic(), any.cumprod(2).unwrap());
    assert_eq!(x.logcumsumexp::<0>().into_dynamic(), any.logcumsumexp(0).unwrap());
    assert_eq!(x.cummax::<1>().1.into_dynamic(), any.cummax(1).unwrap().1);
}

#[test]
fn quantiles_stand_in_front_of_the_axes_that_stay() {
    let x = sample();
    let any = x.clone().into_dynamic();
    let q = tensor![0., 0.3, 1.];
    let (at, between) = (q.clone().into_dynamic(), Interpolation::Linear);
    let one: Tensor<dims![2, 4]> = x.quantile::<1>(0.3, between).unwrap();
    assert_eq!(one.into_dynamic(), any.quantile(0.3, Some(1), false, between).unwrap());
    let all: Tensor<dims![3, 2, 3]> = x.quantiles::<-1, _>(&q, between).unwrap();
    assert_eq!(all.into_dynamic(), any.quantiles(&at, Some(2), false, between).unwrap());

    let holes = x.log();
    let any = holes.clone().into_dynamic();
    let all: Tensor<dims![3, 3, 4]> = holes.nanquantiles::<0, _>(&q, between).unwrap();
    let expected = any.nanquantiles(&at, Some(0), false, between).unwrap();
    assert_eq!(present(all.to_vec().unwrap()), present(expected.to_vec().unwrap()));
    let one: Tensor<dims![3, 4]> = holes.nanquantile::<0>(1.0, between).unwrap();
    assert_eq!(
        present(one.to_vec().unwrap()),
        present(expected.to_vec().unwrap()[24..].to_vec())
    );
}

/// Numbers in which NaN is NaN.
fn present(values: Vec<f32>) -> Vec<Option<f32>> {
    values
        .into_iter()
        .map(|value| (!value.is_nan()).then_some(value))
        .collect()
}

#[test]
fn quantiles_of_nothing_and_outside_are_errors() {
    let between = Interpolation::Nearest;
    assert!(sample().quantile::<0>(1.5, between).is_err());
    assert!(Tensor::<dims![2, 0]>::zeros().quantile::<1>(0.5, between).is_err());
    assert!(sample().nanquantiles::<0, _>(&tensor![0.5, -0.1], between).is_err());
    let none: Tensor<dims![0, 3, 4]> = sample()
        .quantiles::<0, _>(&Tensor::<dims![0]>::zeros(), between)
        .unwrap();
    assert_eq!(none.sizes(), [0, 3, 4]);
    let named = Tensor::<dims![Batch, 2]>::full_of(1.0, &[3, 2]).unwrap();
    let q = Tensor::<dims![Batch]>::full_of(0.5, &[2]).unwrap();
    assert!(named.quantiles::<1, _>(&q, between).is_err());
}
