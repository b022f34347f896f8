//! Launchers of chains of elementwise operations.

use super::grid::BLOCK;
use super::{Gpu, family};
use crate::chain::{STEPS, Saved, Step, Steps};
use crate::error::Result;
use crate::ptr::{Float, Ptr};

family! {
    /// The kernels of `elementwise.cu`.
    pub(crate) struct Elementwise from "elementwise" {
        chain[f32, f64](steps: Steps, seed: u64, x: u64, out: u64, n: u64);
        bias_chain[f32, f64](steps: Steps, seed: u64, x: u64, bias: u64, pre: u64, out: u64, n: u64, cols: u64);
        chain_by_input[f32, f64](steps: Steps, seed: u64, x: u64, d_out: u64, d_x: u64, n: u64);
        chain_by_output[f32, f64](steps: Steps, seed: u64, y: u64, scale: f64, d_out: u64, d_x: u64, n: u64);
        add[f32, f64](a: u64, b: u64, out: u64, n: u64);
    }
}

/// Shared memory that every block can have.
const SHARED: usize = 48 << 10;
/// What a block keeps in shared memory of a step whose input is computed again.
const fn bytes_a_step<T>() -> usize {
    4 * BLOCK * size_of::<T>()
}

impl Gpu {
    /// `out[i] = steps(x[i])`: the steps one after the other on each of `n` elements. No steps copy. `x` may be `out`.
    ///
    /// The mask of a dropout at element `i` is word `i` of its stream under `seed`.
    ///
    /// # Safety
    /// `x` and `out` are of `n` elements of this device's memory, which lie apart or are the same.
    ///
    /// # Errors
    /// The device is lost.
    pub unsafe fn chain<T: Float>(&self, steps: &[Step], seed: u64, x: Ptr<T>, out: Ptr<T>, n: usize) -> Result<()> {
        if n == 0 || (steps.is_empty() && x == out) {
            return Ok(());
        }
        let (mut from, mut rest) = (x, steps);
        loop {
            let (now, later) = rest.split_at(rest.len().min(STEPS));
            let (steps, at) = (Steps::new(now), self.over(n)?);
            // SAFETY: the caller's promise.
            unsafe {
                self.kernels
                    .elementwise
                    .chain(T::INDEX, at, steps, seed, from.address(), out.address(), n as u64)?;
            }
            if later.is_empty() {
                return Ok(());
            }
            (from, rest) = (out, later);
        }
    }

    /// `d_x[i] = d_out[i] * steps'`: the gradient of the input of [`Gpu::chain`] with the same steps and seed, from what was saved.
    /// `d_out` may be `d_x`.
    ///
    /// # Safety
    /// As [`Gpu::chain`], for all pointers.
    ///
    /// # Errors
    /// The device is lost. A chain of more than 7 steps by its input may take memory for `n` elements while it runs, which may not
    /// be there.
    ///
    /// # Panics
    /// If what was saved does not [suffice](Saved::suffices).
    pub unsafe fn chain_backward<T: Float>(
        &self,
        steps: &[Step],
        seed: u64,
        saved: Saved<T>,
        d_out: Ptr<T>,
        d_x: Ptr<T>,
        n: usize,
    ) -> Result<()> {
        assert!(
            saved.suffices(steps),
            "the backward of {steps:?} needs more than {saved:?}"
        );
        if n == 0 {
            return Ok(());
        }
        // SAFETY: the caller's promise.
        unsafe {
            match saved {
                _ if steps.is_empty() => self.chain(&[], 0, d_out, d_x, n),
                Saved::Nothing => self.chain_by_output(steps, seed, Ptr::null(), d_out, d_x, n),
                Saved::Output(y) => self.chain_by_output(steps, seed, y, d_out, d_x, n),
                Saved::Input(x) => self.chain_by_input(steps, seed, x, d_out, d_x, n),
            }
        }
    }

