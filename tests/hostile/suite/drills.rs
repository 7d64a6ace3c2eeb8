//! Attacks that take more than one program or more than one tenant.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use selvedge_harness::place;
use selvedge_protocol::Status;
use serde_json::{Value, json};

use crate::case::Case;
use crate::edge::claims;
use crate::lane::{Lane, limited};
use crate::report::spread;

/// A name, the attacks that it stands for, and what it measured.
pub(crate) struct Drill {
    pub(crate) name: &'static str,
    pub(crate) attacks: &'static [&'static str],
    pub(crate) run: fn(Arc<Lane>) -> futures::future::BoxFuture<'static, Result<Value>>,
}

/// All of them. Each gets a node of its own.
pub(crate) const DRILLS: [Drill; 5] = [
    Drill {
        name: "eight-hostile-tenants-beside-one-that-computes",
        attacks: &["103"],
        run: |lane| Box::pin(interference(lane)),
    },
    Drill {
        name: "kernels-without-number",
        attacks: &["94"],
        run: |lane| Box::pin(kernels_without_number(lane)),
    },
    Drill {
        name: "idle-kernels-beside-one-that-works",
        attacks: &["95"],
        run: |lane| Box::pin(idle_kernels(lane)),
    },
    Drill {
        name: "the-worker-is-killed-while-a-checkpoint-is-taken",
        attacks: &["96"],
        run: |lane| Box::pin(killed_workers(lane)),
    },
    Drill {
        name: "cells-that-end-exactly-at-their-deadline",
        attacks: &["97"],
        run: |lane| Box::pin(deadlines(lane)),
    },
];

const FIB: &str = "def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)\nprint(fib(17))";

async fn computed(lane: &Lane, times: usize) -> Result<Vec<Duration>> {
    let victim = lane.tenant();
    let mut took = Vec::new();
    for _ in 0..times {
        let began = Instant::now();
        let shown = lane.cell(&victim.kernel, FIB).await?;
        ensure!(shown == "1597\n", "the victim computed {shown:?}");
        took.push(began.elapsed());
    }
    Ok(took)
}

/// Two each of an endless loop, a regular expression, large buffers and a flood of output, again and again.
async fn interference(lane: Arc<Lane>) -> Result<Value> {
    let alone = computed(&lane, 30).await?;
    let over = Arc::new(AtomicBool::new(false));
    let attackers = [
        "cpu/while-true",
        "cpu/regex-backtracking",
        "memory/three-large-buffers",
        "output/flood",
    ];
    let mut tasks = tokio::task::JoinSet::new();
    for name in attackers.iter().chain(&attackers) {
        let case = Case::read(&place::root().join("tests/hostile").join(format!("{name}.py")))?;
        let (lane, over) = (lane.clone(), over.clone());
        tasks.spawn(async move {
            let tenant = lane.tenant();
            let mut runs = 0_u32;
            while !over.load(Ordering::Relaxed) {
                let code = case.cells.last().context("a case without a cell")?;
                let told = lane.run(&limited(lane.order(Some(&tenant.kernel), code), case.limits)).await?;
                case.check_end(told.outcome.as_ref().context("no outcome")?)?;
                runs += 1;
            }
            anyhow::Ok(runs)
        });
    }
    let beside = computed(&lane, 30).await;
    over.store(true, Ordering::Relaxed);
    let mut attacks = 0;
    while let Some(runs) = tasks.join_next().await {
        attacks += runs??;
    }
    let beside = beside?;
    Ok(json!({ "attacks": attacks, "alone_ms": spread(alone.into_iter()).json(), "beside_ms": spread(beside.into_iter()).json() }))
}

