//! The domains over Hrana and a real sqld: migrations, conditions and refusals work there as they do on the embedded database.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking"
)]

mod support;

use std::sync::Arc;

use selvedge_auth::Auth;
use selvedge_billing::{Billing, price};
use selvedge_database::Hrana;
use selvedge_harness::Sqld;
use selvedge_ports::fake::{ManualClock, MapSettings, SeededEntropy};
use selvedge_ports::shapes::{Account, Action, EventKind, LimitsRequest, NewRun, Role, RunEnd, RunEvent, RunStatus, Usage};
use selvedge_ports::{Auth as _, Billing as _, ErrorKind, Sql, Workspace as _};
use selvedge_workspace::Workspace;
use support::Ureq;

#[tokio::test]
async fn a_run_from_sign_in_to_settled_on_sqld() {
    let server = match Sqld::start("domains-on-sqld") {
        Ok(server) => server,
        Err(reason) => {
            println!("skipped: {reason:#}");
            return;
        }
    };
    let sql: Arc<dyn Sql> = Arc::new(Hrana::new(Arc::new(Ureq::default()), server.url(), None));
    let (clock, entropy) = (Arc::new(ManualClock::at(1_700_000_000_000)), Arc::new(SeededEntropy::new(1)));
    let auth = Auth::new(sql.clone(), clock.clone(), entropy.clone(), Arc::new(MapSettings::default()));
    let workspace = Workspace::new(sql.clone(), clock.clone(), entropy.clone());
    let billing = Billing::new(sql, clock, entropy);
    for _ in 0..2 {
        auth.migrate().await.unwrap();
        workspace.migrate().await.unwrap();
        billing.migrate().await.unwrap();
    }

    let signed_in = auth.begin_anonymous().await.unwrap();
    let refreshed = auth.refresh(&signed_in.refresh).await.unwrap();
    assert_eq!(auth.refresh(&signed_in.refresh).await.unwrap().refresh, refreshed.refresh);
    let visitor = auth.authenticate(&refreshed.access).await.unwrap();
    auth.found_project(&visitor, "prj_a").await.unwrap();
    assert_eq!(auth.found_project(&visitor, "prj_a").await.unwrap_err().kind, ErrorKind::Conflict);
    assert_eq!(auth.authorize(&visitor, Action::Edit, "prj_a").await.unwrap(), Role::Owner);
    let code = auth.create_admin_link().await.unwrap();
    auth.redeem_link(&code).await.unwrap();
    assert_eq!(auth.redeem_link(&code).await.unwrap_err().kind, ErrorKind::Unauthenticated);

    workspace.create_project("prj_a", "A", &visitor.id).await.unwrap();
    let notebook = workspace
        .create_notebook("prj_a", "N", &["x = 1".to_owned(), "x".to_owned()])
        .await
        .unwrap();
    let (id, cell) = (&notebook.summary.id, &notebook.cells[0].id);
    let between = workspace.add_cell(id, Some(cell), "y").await.unwrap();
    assert_eq!(workspace.get_notebook(id).await.unwrap().cells[1], between);
    workspace.put_cell(id, cell, "x = 2", Some(1)).await.unwrap();
    assert_eq!(
        workspace.put_cell(id, cell, "x = 3", Some(1)).await.unwrap_err().kind,
        ErrorKind::Stale
    );

    let limits = LimitsRequest {
        wall_ms: None,
        fuel: Some(100_000_000_000),
        memory_bytes: None,
        output_bytes: None,
    };
    let new = NewRun {
        project: "prj_a".to_owned(),
        created_by: visitor.id,
        cell: Some(cell.clone()),
        language: "python".to_owned(),
        code: None,
        stdin: None,
        interactive: false,
        task: "\"run\"".to_owned(),
        limits,
        idempotency_key: Some("k".to_owned()),
    };
    let run = workspace.start_run(&new).await.unwrap().run;
    assert!(!workspace.start_run(&new).await.unwrap().fresh);
    let most = Usage { fuel: run.limits.fuel };
    // Enough for one such run and not for two.
    let grant = price(most) + 1;
    billing.open_account("prj_a", grant).await.unwrap();
    billing.open_account("prj_a", grant).await.unwrap();
    assert_eq!(billing.hold("prj_a", &run.id, most).await.unwrap(), price(most));
    let refused = billing
        .hold("prj_a", "run_other", Usage { fuel: run.limits.fuel })
        .await
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::InsufficientCredits);

    let event = |seq, kind| RunEvent {
        seq,
        kind,
        at: 1,
        data: "{}".to_owned(),
    };
    let log = [event(1, EventKind::Started), event(2, EventKind::Stdout)];
    workspace.append_events(&run.id, &log[..1], None).await.unwrap();
    let gap = workspace
        .append_events(&run.id, &[event(3, EventKind::Stdout)], None)
        .await
        .unwrap_err();
    assert_eq!((gap.kind, gap.code.as_str()), (ErrorKind::Conflict, "run.event_gap"));
    let used = Usage { fuel: 40_000_001 };
    let cost = billing.settle(&run.id, used).await.unwrap();
    assert_eq!((cost, billing.settle(&run.id, used).await.unwrap()), (price(used), price(used)));
    let end = RunEnd {
        status: RunStatus::Succeeded,
        fuel: used.fuel,
        duration_ms: 1,
        cost,
        error: None,
        truncated: false,
        checkpoint: None,
        receipt: None,
    };
    for _ in 0..2 {
        assert_eq!(workspace.append_events(&run.id, &log, Some(&end)).await.unwrap().last_seq, 3);
    }
    let lost = RunEnd {
        status: RunStatus::Lost,
        ..end
    };
    assert_eq!(
        workspace.append_events(&run.id, &[], Some(&lost)).await.unwrap_err().kind,
        ErrorKind::Conflict
    );
    assert_eq!(
        billing.get_account("prj_a").await.unwrap(),
        Account {
            balance: grant - price(used),
            held: 0
        }
    );
}
