//! Bounds of everything that a checkpoint holds. A reader holds every number against these before it makes room for anything.

/// Linear memory in 64 KiB pages: 1 GiB.
pub const MEMORY_PAGES_MAX: u32 = 1 << 14;
/// Changed 4 KiB pages: all of that memory.
pub const PAGES_MAX: usize = (MEMORY_PAGES_MAX as usize) << 4;
/// Mutable globals of a module.
pub const GLOBALS_MAX: usize = 256;
/// Files, folders and links of one kernel.
pub const ENTRIES_MAX: usize = 1 << 16;
/// Bytes of one path, and of a link's target.
pub const PATH_BYTES_MAX: usize = 4096;
/// Bytes of one blob; a file's contents are blobs one after the other.
pub const BLOB_BYTES_MAX: usize = 64 << 10;
/// Bytes of all files of one kernel together.
pub const FILES_BYTES_MAX: u64 = 256 << 20;
/// Bytes of what the file system itself wants to remember.
pub const DESCRIPTORS_BYTES_MAX: usize = 64 << 10;
