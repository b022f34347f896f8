//! Fourier transforms of typed tensors, against the functions.

use tensor::fft::{self, Beyond, Norm, Stft};
use tensor::prelude::*;
use tensor::{Complex, Float};

use crate::counted::{counted, dynamic};
use crate::same;

/// The pairs of complex numbers, with their sizes.
fn pairs<S: Shape, T: Float>(z: &Complex<T, S>) -> (Vec<usize>, Vec<(T, T)>) {
    (z.sizes().to_vec(), z.to_vec().unwrap())
}

macro_rules! spectra {
    ($($typed:expr => $dynamic:expr, $shape:ty;)*) => {
        $({
            let typed: Complex<f32, $shape> = $typed.unwrap();
            assert_eq!(pairs(&typed), pairs(&$dynamic.unwrap()), "{}", stringify!($typed));
        })*
    };
}

#[test]
fn whole_transforms_keep_the_shape() {
    let x = counted::<dims![2, 3, 5]>();
    let d = dynamic(&x);
    let z = x.fft::<1>(Norm::Ortho).unwrap();
    let dz = fft::fft(&d, None, 1, Norm::Ortho).unwrap();
    spectra! {
        x.fft::<-1>(Norm::Forward) => fft::fft(&d, None, -1, Norm::Forward), dims![2, 3, 5];
        x.ifft::<0>(Norm::Backward) => fft::ifft(&d, None, 0, Norm::Backward), dims![2, 3, 5];
        z.ifft::<1>(Norm::Ortho) => fft::ifft(&dz, None, 1, Norm::Ortho), dims![2, 3, 5];
        x.fft2(Norm::Backward) => fft::fft2(&d, None, [-2, -1], Norm::Backward), dims![2, 3, 5];
        z.ifft2(Norm::Backward) => fft::ifft2(&dz, None, [-2, -1], Norm::Backward), dims![2, 3, 5];
        x.fftn::<Axes<0, 2>>(Norm::Backward) => fft::fftn(&d, None, Some(&[0, 2]), Norm::Backward), dims![2, 3, 5];
        z.ifftn::<Axes<0, -1, 1>>(Norm::Backward) => fft::ifftn(&dz, None, Some(&[0, -1, 1]), Norm::Backward), dims![2, 3, 5];
    }
    same! {
        x.fftshift::<Axes<1, 2>>() => fft::fftshift(&d, Some(&[1, 2])).unwrap(), dims![2, 3, 5];
        x.ifftshift::<Axes<-1>>() => fft::ifftshift(&d, Some(&[-1])).unwrap(), dims![2, 3, 5];
        z.abs() => dz.abs(), dims![2, 3, 5];
        z.imag() => dz.imag(), dims![2, 3, 5];
    }
    let named = Tensor::<dims![Batch, 4]>::full_of(1.0, &[3, 4]).unwrap();
    let of_batch: Complex<f32, dims![Batch, 4]> = named.fft::<0>(Norm::Backward).unwrap();
    assert_eq!(of_batch.sizes(), [3, 4]);
    assert!(Tensor::<dims![0]>::zeros().fft::<0>(Norm::Backward).is_err());
}

