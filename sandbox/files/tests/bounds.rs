//! Every bound at the bound and one past it, and what is promised beside the operating system's own behaviour.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test that cannot go on has failed"
)]

use selvedge_files::{BLOB_BYTES, Files, FilesState, Opening, Refusal, Tree, Whence};
use selvedge_protocol::limits::{
    FILE_BYTES_MAX, FILES_BYTES_MAX, FILES_COUNT_MAX, NAME_BYTES_MAX, OPEN_FILES_MAX, PATH_BYTES_MAX, PATH_DEPTH_MAX,
};
use std::sync::Arc;

const ROOT: u32 = 3;
const NEW: Opening = Opening {
    create: true,
    exclusive: true,
    truncate: false,
    directory: false,
    read: true,
    write: true,
    append: false,
};
const READ: Opening = Opening {
    create: false,
    exclusive: false,
    truncate: false,
    directory: false,
    read: true,
    write: false,
    append: false,
};

fn create(files: &mut Files, path: &str) -> u32 {
    files
        .open(ROOT, path.as_bytes(), NEW, 1)
        .unwrap_or_else(|refusal| panic!("{path}: {refusal}"))
}

fn names(files: &mut Files, path: &str) -> Vec<String> {
    let opened = files.open(ROOT, path.as_bytes(), READ, 1).unwrap();
    let names = files.entries(opened, 0).unwrap().map(|entry| entry.name.to_owned()).collect();
    files.close(opened).unwrap();
    names
}

#[test]
fn a_file_and_all_files_grow_to_their_bounds_and_not_past() {
    let mut files = Files::default();
    let whole = vec![1; usize::try_from(FILE_BYTES_MAX).unwrap()];
    let first = create(&mut files, "home/a");
    assert_eq!(files.write(first, &whole, 1), Ok(whole.len()));
    assert_eq!(files.write(first, b"x", 1), Err(Refusal::TooBig));
    assert_eq!(files.set_size(first, FILE_BYTES_MAX + 1, 1), Err(Refusal::TooBig));
    assert_eq!(files.seek(first, 1 << 40, Whence::Start), Ok(1 << 40));
    assert_eq!(files.write(first, b"x", 1), Err(Refusal::TooBig), "a hole is not for free");
    let second = create(&mut files, "home/b");
    let rest = FILES_BYTES_MAX - FILE_BYTES_MAX;
    assert_eq!(files.set_size(second, rest - 1, 1), Ok(()));
    let third = create(&mut files, "home/c");
    assert_eq!(files.write(third, b"xy", 1), Ok(1), "as much as there is room for");
    assert_eq!(files.write(third, b"y", 1), Err(Refusal::NoSpace));
    assert_eq!(files.set_size(second, rest, 1), Err(Refusal::NoSpace));
    assert_eq!(files.write(third, b"", 1), Ok(0));
    // What is overwritten needs no room, and what is removed gives it back, once nobody has it open.
    files.seek(first, 0, Whence::Start).unwrap();
    assert_eq!(files.write(first, &whole, 1), Ok(whole.len()));
    files.remove_file(ROOT, b"home/a", 1).unwrap();
    assert_eq!(files.write(third, b"y", 1), Err(Refusal::NoSpace));
    files.close(first).unwrap();
    assert_eq!(files.write(third, b"y", 1), Ok(1));
}

