//! What is not what the store wrote is never taken for it.

use std::fs;

use super::*;

promises! {
    foreign_altered_renamed_and_swapped_objects_are_refused
    what_cannot_be_restored_is_put_aside_and_what_was_before_can_be_gone_back_to
    what_another_version_wrote_is_not_taken_for_nothing
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
