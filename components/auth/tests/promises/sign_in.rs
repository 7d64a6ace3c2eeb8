//! Sign-in sessions and links.

use std::sync::Arc;

use selvedge_ports::Auth as _;
use selvedge_ports::shapes::{PrincipalKind, Role};

use crate::support::{DAY, HOUR, MINUTE, NOW, SECOND, assert_unauthenticated, fixture};

#[tokio::test]
async fn a_visitor_is_signed_in_and_known_again() {
    let at = fixture().await;
    let signed_in = at.auth.begin_anonymous().await.unwrap();
    assert_eq!(
        (signed_in.principal.kind, signed_in.principal.at_most),
        (PrincipalKind::Anonymous, Role::Owner)
    );
    assert_eq!(signed_in.access_expires_at, NOW + 10 * MINUTE);
    assert_eq!(at.auth.authenticate(&signed_in.access).await.unwrap(), signed_in.principal);
    assert_ne!(at.auth.begin_anonymous().await.unwrap().principal.id, signed_in.principal.id);
}

#[tokio::test]
async fn an_access_token_ends_at_its_second_and_a_refresh_brings_the_next() {
    let at = fixture().await;
    let first = at.auth.begin_anonymous().await.unwrap();
    at.clock.advance(10 * MINUTE - 1);
    at.auth.authenticate(&first.access).await.unwrap();
    at.clock.advance(1);
    assert_unauthenticated(at.auth.authenticate(&first.access).await, "expired");
    let second = at.auth.refresh(&first.refresh).await.unwrap();
    assert_eq!((&second.principal, second.access_expires_at), (&first.principal, NOW + 20 * MINUTE));
    assert_ne!(second.refresh, first.refresh);
    assert_eq!(at.auth.authenticate(&second.access).await.unwrap(), first.principal);
}

#[tokio::test]
async fn the_previous_refresh_token_gives_a_second_tab_the_same_successor_for_ten_seconds() {
    let at = fixture().await;
    let first = at.auth.begin_anonymous().await.unwrap();
    let second = at.auth.refresh(&first.refresh).await.unwrap();
    at.clock.advance(10 * SECOND);
    assert_eq!(at.auth.refresh(&first.refresh).await.unwrap().refresh, second.refresh);
    let third = at.auth.refresh(&second.refresh).await.unwrap();
    at.auth.authenticate(&third.access).await.unwrap();
}

#[tokio::test]
async fn a_refresh_token_used_later_ends_the_whole_session() {
    let at = fixture().await;
    let first = at.auth.begin_anonymous().await.unwrap();
    let second = at.auth.refresh(&first.refresh).await.unwrap();
    at.clock.advance(10 * SECOND + 1);
    assert_unauthenticated(at.auth.refresh(&first.refresh).await, "reuse");
    assert_unauthenticated(at.auth.refresh(&second.refresh).await, "the thief's or the owner's next");
    assert_unauthenticated(at.auth.authenticate(&second.access).await, "access of a revoked session");
}

#[tokio::test]
async fn a_refresh_token_from_long_ago_ends_the_session_too() {
    let at = fixture().await;
    let first = at.auth.begin_anonymous().await.unwrap();
    let mut newest = first.clone();
    for _ in 0..20 {
        newest = at.auth.refresh(&newest.refresh).await.unwrap();
    }
    assert_unauthenticated(
        at.auth.refresh(&first.refresh).await,
        "reuse within ten seconds of another rotation",
    );
    assert_unauthenticated(at.auth.refresh(&newest.refresh).await, "revoked");
}

