//! Signing in by cookie.

use axum::http::StatusCode;
use selvedge_api::{Config, operations};

use crate::world::{Answer, World};

fn behind_tls(config: &mut Config) {
    config.public_url = "https://selvedge.test".to_owned();
}

async fn me(world: &World, cookie: &str) -> Answer {
    world.ask("GET", "/api/v1/me").header("cookie", cookie).answer().await
}

#[tokio::test]
async fn the_cookies_are_out_of_reach_for_scripts_and_other_sites() {
    let world = World::with(behind_tls).await;
    let made = world.ask("POST", "/api/v1/scratch").answer().await;
    let cookies = made.cookies();
    assert_eq!(cookies.len(), 2);
    for (cookie, name) in cookies.iter().zip(["__Host-selvedge-access=", "__Host-selvedge-refresh="]) {
        assert!(cookie.starts_with(name), "{cookie}");
        let attributes: Vec<_> = cookie
            .split("; ")
            .skip(1)
            .filter(|attribute| !attribute.starts_with("Max-Age="))
            .collect();
        assert_eq!(attributes, ["Path=/", "HttpOnly", "SameSite=Lax", "Secure"]);
    }
    let plain = World::new().await.ask("POST", "/api/v1/scratch").answer().await.as_cookie();
    assert!(
        plain.starts_with("selvedge-access=") && plain.contains("; selvedge-refresh="),
        "{plain}"
    );
}

#[tokio::test]
async fn an_expired_access_cookie_is_replaced_on_the_way() {
    let world = World::new().await;
    let first = world.ask("POST", "/api/v1/scratch").answer().await.as_cookie();
    let before = me(&world, &first).await;
    assert!(before.cookies().is_empty(), "nothing to replace yet");
    world.clock.advance(11 * 60 * 1_000);

    let after = me(&world, &first).await;
    assert_eq!(after.json(), before.json());
    assert_eq!(after.cookies().len(), 2);
    let second = after.as_cookie();
    assert_ne!(first, second);
    assert_eq!(me(&world, &second).await.json(), before.json());
    let only_refresh = second.split("; ").find(|cookie| cookie.starts_with("selvedge-refresh=")).unwrap();
    let again = me(&world, only_refresh).await;
    assert_eq!((again.json(), again.cookies().len()), (before.json(), 2));
}

#[tokio::test]
async fn pages_refresh_too_and_public_ones_forgive_a_session_that_is_over() {
    let world = World::new().await;
    let cookie = world.ask("POST", "/api/v1/scratch").answer().await.as_cookie();
    world.clock.advance(11 * 60 * 1_000);
    let page = world.ask("GET", "/").header("cookie", &cookie).answer().await;
    assert_eq!(
        (page.status, page.cookies().len(), page.header("cache-control")),
        (StatusCode::OK, 2, "no-store")
    );

    let over = world
        .ask("GET", "/")
        .header("cookie", "selvedge-access=x; selvedge-refresh=y")
        .answer()
        .await;
    assert_eq!(over.status, StatusCode::OK);
    assert!(
        over.cookies().iter().all(|cookie| cookie.contains("Max-Age=0")) && over.cookies().len() == 2,
        "{:?}",
        over.cookies()
    );
    me(&world, "selvedge-access=x; selvedge-refresh=y")
        .await
        .refused(401, "auth.required", None);
}

#[tokio::test]
async fn a_header_decides_over_cookies() {
    let world = World::new().await;
    let cookie = world.ask("POST", "/api/v1/scratch").answer().await.as_cookie();
    let bad = world
        .ask("GET", "/api/v1/me")
        .header("cookie", &cookie)
        .bearer("nonsense")
        .answer()
        .await;
    assert_eq!(bad.status, StatusCode::UNAUTHORIZED);
    let basic = world
        .ask("GET", "/api/v1/me")
        .header("cookie", &cookie)
        .header("authorization", "Basic eDp5")
        .answer()
        .await;
    basic.refused(401, "auth.required", None);
}

#[tokio::test]
async fn a_token_in_the_url_is_no_credential() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    for name in ["token", "access_token", "authorization", "key"] {
        let answer = world.ask("GET", &format!("/api/v1/me?{name}={}", visitor.token)).answer().await;
        answer.refused(401, "auth.required", None);
    }
}

#[tokio::test]
async fn signing_out_ends_the_session_everywhere() {
    let world = World::new().await;
    let cookie = world.ask("POST", "/api/v1/scratch").answer().await.as_cookie();
    let out = world
        .ask("POST", "/sign-out")
        .header("cookie", &cookie)
        .header("sec-fetch-site", "same-origin")
        .answer()
        .await;
    assert_eq!((out.status, out.header("location")), (StatusCode::SEE_OTHER, "/"));
    assert!(
        out.cookies()
            .iter()
            .all(|cookie| cookie.contains("=; ") && cookie.contains("Max-Age=0")),
        "{:?}",
        out.cookies()
    );
    let refresh = cookie.split("; ").find(|cookie| cookie.starts_with("selvedge-refresh=")).unwrap();
    me(&world, refresh).await.refused(401, "auth.required", None);
}

#[tokio::test]
async fn signing_out_after_a_refresh_on_the_way_ends_the_new_session() {
    let world = World::new().await;
    let cookie = world.ask("POST", "/api/v1/scratch").answer().await.as_cookie();
    world.clock.advance(11 * 60 * 1_000);
    let out = world
        .ask("POST", "/sign-out")
        .header("cookie", &cookie)
        .header("sec-fetch-site", "same-origin")
        .answer()
        .await;
    assert_eq!(out.cookies().len(), 2, "{:?}", out.cookies());
    assert!(
        out.cookies().iter().all(|cookie| cookie.contains("Max-Age=0")),
        "{:?}",
        out.cookies()
    );
    me(&world, &cookie).await.refused(401, "auth.required", None);
}

#[tokio::test]
async fn a_one_time_link_signs_in_once_and_only_by_its_form() {
    let world = World::new().await;
    let code = world.platform.auth.create_admin_link().await.unwrap();
    let redeem = || {
        world
            .ask("POST", "/sign-in/link")
            .raw("application/x-www-form-urlencoded", format!("code={code}"))
    };
    assert_eq!(
        world.ask("GET", "/sign-in/link").answer().await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );
    let first = redeem().answer().await;
    assert_eq!(
        (first.status, first.header("location")),
        (StatusCode::SEE_OTHER, "/dashboard"),
        "{}",
        first.text()
    );
    assert_eq!(me(&world, &first.as_cookie()).await.json()["anonymous"], false);
    assert_eq!(redeem().answer().await.status, StatusCode::UNAUTHORIZED);
    let without = world
        .ask("POST", "/sign-in/link")
        .raw("application/x-www-form-urlencoded", "x=1")
        .answer()
        .await;
    without.refused(400, "request.missing_field", Some("code"));
    assert!(operations::redeem_link(&world.platform, "guessed").await.is_err());
}
