//! Where a program computes: what `--device` names.

use std::fmt;

use tensor::{Device, Error, Result};

/// A device, and the name its maker gave it.
#[derive(Clone, Debug)]
pub struct Place {
    /// The device.
    pub device: Device,
    maker: Option<String>,
}

impl Place {
    /// Opens what `--device` names: `cpu`, `cuda` or `cuda:1`.
    ///
    /// # Errors
    /// In words for the user, where the text names nothing, there is no such device, or the program cannot use it.
    pub fn open(text: &str) -> Result<Self, String> {
        let place = text.parse().and_then(|device: Device| {
            let name = device.to_string();
            let index = name.strip_prefix("cuda:").and_then(|index| index.parse().ok());
            let maker = index.map(tensor::cuda::name).transpose()?;
            Ok(Self { device, maker })
        });
        place.map_err(|error: Error| match error {
            Error::Argument { expected, found, .. } => format!("--device: expected {expected}, found {found}"),
            error => error.to_string(),
        })
    }

    /// Whether it is the processor.
    pub fn is_cpu(&self) -> bool {
        self.device == Device::cpu()
    }
}

/// `cpu`, or `cuda:0 NVIDIA H200`.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.device.fmt(f)?;
        self.maker.iter().try_for_each(|name| write!(f, " {name}"))
    }
}
