//! API keys.

use selvedge_ports::shapes::{Principal, Role, Statement};
use selvedge_ports::{Auth as _, ErrorKind, Sql as _};

use crate::support::{Fixture, NOW, assert_unauthenticated, fixture};

/// The administrator, owner of `prj_a`.
async fn owner(at: &Fixture) -> Principal {
    let owner = at.auth.administrator().await.unwrap();
    at.auth.found_project(&owner, "prj_a").await.unwrap();
    owner
}

#[tokio::test]
async fn a_key_opens_its_project_as_its_role_until_it_expires_or_is_revoked() {
    let at = fixture().await;
    let owner = owner(&at).await;
    let made = at
        .auth
        .create_key(&owner, Some("prj_a"), "CI", Role::Editor, Some(NOW + 1_000))
        .await
        .unwrap();
    assert!(made.secret.starts_with("slv_") && made.secret.len() == 4 + 43, "{}", made.secret);
    let bearer = at.auth.authenticate(&made.secret).await.unwrap();
    assert_eq!(
        bearer,
        Principal {
            only_project: Some("prj_a".to_owned()),
            at_most: Role::Editor,
            ..owner.clone()
        }
    );
    at.clock.advance(999);
    at.auth.authenticate(&made.secret).await.unwrap();
    at.clock.advance(1);
    assert_unauthenticated(at.auth.authenticate(&made.secret).await, "expired");

    let second = at.auth.create_key(&owner, None, "all", Role::Owner, None).await.unwrap();
    assert_eq!(at.auth.authenticate(&second.secret).await.unwrap(), owner);
    for _ in 0..2 {
        at.auth.revoke_key(&owner, &second.key.id).await.unwrap();
    }
    assert_unauthenticated(at.auth.authenticate(&second.secret).await, "revoked");
    assert_unauthenticated(at.auth.authenticate("slv_").await, "empty");
    assert_unauthenticated(at.auth.authenticate(&format!("slv_{}", "A".repeat(43))).await, "unknown");
}

#[tokio::test]
async fn the_secret_is_stored_nowhere() {
    let at = fixture().await;
    let owner = owner(&at).await;
    let made = at.auth.create_key(&owner, None, "all", Role::Owner, None).await.unwrap();
    let signed_in = at.auth.begin_anonymous().await.unwrap();
    let link = at.auth.create_admin_link().await.unwrap();
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'auth_%'";
    let mut dump = String::new();
    for table in at.sql.query(Statement::new(tables, [])).await.unwrap().rows() {
        let rows = at
            .sql
            .query(Statement::new(&format!("SELECT * FROM {}", table.text(0).unwrap()), []))
            .await
            .unwrap();
        dump += &format!("{:?}", rows.rows);
    }
    let refresh = signed_in.refresh.rsplit('.').next().unwrap();
    for secret in [
        made.secret.as_str(),
        made.secret.trim_start_matches("slv_"),
        refresh,
        link.as_str(),
        signed_in.access.as_str(),
    ] {
        assert!(!dump.contains(secret));
        let bytes = format!("{:?}", secret.as_bytes());
        assert!(!dump.contains(bytes.trim_matches(['[', ']'])));
    }
}

#[tokio::test]
async fn nobody_gives_out_more_than_they_have() {
    let at = fixture().await;
    let owner = owner(&at).await;
    let kind = |answer: Result<selvedge_ports::shapes::CreatedKey, selvedge_ports::Error>| answer.map_err(|error| error.kind).map(|_| ());
    let admin = at.auth.create_key(&owner, Some("prj_a"), "admin", Role::Admin, None).await.unwrap();
    let admin = at.auth.authenticate(&admin.secret).await.unwrap();
    assert_eq!(
        kind(at.auth.create_key(&admin, Some("prj_a"), "k", Role::Admin, None).await),
        Ok(())
    );
    assert_eq!(
        kind(at.auth.create_key(&admin, Some("prj_a"), "k", Role::Owner, None).await),
        Err(ErrorKind::Forbidden)
    );
    assert_eq!(
        kind(at.auth.create_key(&admin, None, "k", Role::Viewer, None).await),
        Err(ErrorKind::Forbidden)
    );
    assert_eq!(
        kind(at.auth.create_key(&admin, Some("prj_b"), "k", Role::Viewer, None).await),
        Err(ErrorKind::NotFound)
    );
    let editor = Principal {
        at_most: Role::Editor,
        ..owner.clone()
    };
    assert_eq!(
        kind(at.auth.create_key(&editor, Some("prj_a"), "k", Role::Viewer, None).await),
        Err(ErrorKind::Forbidden)
    );
    assert_eq!(
        kind(at.auth.create_key(&editor, None, "k", Role::Admin, None).await),
        Err(ErrorKind::Forbidden)
    );
    assert_eq!(kind(at.auth.create_key(&editor, None, "k", Role::Editor, None).await), Ok(()));
    let visitor = at.auth.begin_anonymous().await.unwrap().principal;
    assert_eq!(
        kind(at.auth.create_key(&visitor, None, "k", Role::Viewer, None).await),
        Err(ErrorKind::Forbidden)
    );
    assert_eq!(
        kind(at.auth.create_key(&visitor, Some("prj_a"), "k", Role::Viewer, None).await),
        Err(ErrorKind::NotFound)
    );
}