#[test]
fn only_so_many_files_are_there_and_open() {
    let mut files = Files::default();
    let mut open = Vec::new();
    for index in 0..OPEN_FILES_MAX {
        open.push(create(&mut files, &format!("tmp/{index}")));
    }
    assert_eq!(
        (open[0], open.last().copied()),
        (4, Some(3 + u32::try_from(OPEN_FILES_MAX).unwrap()))
    );
    assert_eq!(files.open(ROOT, b"tmp/more", NEW, 1), Err(Refusal::TooManyOpen));
    assert!(files.metadata_at(ROOT, b"tmp/more").is_err(), "what was refused left no file");
    files.close(9).unwrap();
    assert_eq!(create(&mut files, "tmp/more"), 9, "the lowest free number");
    for number in open {
        files.close(number).unwrap();
    }
    let there = 3 + OPEN_FILES_MAX + 1;
    for index in there..FILES_COUNT_MAX {
        files.create_directory(ROOT, format!("home/{index}").as_bytes(), 1).unwrap();
    }
    assert_eq!(files.create_directory(ROOT, b"home/more", 1), Err(Refusal::NoSpace));
    assert_eq!(files.open(ROOT, b"home/more", NEW, 1), Err(Refusal::NoSpace));
    let state = files.state();
    assert!(FilesState::decode(&state.encode(), |_| None).unwrap() == *state);
    files.remove_directory(ROOT, b"home/9999", 1).unwrap();
    create(&mut files, "home/more");
}

#[test]
fn names_paths_and_depth_have_bounds() {
    let mut files = Files::default();
    let name = "é".repeat(usize::try_from(NAME_BYTES_MAX).unwrap() / 2) + "e";
    create(&mut files, &format!("home/{name}"));
    assert_eq!(
        files.open(ROOT, format!("home/{name}e").as_bytes(), NEW, 1),
        Err(Refusal::NameTooLong)
    );
    let dots = "./".repeat(usize::try_from(PATH_BYTES_MAX).unwrap() / 2 - 2);
    assert!(files.metadata_at(ROOT, format!("{dots}home").as_bytes()).is_ok());
    assert_eq!(
        files.metadata_at(ROOT, format!("{dots}.home").as_bytes()),
        Err(Refusal::NameTooLong)
    );
    let deepest = "d/".repeat(usize::try_from(PATH_DEPTH_MAX).unwrap());
    for depth in 1..=deepest.len() / 2 {
        files.create_directory(ROOT, &deepest.as_bytes()[..2 * depth], 1).unwrap();
    }
    assert_eq!(
        files.open(ROOT, format!("{deepest}f").as_bytes(), NEW, 1),
        Err(Refusal::NameTooLong)
    );
    // Nor by moving what is deep already.
    assert_eq!(files.rename((ROOT, b"d"), (ROOT, b"home/d"), 1), Err(Refusal::NameTooLong));
    assert_eq!(files.rename((ROOT, b"d"), (ROOT, b"e"), 1), Ok(()));
    for (path, refusal) in [
        (&b"home/\xff"[..], Refusal::NotText),
        (b"", Refusal::NotFound),
        (b"home/\0", Refusal::Invalid),
    ] {
        assert_eq!(files.open(ROOT, path, NEW, 1), Err(refusal));
    }
}

#[test]
fn no_path_leads_above_the_root_and_the_root_stays() {
    let mut files = Files::default();
    let root = files.metadata(ROOT).unwrap().inode;
    for path in ["/", "..", "../..", "/../../home/../..", "home/../../.."] {
        assert_eq!(files.metadata_at(ROOT, path.as_bytes()).unwrap().inode, root, "{path}");
    }
    assert_eq!(names(&mut files, "/"), [".", "..", "home", "tmp", "environment"]);
    assert_eq!(files.close(ROOT), Ok(()));
    assert!(files.metadata(ROOT).is_ok());
    assert_eq!(files.remove_directory(ROOT, b"/", 1), Err(Refusal::Busy));
    assert_eq!(files.rename((ROOT, b"environment"), (ROOT, b"e"), 1), Err(Refusal::Busy));
    assert_eq!(files.rename((ROOT, b"home"), (ROOT, b"environment"), 1), Err(Refusal::Busy));
}

