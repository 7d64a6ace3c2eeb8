//! The tree held against the operating system's own: the same steps in both, the same answers, the same files in the end.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test that cannot go on has failed"
)]

use proptest::prelude::*;
use rustix::fs::{self, AtFlags, Mode, OFlags};
use rustix::io::Errno;
use selvedge_files::{Files, FilesState, Opening, Refusal, Whence};
use std::collections::BTreeMap;
use std::os::fd::{AsFd, OwnedFd};

/// Few names, so that steps meet: nested, climbing, with slashes at the end, through files.
const PATHS: [&str; 14] = [
    "a",
    "b",
    "a/c",
    "a/c/d",
    "b/a",
    "a/../b",
    "b/",
    "a/./c",
    "a/c/",
    "a/c/../../b",
    "a//c",
    "b/x/y",
    "a/c/d/e",
    "b/a/",
];

#[derive(Clone, Debug)]
enum Step {
    MakeDirectory(usize),
    RemoveDirectory(usize),
    RemoveFile(usize),
    Rename(usize, usize),
    Size(usize),
    /// Into the slot of what is open, with its index.
    Open {
        path: usize,
        slot: usize,
        create: bool,
        exclusive: bool,
        truncate: bool,
        append: bool,
        write: bool,
    },
    Close(usize),
    Write(usize, usize, u8),
    Read(usize, usize),
    Seek(usize, i64),
    SetSize(usize, u64),
}

fn step() -> impl Strategy<Value = Step> {
    let path = 0..PATHS.len();
    let slot = 0..3_usize;
    // Around the boundary between two blobs, too.
    let len = prop_oneof![0..20_usize, 65_530..65_550_usize];
    prop_oneof![
        path.clone().prop_map(Step::MakeDirectory),
        path.clone().prop_map(Step::RemoveDirectory),
        path.clone().prop_map(Step::RemoveFile),
        (path.clone(), path.clone()).prop_map(|(from, to)| Step::Rename(from, to)),
        path.clone().prop_map(Step::Size),
        (path, slot.clone(), any::<(bool, bool, bool, bool)>(), any::<bool>()).prop_map(
            |(path, slot, (create, exclusive, truncate, append), write)| Step::Open {
                path,
                slot,
                create,
                exclusive,
                truncate,
                append,
                write
            }
        ),
        slot.clone().prop_map(Step::Close),
        (slot.clone(), len.clone(), any::<u8>()).prop_map(|(slot, len, byte)| Step::Write(slot, len, byte)),
        (slot.clone(), len.clone()).prop_map(|(slot, len)| Step::Read(slot, len)),
        (slot.clone(), -30..70_000_i64).prop_map(|(slot, by)| Step::Seek(slot, by)),
        (slot, 0..140_000_u64).prop_map(|(slot, size)| Step::SetSize(slot, size)),
    ]
}

fn number(refusal: Refusal) -> Errno {
    match refusal {
        Refusal::NotFound => Errno::NOENT,
        Refusal::Exists => Errno::EXIST,
        Refusal::NotDirectory => Errno::NOTDIR,
        Refusal::IsDirectory => Errno::ISDIR,
        Refusal::NotEmpty => Errno::NOTEMPTY,
        Refusal::Busy => Errno::BUSY,
        Refusal::BadDescriptor => Errno::BADF,
        Refusal::Invalid => Errno::INVAL,
        other => panic!("{other:?} cannot happen here"),
    }
}

/// What a step gives back, in bytes, or why it was refused.
type Answer = Result<Vec<u8>, Errno>;

struct Both {
    ours: Files,
    folder: OwnedFd,
    open: [Option<(u32, OwnedFd)>; 3],
}

const HOME: u32 = 4;

