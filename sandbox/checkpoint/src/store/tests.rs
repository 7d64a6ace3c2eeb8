use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

#[cfg(feature = "s3")]
use selvedge_test_s3::Server;
use tempfile::TempDir;
#[cfg(feature = "s3")]
use tokio::runtime::Runtime;

use super::*;
use crate::local::Local;
use crate::objects::Listed;
#[cfg(feature = "s3")]
use crate::s3::{Bucket, Credentials, S3};

const KEY: [u8; 32] = [9; 32];

/// A medium on which stores are opened, as often as nodes would, and whose files a test can look at and damage.
struct Ground {
    /// Kernels' folders are in it.
    root: PathBuf,
    kind: Kind,
    _folder: Option<TempDir>,
}

enum Kind {
    /// A folder of this process.
    Folder,
    /// A folder of several.
    SharedFolder,
    /// A bucket of our own server, or of the one whose origin is in [`ELSEWHERE`], with the same name and credentials.
    #[cfg(feature = "s3")]
    Bucket(Box<Server>, Runtime),
}

/// To try another S3 server. Tests that look at files do not work with it.
#[cfg(feature = "s3")]
const ELSEWHERE: &str = "SELVEDGE_TEST_S3";

/// Where flushing costs nothing, if there is such a place.
fn folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

impl Ground {
    fn folder() -> Self {
        let folder = folder();
        Self {
            root: folder.path().to_owned(),
            kind: Kind::Folder,
            _folder: Some(folder),
        }
    }

    fn shared_folder() -> Self {
        Self {
            kind: Kind::SharedFolder,
            ..Self::folder()
        }
    }

    #[cfg(feature = "s3")]
    fn bucket() -> Self {
        let server = Server::start().unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let mut prefix = [0; 8];
        getrandom::fill(&mut prefix).unwrap();
        let root = server.folder().join(hex::encode(prefix));
        Self {
            root,
            kind: Kind::Bucket(Box::new(server), runtime),
            _folder: None,
        }
    }

    fn open(&self) -> Box<dyn Objects> {
        let root = self.root.clone();
        match &self.kind {
            Kind::Folder => Box::new(Local::open(root).unwrap()),
            Kind::SharedFolder => Box::new(Local::open_shared(root).unwrap()),
            #[cfg(feature = "s3")]
            Kind::Bucket(server, runtime) => {
                let bucket = Bucket {
                    name: selvedge_test_s3::BUCKET.to_owned(),
                    prefix: self.root.file_name().unwrap().to_str().unwrap().to_owned(),
                    endpoint: Some(std::env::var(ELSEWHERE).unwrap_or_else(|_| server.endpoint())),
                    region: "us-east-1".to_owned(),
                    credentials: Credentials::File(server.credentials()),
                    patience: Bucket::PATIENCE,
                };
                Box::new(S3::open(bucket, runtime.handle().clone()).unwrap())
            }
        }
    }

    fn store(&self, states: u64) -> Store {
        store_on(self.open(), states)
    }

    /// So many of a hundred random cases; fewer where each takes longer.
    fn some(&self, many: u64) -> u64 {
        match self.kind {
            Kind::Folder | Kind::SharedFolder => many,
            #[cfg(feature = "s3")]
            Kind::Bucket(..) => many.div_ceil(12),
        }
    }

    fn path(&self, kernel: KernelId, number: u64) -> PathBuf {
        self.root.join(kernel.to_string()).join(number.to_string())
    }

    /// How much there is of a kernel.
    fn files(&self, kernel: KernelId) -> usize {
        fs::read_dir(self.root.join(kernel.to_string())).map_or(0, Iterator::count)
    }
}

