use crate::{read_guest, show};
use anyhow::Context as _;
use clap::Args;
use selvedge_engine::{CONFIG_ID, Image};
use selvedge_environment::{Lock, Packages, Wheel, fetch, resolve};
use selvedge_image::{Ingredients, Step};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The lock's name in an image's directory.
const LOCK_FILE: &str = "environment.lock";

#[derive(Args)]
pub(crate) struct Arguments {
    /// Packages, as pip understands them: `"attrs==25.3.0 python-dateutil"`
    #[arg(long, value_name = "PACKAGES", required_unless_present = "lock", conflicts_with = "lock")]
    packages: Option<String>,
    /// Instead: a lock, every line `name==version --hash=sha256:…`
    #[arg(long, value_name = "FILE")]
    lock: Option<PathBuf>,
    /// A module that is imported once, into the image; can be given several times
    #[arg(long = "import", value_name = "MODULE")]
    imports: Vec<String>,
    /// The guest module as the compiler left it
    #[arg(long, value_name = "FILE")]
    guest: PathBuf,
    /// The Python sources that it boots with
    #[arg(long, value_name = "DIR")]
    sources: PathBuf,
    /// Where the image goes
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The image's name
    #[arg(long, default_value = "python")]
    name: String,
    /// Where wheels, machine code and images are kept
    #[arg(long, value_name = "DIR")]
    cache: PathBuf,
}

/// Builds it, or takes it from the cache if the same was built before.
pub(crate) fn build(arguments: &Arguments) -> anyhow::Result<()> {
    let began = Instant::now();
    let lock = match (&arguments.lock, &arguments.packages) {
        (Some(path), _) => Lock::parse(&fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?)?,
        (None, asked) => resolve(
            &asked
                .iter()
                .flat_map(|text| text.split_whitespace())
                .map(str::to_owned)
                .collect::<Vec<_>>(),
        )?,
    };
    let mut packages = Packages::default();
    for (name, bytes) in fetch(&lock, &arguments.cache.join("wheels"))? {
        packages.install(Wheel::read(&name, &bytes)?)?;
    }
    let names: Vec<String> = packages.names().iter().map(|(name, version)| format!("{name} {version}")).collect();
    show(Step {
        done: format!("unpacked {}", names.join(", ")),
        took: began.elapsed(),
    });

    let guest = read_guest(&arguments.guest)?;
    let kept = arguments.cache.join("environments").join(key(arguments, &lock, &guest)?);
    if Image::open(&kept).is_err() {
        let ingredients = Ingredients {
            name: &arguments.name,
            guest: &guest,
            sources: Some(&arguments.sources),
            packages: &packages,
            imports: &arguments.imports,
            cache: Some(&arguments.cache.join("code")),
        };
        selvedge_image::build(&ingredients, &kept, show)?;
    }
    let lock_path = kept.join(LOCK_FILE);
    fs::write(&lock_path, lock.to_string()).with_context(|| format!("cannot write {}", lock_path.display()))?;
    selvedge_image::install(&kept, &arguments.out)?;
    Image::open(&arguments.out)?;
    Ok(())
}

/// Of everything that the image is made of.
fn key(arguments: &Arguments, lock: &Lock, guest: &[u8]) -> anyhow::Result<String> {
    let mut hasher = blake3::Hasher::new();
    let builder = std::env::current_exe().and_then(fs::read).context("cannot read this program")?;
    for part in [
        CONFIG_ID.as_bytes(),
        arguments.name.as_bytes(),
        lock.to_string().as_bytes(),
        guest,
        &builder,
    ] {
        hasher.update(blake3::hash(part).as_bytes());
    }
    for import in &arguments.imports {
        hasher.update(blake3::hash(import.as_bytes()).as_bytes());
    }
    hash_folder(&arguments.sources, &mut hasher).with_context(|| format!("cannot read {}", arguments.sources.display()))?;
    Ok(hasher.finalize().to_hex().to_string())
}

fn hash_folder(folder: &Path, hasher: &mut blake3::Hasher) -> std::io::Result<()> {
    let mut paths = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<Vec<_>>>()?;
    paths.sort();
    for path in paths {
        hasher.update(path.file_name().unwrap_or_default().as_encoded_bytes());
        if path.is_dir() {
            hash_folder(&path, hasher)?;
        } else {
            hasher.update(blake3::hash(&fs::read(&path)?).as_bytes());
        }
    }
    Ok(())
}
