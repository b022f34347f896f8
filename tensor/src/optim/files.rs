//! The state of an optimizer to and from safetensors files: `hidden.0.weight.exp_avg`, and the step counts as metadata.

use std::path::Path;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::files::Table;
use crate::nn::{Trainable, Walk};
use crate::optim::Rates;
use crate::optim::state::{Slots, State};
use crate::tape::{Flat, Value};

/// What a kind of optimizer writes and expects.
pub(super) struct Form {
    /// Its name in the file.
    pub(super) kind: &'static str,
    /// How PyTorch calls what it keeps of each element.
    pub(super) names: [&'static str; 3],
}

/// What goes on where a file of an optimizer says: a schedule that was started, `ReduceLrOnPlateau`.
pub trait Progress {
    /// What it is called in the file.
    fn name(&self) -> String;
    /// Where it is, in as many numbers as [`Progress::resume`] takes.
    fn numbers(&self) -> Vec<f64>;
    /// Goes on from there.
    fn resume(&mut self, numbers: &[f64]);
}

/// More steps than anyone takes; a file that says more is damaged.
const STEPS: u64 = 1 << 53;

/// The names of what a file says of a schedule.
const SCHEDULE: &str = "schedule";
const NUMBERS: &str = "schedule.numbers";
const LR: &str = "lr";
const MOMENTUM: &str = "momentum";

/// Where the state of a parameter goes.
struct Place {
    flat: Arc<Flat>,
    index: usize,
    offset: usize,
    path: String,
    steps: u64,
    slots: Slots,
}

impl Form {
    fn kept(&self, slots: Slots) -> impl Iterator<Item = (usize, &'static str)> {
        let names = self.names;
        slots
            .into_iter()
            .enumerate()
            .filter(|(_, kept)| *kept)
            .map(move |(slot, _)| (slot, names[slot]))
    }
}

impl State {
    /// The state under the names of the parameters.
    pub(super) fn write(&self, model: &impl Trainable, form: &Form, slots: impl Fn(usize) -> Slots) -> Result<Table> {
        let mut table = Table::default();
        table.metadata.insert("optimizer".into(), form.kind.into());
        let mut outcome = Ok(());
        model.walk(&mut Walk::new(&mut |at, met| {
            let Some(kept) = self.find(met.flat) else { return };
            let (steps, group) = (kept.steps[met.index], kept.group(met.index));
            let (1.., Some(group)) = (steps, group) else { return };
            table.metadata.insert(format!("{at}.step"), steps.to_string());
            for (slot, name) in form.kept(slots(group)) {
                if let (Ok(()), Some(buffer)) = (&outcome, &kept.slots[slot]) {
                    let mut value = Value::over(buffer.clone(), met.value.sizes());
                    value.offset = met.value.offset;
                    outcome = table.insert(format!("{at}.{name}"), &value);
                }
            }
        }));
        outcome.map(|()| table)
    }

    /// Reads the state back into one that knows the groups of the model's parameters, and nothing else.
    pub(super) fn read(
        &mut self,
        model: &impl Trainable,
        table: &Table,
        path: &Path,
        form: &Form,
        slots: impl Fn(usize) -> Slots,
    ) -> Result<()> {
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
            let group = self.find(met.flat).and_then(|kept| kept.group(met.index));
            let slots = slots(group.unwrap_or(0));
            for (_, name) in form.kept(slots) {
                wanted.push((format!("{at}.{name}"), met.value.sizes().to_vec(), met.value.dtype()));
            }
            places.push(Place {
                flat: Arc::clone(met.flat),
                index: met.index,
                offset: met.value.offset,
                path: at.to_string(),
                steps,
                slots,
            });
        }));
        outcome?;
        table.expect(path, &format!("the state of `{}` for this model", form.kind), &wanted)?;
        for place in &places {
            let kept = self.kept(&place.flat);
            kept.make_room(&place.flat, place.slots)?;
            kept.steps[place.index] = place.steps;
            for (slot, name) in form.kept(place.slots) {
                let stored = table.tensors.get(&format!("{}.{name}", place.path));
                if let (Some(buffer), Some(stored)) = (&kept.slots[slot], stored) {
                    buffer.upload(&stored.bytes, place.offset)?;
                }
            }
        }
        Ok(())
    }
}

/// Numbers as a file has them, which are read back to the last bit.
fn written(numbers: impl IntoIterator<Item = f64>) -> String {
    let numbers: Vec<String> = numbers.into_iter().map(|number| number.to_string()).collect();
    numbers.join(" ")
}

fn numbers(table: &Table, path: &Path, name: &str, count: usize) -> Result<Vec<f64>> {
    let text = table.metadata.get(name).map_or("", String::as_str);
    let numbers: Option<Vec<f64>> = text.split(' ').map(|number| number.parse().ok()).collect();
    numbers.filter(|numbers| numbers.len() == count).ok_or_else(|| {
        let plural = if count == 1 { "" } else { "s" };
        Error::format(path, format!("{count} number{plural} as `{name}`"), format!("`{text}`"))
    })
}

/// Notes a schedule, and the rates that it has set.
pub(super) fn write_schedule(table: &mut Table, schedule: &impl Progress, rates: &[Rates]) {
    let entries = [
        (SCHEDULE, schedule.name()),
        (NUMBERS, written(schedule.numbers())),
        (LR, written(rates.iter().map(|rates| rates.lr))),
        (MOMENTUM, written(rates.iter().map(|rates| rates.momentum))),
    ];
    table
        .metadata
        .extend(entries.map(|(name, text)| (name.to_owned(), text)));
}

/// What a file says of a schedule: its numbers, and the rates of so many groups.
pub(super) fn read_schedule(
    table: &Table,
    path: &Path,
    schedule: &impl Progress,
    groups: usize,
) -> Result<(Vec<f64>, Vec<Rates>)> {
    let (name, found) = (schedule.name(), table.metadata.get(SCHEDULE));
    if found != Some(&name) {
        let found = found.map_or("none".to_owned(), |found| format!("that of `{found}`"));
        return Err(Error::format(path, format!("the state of schedule `{name}`"), found));
    }
    let progress = numbers(table, path, NUMBERS, schedule.numbers().len())?;
    let (lr, momentum) = (
        numbers(table, path, LR, groups)?,
        numbers(table, path, MOMENTUM, groups)?,
    );
    let rates = lr.into_iter().zip(momentum);
    Ok((progress, rates.map(|(lr, momentum)| Rates { lr, momentum }).collect()))
}
