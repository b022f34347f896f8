//! Fourier transforms and products: there and back, what is refused, sizes of 0 and 1, floats of 16 bits.

use tensor::fft::{self, Norm, Stft};
use tensor::prelude::*;
use tensor::{Complex, bf16, einsum};

use crate::doubles::{Double, near, numbers};
use crate::refused;

#[test]
fn there_and_back() {
    for n in [1, 2, 3, 5, 7, 8, 12, 31] {
        let x = numbers(&[2, n, 3], n as u64);
        for norm in [Norm::Backward, Norm::Ortho, Norm::Forward] {
            let z = fft::fft(&x, None, 1, norm).unwrap();
            near(&fft::ifft(&z, None, 1, norm).unwrap().real(), &x);
            let half = fft::rfft(&x, None, 1, norm).unwrap();
            near(&fft::irfft(&half, Some(n), 1, norm).unwrap(), &x);
            near(
                &fft::hfft(&fft::ihfft(&x, None, 1, norm).unwrap(), Some(n), 1, norm).unwrap(),
                &x,
            );
            let all = fft::fftn(&x, None, None, norm).unwrap();
            near(&fft::ifftn(&all, None, None, norm).unwrap().real(), &x);
            let half = fft::rfftn(&x, None, Some(&[0, 1]), norm).unwrap();
            near(&fft::irfftn(&half, Some(&[2, n]), Some(&[0, 1]), norm).unwrap(), &x);
        }
        let turned = fft::fftshift(&x, None).unwrap();
        assert_eq!(fft::ifftshift(&turned, None).unwrap(), x);
    }
}

#[test]
fn a_transform_is_its_sum() {
    let x = numbers(&[5], 1);
    let z = fft::fft(&x, None, -1, Norm::Backward).unwrap().to_vec().unwrap();
    for (k, &(re, im)) in z.iter().enumerate() {
        let angle = |j: usize| -2.0 * std::f64::consts::PI * (j * k) as f64 / 5.0;
        let numbers = x.to_vec().unwrap();
        let real: f64 = numbers.iter().enumerate().map(|(j, x)| x * angle(j).cos()).sum();
        let imag: f64 = numbers.iter().enumerate().map(|(j, x)| x * angle(j).sin()).sum();
        assert!((re - real).abs() < 1e-12 && (im - imag).abs() < 1e-12);
    }
}

#[test]
fn real_numbers_of_any_type_are_transformed() {
    let whole = Tensor::<Dynamic, i64>::from(vec![1, 2, 3, 4]);
    let floats = whole.cast::<f32>();
    let of = fft::fft(&whole, None, 0, Norm::Ortho).unwrap();
    assert_eq!(of, fft::fft(&floats, None, 0, Norm::Ortho).unwrap());
    assert_eq!(of, fft::fft(&Complex::from(&floats), None, 0, Norm::Ortho).unwrap());
}

#[test]
fn what_cannot_be_transformed_is_refused() {
    let x = numbers(&[2, 3], 2);
    let norm = Norm::Backward;
    refused(fft::fft(&x, None, 2, norm), &["`fft`", "axis 2"]);
    refused(fft::fft(&x, Some(0), 0, norm), &["`fft`", "at least one"]);
    refused(fft::fft(&x, Some(usize::MAX), 0, norm), &["`fft`", "memory"]);
    refused(fft::irfft(&numbers(&[1], 3), None, 0, norm), &["`irfft`"]);
    refused(fft::irfftn(&numbers(&[2, 1], 3), None, None, norm), &["`irfftn`"]);
    refused(fft::fftn(&x, None, Some(&[0, -2]), norm), &["twice"]);
    refused(fft::fftn(&x, Some(&[2]), Some(&[0, 1]), norm), &["2 axes"]);
    refused(fft::fftn(&x, Some(&[2, 2, 2]), None, norm), &["at least 3 axes"]);
    refused(fft::rfftn(&x, None, Some(&[]), norm), &["axes"]);
    refused(
        fft::rfft(&Double::from_vec(vec![], &[2, 0]).unwrap(), None, -1, norm),
        &["`rfft`"],
    );
    refused(fft::fftshift(&x, Some(&[-3])), &["axis -3"]);
    refused(fft::fftfreq::<f32>(0, 1.0), &["`fftfreq`"]);
    refused(Complex::from_parts(&x, &numbers(&[2, 2], 4)), &["[2, 3]", "[2, 2]"]);
    refused(Complex::view_as_complex(&x), &["size 2"]);
}