impl Both {
    /// What a step answers: in ours, and in the operating system.
    fn take(&mut self, step: &Step) -> Option<(Answer, Answer)> {
        let nothing = |()| Vec::new();
        let path = |index: &usize| PATHS[*index];
        let Self { ours, folder, open } = self;
        let folder = folder.as_fd();
        Some(match step {
            Step::MakeDirectory(at) => (
                ours.create_directory(HOME, path(at).as_bytes(), 1).map(nothing).map_err(number),
                fs::mkdirat(folder, path(at), Mode::RWXU).map(nothing),
            ),
            Step::RemoveDirectory(at) => (
                ours.remove_directory(HOME, path(at).as_bytes(), 1).map(nothing).map_err(number),
                fs::unlinkat(folder, path(at), AtFlags::REMOVEDIR).map(nothing),
            ),
            Step::RemoveFile(at) => (
                ours.remove_file(HOME, path(at).as_bytes(), 1).map(nothing).map_err(number),
                fs::unlinkat(folder, path(at), AtFlags::empty()).map(nothing),
            ),
            Step::Rename(from, to) => (
                ours.rename((HOME, path(from).as_bytes()), (HOME, path(to).as_bytes()), 1)
                    .map(nothing)
                    .map_err(number),
                fs::renameat(folder, path(from), folder, path(to)).map(nothing),
            ),
            Step::Size(at) => (
                ours.metadata_at(HOME, path(at).as_bytes())
                    .map(|it| if it.is_directory { vec![] } else { it.size.to_le_bytes().to_vec() })
                    .map_err(number),
                fs::statat(folder, path(at), AtFlags::empty()).map(|it| {
                    if fs::FileType::from_raw_mode(it.st_mode).is_dir() {
                        vec![]
                    } else {
                        (it.st_size as u64).to_le_bytes().to_vec()
                    }
                }),
            ),
            Step::Open {
                path: at,
                slot,
                create,
                exclusive,
                truncate,
                append,
                write,
            } => {
                // Without `create`, what `exclusive` means is not defined; nor what `truncate` means for reading only.
                let (exclusive, truncate) = (*exclusive && *create, *truncate && *write);
                let how = Opening {
                    create: *create,
                    exclusive,
                    truncate,
                    append: *append,
                    read: true,
                    write: *write,
                    directory: false,
                };
                let mut flags = if *write { OFlags::RDWR } else { OFlags::RDONLY };
                flags.set(OFlags::CREATE, *create);
                flags.set(OFlags::EXCL, exclusive);
                flags.set(OFlags::TRUNC, truncate);
                flags.set(OFlags::APPEND, *append);
                let theirs = fs::openat(folder, path(at), flags, Mode::RUSR | Mode::WUSR);
                let mine = ours.open(HOME, path(at).as_bytes(), how, 1).map_err(number);
                let answers = (mine.map(|_| vec![]), theirs.as_ref().map(|_| vec![]).map_err(|error| *error));
                if let (Ok(mine), Ok(theirs)) = (mine, theirs)
                    && let Some((old, _)) = open[*slot].replace((mine, theirs))
                {
                    ours.close(old).unwrap();
                }
                answers
            }
            Step::Close(slot) => {
                let (mine, _theirs) = open[*slot].take()?;
                ours.close(mine).unwrap();
                return None;
            }
            Step::Write(slot, len, byte) => {
                let (mine, theirs) = open[*slot].as_ref()?;
                let bytes = vec![*byte; *len];
                let count = |len: usize| len.to_le_bytes().to_vec();
                (
                    ours.write(*mine, &bytes, 1).map(count).map_err(number),
                    rustix::io::write(theirs, &bytes).map(count),
                )
            }
            Step::Read(slot, len) => {
                let (mine, theirs) = open[*slot].as_ref()?;
                let (mut here, mut there) = (vec![0; *len], vec![0; *len]);
                let read = ours.read(*mine, &mut here).map_err(number);
                let theirs = rustix::io::read(theirs, &mut there);
                (read.map(|len| here[..len].to_vec()), theirs.map(|len| there[..len].to_vec()))
            }
            Step::Seek(slot, by) => {
                let (mine, theirs) = open[*slot].as_ref()?;
                if ours.opening(*mine).unwrap().directory {
                    return None;
                }
                let offset = |offset: u64| offset.to_le_bytes().to_vec();
                (
                    ours.seek(*mine, *by, Whence::Current).map(offset).map_err(number),
                    fs::seek(theirs, fs::SeekFrom::Current(*by)).map(offset),
                )
            }
            Step::SetSize(slot, size) => {
                let (mine, theirs) = open[*slot].as_ref()?;
                let opening = ours.opening(*mine).unwrap();
                if opening.directory || !opening.write {
                    return None;
                }
                (
                    ours.set_size(*mine, *size, 1).map(nothing).map_err(number),
                    fs::ftruncate(theirs, *size).map(nothing),
                )
            }
        })
    }
}

