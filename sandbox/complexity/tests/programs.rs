//! Programs whose growth everybody knows, measured in the real interpreter.
#![cfg(test)]

use std::path::Path;

use selvedge_complexity::{Class, Confidence, MeasureError, Measurement, Program, measure};
use selvedge_engine::{CancelToken, CellRequest, Engine, EventKind, Image, Limits, PoolSize};

fn engine() -> Engine {
    let assets =
        std::env::var("SELVEDGE_ASSETS").unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/selvedge").to_owned());
    let image = Image::open(&Path::new(&assets).join("images/python")).unwrap();
    Engine::new(image, PoolSize::kernels(4)).unwrap()
}

const LIMITS: Limits = Limits {
    wall_ms: 60_000,
    fuel: 4_000_000_000,
    memory_bytes: 256 << 20,
    output_bytes: 1 << 20,
};

fn program(setup: &str, body: &str, least: u64) -> Program {
    Program {
        label: "measured".to_owned(),
        setup: setup.to_owned(),
        body: body.to_owned(),
        least,
        most: 1_000_000,
    }
}

async fn measured(engine: &Engine, program: &Program) -> Result<Measurement, MeasureError> {
    measure(engine, None, program, &LIMITS, &CancelToken::new(), &mut 0, &mut |_| {}).await
}

#[tokio::test]
async fn programs_of_known_growth_are_recognised() {
    let engine = engine();
    let cases: [(&str, &str, u64, Class); 8] = [
        (
            "d = {i: i for i in range(n)}",
            "for _ in range(2000): d[n // 2]",
            16,
            Class::Constant,
        ),
        (
            "import bisect; a = list(range(n))",
            "for i in range(2000): bisect.bisect_left(a, 0)",
            16,
            Class::Logarithmic,
        ),
        ("", "s = 0\nfor i in range(n): s += i * i", 16, Class::Linear),
        ("", "s = 0\nfor i in range(n):\n  for j in range(n): s += j", 8, Class::Quadratic),
        (
            "a = [[1.5] * n for _ in range(n)]",
            "c = [[sum(a[i][k] * a[k][j] for k in range(n)) for j in range(n)] for i in range(n)]",
            4,
            Class::Cubic,
        ),
        (
            "import random; random.seed(1); a = [random.random() for _ in range(n)]",
            "def ms(a):\n  if len(a) < 2: return a\n  m = len(a) // 2; l, r = ms(a[:m]), ms(a[m:]); o = []; i = j = 0\n  while i < len(l) and j < len(r):\n    if l[i] <= r[j]: o.append(l[i]); i += 1\n    else: o.append(r[j]); j += 1\n  return o + l[i:] + r[j:]\nms(a)",
            16,
            Class::Linearithmic,
        ),
        (
            "def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)",
            "fib(n)",
            4,
            Class::Exponential { base: 1.618 },
        ),
        (
            "def subsets(n): return 1 if n == 0 else subsets(n - 1) + subsets(n - 1)",
            "subsets(n)",
            4,
            Class::Exponential { base: 2.0 },
        ),
    ];
    for (setup, body, least, expected) in cases {
        let seen = measured(&engine, &program(setup, body, least)).await.unwrap();
        let said = seen.time.best.class;
        let same = match (said, expected) {
            (Class::Exponential { base }, Class::Exponential { base: expected }) => (base - expected).abs() < 0.02,
            _ => said == expected,
        };
        assert!(
            same && seen.time.confidence != Confidence::Low,
            "{body}\n{}: {seen:#?}",
            said.notation()
        );
    }
}

#[tokio::test]
async fn memory_is_measured_apart_from_time() {
    let engine = engine();
    let grows = measured(&engine, &program("", "a = [0.5 + i for i in range(n)]", 256))
        .await
        .unwrap();
    assert_eq!(
        grows.memory.as_ref().map(|memory| memory.best.class),
        Some(Class::Linear),
        "{grows:#?}"
    );
    let stays = measured(&engine, &program("", "s = 0\nfor i in range(n): s += i", 256))
        .await
        .unwrap();
    assert!(stays.memory.is_none(), "{stays:#?}");
}

#[tokio::test]
async fn the_same_program_costs_the_same_again_and_leaves_its_start_alone() {
    let engine = engine();
    let mut kernel = engine.start([9; 32]).await.unwrap();
    let cell = CellRequest {
        code: "rows = list(range(100))".to_owned(),
        ..CellRequest::default()
    };
    kernel.run(&cell, &LIMITS, &mut |_: EventKind, _| {}, &CancelToken::new()).await;
    let start = kernel.checkpoint().unwrap();
    let program = program("", "rows.extend(range(n))\nsum(rows)", 16);
    let again = || async {
        measure(&engine, Some(&start), &program, &LIMITS, &CancelToken::new(), &mut 0, &mut |_| {})
            .await
            .unwrap()
    };
    assert_eq!(again().await, again().await);
}

#[tokio::test]
async fn what_is_wrong_with_a_program_is_said_with_its_size() {
    let engine = engine();
    let error = measured(&engine, &program("", "if n > 40: 1 / 0", 16)).await.unwrap_err();
    assert_eq!(error.to_string(), "with n = 64, ZeroDivisionError: division by zero");
    let token = CancelToken::new();
    token.cancel();
    let cancelled = measure(&engine, None, &program("", "pass", 16), &LIMITS, &token, &mut 0, &mut |_| {}).await;
    assert!(matches!(cancelled, Err(MeasureError::Cancelled)));
}

#[tokio::test]
async fn everything_together_spends_no_more_than_was_allowed() {
    let engine = engine();
    let busy = "for i in range(n * 2000): pass";
    for (setup, body) in [
        (busy, "pass"),
        ("pass", busy),
        (busy, busy),
        ("while True: pass", "pass"),
        ("pass", "while True: pass"),
    ] {
        let limits = Limits {
            fuel: 300_000_000,
            ..LIMITS
        };
        let mut spent = 0;
        let end = measure(
            &engine,
            None,
            &program(setup, body, 16),
            &limits,
            &CancelToken::new(),
            &mut spent,
            &mut |_| {},
        )
        .await;
        assert!(0 < spent && spent <= limits.fuel, "{setup:?}, {body:?} spent {spent}: {end:?}");
        if let Ok(measurement) = end {
            assert_eq!(measurement.fuel, spent);
        }
    }
}
