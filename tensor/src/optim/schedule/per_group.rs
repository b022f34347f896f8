//! An option for each group.

use smallvec::{SmallVec, smallvec};

use crate::error::{Error, Result};

/// An option of a schedule: one number for all groups (`0.1`), or one for each (`[0.1, 0.01]`).
#[derive(Clone, Debug, PartialEq)]
pub struct PerGroup(SmallVec<[f64; 2]>);

impl PerGroup {
    /// The number of a group. Where there is one, it is that of all.
    pub(super) fn get(&self, group: usize) -> f64 {
        match self.0.as_slice() {
            [all] => *all,
            each => each.get(group).copied().unwrap_or(f64::NAN),
        }
    }

    /// Whether there is a number for each of so many groups, and each is finite.
    pub(super) fn check(&self, name: &'static str, groups: usize) -> Result<()> {
        if self.0.len() != 1 && self.0.len() != groups {
            let expected = format!("one number, or one for each of {groups} groups");
            return Err(Error::argument(name, expected, format!("{} numbers", self.0.len())));
        }
        match self.0.iter().find(|number| !number.is_finite()) {
            Some(number) => Err(Error::argument(name, "finite numbers", number)),
            None => Ok(()),
        }
    }
}

impl From<f64> for PerGroup {
    fn from(all: f64) -> Self {
        Self(smallvec![all])
    }
}

impl<const N: usize> From<[f64; N]> for PerGroup {
    fn from(each: [f64; N]) -> Self {
        Self(each.as_slice().into())
    }
}

impl From<Vec<f64>> for PerGroup {
    fn from(each: Vec<f64>) -> Self {
        Self(each.into())
    }
}
