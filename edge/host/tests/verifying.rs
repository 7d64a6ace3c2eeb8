//! `selvedge verify`: a receipt of the real edge and its node, checked by whoever has it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests fail by panicking")]

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jwt_compact::alg::{Ed25519, SigningKey as _};
use jwt_compact::{Algorithm, AlgorithmExt as _, Claims, Header};
use selvedge_harness::{Call, Native};
use serde_json::{Value, json};
use support::{ended, refuses, selvedge};
use tempfile::tempdir;

const SUBJECT: &str = "import random, time\nprint(random.random(), time.time(), input())";

/// `selvedge verify` with the files of this folder.
fn verify(folder: &Path, receipt: &str) -> Command {
    let mut command = selvedge();
    command.arg("verify").arg(folder.join(receipt));
    for (option, file) in [("--subject", "main.py"), ("--stdin", "stdin"), ("--keys", "keys")] {
        command.arg(option).arg(folder.join(file));
    }
    command
}

#[test]
fn a_receipt_holds_for_anybody_and_every_altered_part_is_refused_for_its_own_reason() {
    let native = Native::start("host-verify").unwrap();
    let (client, key) = (native.client(), native.key());
    let get = |path: &str| client.send(&Call::new("GET", path).bearer(key)).unwrap();
    let order = json!({"language": "python", "code": SUBJECT, "stdin": "ada", "task": "certify"});
    let placed = client.send(&Call::new("POST", "/api/v1/runs").bearer(key).json(&order)).unwrap();
    let id = placed.json().unwrap()["id"].as_str().unwrap().to_owned();
    assert_eq!(ended(&client, key, &id)["status"], "succeeded");
    let receipt = get(&format!("/api/v1/runs/{id}/receipt")).json().unwrap();
    let keys = get("/.well-known/jwks.json").json().unwrap();

    let folder = tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("receipt", &receipt.to_string());
    write("token", receipt["token"].as_str().unwrap());
    write("keys", &keys.to_string());
    write("main.py", SUBJECT);
    write("stdin", "ada");
    for file in ["receipt", "token"] {
        let checked = verify(folder.path(), file).output().unwrap();
        let said = String::from_utf8(checked.stdout).unwrap();
        assert!(
            checked.status.success() && said.starts_with(&format!("ok     {id}: signed")),
            "{said}{}",
            String::from_utf8_lossy(&checked.stderr)
        );
    }

    // One byte of what it is about.
    write("main.py", &SUBJECT.replace("time()", "time( )"));
    refuses(&mut verify(folder.path(), "receipt"), &["the code is not the receipt's"]);
    write("main.py", SUBJECT);
    write("stdin", "adb");
    refuses(&mut verify(folder.path(), "receipt"), &["the standard input is not the receipt's"]);
    write("stdin", "ada");
    // One byte of the signature, and of what was signed.
    let token = receipt["token"].as_str().unwrap();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let other = if signature.starts_with('A') { "B" } else { "A" };
    write("forged", &format!("{signed}.{other}{}", &signature[1..]));
    refuses(&mut verify(folder.path(), "forged"), &["the signature is not that of the key"]);
    let mut stranger = keys.clone();
    stranger["keys"][0]["kid"] = json!("another");
    write("keys", &stranger.to_string());
    refuses(&mut verify(folder.path(), "receipt"), &["which is not among the keys given"]);
    write("keys", &keys.to_string());
    // Lies that somebody has signed.
    let signer = Signer::new();
    write("keys", &signer.keys().to_string());
    type Lie = (fn(&mut Value), &'static str);
    let lies: [Lie; 5] = [
        (
            |receipt| receipt["fuel"] = json!(receipt["fuel"].as_u64().unwrap() + 1),
            "the fuel came out as",
        ),
        (|receipt| receipt["output"] = json!("0".repeat(64)), "the output came out as"),
        (|receipt| receipt["end"] = json!("0".repeat(64)), "the state came out as"),
        (|receipt| receipt["image"] = json!("0".repeat(64)), "the image is not the receipt's"),
        (|receipt| receipt["version"] = json!(9), "has version"),
    ];
    for (lie, says) in lies {
        let mut claimed = receipt["receipt"].clone();
        lie(&mut claimed);
        write("lie", &signer.sign("selvedge-receipt", &claimed));
        refuses(&mut verify(folder.path(), "lie"), &[says]);
    }
    write("lie", &signer.sign("selvedge-node", &receipt["receipt"]));
    refuses(&mut verify(folder.path(), "lie"), &["not as a receipt"]);
    write("true", &signer.sign("selvedge-receipt", &receipt["receipt"]));
    assert!(verify(folder.path(), "true").output().unwrap().status.success());
}

/// Somebody with a key of their own.
struct Signer(<Ed25519 as Algorithm>::SigningKey);

impl Signer {
    fn new() -> Self {
        Self(<Ed25519 as Algorithm>::SigningKey::from_slice(&[7; 32]).unwrap())
    }

    fn keys(&self) -> Value {
        let public = self.0.to_verifying_key();
        let x = BASE64_URL_SAFE_NO_PAD.encode(public.as_bytes());
        json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": x, "kid": "mine" }] })
    }

    fn sign(&self, audience: &str, receipt: &Value) -> String {
        let header = Header::empty().with_key_id("mine");
        let claims = Claims::new(json!({ "aud": audience, "receipt": receipt }));
        Ed25519.token(&header, &claims, &self.0).unwrap()
    }
}
