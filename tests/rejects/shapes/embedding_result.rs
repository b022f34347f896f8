use tensor::prelude::*;
use tensor::functional::Embedding;

fn mistake(table: &Tensor<dims![100, 16]>, words: &Tensor<dims![Batch, 7], i64>) {
    let _: Tensor<dims![Batch, 7, 15]> = table.embedding(words, Embedding::default()).unwrap();
}

fn main() {}
