//! Receipts of the real interpreter.
#![cfg(test)]

use std::path::Path;

use selvedge_engine::{CancelToken, CellRequest, Engine, EventKind, Image, Kernel, Limits, PoolSize, Status};
use selvedge_protocol::{Certify, Receipt};
use selvedge_receipt::{Certified, Refuted, Subject, verify};

const LIMITS: Limits = Limits {
    wall_ms: 60_000,
    fuel: 50_000_000_000,
    memory_bytes: 256 << 20,
    output_bytes: 1 << 20,
};

/// Everything that could differ between two runs.
const RESTLESS: &str = "import random, secrets, time, uuid, datetime, os
x = [random.random(), secrets.token_hex(4), uuid.uuid4(), hash('x'), id(object()) % 7]
began = time.perf_counter()
time.sleep(3600)
print(x, time.time(), datetime.datetime.now(), time.perf_counter() - began)
open('note', 'a').write('seen\\n')
os.stat('note').st_mtime";

fn engine() -> Engine {
    let assets =
        std::env::var("SELVEDGE_ASSETS").unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/selvedge").to_owned());
    let image = Image::open(&Path::new(&assets).join("images/python")).unwrap();
    Engine::new(image, PoolSize::kernels(8)).unwrap()
}

fn world(seed: u8) -> Certify {
    Certify {
        seed: hex::encode([seed; 32]),
        time_ms: 1_700_000_000_000,
    }
}

fn subject(code: &str) -> Subject {
    Subject {
        code: code.to_owned(),
        stdin: None,
        start: None,
    }
}

async fn certified(engine: &Engine, kernel: &mut Kernel, subject: &Subject, world: &Certify) -> (Option<Receipt>, String) {
    let mut said = String::new();
    let mut sink = |kind: EventKind, data: serde_json::Value| {
        if kind == EventKind::Stdout {
            said.push_str(data["text"].as_str().unwrap());
        }
    };
    let run = Certified {
        engine,
        run: "run_0",
        start: subject.start.as_ref(),
        world,
        limits: &LIMITS,
    };
    let cell = CellRequest {
        label: "main.py".to_owned(),
        code: subject.code.clone(),
        ..CellRequest::default()
    };
    let (_, receipt) = run.run(kernel, cell, &mut sink, &CancelToken::new()).await.unwrap();
    (receipt, said)
}

#[tokio::test]
async fn a_run_comes_out_the_same_again_and_a_kernel_that_was_certified_goes_on_in_the_real_world() {
    let engine = engine();
    let mut kernel = engine.start([1; 32]).await.unwrap();
    let (receipt, said) = certified(&engine, &mut kernel, &subject(RESTLESS), &world(7)).await;
    let receipt = receipt.unwrap();
    assert_eq!(receipt.status, Status::Succeeded, "{said}");
    assert!(said.contains("1700003600.") && said.contains(" 3600."), "{said}");
    verify(&engine, &receipt, &subject(RESTLESS), 60_000).await.unwrap();
    // In another process, with another kernel before it: a resting instance is as good as a new one.
    drop(kernel);
    verify(&crate::engine(), &receipt, &subject(RESTLESS), 60_000).await.unwrap();

    let draw = async |world: &Certify| {
        let mut kernel = engine.start([2; 32]).await.unwrap();
        let (_, first) = certified(&engine, &mut kernel, &subject("import random; print(random.random())"), world).await;
        kernel.unpin([3; 32]);
        let mut then = String::new();
        let cell = CellRequest {
            code: "print(random.random(), __import__('time').time() > 1_750_000_000)".to_owned(),
            ..CellRequest::default()
        };
        let mut sink = |_: EventKind, data: serde_json::Value| then.push_str(data["text"].as_str().unwrap_or_default());
        kernel.run(&cell, &LIMITS, &mut sink, &CancelToken::new()).await;
        (first, then)
    };
    let (one, other) = (draw(&world(1)).await, draw(&world(2)).await);
    assert_ne!(one.0, other.0);
    // After the certified run nobody who knows its seed knows what comes.
    assert!(one.1.ends_with("True\n") && !one.1.contains(one.0.trim()), "{one:?}");
}

#[tokio::test]
async fn a_run_in_a_kernel_is_checked_from_the_kernels_checkpoint() {
    let engine = engine();
    let mut kernel = engine.start([4; 32]).await.unwrap();
    let (_, _) = certified(&engine, &mut kernel, &subject("rows = [n * n for n in range(1000)]"), &world(1)).await;
    kernel.unpin([5; 32]);
    let from = Subject {
        start: Some(kernel.checkpoint().unwrap()),
        ..subject("rows.append(1)\nprint(sum(rows))")
    };
    let (receipt, said) = certified(&engine, &mut kernel, &from, &world(2)).await;
    let receipt = receipt.unwrap();
    assert_eq!(said, "332833501\n");
    verify(&engine, &receipt, &from, 60_000).await.unwrap();
    let without = verify(
        &engine,
        &receipt,
        &Subject {
            start: None,
            ..from.clone()
        },
        60_000,
    )
    .await;
    assert!(matches!(without, Err(Refuted::Other { what: "start", .. })), "{without:?}");
}

#[tokio::test]
async fn what_is_not_true_is_refuted() {
    let engine = engine();
    let mut kernel = engine.start([1; 32]).await.unwrap();
    let about = subject("print('a'); 1 / 0");
    let (receipt, _) = certified(&engine, &mut kernel, &about, &world(7)).await;
    let receipt = receipt.unwrap();
    assert_eq!(receipt.status, Status::Failed);
    verify(&engine, &receipt, &about, 60_000).await.unwrap();
    type Lie = fn(&mut Receipt);
    let lies: [(&str, Lie); 6] = [
        ("fuel", |receipt| receipt.fuel -= 1),
        ("status", |receipt| receipt.status = Status::Succeeded),
        ("output", |receipt| receipt.output = "0".repeat(64)),
        ("state", |receipt| receipt.end = None),
        ("code", |receipt| receipt.code = "0".repeat(64)),
        ("image", |receipt| receipt.image = "0".repeat(64)),
    ];
    for (about_what, lie) in lies {
        let mut claimed = receipt.clone();
        lie(&mut claimed);
        let refuted = verify(&engine, &claimed, &about, 60_000).await.unwrap_err().to_string();
        assert!(refuted.contains(about_what), "{refuted}");
    }
    // Stopped from outside, a run says nothing that another would repeat.
    let mut kernel = engine.start([1; 32]).await.unwrap();
    let short = Limits { wall_ms: 50, ..LIMITS };
    let run = Certified {
        engine: &engine,
        run: "run_0",
        start: None,
        world: &world(1),
        limits: &short,
    };
    let cell = CellRequest {
        code: "while True: pass".to_owned(),
        ..CellRequest::default()
    };
    let (end, none) = run
        .run(&mut kernel, cell, &mut |_: EventKind, _| {}, &CancelToken::new())
        .await
        .unwrap();
    assert_eq!((end.status, none), (Status::TimedOut, None));
}
