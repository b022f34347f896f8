//! The values that named sizes have in one shape.

use std::any::TypeId;

use super::shape::MAX_RANK;

/// What the named sizes of one shape are: each has the value it was first met with.
///
/// A list on the stack, since a shape has few axes and a check happens at every boundary.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bindings {
    bound: [Option<(TypeId, usize)>; MAX_RANK],
}

impl Bindings {
    /// Notes that the size `Name` is `value`, unless it has a value already.
    ///
    /// ```
    /// struct Seq;
    /// let mut bindings = tensor::shape::Bindings::default();
    /// bindings.bind::<Seq>(3);
    /// bindings.bind::<Seq>(4);
    /// assert_eq!(bindings.value::<Seq>(), Some(3));
    /// ```
    pub fn bind<Name: 'static>(&mut self, value: usize) {
        let name = TypeId::of::<Name>();
        for slot in &mut self.bound {
            match slot {
                Some((taken, _)) if *taken == name => return,
                Some(_) => {}
                None => {
                    *slot = Some((name, value));
                    return;
                }
            }
        }
    }

    /// The value of the size `Name`, if it was met.
    ///
    /// ```
    /// struct Seq;
    /// assert_eq!(tensor::shape::Bindings::default().value::<Seq>(), None);
    /// ```
    pub fn value<Name: 'static>(&self) -> Option<usize> {
        let name = TypeId::of::<Name>();
        self.bound
            .iter()
            .flatten()
            .find(|(bound, _)| *bound == name)
            .map(|&(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Seq;
    struct Heads;

    #[test]
    fn a_name_keeps_its_first_value() {
        let mut bindings = Bindings::default();
        assert_eq!(bindings.value::<Seq>(), None);
        bindings.bind::<Seq>(3);
        bindings.bind::<Heads>(8);
        bindings.bind::<Seq>(4);
        assert_eq!((bindings.value::<Seq>(), bindings.value::<Heads>()), (Some(3), Some(8)));
    }
}
