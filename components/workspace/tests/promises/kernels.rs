//! Promises about notebooks' kernels and what runs left of them.

use selvedge_ports::shapes::{CopiedCell, EventKind, NewRun, Notebook, Run, RunEnd, RunStatus};
use selvedge_ports::{ErrorKind, Workspace as _};
use selvedge_protocol::Seal;

use crate::support::{Fixture, end, event, fixture, new_run};

async fn notebook(at: &Fixture) -> Notebook {
    let cells = ["x = 1".to_owned(), "x".to_owned()];
    at.workspace.create_notebook("prj_a", "N", &cells).await.unwrap()
}

/// A run of a cell that ended and left this checkpoint.
async fn ran(at: &Fixture, cell: &str, checkpoint: Option<u64>) -> Run {
    let new = NewRun {
        code: None,
        cell: Some(cell.to_owned()),
        ..new_run("")
    };
    let run = at.workspace.start_run(&new).await.unwrap().run;
    let end = RunEnd {
        checkpoint,
        ..end(RunStatus::Succeeded)
    };
    let log = [event(1, EventKind::Started)];
    for _ in 0..2 {
        at.workspace.append_events(&run.id, &log, Some(&end)).await.unwrap();
    }
    at.workspace.get_run(&run.id).await.unwrap()
}

#[tokio::test]
async fn each_checkpoint_is_known_by_the_run_that_left_it() {
    let at = fixture().await;
    let made = notebook(&at).await;
    let (first, second) = (&made.cells[0].id, &made.cells[1].id);
    let one = ran(&at, first, Some(1)).await;
    let nothing = ran(&at, first, None).await;
    let three = ran(&at, second, Some(3)).await;
    assert_eq!((one.checkpoint, nothing.checkpoint, three.checkpoint), (Some(1), None, Some(3)));

    let kernel = at.workspace.get_kernel(&made.summary.id).await.unwrap();
    assert_eq!((Some(&kernel.id), kernel.project.as_str()), (one.kernel.as_ref(), "prj_a"));
    let mut kept = at.workspace.kept_runs(&kernel.id, &[1, 2, 3]).await.unwrap();
    kept.sort_by_key(|run| run.checkpoint);
    let kept: Vec<_> = kept.iter().map(|run| (run.checkpoint, &run.run, run.cell.as_ref())).collect();
    assert_eq!(kept, [(1, &one.id, Some(first)), (3, &three.id, Some(second))]);
    assert_eq!(at.workspace.kept_runs(&kernel.id, &[]).await.unwrap(), []);
    assert_eq!(at.workspace.kept_runs("krn_other", &[1, 3]).await.unwrap(), []);
}

#[tokio::test]
async fn a_report_that_names_another_checkpoint_is_another_report() {
    let at = fixture().await;
    let made = notebook(&at).await;
    let run = ran(&at, &made.cells[0].id, Some(1)).await;
    let other = RunEnd {
        checkpoint: Some(2),
        ..end(RunStatus::Succeeded)
    };
    let refused = at.workspace.append_events(&run.id, &[], Some(&other)).await.unwrap_err();
    assert_eq!(refused.code, "run.ended");
}

