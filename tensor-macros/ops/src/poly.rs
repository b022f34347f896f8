//! [`Poly`]: a size as the compiler knows it before the program runs.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Add, Mul};

/// A polynomial over named sizes with whole coefficients: `784`, `batch * 28`, `4 * D + 1`.
///
/// A number is a polynomial without variables, so one type serves sizes that are known and sizes that only have a name.
/// Two polynomials are the same size exactly if they are equal: terms are kept sorted and without zeros.
/// Coefficients saturate; the compiler refuses sizes long before they get there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Poly {
    /// From the sorted variables of a term to its coefficient, which is not zero.
    terms: BTreeMap<Vec<String>, u64>,
}

impl Poly {
    /// The number itself.
    pub fn number(number: u64) -> Self {
        Poly::term(Vec::new(), number)
    }

    /// A size that has only a name.
    pub fn variable(name: &str) -> Self {
        Poly::term(vec![name.to_owned()], 1)
    }

    fn term(variables: Vec<String>, coefficient: u64) -> Self {
        let mut poly = Poly::default();
        poly.put(variables, coefficient);
        poly
    }

    /// Adds a term, whose variables are sorted.
    fn put(&mut self, variables: Vec<String>, coefficient: u64) {
        if coefficient != 0 {
            let term = self.terms.entry(variables).or_insert(0);
            *term = term.saturating_add(coefficient);
        }
    }

    /// The number, if there are no variables.
    pub fn as_number(&self) -> Option<u64> {
        match self.terms.iter().next() {
            None => Some(0),
            Some((variables, &number)) if variables.is_empty() && self.terms.len() == 1 => Some(number),
            Some(_) => None,
        }
    }

    /// The terms: the sorted variables of each and its coefficient.
    pub fn terms(&self) -> impl DoubleEndedIterator<Item = (&[String], u64)> {
        self.terms
            .iter()
            .map(|(variables, &coefficient)| (variables.as_slice(), coefficient))
    }

    /// The names that occur, each as often as it does.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.terms.keys().flatten().map(String::as_str)
    }

    /// The polynomial with a number in a variable's place.
    pub fn with(&self, name: &str, number: u64) -> Poly {
        let mut result = Poly::default();
        for (variables, &coefficient) in &self.terms {
            let kept = variables
                .iter()
                .filter(|variable| *variable != name)
                .cloned()
                .collect::<Vec<_>>();
            let power = (variables.len() - kept.len()) as u32;
            let coefficient = coefficient.saturating_mul(number.saturating_pow(power));
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
        for (variables, &coefficient) in &self.terms {
            if by == 0 || coefficient % by != 0 {
                return None;
            }
            quotient.put(variables.clone(), coefficient / by);
        }
        Some(quotient)
    }

    /// What has variables, and the number beside it.
    pub fn parted(&self) -> (Poly, u64) {
        let mut variable = self.clone();
        let number = variable.terms.remove(&Vec::new()).unwrap_or(0);
        (variable, number)
    }

    /// Whether `self <= other` whatever the variables stand for: coefficient by coefficient.
    pub fn fits_in(&self, other: &Poly) -> bool {
        self.terms
            .iter()
            .all(|(variables, coefficient)| other.terms.get(variables).is_some_and(|room| coefficient <= room))
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
        for (variables, coefficient) in &other.terms {
            sum.put(variables.clone(), *coefficient);
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
                let mut variables = [left.as_slice(), right.as_slice()].concat();
                variables.sort();
                product.put(variables, a.saturating_mul(*b));
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

/// As a person would write it: `4 * D + 1`, in decimals, terms with variables first.
impl fmt::Display for Poly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.terms.is_empty() {
            return f.write_str("0");
        }
        for (position, (variables, coefficient)) in self.terms.iter().rev().enumerate() {
            if position > 0 {
                f.write_str(" + ")?;
            }
            match (*coefficient, variables.as_slice()) {
                (number, []) => write!(f, "{number}")?,
                (1, variables) => f.write_str(&variables.join(" * "))?,
                (number, variables) => write!(f, "{number} * {}", variables.join(" * "))?,
            }
        }
        Ok(())
    }
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
    fn fits_in_compares_every_coefficient() {
        let batch = Poly::variable("batch");
        let (small, large) = (&Poly::number(10) * &batch, &Poly::number(128) * &batch);
        assert!(small.fits_in(&large) && !large.fits_in(&small));
        assert!(!Poly::number(1).fits_in(&large));
    }
}
