//! The GPT of the examples: what it keeps of what it has read serves as well as reading all of it again.

#![allow(missing_docs)]

use examples::models::gpt::{CONTEXT, Cache, Gpt};
use tensor::prelude::*;

const TEXT: &[u8] = b"First Citizen:\nBefore we proceed any further, hear me speak.\n\nAll:\nSpeak, speak.\n\nFirst Citizen:\nYou are all resolved rather to die";

/// The scores behind each of the bytes, without a cache: what follows does not matter, since nothing looks there.
fn without(model: &Gpt, bytes: &[u8]) -> Vec<f32> {
    let mut all = vec![0; CONTEXT];
    all.iter_mut().zip(bytes).for_each(|(to, &byte)| *to = i64::from(byte));
    let all: Tensor<dims![Batch, 128], i64> = Tensor::from_vec(all, &[1, CONTEXT]).expect("its sizes");
    let mut scores = model.infer(&all).to_vec().expect("scores");
    scores.truncate(bytes.len() * 256);
    scores
}

#[test]
fn cached_scores_are_those_of_all_again() -> tensor::Result<()> {
    let bytes = &TEXT[..CONTEXT];
    let mut model = Gpt::new(&Device::cpu(), Seed(3));
    model.eval();
    let expected = without(&model, bytes);
    // Byte by byte, all at once, and in pieces.
    for pieces in [vec![1; CONTEXT], vec![CONTEXT], vec![17, 1, 1, 60, 49]] {
        let (mut cache, mut found) = (Cache::new(&model), Vec::new());
        for piece in pieces {
            found.extend(cache.read(&bytes[cache.len()..][..piece])?.to_vec()?);
        }
        assert_eq!((found.len(), cache.len()), (expected.len(), CONTEXT));
        let furthest = found
            .iter()
            .zip(&expected)
            .map(|(found, expected)| (found - expected).abs());
        let furthest = furthest.fold(0.0, f32::max);
        assert!(furthest < 1e-5, "{furthest}");
        let error = cache.read(b"x").unwrap_err().to_string();
        assert_eq!(
            error,
            "`Cache::read`: expected a new cache, since this one has read 128 bytes, found 1"
        );
    }
    Ok(())
}

#[test]
fn what_is_read_again_from_the_middle_is_another_beginning() -> tensor::Result<()> {
    let model = Gpt::new(&Device::cpu(), Seed(3));
    let mut cache = Cache::new(&model);
    cache.read(&TEXT[10..20])?;
    let mut other = Cache::new(&model);
    other.read(&TEXT[..20])?;
    assert!(cache.clone().read(b"x")? != other.read(b"x")?);
    let error = cache.read(b"").unwrap_err().to_string();
    assert_eq!(error, "`Cache::read`: expected 1 to 118 bytes, found 0");
    assert!(!cache.is_empty());
    Ok(())
}
