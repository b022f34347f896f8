#!/usr/bin/env bash
# Makes ptx/<family>.ptx of kernels/<family>.cu.
#
#   ptx.sh [family..]            writes the PTX of these families, or of all, and docs/ptxas.md with it
#   ptx.sh --check [family..]    compares with what is committed instead
#   ptx.sh --table [family..]    prints what ptxas says of each kernel, on sm_80 and sm_90: docs/ptxas.md is this of all
#
# The compiler is NVCC (the program, or the folder that the wheels below were installed to); without it the pinned wheels are
# installed with pip into a temporary folder. The output is the same bytes everywhere, so it is committed and compared.
set -euo pipefail
cd "$(dirname "$0")/.."

# CUDA 13.0, each part pinned: newer parts do not fit this compiler.
wheels=(nvidia-cuda-nvcc==13.0.88 nvidia-nvvm==13.0.88 nvidia-cuda-crt==13.0.88 nvidia-cuda-runtime==13.0.96 nvidia-cuda-cccl==13.0.85)
# The oldest card that is supported, and its own version of PTX: every driver from CUDA 11.0 on takes it.
arch=compute_80
isa=7.0

mode=write
case "${1:-}" in
--check | --table)
    mode=${1#--}
    shift
    ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

nvcc=${NVCC:-}
if [ -z "$nvcc" ]; then
    pip install --quiet --no-deps --target "$work/wheels" "${wheels[@]}"
    nvcc=$work/wheels
fi
if [ -d "$nvcc" ]; then
    nvcc=$nvcc/nvidia/cu13/bin/nvcc
fi
ptxas=$(dirname "$nvcc")/ptxas

# The files of kernels/ that a file is made of, itself last. build.rs walks them in the same order.
sources() {
    local header
    for header in $(sed -nE 's/^# *include "([^"]+)".*/\1/p' "kernels/$1"); do
        if [ -e "kernels/$header" ] && [[ " ${seen[*]:-} " != *" $header "* ]]; then
            seen+=("$header")
            sources "$header"
        fi
    done
    printf 'kernels/%s\n' "$1"
}

# What build.rs compares: the CRC and the number of bytes that cksum prints.
checksum() {
    local seen=()
    sources "$1.cu" | xargs cat | cksum | tr ' ' '-'
}

generate() {
    "$nvcc" -std=c++17 -ptx -arch "$arch" -Ikernels -o "$work/raw.ptx" "kernels/$1.cu"
    printf '// sources %s\n' "$(checksum "$1")"
    sed -E "s/^\.version .*/.version $isa/" "$work/raw.ptx"
}

families=("$@")
if [ ${#families[@]} -eq 0 ]; then
    for source in kernels/*.cu; do
        families+=("$(basename "$source" .cu)")
    done
fi

# kernel card registers shared stack spilled: a line for each kernel of a family.
resources() {
    "$ptxas" -arch="$2" -v -o /dev/null "ptx/$1.ptx" 2>&1 | awk -v card="$2" '
        /Compiling entry function/ { split($0, part, "\047"); kernel = part[2] }
        /bytes stack frame/ && kernel { stack = $1; spilled = $5 + $9 }
        /Used [0-9]+ registers/ && kernel {
            shared = 0
            for (i = 1; i <= NF; ++i) {
                if ($i == "registers,") registers = $(i - 1)
                if ($i == "smem," || $i == "smem") shared = $(i - 2)
            }
            print kernel, card, registers, shared, stack, spilled
            kernel = ""
        }'
}

# The page docs/ptxas.md, with the kernels of these families.
page() {
    local family
    cat scripts/table.md
    for family in "$@"; do
        { resources "$family" sm_80; resources "$family" sm_90; } | sort | awk -v family="$family" '
            { registers[$2] = $3; shared[$2] = $4; stack[$2] = $5; spilled[$2] = $6 }
            function both(of) { return of["sm_80"] == of["sm_90"] ? of["sm_80"] : of["sm_80"] " / " of["sm_90"] }
            $2 == "sm_90" {
                printf "| %s | `%s` | %s | %s | %s | %s |\n", family, $1, both(registers), both(shared), both(stack), both(spilled)
            }'
    done
}

stale=0
compare() {
    if ! cmp --silent "$1" "$2"; then
        echo "error: gpu-kernels/$2 is not what the sources make; run gpu-kernels/scripts/ptx.sh" >&2
        stale=1
    fi
}

if [ $mode = table ]; then
    page "${families[@]}"
    exit
fi
for family in "${families[@]}"; do
    generate "$family" >"$work/$family.ptx"
    "$ptxas" -arch=sm_80 -o /dev/null "$work/$family.ptx"
    case $mode in
    write)
        mv "$work/$family.ptx" "ptx/$family.ptx"
        echo "ptx/$family.ptx"
        ;;
    check) compare "$work/$family.ptx" "ptx/$family.ptx" ;;
    esac
done
# Of all families there is a page.
if [ $# -eq 0 ]; then
    page "${families[@]}" >"$work/ptxas.md"
    case $mode in
    write) mv "$work/ptxas.md" ../docs/ptxas.md ;;
    check) compare "$work/ptxas.md" ../docs/ptxas.md ;;
    esac
fi
exit $stale
