//! What a kernel is at a cell boundary ([`State`]), and how that is kept.
//!
//! A state is kept as a chain of objects ([`Chain`]): the first holds everything that differs from the image, each of the others what differs
//! from the one before.

mod chain;
mod decode;
mod encode;
mod files;
mod groups;
pub mod limits;
mod page;
mod state;

pub use chain::{Chain, ChainError, DEPTH_MAX, Packed};
pub use decode::{Change, DecodeError, Delta, Source};
pub use files::{Blob, Files, FilesError};
pub use page::{Image, PAGE_BYTES, Page, PageBytes, Pages, PagesError};
pub use state::{Hash, Registers, State};
