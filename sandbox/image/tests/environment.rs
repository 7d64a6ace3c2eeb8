//! An environment image from a lock to an import, with the real guest and a wheel made here.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test that cannot go on has failed"
)]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use selvedge_engine::{CancelToken, CellEnd, CellRequest, Checkpoint, Engine, EventKind, Image, Kernel, Limits, PoolSize, RestoreError};
use sha2::{Digest as _, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const WHEEL: &str = "toy-1.0-py3-none-any.whl";

/// What `cargo xtask build guests` made: the image, the guest module that is in it, and what that boots with.
struct Built {
    image: PathBuf,
    guest: PathBuf,
    sources: PathBuf,
}

impl Built {
    fn find() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let image = root.join("target/selvedge/images/python");
        let manifest: selvedge_engine::Manifest = serde_json::from_slice(&fs::read(image.join("manifest.json")).unwrap()).unwrap();
        let from = |name: &str, below: &str| {
            std::env::var_os(name)
                .filter(|value| !value.is_empty())
                .map(|value| Path::new(&value).join(below))
        };
        let cache = from("SELVEDGE_CACHE", "")
            .or_else(|| from("XDG_CACHE_HOME", "selvedge"))
            .or_else(|| from("HOME", ".cache/selvedge"));
        let guests = fs::read_dir(cache.unwrap().join("guests"))
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let is_it = |path: &PathBuf| fs::read(path).is_ok_and(|bytes| blake3::hash(&bytes).to_hex().as_str() == manifest.guest);
        Self {
            guest: guests
                .into_iter()
                .find(is_it)
                .unwrap_or_else(|| panic!("the guest is not there; `cargo xtask build guests` makes it")),
            sources: root.join("sandbox/guest-python/python"),
            image,
        }
    }

    /// Runs the builder; what it says.
    fn environment(&self, arguments: &[&str], cache: &Path, out: &Path) -> Result<String, String> {
        let output = Command::new(env!("CARGO_BIN_EXE_selvedge-image"))
            .arg("environment")
            .args(arguments)
            .args([Path::new("--guest"), &self.guest, Path::new("--sources"), &self.sources])
            .args([Path::new("--cache"), cache, Path::new("--out"), out])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() { Ok(said) } else { Err(said) }
    }
}

/// A zip archive with these files as they are.
fn zip(files: &[(&str, String)]) -> Vec<u8> {
    let (mut bytes, mut list) = (Vec::new(), Vec::new());
    for (name, text) in files {
        let at = bytes.len() as u32;
        let len = text.len() as u32;
        let common = [
            &[20, 0, 0, 0, 0, 0, 0, 0, 0, 0][..],
            &crc32fast::hash(text.as_bytes()).to_le_bytes(),
            &len.to_le_bytes(),
            &len.to_le_bytes(),
            &(name.len() as u16).to_le_bytes(),
            &[0, 0],
        ]
        .concat();
        bytes.extend([b"PK\x03\x04", &common[..], name.as_bytes(), text.as_bytes()].concat());
        list.extend([b"PK\x01\x02\x14\x03", &common[..], &[0; 10], &at.to_le_bytes(), name.as_bytes()].concat());
    }
    let count = (files.len() as u16).to_le_bytes();
    let end = [
        b"PK\x05\x06\0\0\0\0",
        &count[..],
        &count,
        &(list.len() as u32).to_le_bytes(),
        &(bytes.len() as u32).to_le_bytes(),
        &[0, 0],
    ]
    .concat();
    [bytes, list, end].concat()
}

fn wheel() -> Vec<u8> {
    let mut files = vec![
        ("toy/__init__.py", "import json\nx = json.loads('41') + 1\n".to_owned()),
        ("toy/later.py", "y = 'read from a file'\n".to_owned()),
        ("toy-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n".to_owned()),
    ];
    let line = |(name, text): &(&str, String)| format!("{name},sha256={},{}\n", URL_SAFE_NO_PAD.encode(Sha256::digest(text)), text.len());
    let record: String = files.iter().map(line).collect();
    files.push(("toy-1.0.dist-info/RECORD", record));
    zip(&files)
}

async fn run(kernel: &mut Kernel, code: &str) -> (CellEnd, String) {
    let cell = CellRequest {
        label: "cell 1".to_owned(),
        code: code.to_owned(),
        ..CellRequest::default()
    };
    let limits = Limits {
        wall_ms: 60_000,
        fuel: 1_000_000_000_000,
        memory_bytes: 256 << 20,
        output_bytes: 1 << 20,
    };
    let mut text = String::new();
    let mut sink = |kind: EventKind, data: serde_json::Value| {
        if kind == EventKind::Stdout {
            text += data["text"].as_str().unwrap();
        }
    };
    let end = kernel.run(&cell, &limits, &mut sink, &CancelToken::new()).await;
    (end, text)
}

