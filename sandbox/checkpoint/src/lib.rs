//! What a kernel is at a cell boundary ([`State`]), and how that is kept.

pub mod limits;

mod files;
mod page;
mod state;

pub use files::{Blob, Files, FilesError};
pub use page::{Image, PAGE_BYTES, Page, PageBytes, Pages, PagesError};
pub use state::{Hash, Registers, State};
