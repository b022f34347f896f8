//! Deep learning in which a model is a type.
