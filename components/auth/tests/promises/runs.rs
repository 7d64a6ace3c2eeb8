//! Tickets and report tokens.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use selvedge_ports::Auth as _;
use selvedge_ports::shapes::RunClaims;

use crate::support::{MINUTE, NOW, assert_unauthenticated, fixture};

fn claims() -> RunClaims {
    RunClaims {
        run: "run_1".to_owned(),
        digest: "ab".repeat(32),
        wall_ms: 30_000,
    }
}

fn body(token: &str) -> serde_json::Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

#[tokio::test]
async fn a_ticket_binds_the_order_for_a_minute() {
    let at = fixture().await;
    let ticket = at.auth.issue_run_ticket(&claims()).await.unwrap();
    let expected = serde_json::json!({
        "aud": "selvedge-node", "run": "run_1", "digest": "ab".repeat(32), "iat": NOW / 1_000, "exp": NOW / 1_000 + 60,
    });
    assert_eq!(body(&ticket.order), expected);
}

#[tokio::test]
async fn a_report_token_is_for_its_run_and_outlives_it() {
    let at = fixture().await;
    let ticket = at.auth.issue_run_ticket(&claims()).await.unwrap();
    assert_eq!(body(&ticket.report)["exp"], NOW / 1_000 + 30 + 15 * 60);
    assert_eq!(at.auth.check_report(&ticket.report).await.unwrap(), "run_1");
    at.clock.advance(30_000 + 15 * MINUTE - 1);
    assert_eq!(at.auth.check_report(&ticket.report).await.unwrap(), "run_1");
    at.clock.advance(1);
    assert_unauthenticated(at.auth.check_report(&ticket.report).await, "expired");
}

#[tokio::test]
async fn no_token_stands_in_for_another() {
    let at = fixture().await;
    let ticket = at.auth.issue_run_ticket(&claims()).await.unwrap();
    let signed_in = at.auth.begin_anonymous().await.unwrap();
    assert_unauthenticated(at.auth.check_report(&ticket.order).await, "an order's ticket as a report token");
    assert_unauthenticated(at.auth.check_report(&signed_in.access).await, "an access token as a report token");
    assert_unauthenticated(at.auth.authenticate(&ticket.order).await, "an order's ticket as an access token");
    assert_unauthenticated(at.auth.authenticate(&ticket.report).await, "a report token as an access token");
    assert_unauthenticated(at.auth.authenticate(&signed_in.refresh).await, "a refresh token as an access token");
}
