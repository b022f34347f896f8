//! Groups of parameters with options of their own.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::files::Table;
use crate::nn::{Candidate, Trainable};
use crate::optim::files::{Form, read_schedule, write_schedule};
use crate::optim::state::{Slots, State, Update};
use crate::optim::{Progress, Rates};

/// The options of an optimizer.
pub(super) trait Options: Copy + fmt::Debug {
    /// Its name in files, and how PyTorch calls what it keeps of each element.
    const FORM: Form;
    /// Whether they make sense.
    fn check(&self) -> Result<()>;
    /// What is kept of each element.
    fn slots(&self) -> Slots;
    /// One step for neighbouring parameters.
    fn apply(&self, update: &Update<'_>) -> Result<()>;
    fn rates(&self) -> Rates;
    fn set_rates(&mut self, rates: Rates);
}

/// Who is in a group.
type Chosen = Arc<dyn Fn(Candidate<'_>) -> bool + Send + Sync>;

/// A group beside the first, which takes all the rest.
struct Group<R> {
    chosen: Chosen,
    options: R,
}

/// The options of each group, and the state: an optimizer.
pub(super) struct Groups<R> {
    rest: R,
    others: Vec<Group<R>>,
    state: State,
}

impl<R: Options> Groups<R> {
    pub(super) fn new(rest: R) -> Self {
        Self {
            rest,
            others: Vec::new(),
            state: State::default(),
        }
    }

    /// The options of the first group.
    pub(super) fn rest(&self) -> R {
        self.rest
    }

    /// The options of the first group, to change.
    pub(super) fn rest_mut(&mut self) -> &mut R {
        &mut self.rest
    }

    /// Adds a group, which gets whom those before it did not want, with the options of `made`; the groups of that go first.
    pub(super) fn add(&mut self, chosen: impl Fn(Candidate<'_>) -> bool + Send + Sync + 'static, made: Self) {
        let chosen: Chosen = Arc::new(chosen);
        for inner in made.others {
            let outer = Arc::clone(&chosen);
            self.others.push(Group {
                chosen: Arc::new(move |candidate| outer(candidate) && (inner.chosen)(candidate)),
                options: inner.options,
            });
        }
        self.others.push(Group {
            chosen,
            options: made.rest,
        });
    }

    pub(super) fn len(&self) -> usize {
        1 + self.others.len()
    }

    fn options(&self, group: usize) -> &R {
        match group.checked_sub(1) {
            None => &self.rest,
            Some(other) => &self.others[other].options,
        }
    }

    fn options_mut(&mut self, group: usize) -> &mut R {
        match group.checked_sub(1) {
            None => &mut self.rest,
            Some(other) => &mut self.others[other].options,
        }
    }

    fn exists(&self, operation: &'static str, group: usize) -> Result<()> {
        let groups = self.len();
        if group < groups {
            return Ok(());
        }
        Err(Error::OutOfRange {
            operation,
            what: "group",
            index: i64::try_from(group).unwrap_or(i64::MAX),
            size: format!("{groups} group{}", if groups == 1 { "" } else { "s" }),
        })
    }

    pub(super) fn rates(&self, group: usize) -> Result<Rates> {
        self.exists("rates", group)?;
        Ok(self.options(group).rates())
    }

    pub(super) fn set_rates(&mut self, group: usize, rates: Rates) -> Result<()> {
        self.exists("set_rates", group)?;
        self.options_mut(group).set_rates(rates);
        Ok(())
    }

    pub(super) fn set_lr(&mut self, lr: f64) {
        for group in 0..self.len() {
            let options = self.options_mut(group);
            options.set_rates(Rates { lr, ..options.rates() });
        }
    }

    /// Puts every parameter of a model that a state has not met yet into its group.
    fn sort(&self, state: &mut State, model: &impl Trainable) -> Result<()> {
        let mut new = false;
        state.meet(model, |path, met, kept| {
            if kept.group(met.index).is_none() {
                let name = path.to_string();
                let candidate = Candidate::new(&name, met.value.sizes());
                let other = self.others.iter().position(|group| (group.chosen)(candidate));
                kept.set_group(met.index, other.map_or(0, |other| other + 1));
                new = true;
            }
        });
        let empty = (1..self.len()).find(|group| new && !state.has_group(*group));
        match empty {
            Some(group) => Err(Error::argument(
                "the groups of an optimizer",
                "a parameter in each",
                format!("none in group {group}"),
            )),
            None => Ok(()),
        }
    }

    pub(super) fn step(&mut self, model: &impl Trainable) -> Result<()> {
        (0..self.len()).try_for_each(|group| self.options(group).check())?;
        let mut state = std::mem::take(&mut self.state);
        let outcome = self.sort(&mut state, model).and_then(|()| {
            state.update(
                model,
                |group| self.options(group).slots(),
                |update| self.options(update.group).apply(&update),
            )
        });
        self.state = state;
        outcome
    }

    fn table(&self, model: &impl Trainable) -> Result<Table> {
        self.state.write(model, &R::FORM, |group| self.options(group).slots())
    }

    fn read(&self, table: &Table, model: &impl Trainable, path: &Path) -> Result<State> {
        let mut state = State::default();
        self.sort(&mut state, model)?;
        state.read(model, table, path, &R::FORM, |group| self.options(group).slots())?;
        Ok(state)
    }

    pub(super) fn save(&self, model: &impl Trainable, path: &Path) -> Result<()> {
        self.table(model)?.write(path)
    }

    pub(super) fn load(&mut self, model: &impl Trainable, path: &Path) -> Result<()> {
        self.state = self.read(&Table::read(path)?, model, path)?;
        Ok(())
    }

    pub(super) fn save_with(&self, model: &impl Trainable, schedule: &impl Progress, path: &Path) -> Result<()> {
        let mut table = self.table(model)?;
        let rates: Vec<Rates> = (0..self.len()).map(|group| self.options(group).rates()).collect();
        write_schedule(&mut table, schedule, &rates);
        table.write(path)
    }

    pub(super) fn load_with(
        &mut self,
        model: &impl Trainable,
        schedule: &mut impl Progress,
        path: &Path,
    ) -> Result<()> {
        let table = Table::read(path)?;
        let (numbers, rates) = read_schedule(&table, path, schedule, self.len())?;
        self.state = self.read(&table, model, path)?;
        schedule.resume(&numbers);
        for (group, rates) in rates.into_iter().enumerate() {
            self.options_mut(group).set_rates(rates);
        }
        Ok(())
    }
}

impl<R: fmt::Debug> fmt::Debug for Groups<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let others = self.others.iter().map(|group| &group.options);
        f.debug_list().entry(&self.rest).entries(others).finish()
    }
}

/// Gives an optimizer, a struct around its [`Groups`], the methods for groups and the trait.
macro_rules! optimizer {
    ($Name:ident) => {
        impl $Name {
            /// The learning rate: for groups, as [`set_lr`](crate::Optimizer::set_lr) is for all at once.
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("let optimizer = ", stringify!($Name), "::new(0.1)")]
            ///     .part("head", |group| group.learning_rate(0.01));
            /// assert_eq!((optimizer.lr(), optimizer.rates(1)?.lr), (0.1, 0.01));
            /// # Ok::<(), tensor::Error>(())
            /// ```
            pub fn learning_rate(mut self, lr: f64) -> Self {
                let options = self.groups.rest_mut();
                options.set_rates(crate::optim::Rates {
                    lr,
                    ..options.rates()
                });
                self
            }

            /// Gives the parameters that `chosen` says options of their own, which begin as those set so far. A parameter that two
            /// groups want is in the one that was added first, and before all in a group within a group; a group that no parameter is in
            /// is an error at the first step.
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("let optimizer = ", stringify!($Name), "::new(0.1)")]
            ///     .weight_decay(0.01)
            ///     .group(|parameter| parameter.name.ends_with("bias"), |group| group.weight_decay(0.0));
            /// assert_eq!(optimizer.groups(), 2);
            /// ```
            pub fn group(
                mut self,
                chosen: impl Fn(crate::nn::Candidate<'_>) -> bool + Send + Sync + 'static,
                options: impl FnOnce(Self) -> Self,
            ) -> Self {
                let begun = Self {
                    groups: crate::optim::groups::Groups::new(self.groups.rest()),
                };
                self.groups.add(chosen, options(begun).groups);
                self
            }

            /// Gives the parameters of a part of the model, by its name, options of their own: as [`group`](Self::group).
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("let optimizer = ", stringify!($Name), "::new(0.1)")]
            ///     .part("head", |group| group.learning_rate(0.01));
            /// assert_eq!(optimizer.rates(1)?.lr, 0.01);
            /// # Ok::<(), tensor::Error>(())
            /// ```
            pub fn part(self, name: &str, options: impl FnOnce(Self) -> Self) -> Self {
                let name = name.to_owned();
                self.group(move |parameter| parameter.is_in(&name), options)
            }
        }

