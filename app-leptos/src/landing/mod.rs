//! Parts of the landing page that a browser takes over.

pub(crate) mod trial;
