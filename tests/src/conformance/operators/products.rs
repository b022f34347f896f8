//! Products of vectors, matrices and tensors.

use crate::conformance::any::{each, number};
use crate::conformance::{Any, Argument, Call, IntoAnswer, Outcome, Refusal};

/// Runs one expression for a list of tensors of one element type.
macro_rules! of_all {
    ($list:expr, |$name:ident| $body:expr) => {
        of_all!(@ [F32 F64 F16 BF16 I64 I32 U8] $list, $name, $body)
    };
    (@ [$($Kind:ident)+] $list:expr, $name:ident, $body:expr) => {{
        let list: Vec<Any> = $list;
        'found: {
            $(
                let typed: Option<Vec<_>> = list
                    .iter()
                    .map(|any| match any { Any::$Kind(tensor) => Some(tensor), _ => None })
                    .collect();
                if let Some(typed) = typed {
                    let $name = &typed[..];
                    break 'found IntoAnswer::into_answer($body);
                }
            )+
            Err(Refusal::form("tensors of several element types"))
        }
    }};
}

/// Calls an operator of this family.
pub fn call(call: &Call) -> Outcome {
    match call.name() {
        "matmul" | "__rmatmul__" | "linalg.matmul" => number!(call, |input, other| input.matmul(other)),
        "mm" => number!(call, |input, mat2| input.mm(mat2)),
        "bmm" => number!(call, |input, mat2| input.bmm(mat2)),
        "mv" => number!(call, |input, vec| input.mv(vec)),
        "dot" | "vdot" => number!(call, |input, tensor| input.dot(tensor)),
        "outer" | "ger" => each!(call, |input, vec2| input.outer(vec2)),
        "inner" => number!(call, |input, other| input.inner(other)),
        "kron" => each!(call, |input, other| input.kron(other)),
        "linalg.vecdot" => {
            let axis = call.axis_or(2, "dim", -1)?;
            number!(call, |x, y| x.vecdot(y, axis))
        }
        "cross" | "linalg.cross" => cross(call),
        "addmm" => {
            let [beta, alpha] = factors(call)?;
            number!(call, |input, mat1, mat2| input.addmm(mat1, mat2, beta, alpha))
        }
        "addmv" => {
            let [beta, alpha] = factors(call)?;
            number!(call, |input, mat, vec| input.addmv(mat, vec, beta, alpha))
        }
        "addr" => {
            let [beta, alpha] = factors(call)?;
            number!(call, |input, vec1, vec2| input.addr(vec1, vec2, beta, alpha))
        }
        "addbmm" => {
            let [beta, alpha] = factors(call)?;
            number!(call, |input, batch1, batch2| input.addbmm(batch1, batch2, beta, alpha))
        }
        "baddbmm" => {
            let [beta, alpha] = factors(call)?;
            number!(call, |input, batch1, batch2| input.baddbmm(batch1, batch2, beta, alpha))
        }
        "tensordot" => tensordot(call),
        "linalg.multi_dot" | "chain_matmul" => {
            of_all!(call.tensors(0, "tensors")?, |tensors| tensor::linalg::multi_dot(
                tensors
            ))
        }
        "einsum" => einsum(call),
        _ => Err(Refusal::Unknown),
    }
}

fn factors(call: &Call) -> Result<[f64; 2], Refusal> {
    Ok([
        call.float_or(usize::MAX, "beta", 1.0)?,
        call.float_or(usize::MAX, "alpha", 1.0)?,
    ])
}

/// Without an axis PyTorch takes the first of size 3.
fn cross(call: &Call) -> Outcome {
    let first = match call.name() {
        "cross" => {
            let input = call.tensor(0, "input")?;
            input
                .sizes()
                .iter()
                .position(|&size| size == 3)
                .map_or(-1, |axis| axis as isize)
        }
        _ => -1,
    };
    let axis = call.axis_or(2, "dim", first)?;
    number!(call, |input, other| input.cross(other, axis))
}

fn tensordot(call: &Call) -> Outcome {
    let [input, other] = call.inputs(["a", "b"])?;
    let axes = |argument: &Argument| -> Result<Vec<isize>, Refusal> {
        Ok(argument.ints()?.into_iter().map(|axis| axis as isize).collect())
    };
    match call.get(2, "dims") {
        Some(Argument::List(pair)) if pair.len() == 2 => {
            let (mine, theirs) = (axes(&pair[0])?, axes(&pair[1])?);
            number!(|input, other| input.tensordot_axes(other, &mine, &theirs))
        }
        Some(count) => {
            let count = usize::try_from(count.int()?).map_err(|_| Refusal::form("a negative number of axes"))?;
            number!(|input, other| input.tensordot(other, count))
        }
        None => number!(|input, other| input.tensordot(other, 2)),
    }
}

/// PyTorch's table gives the operands first; calls may have them after the equation, one by one.
fn einsum(call: &Call) -> Outcome {
    let (equation, operands) = match call.need(0, "equation")? {
        Argument::Text(equation) => (equation.clone(), call.tensors(1, "operands")?),
        operands => (call.need(1, "equation")?.text()?.to_owned(), operands.tensors()?),
    };
    of_all!(operands, |operands| tensor::einsum(&equation, operands))
}
