//! [`Poly`]: a size as the compiler knows it before the program runs.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Add, Mul};

/// A polynomial over named sizes: `784`, `batch * 28`, `4 * D + 1`, `D / H`.
///
/// A number is a polynomial without variables, so one type serves sizes that are known and sizes that only have a name.
/// Two polynomials are the same size exactly if they are equal: terms are kept sorted, reduced and without zeros. A name may stand below
/// the line, so that `H * (D / H)` is `D`; that a quotient is a whole number is for whoever writes one to see to.
/// Coefficients saturate; the compiler refuses sizes long before they get there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Poly {
    /// From the names of a term to its coefficient, which is not zero.
    terms: BTreeMap<Names, Ratio>,
}

/// The names of a term, sorted; none is on both sides.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Names {
    over: Vec<String>,
    under: Vec<String>,
}

/// A coefficient, reduced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ratio {
    over: u64,
    under: u64,
}

/// A polynomial over one term: `(4 * D + 1) / (2 * H)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fraction {
    /// The terms above the line: the sorted names of each and its coefficient.
    pub over: Vec<(Vec<String>, u64)>,
    /// The term below it: no names and 1 where there is no line.
    pub under: (Vec<String>, u64),
}

impl Names {
    fn new(mut over: Vec<String>, under: Vec<String>) -> Self {
        let mut left = Vec::new();
        for name in under {
            match over.iter().position(|other| *other == name) {
                Some(place) => drop(over.remove(place)),
                None => left.push(name),
            }
        }
        over.sort();
        left.sort();
        Names { over, under: left }
    }
}

impl Ratio {
    fn new(over: u64, under: u64) -> Self {
        let common = common(over, under);
        Ratio {
            over: over / common,
            under: under / common,
        }
    }

    fn is_whole(self) -> bool {
        self.under == 1
    }
}

/// The greatest number that divides both.
fn common(a: u64, b: u64) -> u64 {
    if b == 0 { a.max(1) } else { common(b, a % b) }
}

/// The names of both, each as often as in the one that has it more often.
fn joined(mut names: Vec<String>, others: &[String]) -> Vec<String> {
    let missing = Names::new(others.to_vec(), names.clone()).over;
    names.extend(missing);
    names
}

impl Poly {
    /// The number itself.
    pub fn number(number: u64) -> Self {
        let mut poly = Poly::default();
        poly.put(Names::default(), Ratio::new(number, 1));
        poly
    }

    /// A size that has only a name.
    pub fn variable(name: &str) -> Self {
        let mut poly = Poly::default();
        poly.put(Names::new(vec![name.to_owned()], Vec::new()), Ratio::new(1, 1));
        poly
    }

    /// Adds a term.
    fn put(&mut self, names: Names, coefficient: Ratio) {
        if coefficient.over == 0 {
            return;
        }
        let sum = match self.terms.get(&names) {
            Some(known) => Ratio::new(
                (known.over.saturating_mul(coefficient.under))
                    .saturating_add(coefficient.over.saturating_mul(known.under)),
                known.under.saturating_mul(coefficient.under),
            ),
            None => coefficient,
        };
        self.terms.insert(names, sum);
    }

    /// The number, if there are no variables.
    pub fn as_number(&self) -> Option<u64> {
        match self.terms.iter().next() {
            None => Some(0),
            Some((names, number)) if *names == Names::default() && self.terms.len() == 1 && number.is_whole() => {
                Some(number.over)
            }
            Some(_) => None,
        }
    }

    /// All of it above one line, if one is needed.
    pub fn fraction(&self) -> Fraction {
        let mut under: (Vec<String>, u64) = (Vec::new(), 1);
        for (names, number) in &self.terms {
            under.0 = joined(under.0, &names.under);
            under.1 = (under.1 / common(under.1, number.under)).saturating_mul(number.under);
        }
        let over = self.terms.iter().map(|(names, number)| {
            let missing = Names::new(under.0.clone(), names.under.clone()).over;
            let number = number.over.saturating_mul(under.1 / number.under);
            (
                Names::new([names.over.clone(), missing].concat(), Vec::new()).over,
                number,
            )
        });
        let over = over.collect();
        Fraction { over, under }
    }