fn engine(image: &Path) -> Engine {
    Engine::new(Image::open(image).unwrap(), PoolSize::kernels(4)).unwrap()
}

async fn refused(engine: &Engine, checkpoint: &Checkpoint) -> bool {
    matches!(engine.restore(checkpoint, [1; 32]).await, Err(RestoreError::ForeignImage { .. }))
}

#[tokio::test]
async fn packages_of_a_lock_are_imported_in_the_image_or_from_its_files() {
    let built = Built::find();
    let scratch = tempfile::tempdir().unwrap();
    let (cache, out, lock) = (
        scratch.path().join("cache"),
        scratch.path().join("out"),
        scratch.path().join("lock"),
    );
    let hash: String = Sha256::digest(wheel()).iter().map(|byte| format!("{byte:02x}")).collect();
    fs::create_dir_all(cache.join("wheels").join(&hash)).unwrap();
    fs::write(cache.join("wheels").join(&hash).join(WHEEL), wheel()).unwrap();
    fs::write(&lock, format!("toy==1.0 --hash=sha256:{hash}\n")).unwrap();
    let arguments = ["--lock", lock.to_str().unwrap(), "--import", "toy"];

    let said = built.environment(&arguments, &cache, &out).unwrap();
    assert!(said.contains("unpacked toy 1.0") && said.contains("booted"), "{said}");
    let again = built.environment(&arguments, &cache, &out).unwrap();
    assert!(!again.contains("booted"), "what was built before is taken from the cache: {again}");

    let here = engine(&out);
    assert_eq!(here.image().manifest().packages, ["toy==1.0"]);
    let mut kernel = here.start([1; 32]).await.unwrap();
    let code = "import sys\nthere = ('toy' in sys.modules, 'toy.later' in sys.modules)\nimport toy, toy.later\nprint(there, toy.x, toy.__file__, toy.later.y)";
    assert_eq!(
        run(&mut kernel, code).await.1,
        "(True, False) 42 /environment/site-packages/toy/__init__.py read from a file\n"
    );
    let (end, _) = run(&mut kernel, "open('/environment/site-packages/toy/x.py', 'w')").await;
    assert!(end.error.unwrap().message.contains("Read-only"));

    // A module that goes on where it was, in this environment and in no other.
    run(&mut kernel, "f = open(toy.__file__)\nf.readline()").await;
    let checkpoint = kernel.checkpoint().unwrap();
    let mut woken = here.restore(&checkpoint, [2; 32]).await.unwrap();
    assert_eq!(
        run(&mut woken, "print(toy.x, f.readline(), end='')").await.1,
        "42 x = json.loads('41') + 1\n"
    );
    let base = engine(&built.image);
    assert!(refused(&base, &checkpoint).await);
    let mut plain = base.start([1; 32]).await.unwrap();
    assert_eq!(run(&mut plain, "import toy").await.0.error.unwrap().kind, "ModuleNotFoundError");
    assert!(refused(&here, &plain.checkpoint().unwrap()).await);

    // Packages that were altered afterwards are no image.
    let packages = out.join("packages.tree");
    let mut bytes = fs::read(&packages).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&packages, bytes).unwrap();
    assert!(Image::open(&out).unwrap_err().to_string().contains("packages.tree"));

    // A module that cannot be imported says so, with its traceback; nothing is put in place.
    let nowhere = scratch.path().join("nowhere");
    let said = built
        .environment(&["--lock", lock.to_str().unwrap(), "--import", "toy.none"], &cache, &nowhere)
        .unwrap_err();
    assert!(said.contains("ModuleNotFoundError") && said.contains("toy.none"), "{said}");
    assert!(!nowhere.exists());
}

#[test]
fn a_wheel_that_is_not_the_locks_is_refused_before_it_is_opened() {
    let built = Built::find();
    let scratch = tempfile::tempdir().unwrap();
    let (cache, out, lock) = (
        scratch.path().join("cache"),
        scratch.path().join("out"),
        scratch.path().join("lock"),
    );
    let hash = "a".repeat(64);
    fs::create_dir_all(cache.join("wheels").join(&hash)).unwrap();
    fs::write(cache.join("wheels").join(&hash).join(WHEEL), b"no archive at all").unwrap();
    fs::write(&lock, format!("toy==1.0 --hash=sha256:{hash}\n")).unwrap();
    let said = built.environment(&["--lock", lock.to_str().unwrap()], &cache, &out).unwrap_err();
    assert!(
        said.contains("the lock says aaaa") && said.contains("nothing of it was installed"),
        "{said}"
    );
}