#[tokio::test]
async fn a_kernel_comes_with_its_projects_key() {
    let at = fixture().await;
    let made = notebook(&at).await;
    let kernel = at.workspace.get_kernel(&made.summary.id).await.unwrap();
    let seal = at.workspace.start_run(&new_run("1")).await.unwrap().seal;
    assert_eq!(kernel.seal, seal);
    assert!(Seal::from_hex(kernel.seal).bytes().is_some());
    assert_eq!(at.workspace.get_kernel("ntb_none").await.unwrap_err().kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn a_copy_has_its_own_cells_and_the_kernel_that_it_was_given() {
    let at = fixture().await;
    let made = notebook(&at).await;
    let run = ran(&at, &made.cells[0].id, Some(1)).await;
    at.workspace.create_project("prj_b", "B", "usr_b").await.unwrap();
    let foreign = NewRun {
        project: "prj_b".to_owned(),
        ..new_run("1")
    };
    let foreign = at.workspace.start_run(&foreign).await.unwrap().run;
    let cells = [Some(&run.id), None, Some(&foreign.id)].map(|last_run| CopiedCell {
        code: "x = 1".to_owned(),
        last_run: last_run.cloned(),
    });
    let copy = at.workspace.copy_notebook("prj_a", "Copy", "krn_new", &cells).await.unwrap();
    let shown: Vec<_> = copy.cells.iter().map(|cell| cell.last_run.as_ref()).collect();
    // Another project's run is not shown.
    assert_eq!(shown, [Some(&run.id), None, None]);
    assert!(copy.cells.iter().all(|cell| made.cells.iter().all(|before| before.id != cell.id)));
    assert_eq!(at.workspace.get_kernel(&copy.summary.id).await.unwrap().id, "krn_new");
    assert_eq!(ran(&at, &copy.cells[0].id, Some(2)).await.kernel.as_deref(), Some("krn_new"));
    // The first notebook is as it was.
    assert_eq!(
        at.workspace.get_notebook(&made.summary.id).await.unwrap().cells[0].last_run,
        Some(run.id)
    );

    let refused = at.workspace.copy_notebook("prj_none", "Copy", "krn_new", &[]).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::NotFound);
    let refused = at.workspace.copy_notebook("prj_a", "", "krn_new", &[]).await.unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("name"));
}

#[tokio::test]
async fn a_project_is_private_when_it_says_so() {
    let at = fixture().await;
    let made = notebook(&at).await;
    let cell = NewRun {
        code: None,
        cell: Some(made.cells[0].id.clone()),
        ..new_run("")
    };
    for private in [false, true, true, false] {
        assert_eq!(at.workspace.set_private("prj_a", private).await.unwrap().private, private);
        assert_eq!(at.workspace.get_project("prj_a").await.unwrap().private, private);
        assert_eq!(at.workspace.start_run(&cell).await.unwrap().private, private);
        assert_eq!(at.workspace.get_kernel(&made.summary.id).await.unwrap().private, private);
    }
    assert_eq!(
        at.workspace.set_private("prj_none", true).await.unwrap_err().kind,
        ErrorKind::NotFound
    );
}

#[tokio::test]
async fn asking_for_somebody_to_answer_is_another_request() {
    let at = fixture().await;
    let new = |interactive| NewRun {
        interactive,
        idempotency_key: Some("k".to_owned()),
        ..new_run("input()")
    };
    assert!(at.workspace.start_run(&new(true)).await.unwrap().fresh);
    assert!(!at.workspace.start_run(&new(true)).await.unwrap().fresh);
    let refused = at.workspace.start_run(&new(false)).await.unwrap_err();
    assert_eq!(refused.code, "run.idempotency_mismatch");
}

#[tokio::test]
async fn a_removed_notebook_is_gone_with_its_cells_and_its_runs_stay() {
    let at = fixture().await;
    let (made, other) = (notebook(&at).await, notebook(&at).await);
    let run = ran(&at, &made.cells[0].id, Some(1)).await;
    at.workspace.remove_notebook(&made.summary.id).await.unwrap();
    for gone in [
        at.workspace.get_notebook(&made.summary.id).await.map(drop),
        at.workspace.get_kernel(&made.summary.id).await.map(drop),
        at.workspace.remove_notebook(&made.summary.id).await,
        at.workspace
            .put_cell(&made.summary.id, &made.cells[0].id, "1", None)
            .await
            .map(drop),
    ] {
        assert_eq!(gone.unwrap_err().kind, ErrorKind::NotFound);
    }
    assert_eq!(at.workspace.get_run(&run.id).await.unwrap(), run);
    assert_eq!(at.workspace.get_notebook(&other.summary.id).await.unwrap(), other);
}
