//! Random numbers follow their laws: moments, chi-square and Kolmogorov-Smirnov at a level of 1e-4, on fixed seeds.

use std::f64::consts::SQRT_2;

use tensor::random::{Generator, fork, manual_seed, rand};
use tensor::{Dynamic, Tensor, bf16, f16, threads};
use tests::assert_close;

/// The quantile of the normal law that one in 10,000 is above.
const BEYOND: f64 = 3.719;
/// What `D sqrt(n)` is above once in 10,000 times.
const DISTANCE: f64 = 2.2253;

/// Panics where counts differ from what is expected by more than chance. Few that are expected are joined.
#[track_caller]
fn chi_square(what: &str, counts: &[f64], expected: &[f64]) {
    let mut joined: Vec<(f64, f64)> = Vec::new();
    for (&count, &expected) in counts.iter().zip(expected) {
        match joined.last_mut() {
            Some(last) if last.1 < 10.0 || expected < 10.0 => *last = (last.0 + count, last.1 + expected),
            _ => joined.push((count, expected)),
        }
    }
    let sum: f64 = joined
        .iter()
        .map(|(count, expected)| (count - expected).powi(2) / expected)
        .sum();
    // Wilson and Hilferty's approximation.
    let degrees = joined.len() as f64 - 1.0;
    let part = 2.0 / (9.0 * degrees);
    let limit = degrees * (1.0 - part + BEYOND * part.sqrt()).powi(3);
    assert!(
        sum < limit,
        "{what}: chi-square is {sum}, and {limit} is the most of {degrees} degrees"
    );
}

/// Panics where numbers are not of a law with this distribution function.
#[track_caller]
fn kolmogorov_smirnov(what: &str, numbers: &Tensor<Dynamic, f64>, law: impl Fn(f64) -> f64) {
    let mut numbers = numbers.to_vec().expect("numbers");
    numbers.sort_unstable_by(f64::total_cmp);
    let n = numbers.len() as f64;
    let distance = |(index, &number): (usize, &f64)| {
        let law = law(number);
        (law - index as f64 / n).abs().max(((index + 1) as f64 / n - law).abs())
    };
    let distance = numbers.iter().enumerate().map(distance).fold(0.0, f64::max) * n.sqrt();
    assert!(distance < DISTANCE, "{what}: {distance} from the law");
}

/// Panics where mean or variance are not those of the law.
#[track_caller]
fn moments(what: &str, numbers: &Tensor<Dynamic, f64>, mean: f64, variance: f64) {
    let numbers = numbers.to_vec().expect("numbers");
    let n = numbers.len() as f64;
    let found = numbers.iter().sum::<f64>() / n;
    assert!(
        (found - mean).abs() < BEYOND * (variance / n).sqrt(),
        "{what}: mean {found}"
    );
    let found = numbers.iter().map(|number| (number - mean).powi(2)).sum::<f64>() / n;
    assert!((found / variance - 1.0).abs() < 0.03, "{what}: variance {found}");
}

fn counts(places: &[i64], of: usize) -> Vec<f64> {
    let mut counts = vec![0.0; of];
    for &place in places {
        counts[place as usize] += 1.0;
    }
    counts
}

const N: usize = 100_000;

#[test]
fn uniform_and_normal() {
    let generator = Generator::new(1);
    let x = generator.rand(&[N]).expect("room");
    kolmogorov_smirnov("rand", &x, |x| x.clamp(0.0, 1.0));
    moments("rand", &x, 0.5, 1.0 / 12.0);
    let x = generator.uniform(-2.0, 6.0, &[N]).expect("bounds in order");
    kolmogorov_smirnov("uniform", &x, |x| ((x + 2.0) / 8.0).clamp(0.0, 1.0));
    let x = generator.normal(3.0, 2.0, &[N]).expect("a deviation");
    moments("normal", &x, 3.0, 4.0);
    let standard = x.affine(0.5 / SQRT_2, -1.5 / SQRT_2).erf();
    kolmogorov_smirnov("normal", &standard, |erf| (1.0 + erf) / 2.0);
}

