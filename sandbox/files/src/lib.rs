//! A kernel's files: a tree in memory whose contents are addressed by hash.
//!
//! [`Files`] is what a guest's file functions work on. It begins with `/home`, `/tmp` and, read-only, the image's packages in `/environment`;
//! nothing of the machine is in it, and no path leads out of it: `..` of the root is the root. There are no links of any kind.
//!
//! What a checkpoint keeps of it is its [`FilesState`]: the tree and the table of open files, so that a program goes on reading where it was
//! after its kernel has slept. Contents are cut into [`Blob`]s of 64 KiB. A state shares the blobs, and the whole tree, with the live
//! kernel until that writes: taking one costs two reference counts, a write to a big file copies one blob.
//!
//! Bounds are in `selvedge_protocol::limits`; whoever goes past one gets the [`Refusal`] that an operating system would give.

mod content;
mod descriptors;
mod encoding;
mod entries;
mod files;
mod path;
mod refusal;
mod rename;
mod tree;

pub use content::{BLOB_BYTES, Blob};
pub use encoding::Malformed;
pub use entries::Entry;
pub use files::{Files, FilesState, Metadata, Opening, Whence};
pub use refusal::Refusal;
pub use tree::Tree;
