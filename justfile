# The habits of the house. `just` alone lists them.

default:
    @just --list

# Everything compiles, warnings included.
check:
    cargo clippy --workspace --all-targets -- --deny warnings
    cargo fmt --check

# The README's test command.
test:
    cargo test --workspace

# Takes over what the compiler says now: the messages of rejected programs and the printed stages.
bless:
    TRYBUILD=overwrite cargo test --package tensor-tests --test rejects
    BLESS=1 cargo test --package tensor-macros

# The workloads of docs/benchmarks.md.
bench *ARGS:
    cargo run --release --bin bench -- {{ARGS}}

# Seconds of `cargo check` and of a release build after touching one line, for nets of 10, 50 and 200 layers.
compile-time:
    cargo run --release --package tensor-tests --bin compile-time

# Checks dependencies: licences, advisories, duplicates. Needs cargo-deny.
deny:
    cargo deny check

# What the repository's continuous integration runs.
ci:
    bash .ci/run
