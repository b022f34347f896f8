//! What is planted in the kernels of functions, of whole numbers and of places.

use crate::Fault;

/// Each is a mistake that is easily made.
pub(crate) const FAULTS: &[Fault] = &[
    Fault {
        name: "functions: the second operand has the strides of the first",
        file: "functions.cu",
        change: (
            "v[lane] = read(single, b, at[lane][1]);",
            "v[lane] = read(single, b, at[lane][0]);",
        ),
        family: "functions",
        checks: "kernels::functions::of_two",
    },
    Fault {
        name: "functions: the lower quantiles of the normal distribution are above its middle",
        file: "special/error.cuh",
        change: (
            "return -SQRT_2 * erfcinv(2.0 * p);",
            "return SQRT_2 * erfcinv(2.0 * p);",
        ),
        family: "functions",
        checks: "ops::functions::of_one",
    },
    Fault {
        name: "functions: digamma below 0 lacks a term",
        file: "special/gamma.cuh",
        change: ("- 1.0 / x - PI * cot_pi(x)", "- PI * cot_pi(x)"),
        family: "functions",
        checks: "ops::functions::of_one",
    },
    Fault {
        name: "functions: P of large orders is Q",
        file: "special/incomplete.cuh",
        change: ("above == wants_upper", "above != wants_upper"),
        family: "functions",
        checks: "ops::functions::of_two",
    },
    Fault {
        name: "whole: a quotient is rounded towards 0",
        file: "whole.cu",
        change: ("return moved ? whole - 1 : whole;", "return whole;"),
        family: "whole",
        checks: "kernels::whole::operations",
    },
    Fault {
        name: "whole: a division by 0 is not noted",
        file: "whole.cu",
        change: ("if (by_zero[0] || by_zero[1]", "if (by_zero[0] && by_zero[1]"),
        family: "whole",
        checks: "kernels::whole::divisions",
    },
    Fault {
        name: "whole: no barrier between the halves of a fold",
        file: "whole.cu",
        change: (
            "shared[threadIdx.x + half]);\n            __syncthreads();",
            "shared[threadIdx.x + half]);",
        ),
        family: "whole",
        checks: "kernels::whole::folds",
    },
    Fault {
        name: "whole: a tile of a product is overwritten while it is read",
        file: "whole.cu",
        change: ("right[j][x]));\n            __syncthreads();", "right[j][x]));"),
        family: "whole",
        checks: "kernels::whole::products",
    },
    Fault {
        name: "places: what is gathered lies side by side",
        file: "places.cu",
        change: ("place[lane] * along.step]", "place[lane]]"),
        family: "places",
        checks: "kernels::places::gathers",
    },
    Fault {
        name: "places: the index after the last is inside",
        file: "places.cu",
        change: ("index < along.size) return true", "index <= along.size) return true"),
        family: "places",
        checks: "kernels::places::indices",
    },
    Fault {
        name: "places: the last of a warp comes first",
        file: "places.cu",
        change: ("other < lane && theirs == place", "other > lane && theirs == place"),
        family: "places",
        checks: "kernels::places::long",
    },
    Fault {
        name: "places: two warps have the same place",
        file: "places.cu",
        change: ("end = first + length;", "end = first + length + 1;"),
        family: "places",
        checks: "kernels::places::long",
    },
    Fault {
        name: "places: a sum reads its inputs side by side",
        file: "places.cu",
        change: (
            "sum += read_double(type, x, from + offset_of(folded, j));",
            "sum += read_double(type, x, from + j);",
        ),
        family: "places",
        checks: "kernels::places::sums",
    },
];