#[tokio::test]
async fn a_key_needs_a_name_and_a_future() {
    let at = fixture().await;
    let owner = owner(&at).await;
    for (name, expires, field) in [
        ("", None, "name"),
        ("  ", None, "name"),
        ("a\nb", None, "name"),
        (&*"x".repeat(101), None, "name"),
        ("k", Some(NOW), "expires_at"),
    ] {
        let refused = at.auth.create_key(&owner, None, name, Role::Viewer, expires).await.unwrap_err();
        assert_eq!(
            (refused.kind, refused.field.as_deref()),
            (ErrorKind::Invalid, Some(field)),
            "{name:?}"
        );
    }
    at.auth
        .create_key(&owner, None, &"ü".repeat(100), Role::Viewer, Some(NOW + 1))
        .await
        .unwrap();
}

#[tokio::test]
async fn keys_are_listed_for_who_manages_them_newest_first() {
    let at = fixture().await;
    let owner = owner(&at).await;
    for name in ["one", "two"] {
        at.clock.advance(1);
        at.auth.create_key(&owner, Some("prj_a"), name, Role::Viewer, None).await.unwrap();
        at.auth
            .create_key(&owner, None, &format!("{name} for all"), Role::Viewer, None)
            .await
            .unwrap();
    }
    let names = |keys: Vec<selvedge_ports::shapes::ApiKey>| keys.into_iter().map(|key| key.name).collect::<Vec<_>>();
    assert_eq!(names(at.auth.list_keys(&owner, Some("prj_a")).await.unwrap()), ["two", "one"]);
    assert_eq!(
        names(at.auth.list_keys(&owner, None).await.unwrap()),
        ["two for all", "one for all"]
    );
    let viewer = Principal {
        at_most: Role::Viewer,
        ..owner
    };
    assert_eq!(
        at.auth.list_keys(&viewer, Some("prj_a")).await.unwrap_err().kind,
        ErrorKind::Forbidden
    );
    let visitor = at.auth.begin_anonymous().await.unwrap().principal;
    assert_eq!(
        at.auth.list_keys(&visitor, Some("prj_a")).await.unwrap_err().kind,
        ErrorKind::NotFound
    );
}

#[tokio::test]
async fn a_key_is_revoked_by_managers_and_its_maker_and_hidden_from_others() {
    let at = fixture().await;
    let owner = owner(&at).await;
    let key = at.auth.create_key(&owner, Some("prj_a"), "k", Role::Viewer, None).await.unwrap();
    let bearer = at.auth.authenticate(&key.secret).await.unwrap();
    assert_eq!(
        at.auth.revoke_key(&bearer, &key.key.id).await.unwrap_err().kind,
        ErrorKind::Forbidden,
        "a viewer's key"
    );
    let visitor = at.auth.begin_anonymous().await.unwrap().principal;
    let hidden = at.auth.revoke_key(&visitor, &key.key.id).await.unwrap_err();
    assert_eq!(
        (hidden.kind, &hidden),
        (ErrorKind::NotFound, &at.auth.revoke_key(&visitor, "key_none").await.unwrap_err())
    );
    let elsewhere = Principal {
        only_project: Some("prj_b".to_owned()),
        ..owner.clone()
    };
    assert_eq!(
        at.auth.revoke_key(&elsewhere, &key.key.id).await.unwrap_err().kind,
        ErrorKind::NotFound
    );
    at.auth.authenticate(&key.secret).await.unwrap();
    at.auth.revoke_key(&owner, &key.key.id).await.unwrap();
    let revoked = at.auth.list_keys(&owner, Some("prj_a")).await.unwrap();
    assert_eq!(revoked[0].revoked_at, Some(NOW));
}
