//! Nodes that share a medium.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use super::*;

promises! {
    of_two_nodes_with_one_medium_the_second_is_told_and_then_sees_what_the_first_did
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
