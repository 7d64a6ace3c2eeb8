//! What a kernel is at a cell boundary ([`State`]), and how that is kept.
//!
//! A state is kept as a chain of objects ([`Chain`]): the first holds everything that differs from the image, each of the others what differs
//! from the one before.
//!
//! With the feature `store`, objects are kept: sealed with the key of their project ([`seal`]), on a medium ([`Objects`]), with all that can be done
//! with what was kept ([`Store`]).

#[cfg(feature = "store")]
mod cache;
mod chain;
pub mod crew;
mod decode;
#[cfg(feature = "store")]
mod diff;
mod digest;
mod encode;
mod files;
mod groups;
pub mod limits;
#[cfg(feature = "store")]
mod local;
#[cfg(feature = "store")]
mod objects;
mod page;
#[cfg(feature = "s3")]
mod s3;
#[cfg(feature = "store")]
mod sealed;
mod state;
#[cfg(feature = "store")]
mod store;

#[cfg(feature = "store")]
pub use cache::Cached;
pub use chain::{Chain, ChainError, DEPTH_MAX, Packed, join, split};
pub use decode::{Change, DecodeError, Delta, Source};
pub use files::{Blob, Files, FilesError};
#[cfg(feature = "store")]
pub use local::Local;
#[cfg(feature = "store")]
pub use objects::{Listed, Objects, PutError};
pub use page::{Image, PAGE_BYTES, Page, PageBytes, Pages, PagesError};
#[cfg(feature = "s3")]
pub use s3::{Bucket, Credentials, S3};
#[cfg(feature = "store")]
pub use sealed::{Head, KernelId, Kind, NotAKernel, Place, ProjectKey, SealError, open, seal, verify};
pub use state::{Hash, Registers, State};
#[cfg(feature = "store")]
pub use store::{Difference, Kept, Moment, NAME_BYTES_MAX, Retention, Store, StoreError};
