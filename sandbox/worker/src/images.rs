//! The languages that this process runs: one engine for each image.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::fs;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use selvedge_engine::{Engine, Image, MANIFEST_FILE, PoolSize};
use selvedge_protocol::LANGUAGES;

/// Engines by their images, whose names are those of languages.
pub(crate) struct Images {
    first: Engine,
    others: Vec<Engine>,
}

impl Images {
    /// Opens the image in `folder`, or every image in the folders in it; each has room for as many instances. What memories begin with may be
    /// among `shared`, with its BLAKE3.
    pub(crate) fn open(folder: &Path, mut shared: HashMap<String, OwnedFd>, instances: u32) -> anyhow::Result<Self> {
        let mut engines = folders(folder)?
            .iter()
            .map(|folder| {
                let image = Image::open_with(folder, |hash| shared.remove(hash))?;
                Ok(Engine::new(image, PoolSize::kernels(instances))?)
            })
            .collect::<anyhow::Result<Vec<Engine>>>()?;
        // A question about an empty kernel names no language: it goes to the first of all, which is that of notebooks, without packages.
        engines.sort_by_key(|engine| {
            let manifest = engine.image().manifest();
            let place = LANGUAGES.iter().position(|language| *language == manifest.name);
            Reverse((place.unwrap_or(LANGUAGES.len()), !manifest.packages.is_empty()))
        });
        let Some(first) = engines.pop() else {
            bail!(
                "there is no guest image in {}; build the images with `cargo xtask build guests`",
                folder.display()
            )
        };
        Ok(Self { first, others: engines })
    }

    /// The engine of a language without packages, or with those of the environment image that has this hash.
    pub(crate) fn choose(&self, language: &str, environment: Option<&str>) -> Option<&Engine> {
        let mut all = self.all().filter(|engine| engine.image().manifest().name == language);
        match environment {
            Some(hash) => all.find(|engine| engine.image().hash() == hash),
            None => all.find(|engine| engine.image().manifest().packages.is_empty()),
        }
    }

    /// The engine of the image with this hash; any engine when there is none, which will say so.
    pub(crate) fn holding(&self, hash: &str) -> &Engine {
        self.all().find(|engine| engine.image().hash() == hash).unwrap_or(&self.first)
    }

    /// The engine for what names no language.
    pub(crate) fn first(&self) -> &Engine {
        &self.first
    }

    /// Hashes of all images, sorted by name, with a space between them.
    pub(crate) fn hashes(&self) -> String {
        let mut all: Vec<&Engine> = self.all().collect();
        all.sort_by(|a, b| a.image().manifest().name.cmp(&b.image().manifest().name));
        all.iter().map(|engine| engine.image().hash()).collect::<Vec<_>>().join(" ")
    }

    fn all(&self) -> impl Iterator<Item = &Engine> {
        std::iter::once(&self.first).chain(&self.others)
    }
}

fn folders(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if folder.join(MANIFEST_FILE).is_file() {
        return Ok(vec![folder.to_owned()]);
    }
    let entries = fs::read_dir(folder).with_context(|| {
        format!(
            "guest images in {} cannot be read; build the images with `cargo xtask build guests`",
            folder.display()
        )
    })?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        // One whose name begins with a dot is just being installed or removed.
        let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if !hidden && path.join(MANIFEST_FILE).is_file() {
            found.push(path);
        }
    }
    Ok(found)
}
