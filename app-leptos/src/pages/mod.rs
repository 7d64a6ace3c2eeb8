//! One file for each page: what it needs from the operations, and what it shows.

pub(crate) mod dashboard;
pub(crate) mod docs;
pub(crate) mod failure;
pub(crate) mod frame;
pub(crate) mod landing;
pub(crate) mod not_found;
pub(crate) mod notebook;
pub(crate) mod sign_in;