/// One tenant asks for more kernels than there is room for, all at once.
async fn kernels_without_number(lane: Arc<Lane>) -> Result<Value> {
    let (mut tasks, accepted) = (tokio::task::JoinSet::new(), Arc::new(AtomicU32::new(0)));
    for _ in 0..500 {
        let (lane, accepted) = (lane.clone(), accepted.clone());
        tasks.spawn(async move {
            let tenant = lane.tenant();
            let order = lane.order(Some(&tenant.kernel), "x = bytearray(1 << 20)\nprint(len(x))");
            let body = serde_json::to_vec(&order)?;
            let ticket = lane.edge.key.sign(claims(&order.run, &body));
            let answer = lane.send("POST", "/v1/runs", Some(&ticket), body).await?;
            ensure!(matches!(answer.status, 202 | 429), "{} {}", answer.status, answer.text());
            if answer.status == 429 {
                ensure!(answer.header("retry-after").is_some(), "429 without retry-after");
                return Ok(());
            }
            accepted.fetch_add(1, Ordering::Relaxed);
            let told = lane.edge.ended(&order.run).await;
            ensure!(told.stdout() == "1048576\n", "{:?}", told.outcome);
            Ok(())
        });
    }
    while let Some(end) = tasks.join_next().await {
        end??;
    }
    let after = lane.serves_the_next().await?;
    Ok(json!({ "accepted": accepted.load(Ordering::Relaxed), "next_ms": after.as_secs_f64() * 1000.0 }))
}

async fn idle_kernels(lane: Arc<Lane>) -> Result<Value> {
    let mut tenants = Vec::new();
    for number in 0..400 {
        let tenant = lane.tenant();
        lane.cell(&tenant.kernel, &format!("mine = {number}")).await?;
        tenants.push(tenant);
    }
    let mut took = Vec::new();
    for _ in 0..50 {
        took.push(lane.serves_the_next().await?);
    }
    for number in [0, 1, 200, 398, 399] {
        let shown = lane.cell(&tenants[number].kernel, "print(mine)").await?;
        ensure!(shown == format!("{number}\n"), "kernel {number} has {shown:?}");
    }
    Ok(json!({ "kernels": tenants.len(), "fresh_run_ms": spread(took.into_iter()).json() }))
}

/// What was acknowledged is there, and nothing else than what was asked for.
async fn killed_workers(lane: Arc<Lane>) -> Result<Value> {
    let tenant = lane.tenant();
    lane.cell(&tenant.kernel, "import os\nn = 0").await?;
    let (mut n, mut lost) = (0_u32, 0_u32);
    for round in 0..25_u32 {
        let order = lane.order(Some(&tenant.kernel), "ballast = os.urandom(4 << 20)\nn += 1\nprint(n)");
        lane.place(&order).await?;
        // At another moment each time, from before the cell begins to after its checkpoint.
        tokio::time::sleep(Duration::from_millis(u64::from(round) * 4)).await;
        lane.kill_the_workers().await?;
        let told = lane.edge.ended(&order.run).await;
        match told.outcome.as_ref().map(|outcome| outcome.status) {
            Some(Status::Succeeded) => n += 1,
            Some(Status::Lost) => lost += 1,
            other => anyhow::bail!("the run ended as {other:?}"),
        }
        let shown = lane.cell(&tenant.kernel, "print(n)").await?;
        ensure!(shown == format!("{n}\n"), "after {n} acknowledged cells the kernel has {shown:?}");
    }
    Ok(json!({ "kills": 25, "kept": n, "lost": lost }))
}

async fn deadlines(lane: Arc<Lane>) -> Result<Value> {
    let tenant = lane.tenant();
    lane.cell(&tenant.kernel, "import time\nn = 0").await?;
    let (mut n, mut late) = (0_u32, 0_u32);
    for round in 0..150_u32 {
        let mut order = lane.order(
            Some(&tenant.kernel),
            "n += 1\nend = time.monotonic() + 0.009\nwhile time.monotonic() < end: pass",
        );
        order.limits.wall_ms = 8 + u64::from(round % 4);
        let told = lane.run(&order).await?;
        match told.outcome.as_ref().map(|outcome| outcome.status) {
            Some(Status::Succeeded) => n += 1,
            Some(Status::TimedOut) => late += 1,
            other => anyhow::bail!("the run ended as {other:?}"),
        }
        let shown = lane.cell(&tenant.kernel, "print(n)").await?;
        ensure!(shown == format!("{n}\n"), "after {n} acknowledged cells the kernel has {shown:?}");
    }
    Ok(json!({ "in_time": n, "too_late": late }))
}