#[test]
fn packages_can_be_read_and_not_changed() {
    let packages = [("site-packages/six.py", &b"x = 1\n"[..]), ("site-packages/toy/__init__.py", b"")];
    let tree = Tree::environment(packages).unwrap();
    let read = Tree::from_bytes(&tree.to_bytes()).unwrap();
    assert!(read == tree);
    let mut files = Files::new(FilesState::default(), Arc::new(read)).unwrap();
    let module = files.open(ROOT, b"environment/site-packages/six.py", READ, 1).unwrap();
    let mut text = [0; 10];
    assert_eq!(files.read(module, &mut text), Ok(6));
    let at = |path: &str| format!("environment/site-packages/{path}").into_bytes();
    assert_eq!(files.open(ROOT, &at("new.py"), NEW, 1), Err(Refusal::ReadOnly));
    assert_eq!(
        files.open(ROOT, &at("six.py"), Opening { write: true, ..READ }, 1),
        Err(Refusal::ReadOnly)
    );
    assert_eq!(
        files.open(ROOT, &at("six.py"), Opening { truncate: true, ..READ }, 1),
        Err(Refusal::ReadOnly)
    );
    assert_eq!(files.write(module, b"x", 1), Err(Refusal::BadDescriptor));
    assert_eq!(files.create_directory(ROOT, &at("new"), 1), Err(Refusal::ReadOnly));
    assert_eq!(files.remove_file(ROOT, &at("six.py"), 1), Err(Refusal::ReadOnly));
    assert_eq!(files.remove_directory(ROOT, &at("toy"), 1), Err(Refusal::ReadOnly));
    assert_eq!(
        files.rename((ROOT, &at("six.py")), (ROOT, b"home/six.py"), 1),
        Err(Refusal::ReadOnly)
    );
    create(&mut files, "home/x.py");
    assert_eq!(files.rename((ROOT, b"home/x.py"), (ROOT, &at("six.py")), 1), Err(Refusal::ReadOnly));
    assert_eq!(files.set_times(ROOT, &at("six.py"), Some(1), None, 1), Err(Refusal::ReadOnly));
    assert_eq!(files.metadata_at(ROOT, &at("toy/../../../home/x.py")).unwrap().size, 0);
    // What is open there survives in the same image, and is missed in another.
    let state = FilesState::decode(&files.state().encode(), |_| None).unwrap();
    let mut woken = Files::new(state.clone(), files.environment().clone()).unwrap();
    assert_eq!(woken.read(module, &mut text), Ok(0), "it goes on where it was: at the end");
    assert!(matches!(
        Files::new(state, Files::default().environment().clone()),
        Err(Refusal::BadDescriptor)
    ));
    for paths in [["a", "a/b"], ["a/b", "a"], ["a", "a"], ["../a", "b"], ["", "b"]] {
        assert!(Tree::environment(paths.map(|path| (path, &b""[..]))).is_err(), "{paths:?}");
    }
}

#[test]
fn a_listing_that_is_read_in_pieces_has_everything_once_whatever_happens_meanwhile() {
    let mut files = Files::default();
    for name in ["d", "b", "a", "c", "e"] {
        create(&mut files, &format!("home/{name}"));
    }
    let home = files.open(ROOT, b"home", READ, 1).unwrap();
    let (mut seen, mut cookie) = (Vec::new(), 0);
    loop {
        let Some((name, next)) = files
            .entries(home, cookie)
            .unwrap()
            .next()
            .map(|entry| (entry.name.to_owned(), entry.next))
        else {
            break;
        };
        match name.as_str() {
            "b" => files.remove_file(ROOT, b"home/b", 1).unwrap(),
            "a" => files.rename((ROOT, b"home/d"), (ROOT, b"home/z"), 1).unwrap(),
            "c" => drop(create(&mut files, "home/new")),
            _ => {}
        }
        seen.push(name);
        cookie = next;
    }
    assert_eq!(seen, [".", "..", "d", "b", "a", "c", "e", "new"]);
    assert_eq!(files.entries(home, u64::MAX).unwrap().count(), 0);
}

