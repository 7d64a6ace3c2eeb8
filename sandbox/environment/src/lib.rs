//! Packages for an environment image: resolved by pip, held against their hashes, unpacked without running anything of theirs.
//!
//! [`Lock`] names every package with its version and the SHA-256 of its wheel; [`resolve`] makes one of what somebody asks for, [`fetch`] gets
//! the wheels of one. [`Packages::install`] unpacks wheels into the tree that kernels of the image see under `/environment`.
//!
//! A wheel is a zip archive by somebody unknown. [`archive`] reads exactly what such an archive may be and refuses the rest; nothing of a wheel
//! ever touches the disk under a name that it chose, and its code runs for the first time inside the sandbox, when the image boots.

pub mod archive;
mod lock;
mod packages;
mod pip;
mod refusal;
mod wheel;

pub use lock::{Lock, Locked};
pub use packages::Packages;
pub use pip::{fetch, resolve};
pub use refusal::Refusal;
pub use wheel::Wheel;

/// Where packages lie below `/environment`.
pub const SITE_PACKAGES: &str = "site-packages";
