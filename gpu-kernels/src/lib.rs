//! The place of the CUDA kernels: sources, PTX, launchers and the emulated driver come here.