#[test]
fn what_is_removed_while_open_goes_on_and_is_gone_at_the_last_close() {
    let mut files = Files::default();
    let (first, second) = (create(&mut files, "home/a"), files.open(ROOT, b"home/a", READ, 1).unwrap());
    files.write(first, b"text", 1).unwrap();
    files.remove_file(ROOT, b"home/a", 1).unwrap();
    let state = FilesState::decode(&files.state().encode(), |hash| {
        files.state().blobs().find(|blob| blob.hash() == hash).cloned()
    })
    .unwrap();
    let mut files = Files::new(state, files.environment().clone()).unwrap();
    let mut text = [0; 9];
    assert_eq!(files.read(second, &mut text), Ok(4));
    assert_eq!(files.metadata(second).unwrap().links, 0);
    files.close(first).unwrap();
    assert_eq!(files.state().blobs().count(), 1);
    files.close(second).unwrap();
    assert_eq!(files.state().blobs().count(), 0);

    files.create_directory(ROOT, b"home/d", 1).unwrap();
    let gone = files.open(ROOT, b"home/d", READ, 1).unwrap();
    files.remove_directory(ROOT, b"home/d", 1).unwrap();
    assert_eq!(files.open(gone, b"f", NEW, 1), Err(Refusal::NotFound));
    assert_eq!(files.metadata_at(gone, b"..").map(|_| ()), Err(Refusal::NotFound));
    assert_eq!(files.rename((ROOT, b"tmp"), (gone, b"t"), 1), Err(Refusal::NotFound));
}

#[test]
fn a_state_shares_everything_until_something_is_written() {
    let mut files = Files::default();
    let big = create(&mut files, "home/big");
    files.write(big, &vec![1; 10 * BLOB_BYTES], 1).unwrap();
    let before = files.state().clone();
    files.metadata_at(ROOT, b"home/big").unwrap();
    assert!(files.state().is_same(&before), "looking changes nothing");
    files.seek(big, 0, Whence::Start).unwrap();
    files.write(big, b"x", 2).unwrap();
    assert!(!files.state().is_same(&before));
    assert_eq!(before.blobs().zip(files.state().blobs()).filter(|(a, b)| a == b).count(), 9);
    let mut back = Files::new(before, files.environment().clone()).unwrap();
    let mut byte = [0];
    back.seek(big, 0, Whence::Start).unwrap();
    assert_eq!((back.read(big, &mut byte), byte), (Ok(1), [1]));
}

#[test]
fn bytes_that_are_no_state_are_refused() {
    let mut files = Files::default();
    let opened = create(&mut files, "home/a");
    files.write(opened, b"text", 1).unwrap();
    files.create_directory(ROOT, b"home/d", 1).unwrap();
    let bytes = files.state().encode();
    let blob = |hash: &[u8; 32]| files.state().blobs().find(|blob| blob.hash() == hash).cloned();
    assert!(FilesState::decode(&bytes, blob).is_ok());
    assert!(FilesState::decode(&bytes, |_| None).is_err(), "without its blobs");
    assert!(FilesState::decode(&[&bytes[..], b"x"].concat(), blob).is_err());
    for len in 0..bytes.len() {
        assert!(FilesState::decode(&bytes[..len], blob).is_err(), "cut at {len}");
    }
    // Whatever else the bytes say: refused, or a tree on which every operation still ends.
    for index in 0..bytes.len() {
        for value in [0, 1, 2, 3, 16, 17, 0x7f, 0x80, 0xff] {
            let mut other = bytes.clone();
            other[index] = value;
            let Ok(state) = FilesState::decode(&other, blob) else { continue };
            let Ok(mut files) = Files::new(state, Files::default().environment().clone()) else {
                continue;
            };
            for path in ["home/a", "home/d", "tmp"] {
                let _ = files.rename((ROOT, path.as_bytes()), (ROOT, b"home/d/x"), 1);
                let _ = files.remove_file(ROOT, path.as_bytes(), 1);
                let _ = files.remove_directory(ROOT, path.as_bytes(), 1);
            }
            let _ = files.close(opened);
            let again = files.state().encode();
            assert!(FilesState::decode(&again, blob).is_ok(), "{index} {value}");
        }
    }
}
