//! What runs show. Each kind of content is one file; nothing that a guest wrote reaches the page unescaped.

pub(crate) mod ansi;
pub(crate) mod around;
pub(crate) mod bundle;
pub(crate) mod chart;
pub(crate) mod failure;
mod fold;
mod frame;
mod image;
pub(crate) mod markdown;
pub(crate) mod rows;
pub(crate) mod stream;
pub(crate) mod table;
mod traceback;
