//! Parts of the dashboard that a browser takes over.

pub(crate) mod keys;
pub(crate) mod make;
