use crate::archive::{self, Entry};
use crate::refusal::Refusal;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// What machine code ends with.
const NATIVE_ENDINGS: [&str; 4] = [".so", ".pyd", ".dll", ".dylib"];

/// An unpacked wheel: what it puts below the folder of packages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wheel {
    /// The package, as the wheel's name has it.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Files by path.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Wheel {
    /// Reads the wheel of this file name, and checks it against its own record of hashes.
    ///
    /// # Errors
    /// `Native`, `Archive`.
    pub fn read(file_name: &str, archive: &[u8]) -> Result<Self, Refusal> {
        let (name, version) = pure(file_name)?;
        let refused = |reason: String| Refusal::Archive {
            wheel: file_name.to_owned(),
            reason,
        };
        let entries = archive::unpack(archive).map_err(refused)?;
        let native = |name: &str| {
            let lower = name.to_ascii_lowercase();
            NATIVE_ENDINGS.iter().any(|ending| lower.ends_with(ending)) || lower.contains(".so.")
        };
        if entries.iter().any(|entry| native(&entry.name)) {
            return Err(Refusal::Native {
                package: name,
                wheel: file_name.to_owned(),
            });
        }
        let info = format!("{name}-{version}.dist-info");
        let metadata = text(&entries, &format!("{info}/WHEEL")).ok_or_else(|| refused(format!("it has no {info}/WHEEL")))?;
        if !metadata
            .lines()
            .any(|line| line.trim().eq_ignore_ascii_case("root-is-purelib: true"))
        {
            return Err(Refusal::Native {
                package: name,
                wheel: file_name.to_owned(),
            });
        }
        let record = text(&entries, &format!("{info}/RECORD")).ok_or_else(|| refused(format!("it has no {info}/RECORD")))?;
        check_record(&entries, record, &info).map_err(refused)?;
        let data = format!("{name}-{version}.data/");
        let mut files = BTreeMap::new();
        for Entry { name, bytes } in entries {
            let place = match name.strip_prefix(&data) {
                None => name,
                // Programs, headers and documents have no place in a kernel.
                Some(inside) => match inside.strip_prefix("purelib/") {
                    Some(place) => place.to_owned(),
                    None => continue,
                },
            };
            if files.insert(place.clone(), bytes).is_some() {
                return Err(refused(format!("it has {place:?} twice")));
            }
        }
        Ok(Self { name, version, files })
    }

    /// The modules and packages that it has at the top.
    pub fn modules(&self) -> impl Iterator<Item = &str> {
        let mut names: Vec<&str> = self
            .files
            .keys()
            .filter_map(|path| match path.split_once('/') {
                Some((folder, rest)) => (rest.ends_with(".py") && !folder.contains(['.', '-'])).then_some(folder),
                None => path.strip_suffix(".py"),
            })
            .collect();
        names.dedup();
        names.into_iter()
    }
}

/// Name and version of a wheel that is pure Python.
fn pure(file_name: &str) -> Result<(String, String), Refusal> {
    let no_wheel = || Refusal::Archive {
        wheel: file_name.to_owned(),
        reason: "its name is not that of a wheel".to_owned(),
    };
    let parts: Vec<&str> = file_name.strip_suffix(".whl").ok_or_else(no_wheel)?.split('-').collect();
    let ([name, version, python, abi, platform] | [name, version, _, python, abi, platform]) = parts.as_slice() else {
        return Err(no_wheel());
    };
    if *platform != "any" || *abi != "none" || !python.split('.').any(|tag| tag.starts_with("py3")) {
        return Err(Refusal::Native {
            package: (*name).to_owned(),
            wheel: file_name.to_owned(),
        });
    }
    Ok(((*name).to_owned(), (*version).to_owned()))
}

fn text<'a>(entries: &'a [Entry], name: &str) -> Option<&'a str> {
    let entry = entries.iter().find(|entry| entry.name == name)?;
    str::from_utf8(&entry.bytes).ok()
}

/// Every file is in the record with its hash, but the record itself and signatures of it.
fn check_record(entries: &[Entry], record: &str, info: &str) -> Result<(), String> {
    let mut hashes = BTreeMap::new();
    for line in record.lines().filter(|line| !line.trim().is_empty()) {
        // Path, hash, size; a path with a comma is in quotes.
        let (rest, _size) = line.rsplit_once(',').ok_or("its RECORD cannot be read")?;
        let (path, hash) = rest.rsplit_once(',').ok_or("its RECORD cannot be read")?;
        hashes.insert(path.trim_matches('"'), hash);
    }
    for Entry { name, bytes } in entries {
        if ["RECORD", "RECORD.jws", "RECORD.p7s"]
            .iter()
            .any(|own| *name == format!("{info}/{own}"))
        {
            continue;
        }
        let said = hashes.get(name.as_str()).ok_or_else(|| format!("{name:?} is not in its RECORD"))?;
        let found = URL_SAFE_NO_PAD.encode(Sha256::digest(bytes));
        if said.strip_prefix("sha256=").map(|hash| hash.trim_end_matches('=')) != Some(&found) {
            return Err(format!("{name:?} is not what its RECORD says"));
        }
    }
    Ok(())
}
