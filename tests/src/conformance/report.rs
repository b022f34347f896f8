//! Counting and printing.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::sample::{Problem, Verdict, caught};
use super::{Entry, Family, Folder, layers, optimizers};
use super::{Pack, sample};

/// What is printed.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// All failures and what is missing, and not the first failures alone.
    pub verbose: bool,
    /// Only names that this is in, or that match it, where it has a `*`.
    pub only: Option<String>,
}

/// How many failures of a name are printed where not all are.
const FIRST: usize = 3;

/// The counts of a name, or of a family.
#[derive(Clone, Debug, Default)]
struct Row {
    samples: usize,
    passed: usize,
    failed: usize,
    missing: usize,
    worst: Option<f64>,
    failures: Vec<String>,
    gaps: BTreeMap<String, usize>,
}

impl Row {
    fn count(&mut self, what: &str, verdict: Verdict) {
        self.samples += 1;
        match verdict {
            Ok(worst) => {
                self.passed += 1;
                self.worst = Some(self.worst.map_or(worst, |before| before.max(worst)));
            }
            Err(Problem::Failed(reason)) => {
                self.failed += 1;
                self.failures.push(format!("{what}: {reason}"));
            }
            Err(Problem::Missing(reason)) => {
                self.missing += 1;
                *self.gaps.entry(reason).or_default() += 1;
            }
        }
    }

    fn add(&mut self, other: &Self) {
        self.samples += other.samples;
        self.passed += other.passed;
        self.failed += other.failed;
        self.missing += other.missing;
    }
}

/// The counts of a family.
#[derive(Clone, Debug, Default)]
struct Total {
    row: Row,
    names: usize,
    whole: usize,
}

/// What came of a folder.
#[derive(Debug, Default)]
pub struct Report {
    totals: BTreeMap<Family, Total>,
    broken: usize,
}

impl Report {
    /// Runs what a folder holds, and prints a line a name.
    ///
    /// # Errors
    /// Where `out` cannot be written.
    pub fn run(folder: &Folder, options: &Options, out: &mut dyn Write) -> io::Result<Self> {
        let entries = folder.entries.iter().filter(|entry| options.takes(&entry.name));
        let entries: Vec<&Entry> = entries.collect();
        let width = entries
            .iter()
            .map(|entry| entry.name.len())
            .max()
            .unwrap_or(0)
            .max("name".len());
        let mut report = Self::default();
        let mut family = None;
        for entry in entries {
            if family != Some(entry.family) {
                let heading = ["samples", "passed", "failed", "missing", "worst"];
                let [samples, passed, failed, missing, worst] = heading;
                let name = entry.family.name();
                let gap = if family.is_some() { "\n" } else { "" };
                writeln!(
                    out,
                    "{gap}{name:width$} {samples:>7} {passed:>7} {failed:>7} {missing:>7} {worst:>8}"
                )?;
                family = Some(entry.family);
            }
            let row = run(entry);
            line(out, &entry.name, width, &row)?;
            row.notes(out, options)?;
            let total = report.totals.entry(entry.family).or_default();
            total.names += 1;
            total.whole += usize::from(row.missing == 0);
            total.row.add(&row);
        }
        for error in &folder.broken {
            writeln!(out, "error: {error}")?;
        }
        report.broken = folder.broken.len();
        report.print(out)?;
        Ok(report)
    }

    /// Whether nothing failed.
    pub fn is_right(&self) -> bool {
        self.broken == 0 && self.totals.values().all(|total| total.row.failed == 0)
    }

    /// Whether there was nothing.
    pub fn is_empty(&self) -> bool {
        self.broken == 0 && self.totals.is_empty()
    }

    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out)?;
        for (family, Total { row, names, whole }) in &self.totals {
            let name = family.name();
            let missing = 100.0 * (names - whole) as f64 / (*names).max(1) as f64;
            writeln!(
                out,
                "{name}: {names} names, {whole} with nothing missing, {missing:.1} % missing; \
                 {} samples, {} passed, {} failed, {} missing",
                row.samples, row.passed, row.failed, row.missing
            )?;
        }
        match self.broken {
            0 => Ok(()),
            1 => writeln!(out, "1 file is broken"),
            count => writeln!(out, "{count} files are broken"),
        }
    }
}

fn line(out: &mut dyn Write, name: &str, width: usize, row: &Row) -> io::Result<()> {
    let worst = row.worst.map_or("-".to_owned(), |worst| match worst {
        0.0 => "0".to_owned(),
        worst if worst < 1e-3 => format!("{worst:.0e}"),
        worst => format!("{worst:.3}"),
    });
    let Row {
        samples,
        passed,
        failed,
        missing,
        ..
    } = row;
    writeln!(
        out,
        "{name:width$} {samples:>7} {passed:>7} {failed:>7} {missing:>7} {worst:>8}"
    )
}

impl Row {
    fn notes(&self, out: &mut dyn Write, options: &Options) -> io::Result<()> {
        let shown = if options.verbose { self.failures.len() } else { FIRST };
        for failure in self.failures.iter().take(shown) {
            writeln!(out, "    failed {failure}")?;
        }
        if self.failures.len() > shown {
            writeln!(out, "    .. and {} more (--verbose)", self.failures.len() - shown)?;
        }
        if options.verbose {
            for (gap, count) in &self.gaps {
                writeln!(out, "    missing {count} x: {gap}")?;
            }
        }
        Ok(())
    }
}

impl Options {
    /// Whether a name is among those that were asked for.
    fn takes(&self, name: &str) -> bool {
        match &self.only {
            None => true,
            Some(pattern) if pattern.contains('*') => matches(&name.to_lowercase(), &pattern.to_lowercase()),
            Some(part) => name.to_lowercase().contains(&part.to_lowercase()),
        }
    }
}

/// Whether all of a name matches a pattern in which `*` is any text.
fn matches(name: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        None => name == pattern,
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|name| {
            let ends = (0..=name.len()).filter(|&at| name.is_char_boundary(at));
            ends.into_iter().any(|at| matches(&name[at..], rest))
        }),
    }
}

/// Runs all files of a name.
fn run(entry: &Entry) -> Row {
    let mut row = Row::default();
    for file in &entry.files {
        let pack = match Pack::open(file) {
            Ok(pack) => pack,
            Err(error) => {
                row.count("file", Err(Problem::Failed(error)));
                continue;
            }
        };
        match entry.family {
            Family::Operators => samples(&pack, &mut row, sample::operator),
            Family::Layers => samples(&pack, &mut row, layers::sample),
            Family::Optimizers => {
                for (what, verdict) in optimizers::runs(&pack, &entry.name) {
                    row.count(&what, verdict);
                }
            }
        }
    }
    row
}

/// Runs all samples of a file.
fn samples(pack: &Pack, row: &mut Row, sample: fn(&Pack, &serde_json::Value) -> Verdict) {
    let dtype = pack.text("dtype");
    for (index, json) in pack.samples().unwrap_or_default().iter().enumerate() {
        let id = json.get("id").map_or(index.to_string(), |id| {
            id.as_str().map_or(id.to_string(), str::to_owned)
        });
        row.count(&format!("{dtype} {id}"), caught(|| sample(pack, json)));
    }
    for (index, json) in pack.errors().iter().enumerate() {
        row.count(
            &format!("{dtype} error {index}"),
            caught(|| sample::refused(pack, json)),
        );
    }
}