#[tokio::test]
async fn a_token_that_was_never_ours_ends_nothing() {
    let at = fixture().await;
    let first = at.auth.begin_anonymous().await.unwrap();
    let second = at.auth.refresh(&first.refresh).await.unwrap();
    let (head, _) = second.refresh.rsplit_once('.').unwrap();
    for forged in [
        format!("{head}.AAAA"),
        head.replace(".1", ".0") + ".AAAA",
        head.replace(".1", ".7") + ".AAAA",
        String::new(),
        "slr...".into(),
    ] {
        assert_unauthenticated(at.auth.refresh(&forged).await, &forged);
        at.auth.sign_out(&forged).await.unwrap();
    }
    at.auth.refresh(&second.refresh).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn tabs_that_refresh_at_the_same_moment_get_the_same_token() {
    let at = fixture().await;
    for _ in 0..20 {
        let first = at.auth.begin_anonymous().await.unwrap();
        let tabs: Vec<_> = (0..8)
            .map(|_| {
                let (auth, token) = (Arc::clone(&at.auth), first.refresh.clone());
                tokio::spawn(async move { auth.refresh(&token).await.unwrap().refresh })
            })
            .collect();
        let mut tokens = std::collections::HashSet::new();
        for tab in tabs {
            tokens.insert(tab.await.unwrap());
        }
        assert_eq!(tokens.len(), 1);
    }
}

#[tokio::test]
async fn signing_out_ends_access_at_once_and_can_be_repeated() {
    let at = fixture().await;
    let signed_in = at.auth.begin_anonymous().await.unwrap();
    let other = at.auth.begin_anonymous().await.unwrap();
    for _ in 0..2 {
        at.auth.sign_out(&signed_in.refresh).await.unwrap();
    }
    assert_unauthenticated(at.auth.authenticate(&signed_in.access).await, "signed out");
    assert_unauthenticated(at.auth.refresh(&signed_in.refresh).await, "signed out");
    at.auth.authenticate(&other.access).await.unwrap();
}

#[tokio::test]
async fn a_visitors_session_ends_when_idle_or_in_any_case() {
    let at = fixture().await;
    let idle = at.auth.begin_anonymous().await.unwrap();
    assert_eq!(idle.refresh_expires_at, NOW + 90 * DAY);
    let mut used = at.auth.begin_anonymous().await.unwrap();
    for _ in 0..4 {
        at.clock.advance(89 * DAY);
        used = at.auth.refresh(&used.refresh).await.unwrap();
    }
    assert_eq!(used.refresh_expires_at, NOW + 365 * DAY, "never past its end");
    assert_unauthenticated(at.auth.refresh(&idle.refresh).await, "idle");
    at.clock.advance(9 * DAY);
    assert_unauthenticated(at.auth.refresh(&used.refresh).await, "its end");
}

#[tokio::test]
async fn the_administrator_is_one_person_who_signs_in_by_links_that_work_once() {
    let at = fixture().await;
    let administrator = at.auth.administrator().await.unwrap();
    assert_eq!(
        (administrator.kind, at.auth.administrator().await.unwrap()),
        (PrincipalKind::Person, administrator.clone())
    );
    let (one, two) = (
        at.auth.create_admin_link().await.unwrap(),
        at.auth.create_admin_link().await.unwrap(),
    );
    let signed_in = at.auth.redeem_link(&one).await.unwrap();
    assert_eq!(
        (&signed_in.principal, signed_in.refresh_expires_at),
        (&administrator, NOW + 14 * DAY)
    );
    assert_eq!(at.auth.authenticate(&signed_in.access).await.unwrap(), administrator);
    at.auth.refresh(&signed_in.refresh).await.unwrap();
    assert_unauthenticated(at.auth.redeem_link(&one).await, "used");
    assert_unauthenticated(at.auth.redeem_link("unknown").await, "unknown");
    at.clock.advance(HOUR);
    assert_unauthenticated(at.auth.redeem_link(&two).await, "expired");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_redeem_a_link_exactly_one_is_signed_in() {
    let at = fixture().await;
    let code = at.auth.create_admin_link().await.unwrap();
    let callers: Vec<_> = (0..30)
        .map(|_| {
            let (auth, code) = (Arc::clone(&at.auth), code.clone());
            tokio::spawn(async move { auth.redeem_link(&code).await.is_ok() })
        })
        .collect();
    let mut signed_in = 0;
    for caller in callers {
        signed_in += usize::from(caller.await.unwrap());
    }
    assert_eq!(signed_in, 1);
}
