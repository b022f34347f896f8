//! Buffers of modules as models have them: made, copied, saved.

use super::checkpoint::{load, save, table};
use super::{Buffer, Builder, Init, Module, Parameter, Walk, check, copy, fresh};
use crate::device::Device;
use crate::error::{Error, Result};
use crate::shape::Dynamic;
use crate::tensors::Tensor;

/// A parameter, a statistic and a counter.
struct Counting {
    weight: Parameter<Dynamic, f32>,
    mean: Buffer<Dynamic, f32>,
    count: Buffer<(), i64>,
}

impl Module<f32> for Counting {
    fn build(builder: &mut Builder<'_>) -> Self {
        Self {
            weight: builder.parameter("weight", &[2], Init::Normal { deviation: 1.0 }),
            mean: builder.buffer(&[2], 0.5),
            count: builder.buffer(&[], 0.0),
        }
    }

    fn visit(&self, walk: &mut Walk<'_>) {
        walk.parameter("weight", &self.weight);
        walk.buffer("mean", &self.mean);
        walk.buffer("count", &self.count);
    }
}

/// Two of them, so that the second one's are not the first.
struct Pair(Counting, Counting);

impl Module<f32> for Pair {
    fn build(builder: &mut Builder<'_>) -> Self {
        Self(builder.part("0"), builder.part("1"))
    }

    fn visit(&self, walk: &mut Walk<'_>) {
        walk.part("0", &self.0);
        walk.part("1", &self.1);
    }
}

#[test]
fn buffers_begin_with_their_number_and_are_copied() -> Result<()> {
    let pair: Pair = fresh(Device::cpu(), 1);
    assert_eq!(pair.1.mean.get().to_vec()?, [0.5, 0.5]);
    assert_eq!(pair.1.count.get().item()?, 0);
    pair.1.mean.set(&Tensor::from_vec(vec![1.0, 2.0], &[2])?)?;
    pair.1.count.set(&Tensor::scalar(7))?;
    let other = copy(&pair, Device::cpu(), 2);
    pair.1.count.set(&Tensor::scalar(8))?;
    assert_eq!(other.0.mean.get().to_vec()?, [0.5, 0.5]);
    assert_eq!(other.1.mean.get().to_vec()?, [1.0, 2.0]);
    assert_eq!(other.1.count.get().item()?, 7);
    assert_eq!(*other.1.weight, *pair.1.weight);
    check(&|walk| other.visit(walk))
}

#[test]
fn files_have_buffers_under_their_names() -> Result<()> {
    let pair: Pair = fresh(Device::cpu(), 1);
    pair.0.count.set(&Tensor::scalar(3))?;
    let folder = tempfile::tempdir().map_err(|error| Error::io(std::path::Path::new("a folder"), error))?;
    let path = folder.path().join("pair.safetensors");
    save(&path, "Pair", &[("seed", 5)], &|walk| pair.visit(walk))?;
    let other: Pair = fresh(Device::cpu(), 2);
    let [seed, calls] = load(&path, "Pair", ["seed", "calls"], &|walk| other.visit(walk))?;
    assert_eq!((seed, calls), (Some(5), None));
    assert_eq!(other.0.count.get().item()?, 3);
    assert_eq!(*other.1.weight, *pair.1.weight);
    let state = table(&|walk| pair.visit(walk))?;
    let names: Vec<&str> = state.tensors.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["0.count", "0.mean", "0.weight", "1.count", "1.mean", "1.weight"]
    );
    Ok(())
}
