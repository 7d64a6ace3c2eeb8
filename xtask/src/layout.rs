//! Where things are.

use std::path::{Path, PathBuf};

/// The checkout.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// Cargo's output.
pub(crate) fn target() -> PathBuf {
    root().join("target")
}

/// Native binaries.
pub(crate) fn binaries() -> PathBuf {
    target().join("release")
}

/// What this program builds: components, site, worker, images. The native binary is told this folder as its assets.
pub(crate) fn assets() -> PathBuf {
    target().join("selvedge")
}

/// Survives the checkout: guests and images by content hash. `SELVEDGE_CACHE`, else the user's cache folder.
pub(crate) fn cache() -> PathBuf {
    let from = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    from("SELVEDGE_CACHE")
        .or_else(|| from("XDG_CACHE_HOME").map(|dir| dir.join("selvedge")))
        .or_else(|| from("HOME").map(|dir| dir.join(".cache/selvedge")))
        .unwrap_or_else(|| target().join("cache"))
}