/// Each promise on each medium.
macro_rules! promises {
    ($($promise:ident)*) => {
        mod folder {
            use super::Ground;
            $(#[test] fn $promise() { super::$promise(Ground::folder) })*
        }
        mod shared_folder {
            use super::Ground;
            $(#[test] fn $promise() { super::$promise(Ground::shared_folder) })*
        }
        #[cfg(feature = "s3")]
        mod bucket {
            use super::Ground;
            $(#[test] fn $promise() { super::$promise(Ground::bucket) })*
        }
    };
}

fn store_on(objects: Box<dyn Objects>, states: u64) -> Store {
    Store::new(objects, Retention { states, grace_ms: 0 }, || 1)
}

fn key() -> ProjectKey {
    ProjectKey::new(KEY)
}

fn kernel(number: u8) -> KernelId {
    format!("krn_{}", hex::encode([number; 16])).parse().unwrap()
}

/// A medium that fails from some change on, as if the process had been killed there.
#[derive(Debug)]
struct Mortal {
    medium: Box<dyn Objects>,
    changes_left: AtomicUsize,
    /// Somebody else removes this when anything is put into another folder.
    removed_by_others: Option<(String, String)>,
}

impl Mortal {
    fn dies(&self) -> bool {
        let live = |left: usize| left.checked_sub(1);
        self.changes_left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, live).is_err()
    }
}

impl Objects for Mortal {
    fn put_new(&self, folder: &str, name: &str, bytes: &[u8]) -> Result<(), PutError> {
        if self.dies() {
            return Err(PutError::Failed(io::Error::other("killed")));
        }
        let put = self.medium.put_new(folder, name, bytes);
        if let Some((victim, object)) = self.removed_by_others.as_ref().filter(|(victim, _)| victim != folder) {
            self.medium.delete(victim, object)?;
        }
        put
    }

    fn get(&self, folder: &str, name: &str) -> io::Result<Vec<u8>> {
        self.medium.get(folder, name)
    }

    fn front(&self, folder: &str, name: &str, len: usize) -> io::Result<Vec<u8>> {
        self.medium.front(folder, name, len)
    }

    fn list(&self, folder: &str) -> io::Result<Vec<Listed>> {
        self.medium.list(folder)
    }

    fn delete(&self, folder: &str, name: &str) -> io::Result<()> {
        if self.dies() {
            return Err(io::Error::other("killed"));
        }
        self.medium.delete(folder, name)
    }

    fn is_shared(&self) -> bool {
        self.medium.is_shared()
    }
}

/// What was acknowledged: of each kernel the states by number, each as the objects that make it.
#[derive(Clone, Default)]
struct Model {
    kernels: BTreeMap<u8, BTreeMap<u64, Vec<Vec<u8>>>>,
}

impl Model {
    fn newest(&self, number: u8) -> Option<(u64, Vec<Vec<u8>>)> {
        let states = self.kernels.get(&number)?;
        states.last_key_value().map(|(number, objects)| (*number, objects.clone()))
    }

    /// Everything acknowledged that `store` still lists is what it was, and what is newest is listed.
    fn holds(&self, store: &Store, context: &str) {
        for (number, states) in &self.kernels {
            let kernel = kernel(*number);
            let history = store.history(kernel).unwrap();
            assert_eq!(
                history.last().map(|moment| moment.number),
                states.keys().next_back().copied(),
                "{context}: {number}"
            );
            for moment in history {
                let Kept { objects, .. } = store
                    .read_at(kernel, &key(), moment.number)
                    .unwrap_or_else(|error| panic!("{context}: {error}"));
                let objects: Vec<_> = objects.into_iter().filter(|object| !object.is_empty()).collect();
                assert_eq!(Some(&objects), states.get(&moment.number), "{context}: {number}/{}", moment.number);
            }
        }
    }
}

/// Operations drawn from a seed, done to a store and to the model. Ends at the first error.
fn play(store: &Store, model: &mut Model, seed: u64, steps: usize) -> Result<(), StoreError> {
    let mut dice = blake3::Hasher::new().update(&seed.to_le_bytes()).finalize_xof();
    let mut below = move |most: u64| {
        let mut bytes = [0; 8];
        dice.fill(&mut bytes);
        u64::from_le_bytes(bytes) % most
    };
    for step in 0..steps {
        let number = u8::try_from(below(4)).unwrap();
        let (id, newest) = (kernel(number), model.newest(number));
        match (below(10), newest) {
            (0..5, newest) => {
                let object = format!("{seed}.{step}").into_bytes();
                let before = newest.filter(|(_, objects)| objects.len() < 8 && below(5) > 0);
                let kept = store.append(id, &key(), before.as_ref().map(|(number, _)| *number), &object)?;
                let mut objects = before.map(|(_, objects)| objects).unwrap_or_default();
                objects.push(object);
                model.kernels.entry(number).or_default().insert(kept, objects);
            }
            (5, Some(_)) => {
                let history = store.history(id)?;
                let to = history[usize::try_from(below(history.len() as u64)).unwrap()].number;
                let kept = store.rewind(id, &key(), to)?;
                let states = model.kernels.get_mut(&number).unwrap();
                states.insert(kept, states[&to].clone());
            }
            (6, Some((_, objects))) => {
                let into = u8::try_from(below(4)).unwrap();
                let forked = store.fork(id, &key(), None, &[kernel(into)]);
                if model.newest(into).is_some() {
                    assert!(matches!(forked, Err(StoreError::Exists)));
                    continue;
                }
                forked?;
                let kept = store.newest(kernel(into))?.unwrap();
                model.kernels.entry(into).or_default().insert(kept, objects);
            }
            (7, Some((newest, _))) => store.name(id, newest, "kept")?,
            (8, Some(_)) if below(3) == 0 => {
                // Whether it comes to its end or not: nobody has a claim on this kernel any more.
                model.kernels.remove(&number);
                store.remove(id)?;
            }
            _ => {
                store.collect(id)?;
            }
        }
    }
    Ok(())
}

promises! {
    whatever_is_done_every_state_that_is_listed_is_what_it_was
    a_process_that_is_killed_between_any_two_changes_leaves_everything_acknowledged
    what_nobody_can_come_back_to_goes_and_the_medium_is_empty_in_the_end
    going_back_and_forth_does_not_make_waking_longer
    foreign_altered_renamed_and_swapped_objects_are_refused
    what_cannot_be_restored_is_put_aside_and_what_was_before_can_be_gone_back_to
    an_exported_kernel_goes_on_elsewhere_and_only_in_its_own_project
    of_two_nodes_with_one_medium_the_second_is_told_and_then_sees_what_the_first_did
    the_difference_of_two_states_is_told_by_page
    what_another_version_wrote_is_not_taken_for_nothing
}

fn whatever_is_done_every_state_that_is_listed_is_what_it_was(make: fn() -> Ground) {
    for seed in 0..make().some(60) {
        let ground = make();
        let states = 1 + seed % 7;
        let mut model = Model::default();
        let one = ground.store(states);
        for round in 0..6 {
            play(&one, &mut model, seed * 100 + round, 20).unwrap();
            model.holds(&one, &format!("seed {seed}"));
            model.holds(&ground.store(states), &format!("seed {seed}, looked at anew"));
        }
    }
}

fn a_process_that_is_killed_between_any_two_changes_leaves_everything_acknowledged(make: fn() -> Ground) {
    for seed in 0..make().some(6) {
        for changes in 0..usize::try_from(make().some(60)).unwrap() {
            let ground = make();
            let mortal = Mortal {
                medium: ground.open(),
                changes_left: AtomicUsize::new(changes),
                removed_by_others: None,
            };
            let mut model = Model::default();
            drop(play(&store_on(Box::new(mortal), 3), &mut model, seed, 60));
            let after = ground.store(3);
            for number in 0..4 {
                let newest = model.newest(number).map(|(number, _)| number);
                // A change that was not acknowledged may be there; what was acknowledged is.
                assert!(after.newest(kernel(number)).unwrap() >= newest, "seed {seed}, {changes} changes");
                let Some(states) = model.kernels.get(&number) else { continue };
                for moment in after.history(kernel(number)).unwrap() {
                    let kept = after.read_at(kernel(number), &key(), moment.number).unwrap();
                    let objects: Vec<_> = kept.objects.into_iter().filter(|object| !object.is_empty()).collect();
                    assert!(states.get(&moment.number).is_none_or(|state| *state == objects));
                }
                after.collect(kernel(number)).unwrap();
            }
        }
    }
}

fn what_nobody_can_come_back_to_goes_and_the_medium_is_empty_in_the_end(make: fn() -> Ground) {
    let ground = make();
    let store = ground.store(2);
    let (a, b, c) = (kernel(1), kernel(2), kernel(3));
    let files = |id: KernelId| ground.files(id);
    for number in 0..6_u8 {
        let after = (number % 3 > 0).then_some(u64::from(number));
        store.append(a, &key(), after, &[number]).unwrap();
    }
    assert_eq!(store.collect(a).unwrap(), 3);
    // The two newest, and the one that they need.
    assert_eq!(files(a), 3);
    store.name(a, 4, "before").unwrap();
    store.fork(a, &key(), Some(5), &[b]).unwrap();
    // A fork of a fork needs the first kernel's objects as well.
    store.fork(b, &key(), None, &[c]).unwrap();
    assert!(matches!(store.fork(a, &key(), None, &[c]), Err(StoreError::Exists)));
    for number in 0..4 {
        store.append(a, &key(), None, &[number]).unwrap();
    }
    store.collect(a).unwrap();
    assert_eq!(store.read(b, &key()).unwrap().objects, [vec![3], vec![4], vec![]]);
    store.remove(a).unwrap();
    assert!(matches!(store.read(a, &key()), Err(StoreError::Nothing)));
    assert!(matches!(store.rewind(a, &key(), 4), Err(StoreError::NoSuch { number: 4 })));
    assert_eq!(store.history(a).unwrap(), []);
    assert_eq!(store.read(c, &key()).unwrap().objects, [vec![3], vec![4], vec![]]);
    // A new kernel of the same name has nothing of the old one, and numbers of its own.
    assert_eq!(store.append(a, &key(), None, b"again").unwrap(), 11);
    store.remove(a).unwrap();
    store.remove(b).unwrap();
    assert!(files(a) > 0);
    // The last fork writes everything anew, and lets go.
    store.append(c, &key(), None, b"c").unwrap();
    store.append(c, &key(), None, b"c").unwrap();
    store.collect(c).unwrap();
    assert_eq!((files(a), files(b), files(c)), (0, 0, 2));
    store.remove(c).unwrap();
    assert_eq!(files(c), 0);
}

fn going_back_and_forth_does_not_make_waking_longer(make: fn() -> Ground) {
    let ground = make();
    let store = ground.store(50);
    let a = kernel(1);
    store.append(a, &key(), None, b"one").unwrap();
    store.append(a, &key(), Some(1), b"two").unwrap();
    for _ in 0..200 {
        let newest = store.newest(a).unwrap().unwrap();
        store.rewind(a, &key(), newest).unwrap();
    }
    assert_eq!(store.read(a, &key()).unwrap().objects.len(), 3);
}

fn foreign_altered_renamed_and_swapped_objects_are_refused(make: fn() -> Ground) {
    let ground = make();
    let store_here = ground.store(50);
    let (a, b) = (kernel(1), kernel(2));
    for id in [a, b] {
        store_here.append(id, &key(), None, b"full").unwrap();
        store_here.append(id, &key(), Some(1), b"delta").unwrap();
    }
    let path = |id: KernelId, number: u64| ground.path(id, number);
    let [a1, a2, b1, b2] = [(a, 1), (a, 2), (b, 1), (b, 2)].map(|(id, number)| fs::read(path(id, number)).unwrap());
    let read_with = |first: &[u8], second: &[u8], key: &ProjectKey| {
        for (number, bytes) in [(1, first), (2, second)] {
            fs::remove_file(path(a, number)).unwrap();
            fs::write(path(a, number), bytes).unwrap();
        }
        ground.store(50).read(a, key)
    };
    assert!(read_with(&a1, &a2, &key()).is_ok());
    let foreign = |number| {
        matches!(
            number,
            Err(StoreError::Sealed {
                why: SealError::Foreign,
                ..
            })
        )
    };
    assert!(foreign(read_with(&a1, &a2, &ProjectKey::new([8; 32]))), "another project");
    assert!(foreign(read_with(&b1, &a2, &key())), "another kernel's first");
    assert!(foreign(read_with(&a1, &b2, &key())), "another kernel's newest");
    assert!(foreign(read_with(&a2, &a1, &key())), "swapped");
    assert!(foreign(read_with(&a1, &a1, &key())), "renamed");
    // An older state of the same kernel under the same number is not the one that the newest names.
    let twin = {
        let elsewhere = make();
        elsewhere.store(50).append(a, &key(), None, b"FULL").unwrap();
        fs::read(elsewhere.path(a, 1)).unwrap()
    };
    assert!(matches!(read_with(&twin, &a2, &key()), Err(StoreError::Broken { number: 1 })));
}

fn what_cannot_be_restored_is_put_aside_and_what_was_before_can_be_gone_back_to(make: fn() -> Ground) {
    let ground = make();
    let store_here = ground.store(50);
    let a = kernel(1);
    store_here.append(a, &key(), None, b"good").unwrap();
    store_here.append(a, &key(), Some(1), b"bad").unwrap();
    let path = ground.path(a, 2);
    let mut bytes = fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    // Read-only, as it was: it was whole once.
    fs::remove_file(&path).unwrap();
    fs::write(&path, &bytes).unwrap();
    let mut read_only = fs::metadata(&path).unwrap().permissions();
    read_only.set_readonly(true);
    fs::set_permissions(&path, read_only).unwrap();

    let store_here = ground.store(50);
    assert!(matches!(
        store_here.read(a, &key()),
        Err(StoreError::Sealed {
            number: 2,
            why: SealError::Damaged
        })
    ));
    store_here.set_aside(a).unwrap();
    assert_eq!(ground.store(50).newest(a).unwrap(), None);
    assert_eq!(fs::read(&path).unwrap(), bytes);
    assert!(matches!(store_here.rewind(a, &key(), 2), Err(StoreError::Sealed { .. })));
    assert_eq!(store_here.rewind(a, &key(), 1).unwrap(), 3);
    assert_eq!(ground.store(50).read(a, &key()).unwrap().objects, [b"good".to_vec(), vec![]]);
}

fn an_exported_kernel_goes_on_elsewhere_and_only_in_its_own_project(make: fn() -> Ground) {
    let (here, there) = (make(), make());
    let (a, b) = (kernel(1), kernel(2));
    let (here, there) = (here.store(50), there.store(50));
    assert!(matches!(here.export(a, &key()), Err(StoreError::Nothing)));
    here.append(a, &key(), None, b"full").unwrap();
    here.append(a, &key(), Some(1), b"delta").unwrap();
    here.fork(a, &key(), None, &[b]).unwrap();
    here.append(b, &key(), Some(1), b"more").unwrap();
    let file = here.export(b, &key()).unwrap();
    let state = [b"full".to_vec(), b"delta".to_vec(), b"more".to_vec()];

    for len in 0..file.len() {
        assert!(
            matches!(there.import(a, &key(), &file[..len]), Err(StoreError::NotAnExport)),
            "{len}"
        );
    }
    for index in 0..file.len() {
        let mut altered = file.clone();
        altered[index] ^= 1;
        assert!(matches!(there.import(a, &key(), &altered), Err(StoreError::NotAnExport)), "{index}");
        let body = altered.len() - 32;
        if index < body {
            let hash = blake3::hash(&altered[..body]);
            altered[body..].copy_from_slice(hash.as_bytes());
            assert!(there.import(a, &key(), &altered).is_err(), "{index}");
        }
    }
    let foreign = there.import(a, &ProjectKey::new([8; 32]), &file);
    assert!(matches!(
        foreign,
        Err(StoreError::Sealed {
            why: SealError::Foreign,
            ..
        })
    ));
    assert_eq!(there.newest(a).unwrap(), None);

    there.import(a, &key(), &file).unwrap();
    assert_eq!(there.read(a, &key()).unwrap().objects, state);
    assert_eq!(there.append(a, &key(), Some(3), b"on").unwrap(), 4);
    assert!(matches!(there.import(a, &key(), &file), Err(StoreError::Exists)));
}

fn of_two_nodes_with_one_medium_the_second_is_told_and_then_sees_what_the_first_did(make: fn() -> Ground) {
    let ground = make();
    let a = kernel(1);
    let (first, second) = (ground.store(50), ground.store(50));
    first.append(a, &key(), None, b"one").unwrap();
    second.append(a, &key(), Some(1), b"two").unwrap();
    assert!(matches!(first.append(a, &key(), Some(1), b"TWO"), Err(StoreError::NotNewest)));
    assert_eq!(first.read(a, &key()).unwrap().objects, [b"one".to_vec(), b"two".to_vec()]);
    assert!(matches!(first.append(a, &key(), Some(1), b"TWO"), Err(StoreError::NotNewest)));
    assert_eq!(first.append(a, &key(), Some(2), b"three").unwrap(), 3);
}

fn the_difference_of_two_states_is_told_by_page(make: fn() -> Ground) {
    use crate::{Chain, Files, PAGE_BYTES, Page, Pages, Registers, State};
    let ground = make();
    let (store, a) = (ground.store(50), kernel(1));
    let state = |pages: &[(u32, u8)], memory_pages| State {
        registers: Registers {
            module: [0; 32],
            memory_pages,
            globals: vec![],
            monotonic: 0,
            entropy: 0,
        },
        pages: Pages::new(
            pages
                .iter()
                .map(|(number, byte)| (*number, Page::copy_of(&[*byte; PAGE_BYTES])))
                .collect(),
        )
        .unwrap(),
        files: Files::default(),
    };
    let image: &[u8] = &[];
    let (mut chain, first) = Chain::begin(state(&[(1, 1), (2, 2), (3, 3)], 1), image).unwrap();
    store.append(a, &key(), None, &first.bytes).unwrap();
    let second = chain.append(state(&[(1, 1), (3, 9), (20, 1)], 2), image).unwrap();
    store.append(a, &key(), Some(1), &second.bytes).unwrap();
    store.rewind(a, &key(), 1).unwrap();
    let diff = store.diff(a, &key(), 1, 2).unwrap();
    assert_eq!((diff.memory_pages, diff.pages, diff.files), ((1, 2), vec![2, 3, 20], false));
    assert_eq!(store.diff(a, &key(), 3, 2).unwrap().pages, [2, 3, 20]);
    assert_eq!(store.diff(a, &key(), 1, 3).unwrap().pages, [] as [u32; 0]);
    assert!(matches!(store.diff(a, &key(), 1, 9), Err(StoreError::NoSuch { number: 9 })));
}

fn what_another_version_wrote_is_not_taken_for_nothing(make: fn() -> Ground) {
    let ground = make();
    let a = kernel(1);
    fs::create_dir_all(ground.root.join(a.to_string())).unwrap();
    let old = format!("7-{}", blake3::hash(b"old"));
    fs::write(ground.root.join(a.to_string()).join(&old), b"old").unwrap();
    let store = ground.store(50);
    assert!(matches!(store.newest(a), Err(StoreError::Unknown { name }) if name == old));
    assert!(store.append(a, &key(), None, b"new").is_err());
}

#[test]
fn where_others_write_what_nobody_can_come_back_to_waits_before_it_goes_and_is_not_used_meanwhile() {
    static NOW: AtomicU64 = AtomicU64::new(5);
    let ground = Ground::shared_folder();
    let retention = Retention {
        states: 2,
        grace_ms: 1_000,
    };
    let node = || Store::new(ground.open(), retention, || NOW.load(Ordering::Relaxed));
    let (one, two, a) = (node(), node(), kernel(1));
    for number in 1..=5 {
        assert_eq!(one.append(a, &key(), None, b"full").unwrap(), number);
    }
    one.name(a, 4, "kept").unwrap();
    assert_eq!(one.collect(a).unwrap(), 0);
    for number in 1..=3 {
        let gone = |done: Result<(), StoreError>| assert!(matches!(done, Err(StoreError::NoSuch { .. })), "{number}");
        gone(two.rewind(a, &key(), number).map(drop));
        gone(two.fork(a, &key(), Some(number), &[kernel(2)]));
        gone(two.name(a, number, "late"));
    }
    assert_eq!(
        two.history(a).unwrap().iter().map(|moment| moment.number).collect::<Vec<_>>(),
        [4, 5]
    );
    NOW.store(1_004, Ordering::Relaxed);
    assert_eq!((one.collect(a).unwrap(), two.collect(a).unwrap(), ground.files(a)), (0, 0, 6));
    NOW.store(1_005, Ordering::Relaxed);
    assert_eq!((two.collect(a).unwrap(), one.collect(a).unwrap(), ground.files(a)), (0, 3, 3));
    two.remove(a).unwrap();
    assert_eq!(ground.files(a), 0);
}

#[test]
fn a_fork_of_what_another_node_removes_at_that_moment_takes_itself_back() {
    let ground = Ground::shared_folder();
    let (a, b) = (kernel(1), kernel(2));
    ground.store(50).append(a, &key(), None, b"full").unwrap();
    let meddled = Mortal {
        medium: ground.open(),
        changes_left: AtomicUsize::new(100),
        removed_by_others: Some((a.to_string(), "1".to_owned())),
    };
    let forked = store_on(Box::new(meddled), 50).fork(a, &key(), None, &[b]);
    assert!(matches!(forked, Err(StoreError::NoSuch { number: 1 })));
    assert_eq!((ground.files(a), ground.files(b)), (0, 0));
}