#[test]
fn halves_have_half_the_size_and_one() {
    let (odd, even) = (counted::<dims![2, 5]>(), counted::<dims![2, 6]>());
    let (dodd, deven) = (dynamic(&odd), dynamic(&even));
    let (zodd, zeven) = (
        odd.rfft::<1>(Norm::Backward).unwrap(),
        even.rfft::<1>(Norm::Backward).unwrap(),
    );
    spectra! {
        odd.rfft::<1>(Norm::Backward) => fft::rfft(&dodd, None, 1, Norm::Backward), dims![2, 3];
        even.rfft::<1>(Norm::Backward) => fft::rfft(&deven, None, 1, Norm::Backward), dims![2, 4];
        even.rfft::<0>(Norm::Backward) => fft::rfft(&deven, None, 0, Norm::Backward), dims![2, 6];
        odd.rfft2(Norm::Ortho) => fft::rfft2(&dodd, None, Norm::Ortho), dims![2, 3];
        even.rfftn::<Axes<1>, 0>(Norm::Ortho) => fft::rfftn(&deven, None, Some(&[1, 0]), Norm::Ortho), dims![2, 6];
        even.ihfft::<-1>(Norm::Backward) => fft::ihfft(&deven, None, -1, Norm::Backward), dims![2, 4];
    }
    let back: Tensor<dims![2, 5]> = zodd.irfft::<1, dim![5]>(Norm::Backward).unwrap();
    tensor::testing::assert_close(&back, &odd);
    let back: Tensor<dims![2, 6]> = zeven.irfft::<1, dim![6]>(Norm::Backward).unwrap();
    tensor::testing::assert_close(&back, &even);
    let back: Tensor<dims![2, 5]> = odd.rfft2(Norm::Ortho).unwrap().irfft2::<dim![5]>(Norm::Ortho).unwrap();
    tensor::testing::assert_close(&back, &odd);
    let both = even.rfftn::<Axes<0>, -1>(Norm::Ortho).unwrap();
    let back: Tensor<dims![2, 6]> = both.irfftn::<Axes<0>, -1, dim![6]>(Norm::Ortho).unwrap();
    tensor::testing::assert_close(&back, &even);
    let back: Tensor<dims![2, 6]> = even
        .ihfft::<1>(Norm::Forward)
        .unwrap()
        .hfft::<1, dim![6]>(Norm::Forward)
        .unwrap();
    tensor::testing::assert_close(&back, &even);
    assert!(even.rfftn::<Axes<1>, -1>(Norm::Ortho).is_err());
}

#[test]
fn signals_fall_into_frames() {
    let x = counted::<dims![2, 21]>();
    let window = tensor![0.5, 1., 1., 0.5];
    let dwindow = dynamic(&window);
    let frames = Stft {
        hop: Some(2),
        window: Some(&dwindow),
        ..Stft::new(5)
    };
    let z: Complex<f32, dims![2, 3, 11]> = x.stft::<dim![5], dim![2], _>(&window, Beyond::Reflect).unwrap();
    assert_eq!(pairs(&z), pairs(&fft::stft(&dynamic(&x), &frames).unwrap()));
    let back: Tensor<dims![2, 21]> = z.istft::<dim![5], dim![2], dim![21], _>(&window).unwrap();
    tensor::testing::assert_close(&back, &x);
    let one: Complex<f32, dims![5, 3]> = counted::<dims![5]>()
        .stft::<dim![8], dim![2], _>(&window, Beyond::Zeros)
        .unwrap();
    assert_eq!(one.sizes(), [5, 3]);
    assert!(
        counted::<dims![3]>()
            .stft::<dim![8], dim![2], _>(&window, Beyond::Reflect)
            .is_err()
    );
    assert!(x.stft::<dim![3], dim![3], _>(&window, Beyond::Reflect).is_err());
}

#[test]
fn complex_numbers_have_shapes() {
    let (a, b) = (
        counted::<dims![2, 3, 2]>().view_as_complex(),
        counted::<dims![3, 2]>().view_as_complex(),
    );
    let (da, db) = (
        Complex::view_as_complex(&dynamic(&counted::<dims![2, 3, 2]>())).unwrap(),
        Complex::view_as_complex(&dynamic(&counted::<dims![3, 2]>())).unwrap(),
    );
    let sum: Complex<f32, dims![2, 3]> = a.add(&b);
    let difference: Complex<f32, dims![2, 3]> = b.sub(&a);
    let product: Complex<f32, dims![2, 3]> = a.mul(&b);
    assert_eq!(pairs(&sum), pairs(&da.add(&db).unwrap()));
    assert_eq!(pairs(&difference), pairs(&db.sub(&da).unwrap()));
    assert_eq!(pairs(&product), pairs(&da.mul(&db).unwrap()));
    same! {
        product.view_as_real() => da.mul(&db).unwrap().view_as_real(), dims![2, 3, 2];
        a.conj().scale(2.).angle() => da.conj().scale(2.).angle(), dims![2, 3];
    }
    let back: Complex<f32, dims![2, 3]> = Complex::from_parts(&a.real(), &a.imag()).unwrap();
    assert!(back == a);
}

#[test]
#[should_panic(expected = "`batch` of 1, as on the left")]
fn a_name_has_one_value_in_complex_sums() {
    let one = Tensor::<dims![Batch, 2]>::full_of(1.0, &[1, 2]).unwrap();
    let two = Tensor::<dims![Batch, 2]>::full_of(1.0, &[2, 2]).unwrap();
    one.view_as_complex().add(&two.view_as_complex());
}
