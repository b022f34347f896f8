//! What the compiler generates equals its eager form, and finite differences, on models of random structure and on those of the examples.

#[rustfmt::skip]
mod nets;

mod differences;
mod eager;
mod known;

#[test]
fn the_nets_are_what_the_generator_writes() {
    let hint = "run `cargo run --package tests --bin nets`";
    assert!(
        include_str!("nets.rs") == tests::nets::text(),
        "nets.rs is out of date: {hint}"
    );
}
