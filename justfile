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

# Takes over what is so now: the messages of rejected programs, the printed stages, the table of what runs where.
bless:
    TRYBUILD=overwrite cargo test --package tests --test rejects
    BLESS=1 cargo test --package tensor-macros
    BLESS=1 cargo test --package tests --features cuda --test devices

# What agrees with PyTorch, name by name, of a folder of its calls and results.
conformance FOLDER="tests/reference" *ARGS="":
    cargo run --release --package tests --bin conformance -- {{FOLDER}} {{ARGS}}

# Random programs of views, indexing and arithmetic against a model without strides: so many, for minutes.
fuzz CASES="200000":
    PROPTEST_CASES={{CASES}} cargo test --release --package tests --test indexing programs

# Layouts, memory, views and places under miri, which sees every undefined behaviour. Needs a nightly toolchain once:
#     rustup toolchain install nightly --component miri
miri:
    MIRIFLAGS=-Zmiri-disable-isolation TENSOR_SIMD=portable TENSOR_THREADS=1 cargo +nightly miri test --package tensor --lib -- \
        layout:: device::pool kernels::indexed kernels::strided::tests::copies kernels::strided::tests::a_view

# The workloads of docs/benchmarks.md.
bench *ARGS:
    cargo run --release --bin bench -- {{ARGS}}

# The suite of the CUDA kernels, and the programs, on the emulated driver. Needs a C++ compiler and no card.
gpu-test *ARGS:
    cargo test --package tests --features emu --test gpu -- {{ARGS}}
    cargo test --package examples --features emu

# One program with the suite and the benchmark, for a machine with a card, which needs nothing but the driver.
gpu-bundle:
    cargo build --release --package tests --features cuda --bin gpu
    mkdir -p target/gpu-bundle
    strip --strip-debug -o target/gpu-bundle/gpu "${CARGO_TARGET_DIR:-target}/release/gpu"
    @echo 'target/gpu-bundle/gpu is all there is to copy; on the other machine:'
    @echo '    TEST_GPU=1 ./gpu test'
    @echo '    ./gpu bench --device cuda'

# Makes the PTX of the CUDA kernels anew: of these families, or of all.
ptx *FAMILIES:
    gpu-kernels/scripts/ptx.sh {{FAMILIES}}

# Registers, shared memory and spills of every CUDA kernel.
gpu-table *FAMILIES:
    @gpu-kernels/scripts/ptx.sh --table {{FAMILIES}}

# Seconds of `cargo check` and of a release build after touching one line, for nets of 10, 50 and 200 layers.
compile-time:
    cargo run --release --package tests --bin compile-time

# Checks dependencies: licences, advisories, duplicates. Needs cargo-deny.
deny:
    cargo deny check

# What the repository's continuous integration runs.
ci:
    bash .ci/run