#[test]
fn exponential_and_gamma() {
    let generator = Generator::new(2);
    let x = generator.exponential(2.5, &[N]).expect("a rate");
    kolmogorov_smirnov("exponential", &x, |x| 1.0 - (-2.5 * x).exp());
    moments("exponential", &x, 0.4, 0.16);
    for shape in [0.5, 1.0, 3.0, 40.0] {
        let shapes = Tensor::<Dynamic, f64>::full_of(shape, &[N]).expect("room");
        let x = generator.gamma(&shapes).expect("shapes above 0");
        moments("gamma", &x, shape, shape);
        if shape < 1.0 {
            kolmogorov_smirnov("gamma", &x.sqrt().erf(), |erf| erf);
            continue;
        }
        // Fewer than `shape` events of rate 1 until then.
        let fewer = |x: f64| {
            let terms = (1..shape as usize).scan((-x).exp(), |term, count| {
                *term *= x / count as f64;
                Some(*term)
            });
            (-x).exp() + terms.sum::<f64>()
        };
        kolmogorov_smirnov("gamma", &x, |x| 1.0 - fewer(x));
    }
}

#[test]
fn poisson() {
    let generator = Generator::new(3);
    for rate in [0.0, 0.5, 4.0, 9.99, 10.0, 35.0, 300.0] {
        let rates = Tensor::<Dynamic, f64>::full_of(rate, &[N]).expect("room");
        let x = generator.poisson(&rates).expect("rates from 0 on");
        if rate == 0.0 {
            assert!(x.to_vec().expect("numbers").iter().all(|&count| count == 0.0));
            continue;
        }
        moments("poisson", &x, rate, rate);
        let places: Vec<i64> = x.cast::<i64>().to_vec().expect("numbers");
        let most = (rate + 10.0 * rate.sqrt() + 10.0) as usize;
        let mut chance = (-rate).exp() * N as f64;
        let mut expected = Vec::new();
        for count in 0..most {
            expected.push(chance);
            chance *= rate / (count as f64 + 1.0);
        }
        chi_square(&format!("poisson {rate}"), &counts(&places, most), &expected);
    }
}

#[test]
fn whole_numbers() {
    let generator = Generator::new(4);
    let places = generator
        .randint::<i64>(-3, 14, &[N])
        .expect("a range")
        .to_vec()
        .expect("numbers");
    let places: Vec<i64> = places.iter().map(|place| place + 3).collect();
    chi_square("randint", &counts(&places, 17), &[N as f64 / 17.0; 17]);
    assert!(generator.randint::<i64>(i64::MIN, i64::MAX, &[100]).is_ok());
    // Where each number of a permutation is.
    let mut seen = vec![0.0; 25];
    for _ in 0..10_000 {
        let order = generator.randperm(5).expect("room").to_vec().expect("numbers");
        for (place, number) in order.iter().enumerate() {
            seen[place * 5 + *number as usize] += 1.0;
        }
    }
    chi_square("randperm", &seen, &[2000.0; 25]);
}

#[test]
fn by_weight() {
    let generator = Generator::new(5);
    let p = Tensor::<Dynamic, f64>::full_of(0.3, &[N]).expect("room");
    moments("bernoulli", &generator.bernoulli(&p).expect("probabilities"), 0.3, 0.21);
    let weights = [1.0, 0.0, 4.0, 2.0, 3.0];
    let x = Tensor::<Dynamic, f64>::from(weights.to_vec());
    let places = generator
        .multinomial(&x, N, true)
        .expect("weights")
        .to_vec()
        .expect("numbers");
    let found = counts(&places, 5);
    assert_eq!(found[1], 0.0);
    let expected: Vec<f64> = weights.iter().map(|weight| weight * N as f64 / 10.0).collect();
    chi_square(
        "with replacement",
        &[found[0], found[2], found[3], found[4]],
        &[expected[0], expected[2], expected[3], expected[4]],
    );
    // Pairs without replacement, by the law of what is left.
    let rows = x.expand(&[20_000, 5]).expect("a row for each");
    let pairs = generator
        .multinomial(&rows, 2, false)
        .expect("weights")
        .to_vec()
        .expect("numbers");
    let (mut found, mut expected) = (Vec::new(), Vec::new());
    for (first, &one) in weights.iter().enumerate() {
        for (second, &other) in weights.iter().enumerate() {
            if first != second && one * other > 0.0 {
                let both = |pair: &&[i64]| pair[0] as usize == first && pair[1] as usize == second;
                found.push(pairs.chunks(2).filter(both).count() as f64);
                expected.push(20_000.0 * one / 10.0 * other / (10.0 - one));
            }
        }
    }
    assert_eq!(found.iter().sum::<f64>(), 20_000.0);
    chi_square("without replacement", &found, &expected);
}

