//! What is known of a device.

use cust::sys::{self, CUdevice_attribute as Attribute};

use crate::driver::{self, check};
use crate::error::{Error, Result};

/// The oldest generation that the kernels are made for: Ampere.
const NEEDED: (u32, u32) = (8, 0);

/// What is known of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    /// What its maker calls it.
    pub name: String,
    /// Its memory in bytes.
    pub total_memory: usize,
    /// The generation: (9, 0) is Hopper.
    pub compute_capability: (u32, u32),
    /// How many parts it has that run blocks.
    pub multiprocessors: u32,
    /// As CUDA writes it: 12040 is 12.4.
    pub driver_version: i32,
    /// The most shared memory that a block may ask for, in bytes.
    pub shared_memory_per_block_optin: u32,
}

impl Info {
    pub(crate) fn of(device: sys::CUdevice) -> Result<Self> {
        let attribute = |attribute: Attribute| -> Result<u32> {
            let mut value = 0;
            // SAFETY: the driver writes a number.
            let answer = unsafe { sys::cuDeviceGetAttribute(&mut value, attribute, device) };
            check("cuDeviceGetAttribute", answer)?;
            Ok(u32::try_from(value).unwrap_or(0))
        };
        let mut total_memory = 0;
        // SAFETY: the driver writes a number.
        let answer = unsafe { sys::cuDeviceTotalMem_v2(&mut total_memory, device) };
        check("cuDeviceTotalMem", answer)?;
        Ok(Self {
            name: name(device)?,
            total_memory,
            compute_capability: (
                attribute(Attribute::CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)?,
                attribute(Attribute::CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR)?,
            ),
            multiprocessors: attribute(Attribute::CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT)?,
            driver_version: driver::version()?,
            shared_memory_per_block_optin: attribute(Attribute::CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN)?,
        })
    }

    /// Whether the kernels run on it.
    pub(crate) fn suffices(&self) -> Result<()> {
        if self.compute_capability >= NEEDED {
            return Ok(());
        }
        Err(Error::OldDevice {
            name: self.name.clone(),
            found: self.compute_capability,
            needed: NEEDED,
        })
    }
}

fn name(device: sys::CUdevice) -> Result<String> {
    let mut bytes = [0u8; 256];
    // SAFETY: the driver writes so many bytes at most.
    let answer = unsafe { sys::cuDeviceGetName(bytes.as_mut_ptr().cast(), bytes.len() as i32, device) };
    check("cuDeviceGetName", answer)?;
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    Ok(String::from_utf8_lossy(&bytes[..end]).into_owned())
}
