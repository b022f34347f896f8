//! Arguments with a number for each axis that a convolution or a pooling goes along.

use tensor::functional::Padding;

use super::{Argument, Call, Refusal};

/// A number for each axis: one for all of them, or a list.
///
/// # Errors
/// Where it is something else.
pub fn each<const N: usize>(call: &Call, position: usize, name: &str, default: usize) -> Result<[usize; N], Refusal> {
    Ok(each_opt(call, position, name)?.unwrap_or([default; N]))
}

/// The same, where there is one; an empty list is none.
///
/// # Errors
/// Where it is something else.
pub fn each_opt<const N: usize>(call: &Call, position: usize, name: &str) -> Result<Option<[usize; N]>, Refusal> {
    let Some(numbers) = call.ints_opt(position, name)? else {
        return Ok(None);
    };
    let sizes: Vec<usize> = numbers
        .iter()
        .map(|&number| usize::try_from(number))
        .collect::<Result<_, _>>()
        .map_err(|_| Refusal::form(format!("`{name}`: {numbers:?} where numbers from 0 on are taken")))?;
    match sizes.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some([*one; N])),
        sizes => match sizes.try_into() {
            Ok(sizes) => Ok(Some(sizes)),
            Err(_) => Err(Refusal::form(format!(
                "`{name}`: {} numbers where {N} are taken",
                sizes.len()
            ))),
        },
    }
}

/// The padding of a convolution: numbers, or `same` or `valid`.
///
/// # Errors
/// Where it is something else.
pub fn padding<const N: usize>(call: &Call, position: usize) -> Result<Padding<N>, Refusal> {
    match call.get(position, "padding") {
        Some(Argument::Text(word)) if word == "same" => Ok(Padding::Same),
        Some(Argument::Text(word)) if word == "valid" => Ok(Padding::Valid),
        _ => Ok(each(call, position, "padding", 0)?.into()),
    }
}

/// The sizes that an adaptive pooling gives: one for all axes, or a list, in which nothing keeps that of the input.
///
/// # Errors
/// Where it is something else.
pub fn output_sizes<const N: usize>(call: &Call, position: usize) -> Result<[Option<usize>; N], Refusal> {
    let size = |argument: &Argument| match argument {
        Argument::None => Ok(None),
        other => usize::try_from(other.int()?)
            .map(Some)
            .map_err(|_| Refusal::form(format!("{} where a size is taken", other.describe()))),
    };
    match call.need(position, "output_size")? {
        Argument::List(list) => {
            let sizes: Vec<Option<usize>> = list.iter().map(size).collect::<Result<_, _>>()?;
            match sizes.as_slice() {
                [one] => Ok([*one; N]),
                sizes => sizes
                    .try_into()
                    .map_err(|_| Refusal::form(format!("{} sizes where {N} are taken", sizes.len()))),
            }
        }
        one => Ok([size(one)?; N]),
    }
}