#[test]
fn what_is_no_law_is_refused() {
    let generator = Generator::new(6);
    let numbers = |numbers: &[f64]| Tensor::<Dynamic, f64>::from(numbers.to_vec());
    assert!(generator.uniform::<f32>(1.0, 0.0, &[1]).is_err());
    assert!(generator.uniform::<f32>(f64::MIN, f64::MAX, &[1]).is_err());
    assert!(generator.normal::<f32>(0.0, -1.0, &[1]).is_err());
    assert!(generator.exponential::<f32>(0.0, &[1]).is_err());
    assert!(generator.randint::<i64>(3, 3, &[1]).is_err());
    assert!(generator.rand::<f32>(&[usize::MAX, 2]).is_err());
    assert!(generator.randperm(usize::MAX).is_err());
    assert!(generator.bernoulli(&numbers(&[1.5])).is_err());
    assert!(generator.gamma(&numbers(&[0.0])).is_err());
    assert!(generator.poisson(&numbers(&[f64::NAN])).is_err());
    for weights in [&[][..], &[0.0, 0.0], &[-1.0, 2.0], &[f64::INFINITY, 1.0]] {
        assert!(
            generator.multinomial(&numbers(weights), 1, true).is_err(),
            "{weights:?}"
        );
    }
    assert!(generator.multinomial(&numbers(&[1.0, 0.0]), 2, false).is_err());
    assert!(
        generator
            .multinomial(&numbers(&[1.0]).reshape(&[1, 1, 1]).expect("one"), 1, true)
            .is_err()
    );
}

#[test]
fn the_same_seed_is_the_same_numbers() {
    let bits = |count| {
        threads::set(count);
        let generator = Generator::new(7);
        let rates = Tensor::<Dynamic, f32>::full_of(12.0, &[70_001]).expect("room");
        [
            generator.rand(&[70_001]).expect("room"),
            generator.randn(&[70_001]).expect("room"),
            generator.poisson(&rates).expect("rates"),
            generator.gamma(&rates).expect("shapes"),
            generator.exponential(1.0, &[70_001]).expect("a rate"),
        ]
        .map(|x: Tensor<Dynamic>| x.to_vec().expect("numbers"))
    };
    assert!(bits(1) == bits(3));
    threads::set(0);

    let generator = Generator::new(7);
    let first = generator.randn::<f64>(&[9]).expect("room");
    assert_ne!(generator.randn::<f64>(&[9]).expect("room"), first);
    let clone = generator.clone();
    assert_eq!(
        clone.randn::<f64>(&[9]).expect("room"),
        generator.randn(&[9]).expect("room")
    );
    generator.manual_seed(7);
    assert_eq!(generator.randn::<f64>(&[9]).expect("room"), first);
    assert_ne!(Generator::new(8).randn::<f64>(&[9]).expect("room"), first);
}

#[test]
fn the_generator_of_the_process() {
    manual_seed(3);
    let first = rand::<f32>(&[4]).expect("room");
    tensor::manual_seed(3);
    let inside = fork(|| rand::<f32>(&[4]).expect("room"));
    assert_eq!(inside, first);
    assert_eq!(rand::<f32>(&[4]).expect("room"), first);
}

#[test]
fn halves() {
    let generator = Generator::new(9);
    let x = generator.rand::<f16>(&[N]).expect("room").cast::<f64>();
    moments("rand of f16", &x, 0.5 - 0.5 / 2048.0, 1.0 / 12.0);
    let x = generator.rand::<bf16>(&[N]).expect("room").cast::<f64>();
    assert!(x.to_vec().expect("numbers").iter().all(|x| (0.0..1.0).contains(x)));
    let x = generator.randn::<bf16>(&[N]).expect("room").cast::<f64>();
    moments("randn of bf16", &x, 0.0, 1.0);
    assert_close(
        "a single number",
        &[generator.rand::<f64>(&[]).expect("room").to_vec().expect("one")[0]],
        &[0.5],
        0.5,
    );
}