    /// The names that occur, each as often as it does.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        let names = self
            .terms
            .keys()
            .flat_map(|names| names.over.iter().chain(&names.under));
        names.map(String::as_str)
    }

    /// The polynomial with a number in a variable's place.
    pub fn with(&self, name: &str, number: u64) -> Poly {
        let mut result = Poly::default();
        for (names, coefficient) in &self.terms {
            let (mut kept, mut coefficient) = (names.clone(), *coefficient);
            let (over, under) = (kept.over.len(), kept.under.len());
            kept.over.retain(|other| other != name);
            kept.under.retain(|other| other != name);
            let power = |count: usize| number.saturating_pow(count as u32);
            coefficient = Ratio::new(
                coefficient.over.saturating_mul(power(over - kept.over.len())),
                coefficient.under.saturating_mul(power(under - kept.under.len())).max(1),
            );
            result.put(kept, coefficient);
        }
        result
    }

    /// Whether the two can be the same size: they are, or a name in one of them may stand for what is missing.
    pub fn may_equal(&self, other: &Poly) -> bool {
        self == other || self.as_number().is_none() || other.as_number().is_none()
    }

    /// The polynomial divided by a number, if that leaves no rest whatever the variables stand for.
    pub fn divided(&self, by: u64) -> Option<Poly> {
        let mut quotient = Poly::default();
        for (names, coefficient) in &self.terms {
            if by == 0 || coefficient.over % by != 0 || !coefficient.is_whole() {
                return None;
            }
            quotient.put(names.clone(), Ratio::new(coefficient.over / by, 1));
        }
        Some(quotient)
    }

    /// The polynomial above a line, below which a single term stands; `None` for a sum below it, and for 0.
    pub fn over(&self, divisor: &Poly) -> Option<Poly> {
        let mut terms = divisor.terms.iter();
        let (Some((names, number)), None) = (terms.next(), terms.next()) else {
            return None;
        };
        let mut inverse = Poly::default();
        let inverse_names = Names::new(names.under.clone(), names.over.clone());
        inverse.put(inverse_names, Ratio::new(number.under, number.over));
        Some(self * &inverse)
    }

    /// Whether no name and no number stands below a line.
    pub fn is_whole(&self) -> bool {
        let mut terms = self.terms.iter();
        terms.all(|(names, number)| names.under.is_empty() && number.is_whole())
    }

    /// What has variables, and the whole number beside it.
    pub fn parted(&self) -> (Poly, u64) {
        let mut variable = self.clone();
        match self.terms.get(&Names::default()).filter(|number| number.is_whole()) {
            Some(number) => {
                variable.terms.remove(&Names::default());
                (variable, number.over)
            }
            None => (variable, 0),
        }
    }

    /// Whether `self <= other` whatever the variables stand for: coefficient by coefficient.
    pub fn fits_in(&self, other: &Poly) -> bool {
        self.terms.iter().all(|(names, number)| {
            let room = other.terms.get(names);
            room.is_some_and(|room| number.over.saturating_mul(room.under) <= room.over.saturating_mul(number.under))
        })
    }
}

impl From<u64> for Poly {
    fn from(number: u64) -> Self {
        Poly::number(number)
    }
}

impl Add for &Poly {
    type Output = Poly;

    fn add(self, other: &Poly) -> Poly {
        let mut sum = self.clone();
        for (names, coefficient) in &other.terms {
            sum.put(names.clone(), *coefficient);
        }
        sum
    }
}

impl Mul for &Poly {
    type Output = Poly;

    fn mul(self, other: &Poly) -> Poly {
        let mut product = Poly::default();
        for (left, a) in &self.terms {
            for (right, b) in &other.terms {
                let over = [left.over.as_slice(), &right.over].concat();
                let under = [left.under.as_slice(), &right.under].concat();
                let number = Ratio::new(a.over.saturating_mul(b.over), a.under.saturating_mul(b.under));
                product.put(Names::new(over, under), number);
            }
        }
        product
    }
}

impl<'a> std::iter::Product<&'a Poly> for Poly {
    fn product<I: Iterator<Item = &'a Poly>>(sizes: I) -> Poly {
        sizes.fold(Poly::number(1), |product, size| &product * size)
    }
}

