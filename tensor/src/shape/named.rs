//! The named sizes that come with the library.

use tensor_macros::declare_dims;

declare_dims! {
    /// How many samples go through a model together: the first axis of what a model takes and gives.
    pub Batch;
}
