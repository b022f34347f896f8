//! The state of an optimizer to and from safetensors files: `hidden.0.weight.exp_avg`, and the step counts as metadata.

use std::path::Path;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::files::Table;
use crate::nn::{Trainable, Walk};
use crate::optim::State;
use crate::optim::state::SLOTS;
use crate::tape::{Flat, Value};

/// What a kind of optimizer writes and expects.
pub(super) struct Form {
    /// Its name in the file.
    pub(super) kind: &'static str,
    /// What it keeps of each element.
    pub(super) slots: [bool; SLOTS],
    /// How PyTorch calls that.
    pub(super) names: [&'static str; SLOTS],
}

/// More steps than anyone takes; a file that says more is damaged.
const STEPS: u64 = 1 << 53;

/// Where the state of a parameter goes.
struct Place {
    flat: Arc<Flat>,
    index: usize,
    offset: usize,
    path: String,
    steps: u64,
}

impl Form {
    fn kept(&self) -> impl Iterator<Item = (usize, &'static str)> {
        let names = self.names;
        self.slots
            .into_iter()
            .enumerate()
            .filter(|(_, kept)| *kept)
            .map(move |(slot, _)| (slot, names[slot]))
    }
}

impl State {
    /// Writes the state under the names of the parameters.
    pub(super) fn save(&self, model: &impl Trainable, path: &Path, form: &Form) -> Result<()> {
        let mut table = Table::default();
        table.metadata.insert("optimizer".into(), form.kind.into());
        let mut outcome = Ok(());
        model.walk(&mut Walk::new(&mut |at, met| {
            let Some(kept) = self.find(met.flat) else { return };
            let steps = kept.steps[met.index];
            if steps == 0 {
                return;
            }
            table.metadata.insert(format!("{at}.step"), steps.to_string());
            for (slot, name) in form.kept() {
                if let (Ok(()), Some(buffer)) = (&outcome, &kept.slots[slot]) {
                    let mut value = Value::over(buffer.clone(), met.value.sizes());
                    value.offset = met.value.offset;
                    outcome = table.insert(format!("{at}.{name}"), &value);
                }
            }
        }));
        outcome?;
        table.write(path)
    }

    /// Reads the state back, in place of what there was. Everything is checked before anything is changed.
    pub(super) fn load(&mut self, model: &impl Trainable, path: &Path, form: &Form) -> Result<()> {
        let table = Table::read(path)?;
        let found = table.metadata.get("optimizer").map_or("none", String::as_str);
        if found != form.kind {
            return Err(Error::format(
                path,
                format!("the state of optimizer `{}`", form.kind),
                format!("that of `{found}`"),
            ));
        }
        let mut wanted = Vec::new();
        let mut places = Vec::new();
        let mut outcome = Ok(());
        model.walk(&mut Walk::new(&mut |at, met| {
            let Some(written) = table.metadata.get(&format!("{at}.step")) else {
                return;
            };
            let Some(steps) = written.parse().ok().filter(|steps| (1..=STEPS).contains(steps)) else {
                outcome = Err(Error::format(
                    path,
                    format!("a number of steps for `{at}`"),
                    format!("`{written}`"),
                ));
                return;
            };
            for (_, name) in form.kept() {
                wanted.push((format!("{at}.{name}"), met.value.sizes().to_vec(), met.value.dtype()));
            }
            places.push(Place {
                flat: Arc::clone(met.flat),
                index: met.index,
                offset: met.value.offset,
                path: at.to_string(),
                steps,
            });
        }));
        outcome?;
        table.expect(path, &format!("the state of `{}` for this model", form.kind), &wanted)?;
        let mut state = Self::default();
        for place in &places {
            let kept = state.kept(&place.flat, form.slots)?;
            kept.steps[place.index] = place.steps;
            for (slot, name) in form.kept() {
                let stored = table.tensors.get(&format!("{}.{name}", place.path));
                if let (Some(buffer), Some(stored)) = (&kept.slots[slot], stored) {
                    buffer.upload(&stored.bytes, place.offset)?;
                }
            }
        }
        *self = state;
        Ok(())
    }
}
