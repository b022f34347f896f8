//! Products of matrices and vectors of a given rank, alone and added to something.

use crate::element::{DType, Kind};
use crate::error::{Error, Result};
use crate::layout::describe;
use crate::ops::elements::same_elements;
use crate::tape::Value;

/// That operands have the axes that `letters` name, one word an operand, and that axes of one letter are of one size.
pub(super) fn fits(operation: &'static str, letters: &[&str], operands: &[&Value]) -> Result<()> {
    let mut sizes = [None; 26];
    let mut fit = true;
    for (word, operand) in letters.iter().zip(operands) {
        fit &= word.len() == operand.layout.rank();
        for (letter, &size) in word.bytes().zip(operand.sizes()) {
            fit &= *sizes[usize::from(letter - b'a')].get_or_insert(size) == size;
        }
    }
    for pair in operands.windows(2) {
        same_elements(operation, pair[0].dtype(), pair[1].dtype())?;
    }
    if fit {
        return Ok(());
    }
    let axes = |word: &&str| {
        format!(
            "[{}]",
            word.split("").filter(|s| !s.is_empty()).collect::<Vec<_>>().join(", ")
        )
    };
    let list = |texts: Vec<String>| texts.join(" and ");
    Err(Error::shape(
        operation,
        list(letters.iter().map(axes).collect()),
        list(operands.iter().map(|operand| describe(operand.sizes())).collect()),
    ))
}

/// A product of two operands whose axes have these letters.
pub(crate) fn product(operation: &'static str, letters: [&str; 2], a: &Value, b: &Value) -> Result<Value> {
    fits(operation, &letters, &[a, b])?;
    a.matmul(b)
}

/// `a b^T` of two vectors.
pub(crate) fn outer(operation: &'static str, a: &Value, b: &Value) -> Result<Value> {
    fits(operation, &["m", "n"], &[a, b])?;
    times(&a.unsqueeze(1), &b.unsqueeze(0))
}

/// The product of elements; of truth values whether both hold.
pub(super) fn times(a: &Value, b: &Value) -> Result<Value> {
    match a.dtype() {
        DType::Bool => Ok(a.cast(DType::U8).mul(&b.cast(DType::U8))?.cast(DType::Bool)),
        _ => a.mul(b),
    }
}

/// Which product is added in [`add_product`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Product {
    /// `[M, K] [K, N]`.
    Mm,
    /// `[B, M, K] [B, K, N]`.
    Bmm,
    /// The sum of all products of a batch.
    BmmSum,
    /// `[M, K] [K]`.
    Mv,
    /// Of two vectors.
    Outer,
}

impl Product {
    fn name(self) -> &'static str {
        match self {
            Self::Mm => "addmm",
            Self::Bmm => "baddbmm",
            Self::BmmSum => "addbmm",
            Self::Mv => "addmv",
            Self::Outer => "addr",
        }
    }

    fn of(self, a: &Value, b: &Value) -> Result<Value> {
        let name = self.name();
        match self {
            Self::Mm => product(name, ["mk", "kn"], a, b),
            Self::Bmm => product(name, ["bmk", "bkn"], a, b),
            Self::BmmSum => Ok(product(name, ["bmk", "bkn"], a, b)?.sum(&[0], false)),
            Self::Mv => product(name, ["mk", "k"], a, b),
            Self::Outer => outer(name, a, b),
        }
    }
}

/// `beta input + alpha (a b)`, rounded once for floats of 16 bits. Where `beta` is 0 nothing of `input` comes through, NaN neither.
pub(crate) fn add_product(how: Product, input: &Value, a: &Value, b: &Value, beta: f64, alpha: f64) -> Result<Value> {
    let dtype = input.dtype();
    same_elements(how.name(), dtype, a.dtype())?;
    let wide = |x: &Value| if dtype.is_half() { x.cast(DType::F32) } else { x.clone() };
    let product = how.of(&wide(a), &wide(b))?;
    let input = wide(input).expand(how.name(), product.sizes())?;
    let input = if beta == 0.0 {
        let never = Value::filled(input.device(), DType::Bool, 0.0, &[]);
        input.or_where_not(&never, 0.0)?
    } else {
        scaled(&input, beta)?
    };
    Ok(input.add(&scaled(&product, alpha)?)?.cast(dtype))
}

/// `number x`; of whole numbers by the whole part of the number.
fn scaled(x: &Value, number: f64) -> Result<Value> {
    if number == 1.0 {
        return Ok(x.clone());
    }
    if x.dtype().kind() == Kind::Float {
        return Ok(x.scale(number));
    }
    x.mul(&x.constant(number.trunc()))
}

/// The product of matrices, in the order that takes the fewest multiplications. The first may be a row and the last a column, of one
/// axis.
pub(crate) fn multi_dot(factors: &[&Value]) -> Result<Value> {
    let name = "multi_dot";
    let [first, .., last] = factors else {
        return Err(Error::argument("tensors", "at least two matrices", factors.len()));
    };
    let (row, column) = (first.layout.rank() == 1, last.layout.rank() == 1);
    let mut matrices: Vec<Value> = factors.iter().map(|&factor| factor.clone()).collect();
    if row {
        matrices[0] = first.unsqueeze(0);
    }
    if column {
        let at = matrices.len() - 1;
        matrices[at] = last.unsqueeze(1);
    }
    for pair in matrices.windows(2) {
        fits(name, &["mk", "kn"], &[&pair[0], &pair[1]])?;
    }
    // Sizes d[0] d[1] .. d[n]; the cost of the product from i to j is least over where it is cut.
    let sizes: Vec<f64> = std::iter::once(matrices[0].sizes()[0])
        .chain(matrices.iter().map(|matrix| matrix.sizes()[1]))
        .map(|size| size as f64)
        .collect();
    let n = matrices.len();
    let mut best = vec![vec![(0.0, 0); n]; n];
    for span in 1..n {
        for i in 0..n - span {
            let j = i + span;
            let cost = |cut: usize| best[i][cut].0 + best[cut + 1][j].0 + sizes[i] * sizes[cut + 1] * sizes[j + 1];
            let cheapest = (i..j).map(|cut| (cost(cut), cut)).min_by(|a, b| a.0.total_cmp(&b.0));
            best[i][j] = cheapest.unwrap_or_default();
        }
    }
    let out = chain(&matrices, &best, 0, n - 1)?;
    let out = if column { out.squeeze(1) } else { out };
    Ok(if row { out.squeeze(0) } else { out })
}

fn chain(matrices: &[Value], best: &[Vec<(f64, usize)>], i: usize, j: usize) -> Result<Value> {
    if i == j {
        return Ok(matrices[i].clone());
    }
    let cut = best[i][j].1;
    chain(matrices, best, i, cut)?.matmul(&chain(matrices, best, cut + 1, j)?)
}
