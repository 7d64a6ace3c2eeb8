use crate::{boot, install, metering, module, split, wizen};
use selvedge_engine::{
    COMPILED_FILE, CONFIG_ID, FileEntry, Image, ImageError, MANIFEST_FILE, MEMORY_FILE, Manifest, PACKAGES_FILE, config,
};
use selvedge_environment::Packages;
use selvedge_files::{Files, FilesState};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::NamedTempFile;

/// Why an image was not built. Nothing of it was put in place, unless it says so.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The sources that the guest boots with cannot be read.
    #[error("cannot read the guest's sources in {path}: {source}")]
    Sources {
        /// The directory or file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The guest did not boot.
    #[error("the guest did not boot: {reason}\n{last_words}")]
    Boot {
        /// What the runtime said.
        reason: String,
        /// What the guest wrote before it ended: a traceback when its Python is wrong.
        last_words: String,
    },
    /// The module is not a guest.
    #[error("the guest module is refused: {0}")]
    Refused(String),
    /// Its packages do not fit together.
    #[error(transparent)]
    Packages(#[from] selvedge_environment::Refusal),
    /// It cannot be compiled.
    #[error("the guest module does not compile: {0:#}")]
    Compile(wasmtime::Error),
    /// A file of the image cannot be written.
    #[error("cannot write {path}: {source}")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// What was written does not read back.
    #[error("the image was written but cannot be used: {0}")]
    Unusable(#[from] ImageError),
}

/// One finished step of a build, for showing progress.
#[derive(Clone, Debug)]
pub struct Step {
    /// What was done, with sizes.
    pub done: String,
    /// How long it took.
    pub took: Duration,
}

/// What an image is made of.
#[derive(Clone, Copy, Debug)]
pub struct Ingredients<'a> {
    /// The image's name.
    pub name: &'a str,
    /// The guest module as the compiler left it.
    pub guest: &'a [u8],
    /// The folder of Python sources that it boots with; without them it has everything inside.
    pub sources: Option<&'a Path>,
    /// Packages that its kernels see.
    pub packages: &'a Packages,
    /// Modules of those that are imported once and for all.
    pub imports: &'a [String],
    /// Where machine code is kept by the hash of what it was made of: images that differ in their memory only share it.
    pub cache: Option<&'a Path>,
}

/// Builds an image and puts it, whole, in place of the directory `out`.
///
/// # Errors
/// See [`BuildError`].
pub fn build(ingredients: &Ingredients<'_>, out: &Path, mut progress: impl FnMut(Step)) -> Result<Manifest, BuildError> {
    let Ingredients {
        name,
        guest,
        sources,
        packages,
        imports,
        cache,
    } = *ingredients;
    let mut began = Instant::now();
    let mut step = |done: String| {
        progress(Step {
            done,
            took: std::mem::replace(&mut began, Instant::now()).elapsed(),
        })
    };

    let source = sources.map(|dir| boot::compose(dir, imports)).transpose()?.unwrap_or_default();
    let tree = packages.tree()?;
    let packed = (!packages.names().is_empty()).then(|| tree.to_bytes());
    let files = Files::new(FilesState::default(), Arc::new(tree)).map_err(|error| BuildError::Refused(error.to_string()))?;
    let booted = wizen::boot(guest, source, files)?;
    step(format!("booted the guest and kept its memory: {}", size(&booted)));

    let prepared = module::prepare(&booted)?;
    step(format!("checked what it imports and exports: {}", size(&prepared.wasm)));

    let halves = split::split(&prepared.wasm, prepared.memory_pages)?;
    let compiled = compile(&metering::meter(&halves.code)?, cache)?;
    step(format!("compiled it for {}: {}", std::env::consts::ARCH, size(&compiled)));

    let hash = |bytes: &[u8]| blake3::hash(bytes).to_hex().to_string();
    let file = |name: &str, content: &[u8]| {
        let entry = FileEntry {
            blake3: hash(content),
            bytes: content.len() as u64,
        };
        (name.to_owned(), entry)
    };
    let mut files = BTreeMap::from([file(COMPILED_FILE, &compiled), file(MEMORY_FILE, &halves.memory)]);
    let fresh = install::beside(out)?;
    let folder = fresh.path();
    let mut module = blake3::Hasher::new();
    module.update(&prepared.wasm);
    if let Some(packed) = &packed {
        module.update(packed);
        files.extend([file(PACKAGES_FILE, packed)]);
        write(folder, PACKAGES_FILE, packed)?;
    }
    let manifest = Manifest {
        name: name.to_owned(),
        module: module.finalize().to_hex().to_string(),
        guest: hash(guest),
        engine: CONFIG_ID.to_owned(),
        arch: std::env::consts::ARCH.to_owned(),
        memory_pages: prepared.memory_pages,
        globals: prepared.globals,
        exports: prepared.exports,
        packages: packages
            .names()
            .iter()
            .map(|(name, version)| format!("{name}=={version}"))
            .collect(),
        files,
    };
    write(folder, COMPILED_FILE, &compiled)?;
    write(folder, MEMORY_FILE, &halves.memory)?;
    let mut text = serde_json::to_vec_pretty(&manifest).map_err(|error| BuildError::Refused(error.to_string()))?;
    text.push(b'\n');
    write(folder, MANIFEST_FILE, &text)?;
    Image::open(folder)?;
    install::put(&fresh, out)?;
    step(format!("wrote {}", out.display()));
    Ok(manifest)
}

/// Machine code of a guest's code, from `cache` if it was made before.
fn compile(code: &[u8], cache: Option<&Path>) -> Result<Vec<u8>, BuildError> {
    let key = blake3::Hasher::new()
        .update(CONFIG_ID.as_bytes())
        .update(std::env::consts::ARCH.as_bytes())
        .update(blake3::hash(code).as_bytes())
        .finalize();
    let name = format!("{}.cwasm", key.to_hex());
    if let Some(kept) = cache.and_then(|cache| fs::read(cache.join(&name)).ok()) {
        return Ok(kept);
    }
    let compiled = wasmtime::Engine::new(&config())
        .and_then(|engine| engine.precompile_module(code))
        .map_err(BuildError::Compile)?;
    if let Some(cache) = cache {
        write(cache, &name, &compiled)?;
    }
    Ok(compiled)
}

/// Puts a whole file in place of the one that is there; processes that have that mapped keep it.
fn write(dir: &Path, name: &str, content: &[u8]) -> Result<(), BuildError> {
    let path = dir.join(name);
    let attempt = || {
        fs::create_dir_all(dir)?;
        let mut file = NamedTempFile::new_in(dir)?;
        file.write_all(content)?;
        file.as_file().sync_all()?;
        let mut permissions = file.as_file().metadata()?.permissions();
        readable_by_all(&mut permissions);
        file.as_file().set_permissions(permissions)?;
        file.persist(&path).map_err(|error| error.error)
    };
    attempt().map(drop).map_err(|source| BuildError::Write {
        path: path.clone(),
        source,
    })
}

fn readable_by_all(permissions: &mut fs::Permissions) {
    use std::os::unix::fs::PermissionsExt as _;
    permissions.set_mode(0o644);
}

fn size(bytes: &[u8]) -> String {
    format!("{:.1} MB", bytes.len() as f64 / 1e6)
}
