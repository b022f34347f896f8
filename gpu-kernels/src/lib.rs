//! The place of the CUDA kernels.
//!
//! What comes here: CUDA C++ in `kernels/`, one file a family; its PTX, committed with a hash of its sources that the build
//! checks; typed launchers over `cust`, behind the feature `cuda`; and an emulated driver on which every kernel is tested
//! where there is no card. Nothing of ours is depended on from here: `tensor` implements its `Backend` over these launchers, as
//! `tensor/src/device/cpu` does over `tensor/src/kernels`.
