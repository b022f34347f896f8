//! Counts among the attributes of a primitive: how many heads, how many groups.
//!
//! A count is a number. While a model is compiled it may be a name, `attention(H)`, whose number only the user of the model knows: then it is one of
//! the numbers from 2^48 on, which no count is, and the program that is generated has the size of that name in its place.

use crate::Poly;
use std::cell::RefCell;

/// Counts from here on stand for names.
const NAMED: usize = 1 << 48;

thread_local! {
    /// The names, the first of which is the first of those counts.
    static NAMES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// The count that stands for a name, the same each time.
pub fn named(name: &str) -> usize {
    NAMES.with_borrow_mut(|names| {
        let place = names.iter().position(|known| known == name).unwrap_or_else(|| {
            names.push(name.to_owned());
            names.len() - 1
        });
        NAMED + place
    })
}

/// The name that a count stands for, if it does.
pub fn name(count: usize) -> Option<String> {
    let place = count.checked_sub(NAMED)?;
    NAMES.with_borrow(|names| names.get(place).cloned())
}

/// A count as a size.
pub fn size(count: usize) -> Poly {
    name(count).map_or_else(|| Poly::number(count as u64), |name| Poly::variable(&name))
}

/// So much of a size has each of so many; `None` where both are numbers, and something is left over. What has names in it may come out even.
pub fn each(of: &Poly, count: usize) -> Option<Poly> {
    let each = of.over(&size(count))?;
    let is_known = of.as_number().is_some() && name(count).is_none();
    (!is_known || each.is_whole()).then_some(each)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_count_and_comes_back() {
        let (heads, groups) = (named("H"), named("G"));
        assert_eq!((named("H"), named("G")), (heads, groups));
        assert_eq!(
            (name(heads).as_deref(), name(groups).as_deref()),
            (Some("H"), Some("G"))
        );
        assert_eq!((name(12), size(12)), (None, Poly::number(12)));
        assert_eq!(size(heads), Poly::variable("H"));
    }

    #[test]
    fn numbers_come_out_even_or_not_at_all() {
        let text = |each: Option<Poly>| each.map(|each| each.to_string());
        assert_eq!(text(each(&Poly::number(12), 4)).as_deref(), Some("3"));
        assert_eq!([each(&Poly::number(12), 5), each(&Poly::number(12), 0)], [None, None]);
        let (width, heads) = (Poly::variable("D"), named("H"));
        assert_eq!(text(each(&width, heads)).as_deref(), Some("D / H"));
        assert_eq!(text(each(&width, 4)).as_deref(), Some("D / 4"));
        assert_eq!(text(each(&Poly::variable("H"), heads)).as_deref(), Some("1"));
        assert_eq!(&each(&width, heads).unwrap() * &size(heads), width);
    }
}
