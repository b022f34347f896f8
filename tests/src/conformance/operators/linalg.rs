//! Linear algebra: systems, factorizations, norms.

use tensor::linalg::{self, Cutoff, Driver, Order, Triangle, Triangular};

use crate::conformance::any::{float, real};
use crate::conformance::{Argument, Call, Outcome, Refusal};

/// Calls an operator of this family.
pub fn call(call: &Call) -> Outcome {
    let name = call.name();
    match name.strip_prefix("linalg.").unwrap_or(name) {
        "inv" | "inverse" => real!(call, |input| linalg::inv(input)),
        "det" => real!(call, |input| linalg::det(input)),
        "slogdet" => real!(call, |input| linalg::slogdet(input)),
        "logdet" => real!(call, |input| linalg::logdet(input)),
        "matrix_exp" => real!(call, |input| linalg::matrix_exp(input)),
        "svdvals" => real!(call, |input| linalg::svdvals(input)),
        "matrix_power" => {
            let n = call.int(1, "n")?;
            real!(call, |input| linalg::matrix_power(input, n))
        }
        "cholesky" => {
            let triangle = triangle(call.bool_or(1, "upper", false)?);
            real!(call, |input| linalg::cholesky(input, triangle))
        }
        "eigh" => {
            let triangle = triangle(call.text_or(1, "UPLO", "L")? == "U");
            real!(call, |input| linalg::eigh(input, triangle))
        }
        "eigvalsh" => {
            let triangle = triangle(call.text_or(1, "UPLO", "L")? == "U");
            real!(call, |input| linalg::eigvalsh(input, triangle))
        }
        "qr" => match call.text_or(1, "mode", "reduced")? {
            "complete" => real!(call, |input| linalg::qr_complete(input)),
            "r" => real!(call, |input| linalg::qr_r(input)),
            _ => real!(call, |input| linalg::qr(input)),
        },
        "svd" if call.bool_or(1, "full_matrices", true)? => real!(call, |input| linalg::svd_full(input)),
        "svd" => real!(call, |input| linalg::svd(input)),
        "lu_factor" => match call.bool_or(1, "pivot", true)? {
            true => real!(call, |input| linalg::lu_factor(input)),
            false => Err(Refusal::error("no factors without pivots, as in PyTorch on processors")),
        },
        "lu" => real!(call, |input| linalg::lu(input)),
        "solve" => match call.bool_or(2, "left", true)? {
            true => real!(call, |input, other| linalg::solve(input, other)),
            false => real!(call, |input, other| linalg::solve_right(input, other)),
        },
        "solve_triangular" => {
            let system = Triangular {
                triangle: triangle(call.bool_or(2, "upper", false)?),
                left: call.bool_or(3, "left", true)?,
                unit: call.bool_or(4, "unitriangular", false)?,
            };
            real!(call, |input, other| linalg::solve_triangular(input, other, system))
        }
        "lstsq" => lstsq(call),
        "pinv" => {
            let cutoff = cutoff(call, 1)?;
            hermitian(call)?;
            real!(call, |input| linalg::pinv_with(input, cutoff))
        }
        "matrix_rank" => {
            let cutoff = cutoff(call, 1)?;
            hermitian(call)?;
            real!(call, |input| linalg::matrix_rank_with(input, cutoff))
        }
        "cond" => {
            let order = order(call, 1, "p")?;
            real!(call, |input| linalg::cond(input, order))
        }
        "vector_norm" => {
            let (order, axes) = (call.float_or(1, "ord", 2.0)?, call.axes_opt(2, "dim")?);
            let keep = call.bool_or(3, "keepdim", false)?;
            float!(call, |x| linalg::vector_norm(x, order, axes.as_deref(), keep))
        }
        "matrix_norm" => {
            let order = order(call, 1, "ord")?.unwrap_or(Order::Frobenius);
            let axes = call.axes_opt(2, "dim")?.unwrap_or(vec![-2, -1]);
            let Ok(axes) = <[isize; 2]>::try_from(axes) else {
                return Err(Refusal::form("a number of axes that is not two"));
            };
            let keep = call.bool_or(3, "keepdim", false)?;
            real!(call, |input| linalg::matrix_norm(input, order, axes, keep))
        }
        "norm" if name.starts_with("linalg.") => {
            let (order, axes) = (order(call, 1, "ord")?, call.axes_opt(2, "dim")?);
            let keep = call.bool_or(3, "keepdim", false)?;
            real!(call, |input| linalg::norm(input, order, axes.as_deref(), keep))
        }
        _ => Err(Refusal::Unknown),
    }
}

fn triangle(upper: bool) -> Triangle {
    if upper { Triangle::Upper } else { Triangle::Lower }
}

fn lstsq(call: &Call) -> Outcome {
    let rcond = call.float_opt(2, "rcond")?;
    let driver = match call.text_or(3, "driver", "gelsy")? {
        "gels" => Driver::Gels,
        "gelsd" => Driver::Gelsd,
        "gelss" => Driver::Gelss,
        _ => Driver::Gelsy,
    };
    let [input, other] = call.inputs(["input", "other"])?;
    real!(|input, other| linalg::lstsq_with(input, other, rcond, driver)
        .map(|found| { (found.solution, found.residuals, found.rank, found.singular_values) }))
}

/// Numbers, or tensors of one number.
fn cutoff(call: &Call, from: usize) -> Result<Cutoff, Refusal> {
    let number = |name: &str, position: usize| -> Result<Option<f64>, Refusal> {
        match call.get(position, name) {
            Some(Argument::Tensor(any)) if any.len() == 1 => Ok(Some(any.numbers()?[0])),
            Some(Argument::Tensor(_)) => Err(Refusal::missing("a tolerance for each matrix")),
            other => other.map(Argument::float).transpose(),
        }
    };
    Ok(Cutoff {
        atol: number("atol", usize::MAX)?,
        rtol: match number("rtol", usize::MAX)? {
            Some(rtol) => Some(rtol),
            None => number("rcond", from)?,
        },
    })
}

/// What is symmetric needs no other way.
fn hermitian(call: &Call) -> Result<(), Refusal> {
    match call.bool_or(2, "hermitian", false)? {
        false => Ok(()),
        true => Err(Refusal::missing("pseudoinverses that read one triangle")),
    }
}

/// An order of norms, where there is one.
fn order(call: &Call, position: usize, name: &str) -> Result<Option<Order>, Refusal> {
    match call.get(position, name) {
        None => Ok(None),
        Some(Argument::Text(text)) if text == "fro" => Ok(Some(Order::Frobenius)),
        Some(Argument::Text(text)) if text == "nuc" => Ok(Some(Order::Nuclear)),
        Some(number) => Ok(Some(Order::P(number.float()?))),
    }
}
