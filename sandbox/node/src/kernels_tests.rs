use super::*;

const ONE: &str = "krn_11111111111111111111111111111111";
const TWO: &str = "krn_22222222222222222222222222222222";

fn files(data: &Path, kernel: &str) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(data.join("kernels").join(kernel))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

#[test]
fn the_newest_memory_is_there_after_a_restart_and_the_one_before_is_gone() {
    let data = tempfile::tempdir().unwrap();
    let kernels = Kernels::open(data.path()).unwrap();
    assert!(!kernels.has(ONE));
    // More than nine, so that the numbers' order is not that of their text.
    for number in 0..12 {
        kernels.keep(ONE, format!("memory {number}").as_bytes()).unwrap();
    }
    kernels.keep(TWO, b"other").unwrap();
    let kernels = Kernels::open(data.path()).unwrap();
    assert!(kernels.has(ONE));
    assert_eq!(kernels.load(ONE).unwrap(), b"memory 11");
    assert_eq!(kernels.load(TWO).unwrap(), b"other");
    assert_eq!(files(data.path(), ONE).len(), 1);
}

#[test]
fn memory_that_a_cell_did_not_change_can_be_kept_again() {
    let data = tempfile::tempdir().unwrap();
    let kernels = Kernels::open(data.path()).unwrap();
    kernels.keep(ONE, b"same").unwrap();
    kernels.keep(ONE, b"same").unwrap();
    assert_eq!(Kernels::open(data.path()).unwrap().load(ONE).unwrap(), b"same");
}

#[test]
fn a_checkpoint_that_was_torn_while_it_was_written_gives_way_to_the_one_before() {
    let data = tempfile::tempdir().unwrap();
    let kernels = Kernels::open(data.path()).unwrap();
    kernels.keep(ONE, b"before").unwrap();
    let next = Name {
        number: 2,
        hash: blake3::hash(b"after"),
    }
    .file();
    for torn in [&b""[..], b"aft", b"\0\0\0\0\0"] {
        fs::write(data.path().join("kernels").join(ONE).join(&next), torn).unwrap();
        assert_eq!(Kernels::open(data.path()).unwrap().load(ONE).unwrap(), b"before");
        assert_eq!(files(data.path(), ONE).len(), 1);
    }
    // It was whole, but the process was killed before it removed the one before.
    fs::write(data.path().join("kernels").join(ONE).join(&next), b"after").unwrap();
    assert_eq!(Kernels::open(data.path()).unwrap().load(ONE).unwrap(), b"after");
    assert_eq!(files(data.path(), ONE).len(), 1);
}

#[test]
fn a_damaged_checkpoint_is_noticed_kept_aside_and_the_kernel_starts_empty() {
    let data = tempfile::tempdir().unwrap();
    let kernels = Kernels::open(data.path()).unwrap();
    kernels.keep(ONE, b"memory").unwrap();
    fs::write(&files(data.path(), ONE)[0], b"memorY").unwrap();
    assert!(matches!(kernels.load(ONE), Err(Unreadable::Damaged)));

    kernels.set_aside(ONE).unwrap();
    assert!(!kernels.has(ONE));
    let aside = &files(data.path(), ONE)[0];
    assert!(aside.file_name().unwrap().to_str().unwrap().starts_with("unreadable-1-"));
    assert_eq!(fs::read(aside).unwrap(), b"memorY");
    kernels.keep(ONE, b"again").unwrap();
    assert_eq!(Kernels::open(data.path()).unwrap().load(ONE).unwrap(), b"again");
}

#[test]
fn a_checkpoint_that_somebody_removed_is_unreadable_once() {
    let data = tempfile::tempdir().unwrap();
    let kernels = Kernels::open(data.path()).unwrap();
    kernels.keep(ONE, b"memory").unwrap();
    fs::remove_file(&files(data.path(), ONE)[0]).unwrap();
    assert!(matches!(kernels.load(ONE), Err(Unreadable::Gone)));
    kernels.set_aside(ONE).unwrap();
    assert!(!kernels.has(ONE));
}

#[test]
fn memory_that_cannot_be_written_leaves_the_memory_before_it() {
    let data = tempfile::tempdir().unwrap();
    let kernels = Kernels::open(data.path()).unwrap();
    kernels.keep(ONE, b"before").unwrap();
    let (folder, away) = (data.path().join("kernels"), data.path().join("away"));
    fs::rename(&folder, &away).unwrap();
    assert!(kernels.keep(ONE, b"after").is_err());
    fs::rename(&away, &folder).unwrap();
    assert_eq!(kernels.load(ONE).unwrap(), b"before");
}
