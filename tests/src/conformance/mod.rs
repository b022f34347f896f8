//! The conformance program: folders of calls with the results that PyTorch gave, and what the library makes of them.
//!
//! A [`Pack`] is a json file with its tensors; a [`Call`] is one call of it, with [`Argument`]s; `operators::call` is where the
//! library is called; [`Answer`] is what it gave, or a [`Refusal`]; [`compare`](mod@compare) and [`gradients`] hold it against what was
//! to come; [`Report`] counts.

mod ambiguous;
mod answer;
pub(crate) mod any;
mod argument;
mod arguments;
mod axes;
mod call;
mod catch;
pub mod compare;
mod folder;
pub mod gradients;
mod layers;
mod operators;
mod optimizers;
mod pack;
mod promote;
mod refusal;
mod report;
mod sample;
mod stored;

pub use answer::{Answer, IntoAnswer};
pub use any::Any;
pub use argument::Argument;
pub use call::Call;
pub use folder::{Entry, Family, Folder};
pub use pack::Pack;
pub use refusal::{Outcome, Refusal};
pub use report::{Options, Report};
pub use stored::Stored;
