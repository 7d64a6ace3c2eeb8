//! One program, from planting what must not leak to looking whether it did.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use selvedge_harness::place;

use crate::case::Case;
use crate::lane::{Lane, limited, shown};
use crate::report::Figures;

/// Runs `case` on `lane`. Errors say what did not hold.
pub(crate) async fn run(case: &Case, lane: &Lane) -> Result<Figures> {
    let tenant = lane.tenant();
    let workers = lane.workers()?.len();
    let limit = Duration::from_millis(case.limits.wall_ms);
    let attack = async {
        place_cell(case, lane, &tenant.kernel, &tenant.canary.planted(case.language)).await?;
        let (last, before) = case.cells.split_last().context("a case without a cell")?;
        for cell in before {
            let told = place_cell(case, lane, &tenant.kernel, cell).await?;
            ensure!(told.error().is_empty(), "a cell before the last failed: {:?}", told.outcome);
            case.check_never(&shown(&told))?;
        }
        let order = cell_order(case, lane, &tenant.kernel, last);
        let began = Instant::now();
        let (told, past) = match case.cancelled {
            Some(after) => lane.cancelled(&order, after).await.map(|(told, took)| (told, Some(took)))?,
            None => {
                let told = lane.run(&order).await?;
                let past = (told.error() == "WallLimit").then(|| began.elapsed().saturating_sub(limit));
                (told, past)
            }
        };
        anyhow::Ok((told, began.elapsed(), past))
    };
    let (attacked, beside) = lane.beside(attack).await?;
    let (told, took, past_the_limit) = attacked?;
    let recovery = lane.serves_the_next().await.context("after it, the next tenant")?;

    let outcome = told.outcome.as_ref().context("it has no outcome")?;
    case.check_end(outcome)?;
    let all = shown(&told);
    case.check_shown(&all)?;
    lane.nothing_of(&[], &all)?;
    for path in [place::root().display().to_string(), "/.cargo/".to_owned(), "/rustc/".to_owned()] {
        ensure!(!all.contains(&path), "it shows {path}, a path of the machine that built it");
    }
    lane.nothing_of(&[&tenant], &lane.log()?).context("in the node's log")?;
    let replaced = lane.workers()?.len() - workers;
    ensure!(
        replaced == 0 && beside.lost == 0,
        "the worker was replaced {replaced} times and the neighbour lost {} runs",
        beside.lost
    );
    lane.spy(&[&tenant]).await?;

    let said = lane.run(&case_order(case, lane, &tenant.kernel, "40 + 2")).await?;
    ensure!(
        !case.lives || said.value().as_deref() == Some("42"),
        "its kernel's next cell: {:?}",
        said.outcome
    );
    if case.kept {
        let kept = lane.run(&case_order(case, lane, &tenant.kernel, "kept")).await?;
        ensure!(
            kept.value().as_deref() == Some("41"),
            "its kernel's variable from before: {:?}",
            kept.outcome
        );
    }
    Ok(Figures {
        past_the_limit,
        took,
        recovery,
        waits: beside.waits,
    })
}

fn case_order(case: &Case, lane: &Lane, kernel: &str, code: &str) -> selvedge_protocol::Order {
    let mut order = lane.order(Some(kernel), code);
    case.language.clone_into(&mut order.language);
    order
}

fn cell_order(case: &Case, lane: &Lane, kernel: &str, code: &str) -> selvedge_protocol::Order {
    let mut order = limited(case_order(case, lane, kernel, code), case.limits);
    order.stdin.clone_from(&case.stdin);
    order
}

async fn place_cell(case: &Case, lane: &Lane, kernel: &str, code: &str) -> Result<crate::edge::Told> {
    lane.run(&cell_order(case, lane, kernel, code)).await
}