/// Every path below a directory, with what is in files.
fn ours(files: &mut Files, path: &str, found: &mut BTreeMap<String, Option<Vec<u8>>>) {
    let directory = files
        .open(
            3,
            path.as_bytes(),
            Opening {
                read: true,
                directory: true,
                ..Opening::default()
            },
            1,
        )
        .unwrap();
    let names: Vec<String> = files
        .entries(directory, 0)
        .unwrap()
        .skip(2)
        .map(|entry| entry.name.to_owned())
        .collect();
    files.close(directory).unwrap();
    for name in names {
        let path = format!("{path}/{name}");
        let opened = files
            .open(
                3,
                path.as_bytes(),
                Opening {
                    read: true,
                    ..Opening::default()
                },
                1,
            )
            .unwrap();
        let metadata = files.metadata(opened).unwrap();
        let mut bytes = vec![0; usize::try_from(metadata.size).unwrap()];
        if metadata.is_directory {
            found.insert(path.clone(), None);
            ours(files, &path, found);
        } else {
            assert_eq!(files.read(opened, &mut bytes).unwrap(), bytes.len());
            found.insert(path, Some(bytes));
        }
        files.close(opened).unwrap();
    }
}

fn theirs(folder: &std::path::Path, path: &str, found: &mut BTreeMap<String, Option<Vec<u8>>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{path}/{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            found.insert(path.clone(), None);
            theirs(&entry.path(), &path, found);
        } else {
            found.insert(path, Some(std::fs::read(entry.path()).unwrap()));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_kernels_files_answer_as_the_operating_systems_do(steps in prop::collection::vec(step(), 1..60), sleep_at in 0..60_usize) {
        let folder = tempfile::tempdir().unwrap();
        let mut files = Files::default();
        let home = files.open(3, b"home", Opening { read: true, directory: true, ..Opening::default() }, 1).unwrap();
        prop_assert_eq!(home, HOME);
        let flags = OFlags::RDONLY | OFlags::DIRECTORY;
        let mut both = Both { ours: files, folder: fs::open(folder.path(), flags, Mode::empty()).unwrap(), open: [const { None }; 3] };
        for (index, step) in steps.iter().enumerate() {
            if index == sleep_at {
                // What a checkpoint keeps is everything.
                let state = both.ours.state();
                let blobs: BTreeMap<[u8; 32], selvedge_files::Blob> = state.blobs().map(|blob| (*blob.hash(), blob.clone())).collect();
                let woken = FilesState::decode(&state.encode(), |hash| blobs.get(hash).cloned()).unwrap();
                prop_assert!(woken == *state);
                both.ours = Files::new(woken, both.ours.environment().clone()).unwrap();
            }
            if let Some((ours, theirs)) = both.take(step) {
                prop_assert_eq!(ours.map(|bytes| (bytes.len(), blake3::hash(&bytes))), theirs.map(|bytes| (bytes.len(), blake3::hash(&bytes))), "{:?} at {}", step, index);
            }
        }
        let (mut here, mut there) = (BTreeMap::new(), BTreeMap::new());
        ours(&mut both.ours, "home", &mut here);
        theirs(folder.path(), "home", &mut there);
        prop_assert!(here == there, "{:?} {:?}", here.keys(), there.keys());
    }
}
