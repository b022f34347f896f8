//! Fourier transforms and products in both orders.

use tensor::autograd::{Tolerance, gradcheck, gradgradcheck};
use tensor::fft::{self, Beyond, Norm, Stft};
use tensor::prelude::*;
use tensor::{Complex, einsum};

type Double = Tensor<Dynamic, f64>;

fn numbers(sizes: &[usize], seed: u64) -> Double {
    Double::rand(sizes, seed).unwrap() - 0.5
}

#[track_caller]
fn both(f: impl Fn(&[Double]) -> tensor::Result<Double>, inputs: &[&Double]) {
    gradcheck(&f, inputs, Tolerance::default()).unwrap();
    gradgradcheck(&f, inputs, Tolerance::default()).unwrap();
}

/// The magnitudes: a function of both parts that is not linear.
fn seen(z: Complex<f64>) -> Double {
    z.abs()
}

#[test]
fn transforms_along_one_axis() {
    let x = numbers(&[3, 5], 1);
    let (re, im) = (numbers(&[2, 4], 2), numbers(&[2, 4], 3));
    for n in [None, Some(4), Some(7), Some(1)] {
        for norm in [Norm::Backward, Norm::Ortho, Norm::Forward] {
            both(|x| fft::fft(&x[0], n, 0, norm).map(seen), &[&x]);
            both(|x| fft::rfft(&x[0], n, -1, norm).map(seen), &[&x]);
            let of_pairs = |x: &[Double]| Complex::from_parts(&x[0], &x[1]);
            both(|x| fft::ifft(&of_pairs(x)?, n, -1, norm).map(seen), &[&re, &im]);
            both(
                |x| {
                    fft::irfft(&of_pairs(x)?, n, -1, norm)?
                        .sin()
                        .sub(&x[0].sum().into_dynamic())
                },
                &[&re, &im],
            );
            both(|x| fft::hfft(&of_pairs(x)?, n, -1, norm), &[&re, &im]);
        }
    }
}

#[test]
fn transforms_along_several_axes() {
    let x = numbers(&[2, 3, 4], 4);
    let norm = Norm::Ortho;
    both(|x| fft::fftn(&x[0], None, None, norm).map(seen), &[&x]);
    both(|x| fft::ifft2(&x[0], Some([4, 2]), [0, 2], norm).map(seen), &[&x]);
    both(|x| fft::rfftn(&x[0], None, Some(&[2, 0]), norm).map(seen), &[&x]);
    both(|x| fft::irfftn(&x[0], None, Some(&[1, 2]), norm), &[&x]);
    both(|x| fft::fftshift(&x[0], None)?.mul(&x[0]), &[&x]);
}

#[test]
fn transforms_of_frames() {
    let (x, window) = (numbers(&[2, 12], 5), numbers(&[5], 6) + 1.0);
    for beyond in [Beyond::Reflect, Beyond::Zeros, Beyond::Replicate, Beyond::Circular] {
        for onesided in [true, false] {
            let run = |x: &[Double]| {
                let options = Stft {
                    hop: Some(2),
                    window: Some(&x[1]),
                    beyond,
                    onesided,
                    normalized: true,
                    ..Stft::new(6)
                };
                let z = fft::stft(&x[0], &options)?;
                fft::istft(&z, &options, Some(11))?.add(&seen(z).sum().into_dynamic())
            };
            gradcheck(run, &[&x, &window], Tolerance::default()).unwrap();
        }
    }
}

#[test]
fn products() {
    let (a, b) = (numbers(&[2, 3], 7), numbers(&[3, 4], 8));
    let (c, d) = (numbers(&[2, 3, 2], 9), numbers(&[2, 2, 3], 10));
    both(|x| x[2].addmm(&x[0], &x[1], 0.5, -2.0), &[&a, &b, &numbers(&[4], 11)]);
    both(
        |x| x[2].baddbmm(&x[0], &x[1], 0.0, 2.0),
        &[&c, &d, &numbers(&[3, 3], 12)],
    );
    both(
        |x| x[2].addbmm(&x[0], &x[1], 1.0, 2.0),
        &[&c, &d, &numbers(&[3, 3], 13)],
    );
    both(|x| x[0].kron(&x[1]), &[&a, &c]);
    both(|x| x[0].cross(&x[1], 1), &[&a, &numbers(&[1, 3], 14)]);
    both(|x| x[0].vecdot(&x[1], -1), &[&c, &numbers(&[3, 2], 15)]);
    both(|x| x[0].tensordot_axes(&x[1], &[0, 1], &[0, 2]), &[&c, &d]);
    both(|x| x[0].inner(&x[1]), &[&a, &d]);
    both(
        |x| einsum("aij,bji,cj->ba", &[&x[0], &x[1], &x[2]]),
        &[&c, &d, &numbers(&[4, 2], 16)],
    );
    both(|x| einsum("...i,...j", &[&x[0], &x[1]]), &[&c, &numbers(&[3, 2], 17)]);
    both(|x| einsum("iji->j", &[&x[0]]), &[&numbers(&[2, 3, 2], 18)]);
    both(
        |x| tensor::linalg::multi_dot(&[&x[0], &x[1], &x[2]]),
        &[&a, &b, &numbers(&[4], 19)],
    );
}