    /// # Safety
    /// As [`Gpu::chain_backward`], or `y` is null.
    unsafe fn chain_by_output<T: Float>(
        &self,
        steps: &[Step],
        seed: u64,
        y: Ptr<T>,
        d_out: Ptr<T>,
        d_x: Ptr<T>,
        n: usize,
    ) -> Result<()> {
        // Each dropout after the first step has divided its output by `b`.
        let scale: f64 = match steps {
            [_, dropouts @ ..] if y != Ptr::null() => dropouts.iter().map(|step| step.b).product(),
            _ => 1.0,
        };
        let mut d = d_out;
        for steps in steps.chunks(STEPS).rev() {
            let (steps, at) = (Steps::new(steps), self.over(n)?);
            let (y, from, to) = (y.address(), d.address(), d_x.address());
            // SAFETY: the caller's promise.
            unsafe {
                self.kernels
                    .elementwise
                    .chain_by_output(T::INDEX, at, steps, seed, y, scale, from, to, n as u64)?;
            }
            d = d_x;
        }
        Ok(())
    }

    /// # Safety
    /// As [`Gpu::chain_backward`].
    unsafe fn chain_by_input<T: Float>(
        &self,
        steps: &[Step],
        seed: u64,
        x: Ptr<T>,
        d_out: Ptr<T>,
        d_x: Ptr<T>,
        n: usize,
    ) -> Result<()> {
        // SAFETY: the caller's promise; `input` is `x`, or scratch as long as it.
        let derive = |steps: &[Step], input: Ptr<T>, d: Ptr<T>| unsafe {
            let shared = (steps.len() - 1) * bytes_a_step::<T>();
            let (steps, mut at) = (Steps::new(steps), self.over(n)?);
            at.shared = shared as u32;
            let (input, from, to) = (input.address(), d.address(), d_x.address());
            self.kernels
                .elementwise
                .chain_by_input(T::INDEX, at, steps, seed, input, from, to, n as u64)
        };
        let most = STEPS.min(1 + SHARED / bytes_a_step::<T>());
        if steps.len() <= most {
            return derive(steps, x, d_out);
        }
        self.with_scratch(n * size_of::<T>(), |address| {
            let scratch = Ptr::new(address);
            let mut d = d_out;
            for (number, segment) in steps.chunks(most).enumerate().rev() {
                let before = &steps[..number * most];
                let input = if before.is_empty() { x } else { scratch };
                if !before.is_empty() {
                    // SAFETY: the scratch memory is as long as `x`.
                    unsafe { self.chain(before, seed, x, scratch, n)? };
                }
                derive(segment, input, d)?;
                d = d_x;
            }
            Ok(())
        })
    }

    /// `v = x[row][col] + bias[col]; pre[row][col] = v; out[row][col] = steps(v)`, for `x`, `pre` and `out` of `[rows, cols]` and a
    /// bias of `[cols]`. Without a bias `v = x`. `x` may be `out` or `pre`. An element's index in a stream of dropout is
    /// `row * cols + col`.
    ///
    /// # Safety
    /// As [`Gpu::chain`], for all pointers.
    ///
    /// # Errors
    /// The device is lost.
    #[allow(clippy::too_many_arguments)]
    pub unsafe fn bias_chain<T: Float>(
        &self,
        steps: &[Step],
        seed: u64,
        x: Ptr<T>,
        bias: Option<Ptr<T>>,
        pre: Option<Ptr<T>>,
        out: Ptr<T>,
        rows: usize,
        cols: usize,
    ) -> Result<()> {
        let n = rows * cols;
        if n == 0 {
            return Ok(());
        }
        let (now, later) = steps.split_at(steps.len().min(STEPS));
        let (bias, pre) = (bias.map_or(0, Ptr::address), pre.map_or(0, Ptr::address));
        let (now, at) = (Steps::new(now), self.over(n)?);
        let (from, to) = (x.address(), out.address());
        // SAFETY: the caller's promise.
        unsafe {
            self.kernels
                .elementwise
                .bias_chain(T::INDEX, at, now, seed, from, bias, pre, to, n as u64, cols as u64)?;
            self.chain(later, seed, out, out, n)
        }
    }

    /// `out[i] = a[i] + b[i]`. `out` may be `a` or `b`.
    ///
    /// # Safety
    /// As [`Gpu::chain`], for all pointers.
    ///
    /// # Errors
    /// The device is lost.
    pub unsafe fn add<T: Float>(&self, a: Ptr<T>, b: Ptr<T>, out: Ptr<T>, n: usize) -> Result<()> {
        if n == 0 {
            return Ok(());
        }
        let (at, [a, b, out]) = (self.over(n)?, [a, b, out].map(Ptr::address));
        // SAFETY: the caller's promise.
        unsafe { self.kernels.elementwise.add(T::INDEX, at, a, b, out, n as u64) }
    }
}
