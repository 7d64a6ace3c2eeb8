//! Zip archives, as strictly as a wheel can be read: every name is a relative path of plain parts, none comes twice or differs from another only
//! in upper and lower case, nothing is a link, encrypted, or split, the sizes that are said are the sizes that are there, and what unpacks is in
//! proportion to what was packed.

use flate2::read::DeflateDecoder;
use std::collections::HashSet;
use std::io::Read;

/// All files of an archive, unpacked.
pub const UNPACKED_BYTES_MAX: u64 = 256 << 20;
/// Files of an archive.
pub const ENTRIES_MAX: usize = 20_000;
/// A file unpacks to at most this many times its packed size, …
pub const RATIO_MAX: u64 = 200;
/// … or to this much.
pub const RATIO_FREE_BYTES: u64 = 1 << 20;
/// A name.
pub const NAME_BYTES_MAX: usize = 1_024;

const END: u32 = 0x0605_4b50;
const END_BYTES: usize = 22;
const DIRECTORY_ENTRY: u32 = 0x0201_4b50;
const LOCAL_ENTRY: u32 = 0x0403_4b50;
const LOCAL_BYTES: usize = 30;
const ENCRYPTED: u16 = 1;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// What the upper half of an entry's attributes is when it was made on Unix.
const FILE_TYPE: u32 = 0o170_000;
const REGULAR: u32 = 0o100_000;

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its path, with slashes.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// An entry of the directory at the archive's end.
struct Listed {
    name: String,
    method: u16,
    crc: u32,
    packed: u64,
    unpacked: u64,
    at: usize,
}

/// Unpacks a whole archive into memory.
///
/// # Errors
/// What is wrong with it, in words.
pub fn unpack(archive: &[u8]) -> Result<Vec<Entry>, String> {
    let listed = directory(archive)?;
    let total: u64 = listed.iter().map(|entry| entry.unpacked).sum();
    if total > UNPACKED_BYTES_MAX {
        return Err(format!(
            "it would unpack to {} MiB, more than {}",
            total >> 20,
            UNPACKED_BYTES_MAX >> 20
        ));
    }
    let mut names = HashSet::new();
    let mut taken = Vec::new();
    let mut entries = Vec::with_capacity(listed.len());
    for entry in &listed {
        check_name(&entry.name)?;
        if !names.insert(entry.name.to_lowercase()) {
            return Err(format!("it has {:?} twice, or once more in other letters", entry.name));
        }
        if entry.name.ends_with('/') {
            continue;
        }
        let (packed, range) = content(archive, entry)?;
        taken.push(range);
        let bytes = inflate(entry, packed)?;
        if crc32fast::hash(&bytes) != entry.crc {
            return Err(format!("{:?} is damaged", entry.name));
        }
        entries.push(Entry {
            name: entry.name.clone(),
            bytes,
        });
    }
    // Entries that share bytes are how a small archive holds a large one.
    taken.sort_unstable();
    if taken.windows(2).any(|pair| matches!(pair, [(_, end), (begin, _)] if begin < end)) {
        return Err("its files overlap".to_owned());
    }
    files_under_files(&entries)?;
    Ok(entries)
}

fn directory(archive: &[u8]) -> Result<Vec<Listed>, String> {
    let none = || "it is not a zip archive".to_owned();
    // Wheels have no comment at the end; looking for an end elsewhere would mean choosing between two.
    let end = archive
        .len()
        .checked_sub(END_BYTES)
        .and_then(|at| archive.get(at..))
        .ok_or_else(none)?;
    if u32_at(end, 0) != Some(END) {
        return Err(none());
    }
    let count = u16_at(end, 10).ok_or_else(none)?;
    if u32_at(end, 4) != Some(0) || u16_at(end, 8) != Some(count) || u16_at(end, 20) != Some(0) || count == u16::MAX {
        return Err("it is split, has a comment, or is of the large kind".to_owned());
    }
    if usize::from(count) > ENTRIES_MAX {
        return Err(format!("it has {count} files, more than {ENTRIES_MAX}"));
    }
    let (len, at) = (usize_at(end, 12).ok_or_else(none)?, usize_at(end, 16).ok_or_else(none)?);
    let list_end = archive.len() - END_BYTES;
    if at.checked_add(len) != Some(list_end) {
        return Err("there is something between its directory and its end".to_owned());
    }
    let mut rest = archive.get(at..list_end).ok_or_else(none)?;
    let mut listed = Vec::new();
    for _ in 0..count {
        let (entry, after) = listing(rest)?;
        listed.push(entry);
        rest = after;
    }
    if rest.is_empty() {
        Ok(listed)
    } else {
        Err("its directory is longer than it says".to_owned())
    }
}

