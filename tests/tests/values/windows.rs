//! Windows of signals, as `torch.signal.windows` gives them.

use tensor::signal::{self, Span};
use tensor::{Dynamic, Result, Tensor};
use tests::assert_close;

type Window = fn(usize, Span) -> Result<Tensor<Dynamic, f64>>;

#[test]
fn of_six_numbers() {
    // The first half; symmetric and periodic.
    #[rustfmt::skip]
    let windows: &[(&str, Window, [f64; 3], [f64; 4])] = &[
        ("hann", signal::hann, [0.0, 0.345491502813, 0.904508497187], [0.0, 0.25, 0.75, 1.0]),
        ("hamming", signal::hamming, [0.08, 0.397852182588, 0.912147817412], [0.08, 0.31, 0.77, 1.0]),
        ("blackman", signal::blackman, [0.0, 0.200770143263, 0.849229856737], [0.0, 0.13, 0.63, 1.0]),
        ("bartlett", signal::bartlett, [0.0, 0.4, 0.8], [0.0, 0.333333333333, 0.666666666667, 1.0]),
        ("nuttall", signal::nuttall, [0.0003628, 0.11051525305, 0.79825809695], [0.0003628, 0.0613345, 0.5292298, 1.0]),
        ("cosine", signal::cosine, [0.258819045103, std::f64::consts::FRAC_1_SQRT_2, 0.965925826289],
            [0.222520933956, 0.623489801859, 0.900968867902, 1.0]),
        ("gaussian", |len, span| signal::gaussian(len, 1.5, span), [0.249352208777, 0.606530659713, 0.945959468907],
            [0.135335283237, 0.411112290507, 0.800737402917, 1.0]),
        ("exponential", |len, span| signal::exponential(len, 2.0, span), [0.28650479686, 0.472366552741, 0.778800783071],
            [0.223130160148, 0.367879441171, 0.606530659713, 1.0]),
        ("kaiser", |len, span| signal::kaiser(len, 8.0, span), [0.002338830513, 0.226776841336, 0.859802081773],
            [0.002338830513, 0.152010697145, 0.652478674462, 1.0]),
    ];
    for (name, window, symmetric, periodic) in windows {
        let numbers = |len, span| window(len, span).and_then(|window| window.to_vec()).expect(name);
        let [a, b, c] = *symmetric;
        assert_close(name, &numbers(6, Span::Symmetric), &[a, b, c, c, b, a], 1e-11);
        let [a, b, c, d] = *periodic;
        assert_close(name, &numbers(6, Span::Periodic), &[a, b, c, d, c, b], 1e-11);
        for span in [Span::Symmetric, Span::Periodic] {
            assert_eq!((numbers(0, span), numbers(1, span)), (vec![], vec![1.0]), "{name}");
        }
    }
}

#[test]
fn wide_ones_stay_finite_and_wrong_ones_are_refused() {
    let wide = signal::kaiser::<f64>(5, 1000.0, Span::Symmetric).and_then(|window| window.to_vec());
    assert_close("kaiser", &wide.expect("a window"), &[0.0, 0.0, 1.0, 0.0, 0.0], 1e-9);
    assert!(signal::kaiser::<f32>(5, -1.0, Span::Symmetric).is_err());
    assert!(signal::gaussian::<f32>(5, 0.0, Span::Symmetric).is_err());
    assert!(signal::exponential::<f32>(5, f64::NAN, Span::Symmetric).is_err());
    assert!(signal::general_cosine::<f32>(5, &[], Span::Symmetric).is_err());
    assert!(signal::hann::<f32>(usize::MAX, Span::Periodic).is_err());
}
