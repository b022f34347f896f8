//! Numbers from names, as `make.py` has them: no weight is stored.

use tensor::files::Archive;
use tensor::prelude::*;

/// FNV-1a, 64 bits, of a name's bytes.
fn fnv(name: &str) -> u64 {
    name.bytes().fold(0xCBF2_9CE4_8422_2325, |value, byte| {
        (value ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}

/// splitmix64 at `fnv(name)` + 1, + 2, ..: 64 random bits each.
fn mixed(name: &str, count: usize) -> impl Iterator<Item = u64> {
    let start = fnv(name);
    (1..=count as u64).map(move |position| {
        let z = start.wrapping_add(position).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    })
}

/// Numbers in [-1, 1).
pub fn uniform(name: &str, sizes: &[usize]) -> Vec<f64> {
    let bits = mixed(name, sizes.iter().product()).map(|bits| bits >> 40);
    bits.map(|bits| bits as f64 / f64::from(1 << 23) - 1.0).collect()
}

/// Whole numbers from 0, below `classes`.
pub fn tokens(name: &str, sizes: &[usize], classes: u64) -> Vec<i64> {
    let bits = mixed(name, sizes.iter().product());
    bits.map(|bits| ((bits >> 33) % classes) as i64).collect()
}

/// Every number of a parameter or a running statistic.
fn state(name: &str, sizes: &[usize]) -> Vec<f64> {
    let last = name.rsplit('.').next().unwrap_or(name);
    let fan_in: usize = sizes.iter().skip(1).product();
    let (scale, shift) = match last {
        "running_var" => (0.5, 1.0),
        _ if sizes.len() > 1 => ((3.0 / fan_in as f64).sqrt(), 0.0),
        "weight" => (0.1, 1.0),
        _ => (0.1, 0.0),
    };
    uniform(name, sizes).iter().map(|drawn| shift + scale * drawn).collect()
}

/// A state with these names and sizes, in doubles. Counters are 0.
pub fn archive<'a>(names: impl Iterator<Item = (&'a str, &'a [usize])>) -> tensor::Result<Archive> {
    let mut archive = Archive::new();
    for (name, sizes) in names {
        if name.ends_with("num_batches_tracked") {
            archive.insert(name, &Tensor::<Dynamic, i64>::from_vec(vec![0], sizes)?)?;
        } else {
            archive.insert(name, &Tensor::<Dynamic, f64>::from_vec(state(name, sizes), sizes)?)?;
        }
    }
    Ok(archive)
}

#[test]
fn numbers_are_those_of_the_script() {
    assert_eq!(
        uniform("input.0", &[3]),
        [-0.6157995462417603, 0.22236382961273193, 0.8908959627151489]
    );
}
