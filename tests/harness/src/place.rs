//! Where things are in the checkout.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

/// The top of the checkout.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// Where built things are: Cargo's target directory.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// A native binary of ours. The error names the command that builds it.
pub fn binary(name: &str) -> Result<PathBuf> {
    existing(target().join("release").join(name), "cargo xtask build")
}

/// `path`, when there is something; otherwise an error that names the command which makes it.
pub fn existing(path: PathBuf, made_by: &str) -> Result<PathBuf> {
    if !path.exists() {
        bail!("{} is missing. Run `{made_by}` and try again.", path.display());
    }
    Ok(path)
}

/// The kept log of a server.
pub fn log(name: &str) -> Result<PathBuf> {
    let folder = root().join("tests/artifacts");
    std::fs::create_dir_all(&folder).with_context(|| format!("make {}", folder.display()))?;
    Ok(folder.join(format!("{name}.log")))
}

/// A loopback port that is free now. For servers that cannot choose one themselves and say which.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .context("look for a free port")?
        .local_addr()?
        .port())
}
