//! A product as the library wants it described, and the algorithm that it chose.

use std::ffi::c_void;

use cudarc::cublaslt::result::{self, CublasError};
use cudarc::cublaslt::sys::{
    self, cublasComputeType_t as Compute, cublasLtEpilogue_t as Epilogue, cublasLtMatmulDescAttributes_t as Attribute,
    cublasLtMatmulPreferenceAttributes_t as Preference, cudaDataType,
};

use crate::operand::Operand;

/// How an operand lies, as the library knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Lay {
    /// The step from one line to the next; elements of a line are neighbours.
    lead: usize,
    /// Whether lines are columns.
    transposed: bool,
    alignment: u32,
}

impl Lay {
    /// That of `[rows, cols]`; none where neither rows nor columns are without gaps, or where they lie over each other.
    pub(super) fn of<T>(operand: Operand<T>, rows: usize, cols: usize) -> Option<Self> {
        let alignment = alignment(operand.ptr.address());
        // A single row or column has no step; what it says is arbitrary.
        let (by_rows, row) = (
            cols == 1 || operand.col == 1,
            if rows == 1 { cols } else { operand.row },
        );
        if by_rows && row >= cols {
            return Some(Self {
                lead: row,
                transposed: false,
                alignment,
            });
        }
        let (by_cols, col) = (
            rows == 1 || operand.row == 1,
            if cols == 1 { rows } else { operand.col },
        );
        (by_cols && col >= rows).then_some(Self {
            lead: col,
            transposed: true,
            alignment,
        })
    }
}

/// The largest power of two that divides an address, as far as the library cares.
pub(super) fn alignment(address: u64) -> u32 {
    1 << address.trailing_zeros().min(8)
}

/// What an algorithm is chosen for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) double: bool,
    /// `m`, `n`, `k`.
    pub(super) sizes: [usize; 3],
    pub(super) a: Lay,
    pub(super) b: Lay,
    pub(super) out_alignment: u32,
    pub(super) accumulate: bool,
    pub(super) bias: bool,
    pub(super) relu: bool,
}

/// The library's description of a matrix.
#[derive(Debug)]
pub(super) struct Matrix(pub(super) sys::cublasLtMatrixLayout_t);

impl Matrix {
    fn new(kind: cudaDataType, rows: usize, cols: usize, lead: usize) -> Result<Self, CublasError> {
        result::create_matrix_layout(kind, rows as u64, cols as u64, lead as i64).map(Self)
    }

    /// `[rows, cols]` row by row is `[cols, rows]` column by column, which is how the library reads.
    fn of(kind: cudaDataType, lay: Lay, rows: usize, cols: usize) -> Result<Self, CublasError> {
        let (lines, length) = if lay.transposed { (cols, rows) } else { (rows, cols) };
        Self::new(kind, length, lines, lay.lead)
    }
}

impl Drop for Matrix {
    fn drop(&mut self) {
        // SAFETY: nobody has it any more.
        let _ = unsafe { result::destroy_matrix_layout(self.0) };
    }
}

/// The library's description of a product.
#[derive(Debug)]
pub(super) struct Description(pub(super) sys::cublasLtMatmulDesc_t);

impl Description {
    fn set<A>(&self, attribute: Attribute, value: &A) -> Result<(), CublasError> {
        let value: *const A = value;
        // SAFETY: the library reads so many bytes.
        unsafe { result::set_matmul_desc_attribute(self.0, attribute, value.cast::<c_void>(), size_of::<A>()) }
    }
}

impl Drop for Description {
    fn drop(&mut self) {
        // SAFETY: nobody has it any more.
        let _ = unsafe { result::destroy_matmul_desc(self.0) };
    }
}

/// What the library is told before it chooses.
struct Wishes(sys::cublasLtMatmulPreference_t);

impl Wishes {
    fn set<A>(&self, attribute: Preference, value: &A) -> Result<(), CublasError> {
        let value: *const A = value;
        // SAFETY: the library reads so many bytes.
        unsafe { result::set_matmul_pref_attribute(self.0, attribute, value.cast::<c_void>(), size_of::<A>()) }
    }
}

impl Drop for Wishes {
    fn drop(&mut self) {
        // SAFETY: nobody has it any more.
        let _ = unsafe { result::destroy_matmul_pref(self.0) };
    }
}

