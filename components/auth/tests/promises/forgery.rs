//! Forged access tokens.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jwt_compact::alg::{Ed25519, Hs256, Hs256Key};
use jwt_compact::{AlgorithmExt as _, Claims, Header};
use selvedge_ports::Auth as _;
use serde_json::{Value, json};

use crate::support::{NOW, assert_unauthenticated, fixture};

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

#[tokio::test]
async fn no_forged_token_is_taken() {
    let at = fixture().await;
    let good = at.auth.begin_anonymous().await.unwrap().access;
    let [head, body, signature] = good.split('.').collect::<Vec<_>>()[..] else {
        panic!("not a JWT")
    };
    let read = |part: &str| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    let (header, claims) = (read(head), read(body));
    let key_id = header["kid"].as_str().unwrap();
    assert_eq!(header["alg"], "EdDSA");
    let changed = |name: &str, value: Value| {
        let mut claims = claims.clone();
        claims[name] = value;
        part(&claims)
    };
    let with_alg = |alg: &str| part(&json!({ "alg": alg, "kid": key_id, "typ": "JWT" }));
    let public = read_public(&at.auth.jwks().await.unwrap());
    let header_of = |id: &str| Header::empty().with_key_id(id);
    let stranger = ed25519_dalek::SigningKey::from_bytes(&[5; 32]);
    let mut later = claims.clone();
    later["exp"] = json!(NOW / 1_000 + 1_000_000);

    let forged = [
        ("empty", String::new()),
        ("blank", " ".to_owned()),
        ("no JWT", "abc".to_owned()),
        ("two parts", format!("{head}.{body}")),
        ("four parts", format!("{good}.{signature}")),
        ("no signature", format!("{head}.{body}.")),
        ("alg none", format!("{}.{body}.", with_alg("none"))),
        ("alg none with a signature", format!("{}.{body}.{signature}", with_alg("none"))),
        ("alg NONE", format!("{}.{body}.", with_alg("NONE"))),
        (
            "alg HS256 over the same signature",
            format!("{}.{body}.{signature}", with_alg("HS256")),
        ),
        (
            "HS256 with the public key as its secret",
            Hs256
                .token(&header_of(key_id), &Claims::new(later.clone()), &Hs256Key::new(&public))
                .unwrap(),
        ),
        (
            "another key",
            Ed25519.token(&header_of(key_id), &Claims::new(later.clone()), &stranger).unwrap(),
        ),
        (
            "another key that says so",
            Ed25519.token(&header_of("other"), &Claims::new(later), &stranger).unwrap(),
        ),
        ("no key id", format!("{}.{body}.{signature}", part(&json!({ "alg": "EdDSA" })))),
        (
            "another subject",
            format!("{head}.{}.{signature}", changed("sub", json!("usr_other"))),
        ),
        (
            "another session",
            format!("{head}.{}.{signature}", changed("sid", json!("sgn_other"))),
        ),
        ("a later end", format!("{head}.{}.{signature}", changed("exp", json!(NOW)))),
        (
            "another header",
            format!(
                "{}.{body}.{signature}",
                part(&json!({ "alg": "EdDSA", "kid": key_id, "jku": "https://evil.example" }))
            ),
        ),
        ("padded", format!("{good}=")),
        ("a signature of zeros", format!("{head}.{body}.{}", URL_SAFE_NO_PAD.encode([0; 64]))),
        ("a short signature", format!("{head}.{body}.{}", URL_SAFE_NO_PAD.encode([0; 32]))),
    ];
    for (what, token) in forged {
        assert_unauthenticated(at.auth.authenticate(&token).await, what);
    }
    for at_byte in 0..good.len() {
        let mut bytes = good.clone().into_bytes();
        bytes[at_byte] = if bytes[at_byte] == b'A' { b'B' } else { b'A' };
        assert_unauthenticated(
            at.auth.authenticate(&String::from_utf8(bytes).unwrap()).await,
            &format!("byte {at_byte} changed"),
        );
    }
    at.auth.authenticate(&good).await.unwrap();
}

fn read_public(jwks: &str) -> Vec<u8> {
    let jwks: Value = serde_json::from_str(jwks).unwrap();
    URL_SAFE_NO_PAD.decode(jwks["keys"][0]["x"].as_str().unwrap()).unwrap()
}
