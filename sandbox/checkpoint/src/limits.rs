//! Bounds of everything that a checkpoint holds. A reader holds every number against these before it makes room for anything.

/// Linear memory in 64 KiB pages: 1 GiB.
pub const MEMORY_PAGES_MAX: u32 = 1 << 14;
/// Mutable globals of a module.
pub const GLOBALS_MAX: usize = 256;
/// Bytes of one blob; a file's contents are blobs one after the other.
pub const BLOB_BYTES_MAX: usize = 64 << 10;
/// Bytes of all files of one kernel together.
pub const FILES_BYTES_MAX: u64 = 256 << 20;
/// Blobs of one kernel: as many as those bytes have, if they are small.
pub const BLOBS_MAX: usize = 1 << 18;
/// Bytes of what the file system writes down to find everything again.
pub const TREE_BYTES_MAX: usize = 16 << 20;
/// Objects that a state can consist of: whoever writes begins anew long before ([`crate::DEPTH_MAX`]).
pub const CHAIN_OBJECTS_MAX: usize = 64;
/// Bytes of one object: all of the largest memory, its files and room for its own bookkeeping.
pub const OBJECT_BYTES_MAX: usize = (1 << 30) + (512 << 20);
