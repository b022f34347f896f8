//! Measures steps.

use std::time::{Duration, Instant};

use tensor::{Device, Result};

/// Measures on one device.
pub(super) struct Clock {
    /// Where the steps run.
    pub device: Device,
    warm_up: usize,
    sample: f64,
}

/// The most samples of a workload.
const SAMPLES: usize = 200;

/// The time that a workload's samples take together.
const BUDGET: Duration = Duration::from_secs(2);

impl Clock {
    /// On the processor a sample lasts about a millisecond or more. On another device it ends with waiting for the device, and is
    /// longer, so that the wait does not count; the first steps there load kernels and fill the cache of memory.
    pub fn new(device: Device) -> Self {
        let (warm_up, sample) = if device == Device::cpu() { (3, 1e-3) } else { (20, 5e-3) };
        Self {
            device,
            warm_up,
            sample,
        }
    }

    /// The median seconds of one step.
    pub fn median(&self, mut step: impl FnMut() -> Result<()>) -> Result<f64> {
        self.seconds(self.warm_up, &mut step)?;
        let once = self.seconds(1, &mut step)?.max(1e-7);
        let inner = ((self.sample / once) as usize).max(1);
        let mut samples = Vec::with_capacity(SAMPLES);
        let end = Instant::now() + BUDGET;
        while samples.len() < SAMPLES && Instant::now() < end {
            samples.push(self.seconds(inner, &mut step)?);
        }
        samples.sort_by(f64::total_cmp);
        Ok(samples[samples.len() / 2])
    }

    /// The median seconds of one step each of two that take turns: whatever else the machine does, it does to both.
    pub fn medians(
        &self,
        mut first: impl FnMut() -> Result<()>,
        mut second: impl FnMut() -> Result<()>,
    ) -> Result<[f64; 2]> {
        self.seconds(self.warm_up, &mut first)?;
        self.seconds(self.warm_up, &mut second)?;
        let mut samples = [Vec::with_capacity(SAMPLES), Vec::with_capacity(SAMPLES)];
        let end = Instant::now() + 2 * BUDGET;
        while samples[0].len() < SAMPLES && Instant::now() < end {
            samples[0].push(self.seconds(1, &mut first)?);
            samples[1].push(self.seconds(1, &mut second)?);
        }
        Ok(samples.map(|mut samples| {
            samples.sort_by(f64::total_cmp);
            samples[samples.len() / 2]
        }))
    }

    /// The seconds of one of so many steps in a row.
    fn seconds(&self, steps: usize, step: &mut impl FnMut() -> Result<()>) -> Result<f64> {
        let start = Instant::now();
        for _ in 0..steps {
            step()?;
        }
        self.device.synchronize()?;
        Ok(start.elapsed().as_secs_f64() / steps as f64)
    }
}
