//! Where things are. The one place that reads the environment.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use selvedge_engine::Image;
use selvedge_protocol::LANGUAGES;

use crate::cli::Places;

/// The installed files.
#[derive(Clone, Debug)]
pub(crate) struct Assets {
    root: PathBuf,
    worker: PathBuf,
}

impl Assets {
    /// `--assets`, else `SELVEDGE_ASSETS`, else the folder `assets` beside this program.
    pub(crate) fn find(places: &Places) -> Result<Self> {
        let program = env::current_exe().context("cannot tell where this program is")?;
        let beside = program.parent().unwrap_or(&program);
        let root = places
            .assets
            .clone()
            .or_else(|| path("SELVEDGE_ASSETS"))
            .unwrap_or_else(|| beside.join("assets"));
        Ok(Self {
            root,
            worker: beside.join("selvedge-sandbox-worker"),
        })
    }

    /// The composed component, compiled ahead of time.
    pub(crate) fn component(&self) -> PathBuf {
        self.root.join("platform.cwasm")
    }

    /// Static files.
    pub(crate) fn site(&self) -> PathBuf {
        self.root.join("site")
    }

    /// The guest images, a folder for each language.
    pub(crate) fn images(&self) -> PathBuf {
        self.root.join("images")
    }

    /// The program that runs guests.
    pub(crate) fn worker(&self) -> PathBuf {
        self.worker.clone()
    }

    /// The languages with the hashes of their images, after checking every file of them.
    pub(crate) fn image_hashes(&self) -> Result<String> {
        let hashes = LANGUAGES
            .iter()
            .map(|language| Ok(format!("{language} {}", Image::open(&self.images().join(language))?.hash())))
            .collect::<Result<Vec<String>>>()?;
        Ok(hashes.join(", "))
    }

    /// Say at once what is missing, before anything is started.
    pub(crate) fn check(&self, with_node: bool) -> Result<()> {
        let mut needed = vec![self.component(), self.site().join("pkg")];
        if with_node {
            needed.push(self.worker());
        }
        if let Some(path) = needed.into_iter().find(|path| !path.exists()) {
            bail!(
                "{} is missing. In a checkout `cargo xtask build native` makes it; an installation is unpacked whole, or `--assets` names its folder",
                path.display()
            );
        }
        if with_node {
            self.image_hashes()?;
        }
        Ok(())
    }
}

/// `--data`, else `selvedge` in the user's data folder.
pub(crate) fn data_dir(places: &Places) -> Result<PathBuf> {
    places
        .data
        .clone()
        .or_else(|| path("XDG_DATA_HOME").map(|dir| dir.join("selvedge")))
        .or_else(|| path("HOME").map(|dir| dir.join(".local/share/selvedge")))
        .context("no place for the data: give one with --data DIR")
}

fn path(name: &str) -> Option<PathBuf> {
    env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}
