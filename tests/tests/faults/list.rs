//! What is planted in the kernels of models.

use crate::Fault;

/// Each is a mistake that is easily made.
pub(crate) const FAULTS: &[Fault] = &[
    Fault {
        name: "product: no barrier before a tile is read",
        file: "tile.cuh",
        change: (
            "        wait_for_copies();\n        __syncthreads();\n        if (left > DEPTH) {",
            "        wait_for_copies();\n        if (left > DEPTH) {",
        ),
        family: "gemm",
        checks: "kernels::gemm::random_products",
    },
    Fault {
        name: "product: a tile is read before its copies have come",
        file: "tile.cuh",
        change: (
            "        wait_for_copies();\n        __syncthreads();\n        if (left > DEPTH) {",
            "        __syncthreads();\n        if (left > DEPTH) {",
        ),
        family: "gemm",
        checks: "kernels::gemm::random_products",
    },
    Fault {
        name: "product: the next tile goes where this one is read",
        file: "tile.cuh",
        change: (
            "a.load(tiles_a[half ^ 1], left - DEPTH);",
            "a.load(tiles_a[half], left - DEPTH);",
        ),
        family: "gemm",
        checks: "kernels::gemm::random_products",
    },
    Fault {
        name: "product: a row too many is written",
        file: "tile.cuh",
        change: (
            "if (r < p.m && c < p.n) store_wide",
            "if (r <= p.m && c < p.n) store_wide",
        ),
        family: "gemm",
        checks: "kernels::gemm::random_products",
    },
    Fault {
        name: "product: what was there is not added",
        file: "tile.cuh",
        change: (
            "sums[i * TN + j + e] += before[e];",
            "sums[i * TN + j + e] += T(0) * before[e];",
        ),
        family: "gemm",
        checks: "kernels::gemm::random_products",
    },
    Fault {
        name: "product: the strides of B exchanged",
        file: "tile.cuh",
        change: ("p.b_col, p.b_row, p.n - first_col", "p.b_row, p.b_col, p.n - first_col"),
        family: "gemm",
        checks: "kernels::gemm::random_products",
    },
    Fault {
        name: "product: the last part of k left out",
        file: "gemm.cu",
        change: ("part < parts; part += slices", "part < parts - 1; part += slices"),
        family: "gemm",
        checks: "kernels::gemm::long_sums",
    },
    Fault {
        name: "product of few lines: no barrier before the warps' sums are joined",
        file: "thin.cuh",
        change: (
            "shared[warp][i][lane] = sums[i];\n    __syncthreads();",
            "shared[warp][i][lane] = sums[i];",
        ),
        family: "gemm",
        checks: "kernels::gemm::few_rows",
    },
    Fault {
        name: "reduction: no barrier before the warps' values are joined",
        file: "reduce.cu",
        change: (
            "shared[warp][lane] = value;\n    __syncthreads();",
            "shared[warp][lane] = value;",
        ),
        family: "reduce",
        checks: "kernels::reduce::any_axes",
    },
    Fault {
        name: "reduction: what was there is not added",
        file: "reduce.cu",
        change: ("out[at] = accumulate ? out[at] + result : result;", "out[at] = result;"),
        family: "reduce",
        checks: "kernels::reduce::any_axes",
    },
    Fault {
        name: "reduction: the last of several is the largest",
        file: "reduce.cu",
        change: ("return a.at <= b.at ? a : b;", "return a.at >= b.at ? a : b;"),
        family: "reduce",
        checks: "kernels::reduce::first_of_the_largest",
    },
    Fault {
        name: "reduction: NaN does not win",
        file: "common.cuh",
        change: ("return a > b || a != a ? a : b;", "return a > b ? a : b;"),
        family: "reduce",
        checks: "kernels::reduce::special_values",
    },
    Fault {
        name: "softmax: a column too many",
        file: "rows.cuh",
        change: ("if (col < end) f(i, col);", "if (col <= end) f(i, col);"),
        family: "softmax",
        checks: "kernels::softmax",
    },
    Fault {
        name: "softmax: a block's values are read before all are there",
        file: "block.cuh",
        change: (
            "if (lane == 0) shared[warp] = value;\n    __syncthreads();",
            "if (lane == 0) shared[warp] = value;",
        ),
        family: "softmax",
        checks: "kernels::softmax",
    },
    Fault {
        name: "layer norm: no barrier before the sums of columns are joined",
        file: "layer_norm.cu",
        change: (
            "shared[1][warp][lane] = of_bias;\n    __syncthreads();",
            "shared[1][warp][lane] = of_bias;",
        ),
        family: "layer_norm",
        checks: "kernels::layer_norm",
    },
    Fault {
        name: "layer norm: a block's shared values are written while others read them",
        file: "block.cuh",
        change: (
            "F::template identity<T>());\n    __syncthreads();",
            "F::template identity<T>());",
        ),
        family: "layer_norm",
        checks: "kernels::layer_norm",
    },
    Fault {
        name: "layer norm: the gradient of the weight is not added",
        file: "layer_norm.cu",
        change: (
            "out[col] = accumulate ? out[col] + T(sum) : T(sum);",
            "out[col] = T(sum);",
        ),
        family: "layer_norm",
        checks: "kernels::layer_norm",
    },
    Fault {
        name: "cross-entropy: a wrong label is not noted",
        file: "loss.cu",
        change: ("if (first) note(", "if (first && fault->kind == 1u) note("),
        family: "loss",
        checks: "kernels::loss::labels",
    },
    Fault {
        name: "cross-entropy: the label after the last is a class",
        file: "loss.cu",
        change: ("label >= 0 && label < classes", "label >= 0 && label <= classes"),
        family: "loss",
        checks: "kernels::loss::labels",
    },
    Fault {
        name: "elementwise: an element too many is written",
        file: "common.cuh",
        change: ("if (i < count) to[i] = x[i];", "if (i <= count) to[i] = x[i];"),
        family: "elementwise",
        checks: "kernels::elementwise::every_operation",
    },
    Fault {
        name: "elementwise: the bias of a column goes to its neighbour",
        file: "elementwise.cu",
        change: (
            "col = col + 1 == cols ? 0 : col + 1;",
            "col = col + 2 >= cols ? 0 : col + 1;",
        ),
        family: "elementwise",
        checks: "kernels::elementwise::a_bias",
    },
    Fault {
        name: "elementwise: the gradient of relu at 0 is 1",
        file: "derivative.cuh",
        change: (
            "[](T d, T x) { return x <= T(0) ? T(0) : d; }",
            "[](T d, T x) { return x < T(0) ? T(0) : d; }",
        ),
        family: "elementwise",
        checks: "kernels::elementwise::conventions",
    },
    Fault {
        name: "elementwise: the counter of dropout is off by one",
        file: "philox.cuh",
        change: (
            "    philox(seed, stream, index / 4, words);\n",
            "    philox(seed, stream, index / 4 + 1, words);\n",
        ),
        family: "elementwise",
        checks: "kernels::elementwise::masks",
    },
    Fault {
        name: "strided: a copy writes an element too many",
        file: "strided.cu",
        change: (
            "if (i + lane * BLOCK < n) out[at[lane][1]] = F::value(u[lane]);",
            "if (i + lane * BLOCK <= n) out[at[lane][1]] = F::value(u[lane]);",
        ),
        family: "strided",
        checks: "kernels::strided::co",
    },
    Fault {
        name: "strided: the second operand has the strides of the first",
        file: "strided.cu",
        change: ("v[lane] = b[at[lane][1]];", "v[lane] = b[at[lane][0]];"),
        family: "strided",
        checks: "kernels::strided::binary",
    },
    Fault {
        name: "strided: no barrier within a transpose",
        file: "strided.cu",
        change: (
            "[threadIdx.x] = v[i];\n        __syncthreads();",
            "[threadIdx.x] = v[i];",
        ),
        family: "strided",
        checks: "kernels::strided::transposes",
    },
    Fault {
        name: "elements: the middle of two halves goes up",
        file: "elements.cuh",
        change: ("(rest == half && (rounded & 1))", "rest == half"),
        family: "elements",
        checks: "ops::elements::halves",
    },
    Fault {
        name: "elements: the second choice has the strides of the first",
        file: "elements.cu",
        change: ("a[at[1]] : b[at[2]]", "a[at[1]] : b[at[1]]"),
        family: "elements",
        checks: "ops::elements::selections",
    },
    Fault {
        name: "random: both halves of four doubles are the same",
        file: "random.cu",
        change: (
            "philox(seed, stream, i / 2 + half, words);\n        out[2 * half]",
            "philox(seed, stream, i / 2, words);\n        out[2 * half]",
        ),
        family: "random",
        checks: "kernels::random::uniform",
    },
    Fault {
        name: "sgd: what a fresh buffer holds counts",
        file: "optimizers.cu",
        change: ("buffer != nullptr && !rule.first", "buffer != nullptr"),
        family: "optimizers",
        checks: "kernels::optimizers::sgd",
    },
    Fault {
        name: "adam: parameters move while a fault stands",
        file: "optimizers.cu",
        change: (
            "    if (fault->kind != 0) return;\n    const bool wide = is_wide(values) && is_wide(grads) && is_wide(first)",
            "    const bool wide = is_wide(values) && is_wide(grads) && is_wide(first)",
        ),
        family: "optimizers",
        checks: "kernels::optimizers::nothing_moves",
    },
    Fault {
        name: "adam: the largest second moment is not kept",
        file: "optimizers.cu",
        change: ("if (largest != nullptr) store(largest + i, top, wide, n - i);", ""),
        family: "optimizers",
        checks: "kernels::optimizers::adam",
    },
];
