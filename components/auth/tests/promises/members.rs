//! Standing in projects, and the policy table.

use std::sync::Arc;

use selvedge_ports::shapes::{Action, Principal, Role, Statement, Value};
use selvedge_ports::{Auth as _, ErrorKind, Sql as _};

use crate::support::fixture;

const ACTIONS: [Action; 4] = [Action::Read, Action::Edit, Action::Manage, Action::Dispose];
const ROLES: [(Role, &str); 4] = [
    (Role::Viewer, "viewer"),
    (Role::Editor, "editor"),
    (Role::Admin, "admin"),
    (Role::Owner, "owner"),
];

#[tokio::test]
async fn every_role_may_do_what_the_table_says_also_when_the_credential_narrows_it() {
    let at = fixture().await;
    let principal = at.auth.begin_anonymous().await.unwrap().principal;
    for (role, name) in ROLES {
        let project = format!("prj_{name}");
        let insert = "INSERT INTO auth_memberships (project, principal, role, created_at) VALUES (?1, ?2, ?3, 1)";
        let row = [Value::from(project.as_str()), Value::from(principal.id.as_str()), Value::from(name)];
        at.sql.query(Statement::new(insert, row)).await.unwrap();
        for (at_most, _) in ROLES {
            let narrowed = Principal {
                at_most,
                ..principal.clone()
            };
            let effective = (role as u8).min(at_most as u8);
            for (least, action) in ACTIONS.into_iter().enumerate() {
                let answer = at.auth.authorize(&narrowed, action, &project).await;
                if usize::from(effective) >= least {
                    assert_eq!(answer.unwrap() as u8, effective, "{role:?} at most {at_most:?}: {action:?}");
                } else {
                    assert_eq!(
                        answer.unwrap_err().kind,
                        ErrorKind::Forbidden,
                        "{role:?} at most {at_most:?}: {action:?}"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn a_project_of_others_and_no_project_look_the_same() {
    let at = fixture().await;
    let owner = at.auth.begin_anonymous().await.unwrap().principal;
    let stranger = at.auth.begin_anonymous().await.unwrap().principal;
    at.auth.found_project(&owner, "prj_a").await.unwrap();
    for action in ACTIONS {
        let hidden = at.auth.authorize(&stranger, action, "prj_a").await.unwrap_err();
        assert_eq!(hidden.kind, ErrorKind::NotFound);
        assert_eq!(hidden, at.auth.authorize(&stranger, action, "prj_none").await.unwrap_err());
    }
    let elsewhere = Principal {
        only_project: Some("prj_b".to_owned()),
        ..owner
    };
    assert_eq!(
        at.auth.authorize(&elsewhere, Action::Read, "prj_a").await.unwrap_err().kind,
        ErrorKind::NotFound
    );
}

#[tokio::test]
async fn memberships_are_listed_newest_first_as_the_credential_sees_them() {
    let at = fixture().await;
    let principal = at.auth.begin_anonymous().await.unwrap().principal;
    for project in ["prj_a", "prj_b", "prj_c"] {
        at.clock.advance(1);
        at.auth.found_project(&principal, project).await.unwrap();
    }
    let listed = |principal: Principal| {
        let auth = Arc::clone(&at.auth);
        async move {
            auth.memberships(&principal)
                .await
                .unwrap()
                .into_iter()
                .map(|one| (one.project, one.role))
                .collect::<Vec<_>>()
        }
    };
    let owned = |project: &str| (project.to_owned(), Role::Owner);
    assert_eq!(listed(principal.clone()).await, [owned("prj_c"), owned("prj_b"), owned("prj_a")]);
    let narrow = Principal {
        only_project: Some("prj_b".to_owned()),
        at_most: Role::Viewer,
        ..principal.clone()
    };
    assert_eq!(listed(narrow.clone()).await, [("prj_b".to_owned(), Role::Viewer)]);
    assert_eq!(
        at.auth.found_project(&narrow, "prj_d").await.unwrap_err().kind,
        ErrorKind::Forbidden
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_is_founded_by_exactly_one() {
    let at = fixture().await;
    let mut callers = Vec::new();
    for _ in 0..30 {
        let (auth, principal) = (Arc::clone(&at.auth), at.auth.begin_anonymous().await.unwrap().principal);
        callers.push(tokio::spawn(async move {
            auth.found_project(&principal, "prj_a").await.map_err(|error| error.kind)
        }));
    }
    let mut founded = 0;
    for caller in callers {
        match caller.await.unwrap() {
            Ok(()) => founded += 1,
            Err(kind) => assert_eq!(kind, ErrorKind::Conflict),
        }
    }
    assert_eq!(founded, 1);
}
