//! Tickets and report tokens.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use selvedge_ports::Auth as _;
use selvedge_ports::shapes::TicketClaims;

use crate::support::{MINUTE, NOW, assert_unauthenticated, fixture};

fn claims(subject: &str, action: &str) -> TicketClaims {
    TicketClaims {
        subject: subject.to_owned(),
        action: action.to_owned(),
        digest: "ab".repeat(32),
    }
}

fn body(token: &str) -> serde_json::Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

#[tokio::test]
async fn a_ticket_binds_the_order_for_a_minute() {
    let at = fixture().await;
    let ticket = at.auth.issue_ticket(&claims("run_1", "")).await.unwrap();
    let expected = serde_json::json!({
        "aud": "selvedge-node", "run": "run_1", "digest": "ab".repeat(32), "iat": NOW / 1_000, "exp": NOW / 1_000 + 60,
    });
    assert_eq!(body(&ticket), expected);
}

#[tokio::test]
async fn a_ticket_for_anything_but_an_order_names_what_it_permits() {
    let at = fixture().await;
    let ticket = body(&at.auth.issue_ticket(&claims("krn_1", "rewind")).await.unwrap());
    assert_eq!((&ticket["run"], &ticket["action"]), (&"krn_1".into(), &"rewind".into()));
}

#[tokio::test]
async fn a_receipt_is_signed_for_ever_and_opens_nothing() {
    let at = fixture().await;
    let receipt = at.auth.sign_receipt(r#"{"run":"run_1"}"#).await.unwrap();
    let expected = serde_json::json!({ "aud": "selvedge-receipt", "iat": NOW / 1_000, "receipt": { "run": "run_1" } });
    assert_eq!(body(&receipt), expected);
    assert_unauthenticated(at.auth.check_report(&receipt).await, "a receipt as a report token");
    assert_unauthenticated(at.auth.authenticate(&receipt).await, "a receipt as an access token");
    let error = at.auth.sign_receipt("[1]").await.unwrap_err();
    assert_eq!(error.code, "auth.receipt");
}

#[tokio::test]
async fn a_report_token_is_for_its_run_and_outlives_it() {
    let at = fixture().await;
    let token = at.auth.issue_report_token("run_1", 30_000).await.unwrap();
    assert_eq!(body(&token)["exp"], NOW / 1_000 + 30 + 15 * 60);
    assert_eq!(at.auth.check_report(&token).await.unwrap(), "run_1");
    at.clock.advance(30_000 + 15 * MINUTE - 1);
    assert_eq!(at.auth.check_report(&token).await.unwrap(), "run_1");
    at.clock.advance(1);
    assert_unauthenticated(at.auth.check_report(&token).await, "expired");
}

#[tokio::test]
async fn no_token_stands_in_for_another() {
    let at = fixture().await;
    let ticket = at.auth.issue_ticket(&claims("run_1", "")).await.unwrap();
    let report = at.auth.issue_report_token("run_1", 30_000).await.unwrap();
    let signed_in = at.auth.begin_anonymous().await.unwrap();
    assert_unauthenticated(at.auth.check_report(&ticket).await, "an order's ticket as a report token");
    assert_unauthenticated(at.auth.check_report(&signed_in.access).await, "an access token as a report token");
    assert_unauthenticated(at.auth.authenticate(&ticket).await, "an order's ticket as an access token");
    assert_unauthenticated(at.auth.authenticate(&report).await, "a report token as an access token");
    assert_unauthenticated(at.auth.authenticate(&signed_in.refresh).await, "a refresh token as an access token");
}
