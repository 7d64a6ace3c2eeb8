//! JavaScript kernels survive checkpoint, restore, fork and rewind with everything that is under way in them.

use crate::js_lab::{engine, lab};
use crate::lab::{limits, run_in};
use selvedge_engine::{CancelToken, Checkpoint, Engine, Status};

async fn value(engine: &Engine, checkpoint: &Checkpoint, code: &str) -> String {
    let mut kernel = engine.restore(checkpoint, [8; 32]).await.unwrap();
    run_in(&mut kernel, code, None, limits(), &CancelToken::new()).await.value()
}

#[tokio::test]
async fn closures_open_generators_pending_promises_and_collections_go_on_elsewhere() {
    let mut lab = lab().await;
    let seen = lab
        .run(
            "const counter = (() => { let n = 0; return () => ++n })(); counter()\n\
             function* squares() { for (let i = 0; ; i++) yield i * i }\nconst open = squares(); open.next(); open.next()\n\
             let release; const gate = new Promise((resolve) => { release = resolve })\n\
             const waiting = (async () => { const word = await gate; return word + '!' })()\n\
             const map = new Map([['k', { v: 1 }]]), set = new Set([map]), weak = new WeakMap([[map, 'w']])\n\
             class Point { #x = 1; bump() { return ++this.#x } }\nconst point = new Point()\n\
             const sticky = /a/gy; sticky.test('aa')\nconst day = new Date(864e5), big = 2n ** 70n, sym = Symbol.for('s')\n\
             const rows = Array.from({ length: 20_000 }, (_, i) => ({ i, s: String(i) }))",
        )
        .await;
    assert_eq!(seen.end.status, Status::Succeeded, "{seen:?}");
    let checkpoint = lab.kernel.checkpoint().unwrap();
    let (_, packed) = lab.engine.pack(&checkpoint).unwrap();
    let (_, read) = lab.engine.unpack(&[&packed.bytes]).unwrap();
    let code = "release('open'); [counter(), open.next().value, await waiting, map.get('k').v, set.has(map), weak.get(map), point.bump(), \
                sticky.lastIndex, day.toISOString(), big, sym === Symbol.for('s'), rows[19_999].s].join(' ')";
    let expected = "'2 4 open! 1 true w 2 1 1970-01-02T00:00:00.000Z 1180591620717411303424 true 19999'";
    let other = engine();
    for (engine, checkpoint) in [(&lab.engine, &checkpoint), (&lab.engine, &read), (&other, &read)] {
        assert_eq!(value(engine, checkpoint, code).await, expected);
    }
    assert_eq!(lab.value("open.next().value").await, "4", "taking a checkpoint changes nothing");
}

#[tokio::test]
async fn forks_are_apart_and_a_rewind_forgets() {
    let mut lab = lab().await;
    lab.run("let list = [1]; const add = (n) => { list.push(n); return list.length }")
        .await;
    let first = lab.kernel.checkpoint().unwrap();
    assert_eq!(lab.value("add(2); class Later {}; list").await, "[ 1, 2 ]");
    let second = lab.kernel.checkpoint().unwrap();
    assert_eq!(value(&lab.engine, &first, "add(3); list").await, "[ 1, 3 ]");
    assert_eq!(value(&lab.engine, &first, "add(4); list").await, "[ 1, 4 ]");
    assert_eq!(value(&lab.engine, &second, "list").await, "[ 1, 2 ]");
    lab.kernel = lab.engine.restore(&first, [7; 32]).await.unwrap();
    assert_eq!(lab.value("[list.length, typeof Later]").await, "[ 1, 'undefined' ]");
    assert_eq!(lab.value("let list = 'again'; list").await, "'again'");
}

#[tokio::test]
async fn a_small_cell_changes_little() {
    let mut lab = lab().await;
    lab.run("let x = 41").await;
    let small = lab.kernel.checkpoint().unwrap();
    assert!(small.changed_bytes() < 256 << 10, "{}", small.changed_bytes());
    let (_, packed) = lab.engine.pack(&small).unwrap();
    assert!(packed.bytes.len() < 100 << 10, "{}", packed.bytes.len());
}

#[tokio::test]
async fn a_checkpoint_of_the_other_language_is_refused() {
    let mut lab = lab().await;
    let checkpoint = lab.kernel.checkpoint().unwrap();
    let python = crate::lab::engine();
    assert!(matches!(
        python.restore(&checkpoint, [1; 32]).await,
        Err(selvedge_engine::RestoreError::ForeignImage { .. })
    ));
}
