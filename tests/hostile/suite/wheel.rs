//! Wheels, which are zip archives by somebody unknown: what an environment image takes in, and what it refuses.

use anyhow::{Result, ensure};
use selvedge_environment::archive;
use serde::Deserialize;

/// An archive that has to be refused. `plain/module.py`, a file without fault, is always in it as well.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wheel {
    #[serde(default)]
    entries: Vec<Entry>,
    /// Bytes that are left out at the end.
    #[serde(default)]
    cut: usize,
    /// Bytes before the first entry.
    #[serde(default)]
    before: String,
    /// Entries that the end of the archive says it has, beside those that there are.
    #[serde(default)]
    more: i32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Entry {
    name: String,
    /// The name in front of its contents, when it is another than in the directory.
    local_name: Option<String>,
    #[serde(default)]
    text: String,
    /// Type and permissions on Unix.
    #[serde(default)]
    mode: u32,
    #[serde(default)]
    flags: u16,
    #[serde(default)]
    method: u16,
    /// What it says that it unpacks to.
    size: Option<u32>,
    #[serde(default = "once")]
    times: usize,
}

const fn once() -> usize {
    1
}

impl Wheel {
    pub(crate) fn run(&self) -> Result<()> {
        let plain = Entry {
            name: "plain/module.py".to_owned(),
            local_name: None,
            text: "x = 1\n".to_owned(),
            mode: 0o100_644,
            flags: 0,
            method: 0,
            size: None,
            times: 1,
        };
        let good = zip(std::slice::from_ref(&plain), "", 0)?;
        let read = archive::unpack(&good).map_err(anyhow::Error::msg)?;
        ensure!(read.len() == 1, "a plain archive reads as {read:?}");
        let entries: Vec<Entry> = std::iter::once(plain)
            .chain(
                self.entries
                    .iter()
                    .flat_map(|entry| std::iter::repeat_n(entry.clone(), entry.times)),
            )
            .collect();
        let mut bytes = zip(&entries, &self.before, self.more)?;
        bytes.truncate(bytes.len() - self.cut);
        let taken = archive::unpack(&bytes);
        ensure!(taken.is_err(), "it was taken: {taken:?}");
        Ok(())
    }
}

fn zip(entries: &[Entry], before: &str, more: i32) -> Result<Vec<u8>> {
    let (mut out, mut directory) = (before.as_bytes().to_vec(), Vec::new());
    for entry in entries {
        let at = u32::try_from(out.len())?;
        let packed = u32::try_from(entry.text.len())?;
        let mut common = Vec::new();
        for field in [20, entry.flags, entry.method, 0, 0] {
            common.extend(u16::to_le_bytes(field));
        }
        for field in [crc(entry.text.as_bytes()), packed, entry.size.unwrap_or(packed)] {
            common.extend(field.to_le_bytes());
        }
        let local = entry.local_name.as_ref().unwrap_or(&entry.name);
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(u16::try_from(local.len())?.to_le_bytes());
        out.extend([0, 0]);
        out.extend(local.as_bytes());
        out.extend(entry.text.as_bytes());
        // Made on Unix.
        directory.extend(b"PK\x01\x02\x14\x03");
        directory.extend(&common);
        directory.extend(u16::try_from(entry.name.len())?.to_le_bytes());
        directory.extend([0; 8]);
        directory.extend((entry.mode << 16).to_le_bytes());
        directory.extend(at.to_le_bytes());
        directory.extend(entry.name.as_bytes());
    }
    let at = u32::try_from(out.len())?;
    let count = u16::try_from(i32::try_from(entries.len())? + more)?;
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend(u32::try_from(directory.len())?.to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0, 0]);
    Ok(out)
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 0 { crc >> 1 } else { (crc >> 1) ^ 0xEDB8_8320 }
        })
    })
}