/// As a person would write it: `4 * D + 1`, in decimals, terms with variables first. Above one line if a number stands below it.
impl fmt::Display for Poly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.terms.is_empty() {
            return f.write_str("0");
        }
        let is_whole = self.terms.values().all(|number| number.is_whole());
        if self.terms.len() > 1 && !is_whole {
            let Fraction { over, under } = self.fraction();
            let over: Vec<String> = over
                .iter()
                .rev()
                .map(|(names, number)| product(names, *number))
                .collect();
            return write!(f, "({}) / {}", over.join(" + "), divisor(&under.0, under.1));
        }
        for (position, (names, number)) in self.terms.iter().rev().enumerate() {
            if position > 0 {
                f.write_str(" + ")?;
            }
            f.write_str(&product(&names.over, number.over))?;
            if !names.under.is_empty() || !number.is_whole() {
                write!(f, " / {}", divisor(&names.under, number.under))?;
            }
        }
        Ok(())
    }
}

fn product(names: &[String], number: u64) -> String {
    match (number, names) {
        (number, []) => number.to_string(),
        (1, names) => names.join(" * "),
        (number, names) => format!("{number} * {}", names.join(" * ")),
    }
}

fn divisor(names: &[String], number: u64) -> String {
    let text = product(names, number);
    if text.contains(' ') { format!("({text})") } else { text }
}

#[cfg(test)]
mod tests {
    use super::Poly;

    #[test]
    fn a_number_is_a_polynomial_without_variables() {
        let sum = &Poly::number(700) + &Poly::number(84);
        assert_eq!(sum.as_number(), Some(784));
        assert_eq!((&sum * &Poly::number(0)).as_number(), Some(0));
        assert_eq!(Poly::variable("D").as_number(), None);
        assert_eq!((&Poly::variable("D") + &Poly::number(1)).as_number(), None);
    }

    #[test]
    fn the_order_of_writing_does_not_matter() {
        let (d, h) = (Poly::variable("D"), Poly::variable("H"));
        assert_eq!(&d * &h, &h * &d);
        let left = &(&d + &Poly::number(2)) * &(&d + &Poly::number(3));
        let right = &(&(&d * &d) + &(&Poly::number(5) * &d)) + &Poly::number(6);
        assert_eq!(left, right);
        assert_eq!(left.to_string(), "D * D + 5 * D + 6");
    }

    #[test]
    fn text_is_decimal() {
        assert_eq!((&Poly::number(4) * &Poly::variable("D")).to_string(), "4 * D");
        assert_eq!(Poly::number(0).to_string(), "0");
        assert_eq!(
            [784, 128].map(Poly::number).iter().product::<Poly>().to_string(),
            "100352"
        );
    }

    #[test]
    fn a_quotient_has_no_rest() {
        let size = &(&Poly::number(4) * &Poly::variable("D")) + &Poly::number(6);
        assert_eq!(size.divided(2).unwrap().to_string(), "2 * D + 3");
        assert_eq!(size.divided(4), None);
        assert_eq!(size.divided(0), None);
        assert_eq!(size.parted(), (&Poly::number(4) * &Poly::variable("D"), 6));
    }

    #[test]
    fn names_stand_below_a_line() {
        let [d, h] = ["D", "H"].map(Poly::variable);
        let head = d.over(&h).unwrap();
        assert_eq!(head.to_string(), "D / H");
        assert!(!head.is_whole());
        assert_eq!(&h * &head, d);
        assert_eq!(&head + &head, (&Poly::number(2) * &d).over(&h).unwrap());
        let half = d.over(&Poly::number(2)).unwrap();
        assert_eq!(&half + &half, d);
        assert_eq!(half.over(&Poly::number(2)), d.over(&Poly::number(4)));
        assert_eq!(
            (&head.over(&Poly::number(2)).unwrap() + &Poly::number(1)).to_string(),
            "(D + 2 * H) / (2 * H)"
        );
        assert_eq!(d.over(&(&h + &Poly::number(1))), None);
        assert_eq!(d.over(&Poly::number(0)), None);
    }

    #[test]
    fn numbers_take_the_place_of_names_on_both_sides() {
        let [d, h] = ["D", "H"].map(Poly::variable);
        let head = d.over(&h).unwrap();
        assert_eq!(head.with("H", 8).to_string(), "D / 8");
        assert_eq!(head.with("H", 8).with("D", 64).as_number(), Some(8));
        assert_eq!(head.with("D", 64).to_string(), "64 / H");
        assert_eq!(head.with("D", 7).with("H", 2).as_number(), None);
    }

    #[test]
    fn fits_in_compares_every_coefficient() {
        let batch = Poly::variable("batch");
        let (small, large) = (&Poly::number(10) * &batch, &Poly::number(128) * &batch);
        assert!(small.fits_in(&large) && !large.fits_in(&small));
        assert!(!Poly::number(1).fits_in(&large));
    }
}
