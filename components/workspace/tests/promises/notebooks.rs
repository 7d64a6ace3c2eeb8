//! Promises about projects, notebooks and cells, on a real libSQL file.

use std::sync::Arc;

use crate::support::{NOW, event, fixture};
use selvedge_ports::shapes::{Cell, Notebook};
use selvedge_ports::{ErrorKind, Workspace as _};

fn codes(notebook: &Notebook) -> Vec<&str> {
    notebook.cells.iter().map(|cell| cell.code.as_str()).collect()
}

fn sources(codes: &[&str]) -> Vec<String> {
    codes.iter().map(|code| (*code).to_owned()).collect()
}

#[tokio::test]
async fn projects_are_stored_once_and_listed_newest_first() {
    let at = fixture().await;
    at.clock.advance(5);
    let second = at.workspace.create_project("prj_b", "Zweites Projekt 漢", "usr_b").await.unwrap();
    assert_eq!(at.workspace.get_project("prj_b").await.unwrap(), second);
    assert_eq!(
        at.workspace.create_project("prj_b", "again", "usr_c").await.unwrap_err().kind,
        ErrorKind::Conflict
    );
    let listed = at.workspace.list_projects(&sources(&["prj_a", "prj_none", "prj_b"])).await.unwrap();
    assert_eq!(
        listed.iter().map(|project| project.id.as_str()).collect::<Vec<_>>(),
        ["prj_b", "prj_a"]
    );
    assert!(at.workspace.list_projects(&[]).await.unwrap().is_empty());
    assert_eq!(at.workspace.get_project("prj_none").await.unwrap_err().kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn names_have_bounds() {
    let at = fixture().await;
    for name in ["", "   ", "a\nb", "a\0b", &"x".repeat(101)] {
        let refused = at.workspace.create_project("prj_n", name, "usr_a").await.unwrap_err();
        assert_eq!(
            (refused.kind, refused.field.as_deref()),
            (ErrorKind::Invalid, Some("name")),
            "{name:?}"
        );
        let refused = at.workspace.create_notebook("prj_a", name, &[]).await.unwrap_err();
        assert_eq!(
            (refused.kind, refused.field.as_deref()),
            (ErrorKind::Invalid, Some("name")),
            "{name:?}"
        );
    }
    at.workspace.create_project("prj_n", &"ü".repeat(100), "usr_a").await.unwrap();
}

#[tokio::test]
async fn a_notebook_comes_back_with_its_cells_in_order() {
    let at = fixture().await;
    let made = at
        .workspace
        .create_notebook("prj_a", "N", &sources(&["a", "b", "c"]))
        .await
        .unwrap();
    assert_eq!(codes(&made), ["a", "b", "c"]);
    assert!(made.cells.iter().all(|cell| cell.version == 1 && cell.last_run.is_none()));
    assert_eq!(at.workspace.get_notebook(&made.summary.id).await.unwrap(), made);
    assert_eq!(
        at.workspace.create_notebook("prj_none", "N", &[]).await.unwrap_err().kind,
        ErrorKind::NotFound
    );
    assert_eq!(at.workspace.get_notebook("ntb_none").await.unwrap_err().kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn a_notebook_has_at_most_a_thousand_cells_of_at_most_a_million_bytes() {
    let at = fixture().await;
    let full = at
        .workspace
        .create_notebook("prj_a", "N", &vec![String::new(); 1_000])
        .await
        .unwrap();
    let refused = at
        .workspace
        .create_notebook("prj_a", "N", &vec![String::new(); 1_001])
        .await
        .unwrap_err();
    assert_eq!((refused.kind, refused.field.as_deref()), (ErrorKind::Invalid, Some("cells")));
    let refused = at.workspace.add_cell(&full.summary.id, None, "x").await.unwrap_err();
    assert_eq!((refused.kind, refused.field.as_deref()), (ErrorKind::Invalid, Some("cells")));

    let most = "x".repeat(1_000_000);
    let small = at
        .workspace
        .create_notebook("prj_a", "N", std::slice::from_ref(&most))
        .await
        .unwrap();
    let refused = at
        .workspace
        .create_notebook("prj_a", "N", &["ok".to_owned(), format!("{most}x")])
        .await
        .unwrap_err();
    assert_eq!(
        (refused.kind, refused.field.as_deref()),
        (ErrorKind::Invalid, Some("cells[1].code"))
    );
    let (notebook, cell) = (&small.summary.id, &small.cells[0].id);
    let refused = at.workspace.put_cell(notebook, cell, &format!("{most}x"), None).await.unwrap_err();
    assert_eq!((refused.kind, refused.field.as_deref()), (ErrorKind::Invalid, Some("code")));
    at.workspace.put_cell(notebook, cell, &most.replace('x', "y"), None).await.unwrap();
}

#[tokio::test]
async fn notebooks_are_listed_last_changed_first_and_only_the_projects_own() {
    let at = fixture().await;
    at.workspace.create_project("prj_b", "B", "usr_b").await.unwrap();
    let first = at.workspace.create_notebook("prj_a", "first", &sources(&["a"])).await.unwrap();
    at.clock.advance(1);
    at.workspace.create_notebook("prj_a", "second", &[]).await.unwrap();
    at.workspace.create_notebook("prj_b", "other", &[]).await.unwrap();
    let names = |listed: Vec<selvedge_ports::shapes::NotebookSummary>| listed.into_iter().map(|one| one.name).collect::<Vec<_>>();
    assert_eq!(names(at.workspace.list_notebooks("prj_a").await.unwrap()), ["second", "first"]);
    at.clock.advance(1);
    at.workspace
        .put_cell(&first.summary.id, &first.cells[0].id, "changed", None)
        .await
        .unwrap();
    let listed = at.workspace.list_notebooks("prj_a").await.unwrap();
    assert_eq!((listed[0].updated_at, listed[0].created_at), (NOW + 2, NOW));
    assert_eq!(names(listed), ["first", "second"]);
}

#[tokio::test]
async fn an_edit_of_an_older_version_is_refused_and_overwrites_nothing() {
    let at = fixture().await;
    let notebook = at.workspace.create_notebook("prj_a", "N", &sources(&["one"])).await.unwrap();
    let (id, cell) = (notebook.summary.id.as_str(), notebook.cells[0].id.as_str());
    assert_eq!(at.workspace.put_cell(id, cell, "two", Some(1)).await.unwrap().version, 2);
    assert_eq!(
        at.workspace.put_cell(id, cell, "three", Some(1)).await.unwrap_err().kind,
        ErrorKind::Stale
    );
    assert_eq!(codes(&at.workspace.get_notebook(id).await.unwrap()), ["two"]);
    assert_eq!(
        at.workspace.put_cell(id, cell, "two", Some(1)).await.unwrap().version,
        2,
        "an edit whose answer was lost can be repeated"
    );
    assert_eq!(at.workspace.put_cell(id, cell, "four", None).await.unwrap().version, 3);
    assert_eq!(
        at.workspace.put_cell(id, "cel_none", "x", None).await.unwrap_err().kind,
        ErrorKind::NotFound
    );
    let other = at.workspace.create_notebook("prj_a", "other", &[]).await.unwrap();
    assert_eq!(
        at.workspace.put_cell(&other.summary.id, cell, "x", None).await.unwrap_err().kind,
        ErrorKind::NotFound
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_edits_of_one_version_exactly_one_wins() {
    let at = fixture().await;
    let notebook = at.workspace.create_notebook("prj_a", "N", &sources(&["start"])).await.unwrap();
    let (id, cell) = (notebook.summary.id.clone(), notebook.cells[0].id.clone());
    let editors: Vec<_> = (0..50)
        .map(|n| {
            let (workspace, id, cell) = (Arc::clone(&at.workspace), id.clone(), cell.clone());
            tokio::spawn(async move { workspace.put_cell(&id, &cell, &format!("edit {n}"), Some(1)).await })
        })
        .collect();
    let mut won: Vec<Cell> = Vec::new();
    for editor in editors {
        match editor.await.unwrap() {
            Ok(cell) => won.push(cell),
            Err(refused) => assert_eq!(refused.kind, ErrorKind::Stale),
        }
    }
    assert_eq!(won.len(), 1);
    assert_eq!(at.workspace.get_notebook(&id).await.unwrap().cells, won);
}

#[tokio::test]
async fn cells_are_inserted_where_asked_however_often() {
    let at = fixture().await;
    let made = at
        .workspace
        .create_notebook("prj_a", "N", &sources(&["first", "last"]))
        .await
        .unwrap();
    let id = made.summary.id.as_str();
    // More insertions at the same place than the space between two cells can be halved: the cells have to be spread anew.
    for n in 0..100 {
        at.workspace
            .add_cell(id, Some(&made.cells[0].id), &format!("behind {n}"))
            .await
            .unwrap();
        at.workspace.add_cell(id, None, &format!("top {n}")).await.unwrap();
        let mut expected: Vec<String> = (0..=n).rev().map(|n| format!("top {n}")).collect();
        expected.push("first".to_owned());
        expected.extend((0..=n).rev().map(|n| format!("behind {n}")));
        expected.push("last".to_owned());
        assert_eq!(codes(&at.workspace.get_notebook(id).await.unwrap()), expected, "after {n}");
    }
    let last = made.cells[1].id.as_str();
    at.workspace.add_cell(id, Some(last), "end").await.unwrap();
    assert_eq!(codes(&at.workspace.get_notebook(id).await.unwrap()).last(), Some(&"end"));
    let refused = at.workspace.add_cell(id, Some("cel_none"), "x").await.unwrap_err();
    assert_eq!((refused.kind, refused.field.as_deref()), (ErrorKind::NotFound, Some("after")));
    assert_eq!(
        at.workspace.add_cell("ntb_none", None, "x").await.unwrap_err().kind,
        ErrorKind::NotFound
    );
}

#[tokio::test]
async fn a_removed_cell_is_gone_and_its_runs_stay() {
    let at = fixture().await;
    let made = at.workspace.create_notebook("prj_a", "N", &sources(&["a", "b"])).await.unwrap();
    let (id, cell) = (made.summary.id.as_str(), made.cells[0].id.clone());
    let mut new = crate::support::new_run("");
    (new.code, new.cell) = (None, Some(cell.clone()));
    let run = at.workspace.start_run(&new).await.unwrap().run;
    at.workspace
        .append_events(&run.id, &[event(1, selvedge_ports::shapes::EventKind::Started)], None)
        .await
        .unwrap();
    at.workspace.remove_cell(id, &cell).await.unwrap();
    assert_eq!(codes(&at.workspace.get_notebook(id).await.unwrap()), ["b"]);
    assert_eq!(at.workspace.get_run(&run.id).await.unwrap().code, "a");
    assert_eq!(at.workspace.remove_cell(id, &cell).await.unwrap_err().kind, ErrorKind::NotFound);
    assert_eq!(at.workspace.start_run(&new).await.unwrap_err().kind, ErrorKind::NotFound);
}
