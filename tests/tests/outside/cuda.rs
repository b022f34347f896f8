//! A program that takes a CUDA device if there is one.

use tensor::prelude::*;

fn main() -> tensor::Result<()> {
    let device = Device::cuda(0).unwrap_or_else(|error| {
        println!("{error}");
        Device::cpu()
    });
    let x = tensor![1., 2.].to(device)?;
    assert_eq!(x.add(&x).to_vec()?, [2., 4.]);
    Ok(())
}