/// A product with its algorithm.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) description: Description,
    pub(super) a: Matrix,
    pub(super) b: Matrix,
    pub(super) out: Matrix,
    pub(super) algorithm: sys::cublasLtMatmulAlgo_t,
}

impl Plan {
    /// Asks the library for an algorithm: in full precision, without the shorter formats of tensor cores.
    pub(super) fn new(handle: sys::cublasLtHandle_t, key: &Key, workspace: usize) -> Result<Self, CublasError> {
        let (kind, compute) = if key.double {
            (cudaDataType::CUDA_R_64F, Compute::CUBLAS_COMPUTE_64F)
        } else {
            (cudaDataType::CUDA_R_32F, Compute::CUBLAS_COMPUTE_32F)
        };
        let [m, n, k] = key.sizes;
        let a = Matrix::of(kind, key.a, m, k)?;
        let b = Matrix::of(kind, key.b, k, n)?;
        let out = Matrix::new(kind, n, m, n)?;

        let description = Description(result::create_matmul_desc(compute, kind)?);
        // The library's first operand is our second.
        description.set(Attribute::CUBLASLT_MATMUL_DESC_TRANSA, &operation(key.b))?;
        description.set(Attribute::CUBLASLT_MATMUL_DESC_TRANSB, &operation(key.a))?;
        let epilogue = match (key.bias, key.relu) {
            (false, false) => Epilogue::CUBLASLT_EPILOGUE_DEFAULT,
            (true, false) => Epilogue::CUBLASLT_EPILOGUE_BIAS,
            (false, true) => Epilogue::CUBLASLT_EPILOGUE_RELU,
            (true, true) => Epilogue::CUBLASLT_EPILOGUE_RELU_BIAS,
        };
        description.set(Attribute::CUBLASLT_MATMUL_DESC_EPILOGUE, &(epilogue as u32))?;

        let wishes = Wishes(result::create_matmul_pref()?);
        wishes.set(Preference::CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, &workspace)?;
        wishes.set(Preference::CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, &key.b.alignment)?;
        wishes.set(Preference::CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES, &key.a.alignment)?;
        wishes.set(
            Preference::CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES,
            &key.out_alignment,
        )?;
        wishes.set(
            Preference::CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES,
            &key.out_alignment,
        )?;
        // SAFETY: all of them live.
        let chosen =
            unsafe { result::get_matmul_algo_heuristic(handle, description.0, b.0, a.0, out.0, out.0, wishes.0)? };
        Ok(Self {
            description,
            a,
            b,
            out,
            algorithm: chosen.algo,
        })
    }

    /// Where the bias of the next product lies.
    pub(super) fn set_bias(&self, address: u64) -> Result<(), CublasError> {
        self.description
            .set(Attribute::CUBLASLT_MATMUL_DESC_BIAS_POINTER, &address)
    }
}

/// The library's word for what is done to an operand before.
fn operation(lay: Lay) -> i32 {
    i32::from(lay.transposed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ptr::Ptr;

    fn lay(row: usize, col: usize, rows: usize, cols: usize) -> Option<(usize, bool)> {
        let operand = Operand {
            ptr: Ptr::<f32>::new(0x1_0010),
            row,
            col,
        };
        Lay::of(operand, rows, cols).map(|lay| (lay.lead, lay.transposed))
    }

    #[test]
    fn operands_lie_by_rows_or_by_columns() {
        assert_eq!(lay(5, 1, 3, 4), Some((5, false)));
        assert_eq!(lay(1, 5, 3, 4), Some((5, true)));
        assert_eq!(lay(2, 5, 3, 4), None);
        // A row that is repeated, and rows that overlap.
        assert_eq!(lay(0, 1, 3, 4), None);
        assert_eq!(lay(2, 1, 3, 4), None);
        // Steps of what is there once say nothing.
        assert_eq!(lay(0, 1, 1, 4), Some((4, false)));
        assert_eq!(lay(7, 0, 3, 1), Some((7, false)));
        assert_eq!(lay(1, 0, 3, 1), Some((1, false)));
        assert_eq!(lay(0, 3, 1, 4), Some((3, true)));
    }

    #[test]
    fn alignment_is_that_of_the_address() {
        assert_eq!(alignment(0x1_0010), 16);
        assert_eq!(alignment(0x1_0000), 256);
        assert_eq!(alignment(0x1_0004), 4);
    }
}
