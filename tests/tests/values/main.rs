//! Results, gradients and training against PyTorch's. See `reference/README.md`.

mod layers;
mod operators;
mod optimizers;
mod schedules;
mod windows;
