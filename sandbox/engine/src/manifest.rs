use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The manifest's name in an image's directory.
pub const MANIFEST_FILE: &str = "manifest.json";
/// The compiled guest's name in an image's directory.
pub const COMPILED_FILE: &str = "image.cwasm";
/// The name, in an image's directory, of what a fresh instance's memory holds.
pub const MEMORY_FILE: &str = "memory.img";
/// The name, in an image's directory, of the packages that its kernels see in `/environment`; only environment images have it.
pub const PACKAGES_FILE: &str = "packages.tree";
/// Mutable globals of a guest are exported under this and their index, so that checkpoints can hold them.
pub const GLOBAL_PREFIX: &str = "selvedge_global_";

/// What an image consists of; `manifest.json` beside its files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Of its language: `python`, `javascript`.
    pub name: String,
    /// BLAKE3 of the initialised WebAssembly module and, if there are some, of the packages, in hexadecimal. Checkpoints belong to a module, not
    /// to the machine code made of it.
    pub module: String,
    /// BLAKE3 of the guest as the compiler left it, before initialisation.
    pub guest: String,
    /// [`crate::CONFIG_ID`] at the time of building.
    pub engine: String,
    /// Architecture of the machine code, as `std::env::consts::ARCH` calls it.
    pub arch: String,
    /// 64 KiB pages of linear memory that a fresh instance has.
    pub memory_pages: u64,
    /// Mutable globals, in order.
    pub globals: Vec<String>,
    /// Everything that the module exports.
    pub exports: Vec<String>,
    /// Packages that its kernels can import, as `name==version`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packages: Vec<String>,
    /// The files beside this one.
    pub files: BTreeMap<String, FileEntry>,
}

/// One file of an image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// Of its content, in hexadecimal.
    pub blake3: String,
    /// Its size.
    pub bytes: u64,
}