#[test]
fn frames_that_do_not_fit_are_refused() {
    let x = numbers(&[8], 5);
    refused(fft::stft(&x, &Stft::new(0)), &["n_fft"]);
    refused(fft::stft(&x, &Stft::new(3)), &["hop 0"]);
    refused(fft::stft(&x, &Stft::new(usize::MAX)), &["memory"]);
    let far = Stft {
        hop: Some(usize::MAX),
        ..Stft::new(4)
    };
    assert_eq!(fft::stft(&x, &far).unwrap().sizes(), [3, 1]);
    refused(fft::stft(&x, &Stft::new(32)), &["`stft`", "found 8"]);
    let flat = Stft {
        center: false,
        ..Stft::new(16)
    };
    refused(fft::stft(&x, &flat), &["at least 16"]);
    refused(fft::stft(&numbers(&[1, 2, 8], 6), &Stft::new(4)), &["[1, 2, 8]"]);
    let window = numbers(&[5], 7);
    refused(
        fft::stft(
            &x,
            &Stft {
                window: Some(&window),
                ..Stft::new(4)
            },
        ),
        &["window"],
    );
    let z = fft::stft(&x, &Stft::new(4)).unwrap();
    refused(fft::istft(&z, &Stft::new(8), None), &["`istft`"]);
    let gaps = Stft {
        hop: Some(6),
        ..Stft::new(4)
    };
    let z = fft::stft(&numbers(&[20], 8), &gaps).unwrap();
    refused(fft::istft(&z, &gaps, None), &["gap"]);
}

#[test]
fn equations_that_are_none_are_refused() {
    let (a, b) = (numbers(&[2, 3], 9), numbers(&[3, 4], 10));
    let of = |equation: &str| einsum(equation, &[&a, &b]);
    assert_eq!(of("ij,jk").unwrap(), a.mm(&b).unwrap());
    assert_eq!(of(" i j , j k -> k i ").unwrap().sizes(), [4, 2]);
    assert_eq!(einsum("...ij->...ji", &[&a]).unwrap(), a.transpose(0, 1).unwrap());
    assert_eq!(
        einsum("ba", &[&a]).unwrap(),
        a.transpose(0, 1).unwrap(),
        "in alphabetical order"
    );
    for (equation, words) in [
        ("ij", &["1 operands"][..]),
        ("ij,ij->ij", &["`i`", "2", "3"]),
        ("ij,jk->il", &["`il`"]),
        ("ij,jk->ii", &["once"]),
        ("ijk,jk->i", &["`ijk`", "[2, 3]"]),
        ("i,jk->i", &["`i`", "[2, 3]"]),
        ("i1,jk->i", &["letters"]),
        ("i..,jk->i", &["letters"]),
        ("ii,jk->i", &["`i`", "[2, 3]"]),
        ("ij,jk->i->k", &["letters"]),
    ] {
        refused(of(equation), words);
    }
    refused(einsum::<f64>("", &[]), &["operands"]);
}

#[test]
fn products_that_do_not_fit_are_refused() {
    let (a, v) = (numbers(&[2, 3], 11), numbers(&[3], 12));
    refused(a.mm(&a), &["`mm`", "[m, k] and [k, n]", "[2, 3] and [2, 3]"]);
    refused(a.bmm(&a), &["`bmm`"]);
    refused(a.mv(&a), &["`mv`"]);
    refused(v.dot(&a), &["`dot`"]);
    refused(a.outer(&v), &["`outer`"]);
    refused(a.inner(&numbers(&[2], 13)), &["`inner`", "[2]"]);
    refused(v.addmm(&a, &a, 1.0, 1.0), &["`addmm`"]);
    refused(numbers(&[4], 14).addmv(&a, &v, 1.0, 1.0), &["`addmv`", "[2]"]);
    refused(a.cross(&a, 0), &["`cross`", "axis 0"]);
    refused(a.tensordot(&a, 1), &["`tensordot`"]);
    refused(a.tensordot(&a, 3), &["3 axes"]);
    refused(a.tensordot_axes(&a, &[0, 0], &[0, 1]), &["twice"]);
    refused(a.vecdot(&v, 3), &["axis 3"]);
}

#[test]
fn sums_of_products_are_rounded_once() {
    let a = Tensor::<Dynamic, f32>::from(vec![1.0, 1.0 / 256.0]).cast::<bf16>();
    let (row, column) = (a.unsqueeze(0).unwrap(), a.unsqueeze(1).unwrap());
    let one = Tensor::<Dynamic, f32>::from(vec![-1.0]).cast::<bf16>();
    let out = one.addmm(&row, &column, 1.0, 1.0).unwrap();
    assert_eq!(out.to_vec().unwrap()[0].to_f32(), 1.0 / 65536.0);
    let lost = &one * bf16::NAN;
    assert_eq!(
        lost.addmm(&row, &column, 0.0, 1.0).unwrap().to_vec().unwrap()[0].to_f32(),
        1.0
    );
}

#[test]
fn sizes_that_overflow_beside_a_size_of_0_are_refused_or_empty() {
    let none = Double::from_vec(vec![], &[2, 0, 4]).unwrap();
    let huge = 1 << 62;
    assert_eq!(none.repeat_interleave(huge, Some(1)).unwrap().sizes(), [2, 0, 4]);
    refused(fft::rfftn(&none, Some(&[huge]), None, Norm::Backward), &["memory"]);
    assert_eq!(
        Double::eye(0, isize::MAX as usize).unwrap().sizes(),
        [0, isize::MAX as usize]
    );
    let places = Tensor::<Dynamic, i64>::from(vec![0, 1]);
    refused(places.unravel_index(&[usize::MAX, 0, 4]), &["index 0"]);
    let number = Double::from_vec(vec![2.0], &[]).unwrap();
    assert_eq!(
        fft::fftn(&number, None, None, Norm::Backward).unwrap().real().sizes(),
        [0; 0]
    );
}