        impl crate::optim::Optimizer for $Name {
            fn step<M: crate::nn::Trainable>(&mut self, model: &mut M) -> crate::error::Result<()> {
                self.groups.step(model)
            }

            fn groups(&self) -> usize {
                self.groups.len()
            }

            fn rates(&self, group: usize) -> crate::error::Result<crate::optim::Rates> {
                self.groups.rates(group)
            }

            fn set_rates(&mut self, group: usize, rates: crate::optim::Rates) -> crate::error::Result<()> {
                self.groups.set_rates(group, rates)
            }

            fn lr(&self) -> f64 {
                self.groups.rest().rates().lr
            }

            fn set_lr(&mut self, lr: f64) {
                self.groups.set_lr(lr);
            }

            fn save<M: crate::nn::Trainable>(
                &self,
                model: &M,
                path: impl AsRef<std::path::Path>,
            ) -> crate::error::Result<()> {
                self.groups.save(model, path.as_ref())
            }

            fn load<M: crate::nn::Trainable>(
                &mut self,
                model: &M,
                path: impl AsRef<std::path::Path>,
            ) -> crate::error::Result<()> {
                self.groups.load(model, path.as_ref())
            }

            fn save_with<M: crate::nn::Trainable>(
                &self,
                model: &M,
                schedule: &impl crate::optim::Progress,
                path: impl AsRef<std::path::Path>,
            ) -> crate::error::Result<()> {
                self.groups.save_with(model, schedule, path.as_ref())
            }

            fn load_with<M: crate::nn::Trainable>(
                &mut self,
                model: &M,
                schedule: &mut impl crate::optim::Progress,
                path: impl AsRef<std::path::Path>,
            ) -> crate::error::Result<()> {
                self.groups.load_with(model, schedule, path.as_ref())
            }
        }
    };
}

pub(super) use optimizer;
