//! What is kept of a kernel, for as long as somebody can come back to it.

use super::*;

promises! {
    what_nobody_can_come_back_to_goes_and_the_medium_is_empty_in_the_end
    going_back_and_forth_does_not_make_waking_longer
    the_difference_of_two_states_is_told_by_page
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