fn listing(list: &[u8]) -> Result<(Listed, &[u8]), String> {
    let cut = || "its directory is cut off".to_owned();
    if u32_at(list, 0) != Some(DIRECTORY_ENTRY) {
        return Err(cut());
    }
    let name_len = usize::from(u16_at(list, 28).ok_or_else(cut)?);
    let others = usize::from(u16_at(list, 30).ok_or_else(cut)?) + usize::from(u16_at(list, 32).ok_or_else(cut)?);
    let name = list.get(46..46 + name_len).ok_or_else(cut)?;
    let name = str::from_utf8(name).map_err(|_| "a name in it is not UTF-8".to_owned())?.to_owned();
    let flags = u16_at(list, 8).ok_or_else(cut)?;
    let method = u16_at(list, 10).ok_or_else(cut)?;
    let mode = u32_at(list, 38).ok_or_else(cut)? >> 16;
    if flags & ENCRYPTED != 0 || !matches!(method, STORED | DEFLATED) {
        return Err(format!("{name:?} is encrypted or packed in an unusual way"));
    }
    if !name.ends_with('/') && !matches!(mode & FILE_TYPE, 0 | REGULAR) {
        return Err(format!("{name:?} is a link or a device"));
    }
    let entry = Listed {
        method,
        crc: u32_at(list, 16).ok_or_else(cut)?,
        packed: u64::from(u32_at(list, 20).ok_or_else(cut)?),
        unpacked: u64::from(u32_at(list, 24).ok_or_else(cut)?),
        at: usize_at(list, 42).ok_or_else(cut)?,
        name,
    };
    if entry.unpacked > entry.packed.saturating_mul(RATIO_MAX).max(RATIO_FREE_BYTES) {
        return Err(format!(
            "{:?} would unpack to {} times its size",
            entry.name,
            entry.unpacked / entry.packed.max(1)
        ));
    }
    Ok((entry, list.get(46 + name_len + others..).ok_or_else(cut)?))
}

/// The packed bytes of an entry, and where the whole of it is.
fn content<'a>(archive: &'a [u8], entry: &Listed) -> Result<(&'a [u8], (usize, usize)), String> {
    let cut = || format!("{:?} is not where the directory says", entry.name);
    let local = archive.get(entry.at..).ok_or_else(cut)?;
    if u32_at(local, 0) != Some(LOCAL_ENTRY) {
        return Err(cut());
    }
    let name_len = usize::from(u16_at(local, 26).ok_or_else(cut)?);
    let extra_len = usize::from(u16_at(local, 28).ok_or_else(cut)?);
    if local.get(LOCAL_BYTES..LOCAL_BYTES + name_len) != Some(entry.name.as_bytes()) {
        return Err(format!("{:?} has another name where it lies", entry.name));
    }
    let begin = LOCAL_BYTES + name_len + extra_len;
    let len = usize::try_from(entry.packed).map_err(|_| cut())?;
    let packed = local.get(begin..begin.checked_add(len).ok_or_else(cut)?).ok_or_else(cut)?;
    Ok((packed, (entry.at, entry.at + begin + len)))
}

fn inflate(entry: &Listed, packed: &[u8]) -> Result<Vec<u8>, String> {
    let lied = || format!("{:?} is not as long as it says", entry.name);
    let len = usize::try_from(entry.unpacked).map_err(|_| lied())?;
    let bytes = if entry.method == STORED {
        packed.to_vec()
    } else {
        // One byte more than promised is enough to know.
        let mut bytes = Vec::new();
        DeflateDecoder::new(packed)
            .take(entry.unpacked + 1)
            .read_to_end(&mut bytes)
            .map_err(|_| format!("{:?} is damaged", entry.name))?;
        bytes
    };
    if bytes.len() == len { Ok(bytes) } else { Err(lied()) }
}

fn check_name(name: &str) -> Result<(), String> {
    let plain = |part: &str| !matches!(part, "" | "." | "..") && part.len() <= 255;
    let parts = name.strip_suffix('/').unwrap_or(name);
    let odd = |letter: char| letter.is_control() || matches!(letter, '\\' | ':');
    if name.len() > NAME_BYTES_MAX || name.contains(odd) || !parts.split('/').all(plain) {
        return Err(format!("{name:?} leads out of the folder that it is unpacked to, or is no name"));
    }
    Ok(())
}

fn files_under_files(entries: &[Entry]) -> Result<(), String> {
    let names: HashSet<String> = entries.iter().map(|entry| entry.name.to_lowercase()).collect();
    for name in &names {
        let mut above = name.as_str();
        while let Some((folder, _)) = above.rsplit_once('/') {
            if names.contains(folder) {
                return Err(format!("{folder:?} is a file and a folder"));
            }
            above = folder;
        }
    }
    Ok(())
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|chunk| u16::from_le_bytes(*chunk))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|chunk| u32::from_le_bytes(*chunk))
}

fn usize_at(bytes: &[u8], at: usize) -> Option<usize> {
    u32_at(bytes, at).and_then(|value| usize::try_from(value).ok())
}
