use super::*;

const ONE: &str = "krn_11111111111111111111111111111111";
const TWO: &str = "krn_22222222222222222222222222222222";

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn the_newest_memory_is_there_after_a_restart_and_the_one_before_is_gone() {
    let data = tempfile::tempdir().unwrap();
    let kernels = Kernels::open(data.path()).unwrap();
    assert!(!kernels.has(ONE));
    kernels.keep(ONE, b"first").unwrap();
    kernels.keep(ONE, b"second").unwrap();

    let kernels = Kernels::open(data.path()).unwrap();
    assert!(kernels.has(ONE));
    assert_eq!(kernels.load(ONE).unwrap(), b"second");
    assert_eq!(names(&data.path().join("checkpoints")), [blake3::hash(b"second").to_hex().to_string()]);
}

#[test]
fn a_checkpoint_that_two_kernels_share_stays_until_neither_names_it() {
    let data = tempfile::tempdir().unwrap();
    let kernels = Kernels::open(data.path()).unwrap();
    kernels.keep(ONE, b"same").unwrap();
    kernels.keep(TWO, b"same").unwrap();
    kernels.keep(ONE, b"other").unwrap();
    assert_eq!(kernels.load(TWO).unwrap(), b"same");
    kernels.keep(TWO, b"other").unwrap();
    assert_eq!(names(&data.path().join("checkpoints")).len(), 1);
}

#[test]
fn a_damaged_checkpoint_is_noticed_kept_aside_and_the_kernel_starts_empty() {
    let data = tempfile::tempdir().unwrap();
    let kernels = Kernels::open(data.path()).unwrap();
    kernels.keep(ONE, b"memory").unwrap();
    let name = blake3::hash(b"memory").to_hex().to_string();
    fs::write(data.path().join("checkpoints").join(&name), b"memorY").unwrap();
    assert!(matches!(kernels.load(ONE), Err(Unreadable::Damaged)));

    kernels.set_aside(ONE).unwrap();
    assert!(!kernels.has(ONE));
    assert_eq!(fs::read(data.path().join("kernels").join(ONE).join(format!("unreadable-{name}"))).unwrap(), b"memorY");
    kernels.keep(ONE, b"again").unwrap();
    assert_eq!(Kernels::open(data.path()).unwrap().load(ONE).unwrap(), b"again");
}

#[test]
fn what_a_killed_process_left_behind_is_swept_away() {
    let data = tempfile::tempdir().unwrap();
    Kernels::open(data.path()).unwrap().keep(ONE, b"memory").unwrap();
    let checkpoints = data.path().join("checkpoints");
    fs::write(checkpoints.join(".abc.krn_2"), b"half").unwrap();
    fs::write(checkpoints.join(blake3::hash(b"orphan").to_hex().as_str()), b"orphan").unwrap();
    let kernels = Kernels::open(data.path()).unwrap();
    assert_eq!(names(&checkpoints).len(), 1);
    assert_eq!(kernels.load(ONE).unwrap(), b"memory");
}

#[test]
fn a_checkpoint_file_that_is_missing_or_a_name_that_is_no_hash_is_unreadable_and_not_a_panic() {
    let data = tempfile::tempdir().unwrap();
    let kernels = Kernels::open(data.path()).unwrap();
    kernels.keep(ONE, b"memory").unwrap();
    fs::remove_file(data.path().join("checkpoints").join(blake3::hash(b"memory").to_hex().as_str())).unwrap();
    assert!(matches!(kernels.load(ONE), Err(Unreadable::Gone)));
    fs::write(data.path().join("kernels").join(ONE).join("current"), b"../../etc/passwd").unwrap();
    let kernels = Kernels::open(data.path()).unwrap();
    assert!(matches!(kernels.load(ONE), Err(Unreadable::Damaged)));
    kernels.set_aside(ONE).unwrap();
    assert!(!Kernels::open(data.path()).unwrap().has(ONE));
}
