use crate::lab::{self, Lab, limits, run_in};
use selvedge_engine::{CancelToken, Checkpoint, Engine, Image, PoolSize, RestoreError};
use std::fs;

async fn value(engine: &Engine, checkpoint: &Checkpoint, code: &str) -> String {
    let mut kernel = engine.restore(checkpoint, [8; 32]).await.unwrap();
    run_in(&mut kernel, code, None, limits(), &CancelToken::new()).await.value()
}

#[tokio::test]
async fn a_kernel_goes_on_in_another_engine() {
    let mut lab = Lab::new().await;
    lab.run("x = 41\ndef f(): return x + 1").await;
    let checkpoint = lab.kernel.checkpoint().unwrap();
    let (_, packed) = lab.engine.pack(&checkpoint).unwrap();
    drop((lab, checkpoint));
    let other = lab::engine();
    let (_, checkpoint) = other.unpack(&[&packed.bytes]).unwrap();
    assert_eq!(value(&other, &checkpoint, "f()").await, "42");
}

#[tokio::test]
async fn open_generators_big_memories_and_deep_structures_survive() {
    let mut lab = Lab::new().await;
    lab.run("g = (i * i for i in range(10))\nnext(g); next(g)\nbig = [{'i': i, 's': str(i)} for i in range(50_000)]\nimport re\np = re.compile('a+')").await;
    let checkpoint = lab.kernel.checkpoint().unwrap();
    let (_, packed) = lab.engine.pack(&checkpoint).unwrap();
    let (_, read) = lab.engine.unpack(&[&packed.bytes]).unwrap();
    for checkpoint in [checkpoint, read] {
        assert_eq!(
            value(
                &lab.engine,
                &checkpoint,
                "next(g), big[49_999]['s'], len(big), p.match('aab').group()"
            )
            .await,
            "(4, '49999', 50000, 'aa')"
        );
    }
    assert_eq!(lab.value("next(g)").await, "4", "taking a checkpoint changes nothing");
}

#[tokio::test]
async fn a_checkpoint_can_be_restored_many_times_and_forks_are_apart() {
    let mut lab = Lab::new().await;
    lab.run("x = [1]").await;
    let checkpoint = lab.kernel.checkpoint().unwrap();
    assert_eq!(value(&lab.engine, &checkpoint, "x.append(2); x").await, "[1, 2]");
    assert_eq!(value(&lab.engine, &checkpoint, "x").await, "[1]");
}

#[tokio::test]
async fn checkpoints_hold_what_changed_even_in_a_slot_that_others_used() {
    let mut lab = Lab::new().await;
    lab.run("x = 41").await;
    let small = lab.kernel.checkpoint().unwrap().changed_bytes();
    assert!(small < 1 << 20, "{small}");
    for seed in 0..20 {
        let mut other = lab.engine.start([seed; 32]).await.unwrap();
        run_in(&mut other, "y = list(range(200_000))", None, limits(), &CancelToken::new()).await;
    }
    let mut kernel = lab.engine.start([1; 32]).await.unwrap();
    run_in(&mut kernel, "x = 41", None, limits(), &CancelToken::new()).await;
    assert_eq!(kernel.checkpoint().unwrap().changed_bytes(), small);
}

#[tokio::test]
async fn randomness_is_new_after_a_restore_and_monotonic_time_goes_on() {
    let mut lab = Lab::new().await;
    lab.run("import random, time\nt = time.monotonic()").await;
    let checkpoint = lab.kernel.checkpoint().unwrap();
    let mut seen = Vec::new();
    for seed in [1, 2] {
        let mut kernel = lab.engine.restore(&checkpoint, [seed; 32]).await.unwrap();
        seen.push(
            run_in(
                &mut kernel,
                "assert time.monotonic() >= t\nrandom.random()",
                None,
                limits(),
                &CancelToken::new(),
            )
            .await
            .value(),
        );
    }
    assert_ne!(seen[0], seen[1]);
}

#[tokio::test]
async fn a_kernel_is_woken_from_what_changed_after_each_cell() {
    let mut lab = Lab::new().await;
    lab.run("rows = [{'i': i} for i in range(20_000)]\nwith open('kept', 'w') as file: file.write('a' * 100_000)")
        .await;
    let (mut chain, first) = lab.engine.pack(&lab.kernel.checkpoint().unwrap()).unwrap();
    let mut objects = vec![first.bytes];
    for step in 0..40 {
        lab.run(&format!(
            "rows[{step}] = 'changed'\nwith open('kept', 'a') as file: file.write('b')"
        ))
        .await;
        if step % 3 == 0 {
            chain.slim();
        }
        let packed = lab.engine.pack_after(&mut chain, &lab.kernel.checkpoint().unwrap()).unwrap();
        if !packed.is_delta {
            objects.clear();
        }
        assert!(!packed.is_delta || packed.bytes.len() < 100 << 10, "{}", packed.bytes.len());
        objects.push(packed.bytes);
        if step % 5 == 0 {
            let slices: Vec<_> = objects.iter().map(Vec::as_slice).collect();
            let (woken, checkpoint) = lab.engine.unpack(&slices).unwrap();
            let code = format!("rows[{step}], rows[{step} + 1], open('kept').read().count('b')");
            let expected = format!("('changed', {{'i': {}}}, {})", step + 1, step + 1);
            assert_eq!(value(&lab.engine, &checkpoint, &code).await, expected);
            chain = woken;
        }
    }
}

#[tokio::test]
async fn a_checkpoint_of_another_image_is_refused_by_name() {
    let mut lab = Lab::new().await;
    let checkpoint = lab.kernel.checkpoint().unwrap();
    let dir = tempfile::tempdir().unwrap();
    for name in ["image.cwasm", "memory.img"] {
        fs::copy(lab::image_dir().join(name), dir.path().join(name)).unwrap();
    }
    let manifest = fs::read_to_string(lab::image_dir().join("manifest.json")).unwrap();
    let other = "0".repeat(64);
    fs::write(
        dir.path().join("manifest.json"),
        manifest.replace(lab.engine.image().hash(), &other),
    )
    .unwrap();
    let foreign = Engine::new(Image::open(dir.path()).unwrap(), PoolSize::kernels(2)).unwrap();
    match foreign.restore(&checkpoint, [1; 32]).await {
        Err(RestoreError::ForeignImage { expected, found }) => assert_eq!((expected, found.as_str()), (other, lab.engine.image().hash())),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it was restored"),
    }
}

#[tokio::test]
async fn more_kernels_than_slots_are_refused_and_slots_come_back() {
    let engine = Engine::new(Image::open(&lab::image_dir()).unwrap(), PoolSize::kernels(2)).unwrap();
    let first = engine.start([1; 32]).await.unwrap();
    let _second = engine.start([2; 32]).await.unwrap();
    assert!(matches!(engine.start([3; 32]).await, Err(selvedge_engine::EngineError::Full)));
    drop(first);
    assert!(engine.start([3; 32]).await.is_ok());
}

#[tokio::test]
async fn a_seed_that_the_user_chose_survives_a_restore() {
    let mut lab = Lab::new().await;
    assert_eq!(
        lab.value("import random\nrandom.seed(42)\nrandom.random()").await,
        "0.6394267984578837"
    );
    let checkpoint = lab.kernel.checkpoint().unwrap();
    let live = lab.value("random.random()").await;
    assert_eq!(live, "0.025010755222666936");
    assert_eq!(value(&lab.engine, &checkpoint, "random.random()").await, live);
}
