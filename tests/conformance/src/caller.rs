//! Who asks in a step.

use anyhow::{Context as _, Result, bail};
use selvedge_harness::{Answer, Call, Client};
use serde::Deserialize;
use serde_json::json;

use crate::template::Variables;

/// Who asks. Scratch visitors are made when they are first named; each scenario has its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Caller {
    /// Nobody.
    #[default]
    None,
    /// A visitor with a project and a notebook, by access token. Saved: `scratch.token`, `scratch.project`, `scratch.notebook`, `scratch.cookies`.
    Scratch,
    /// Another such visitor; saved as `other.…`.
    Other,
    /// The first visitor, by cookies, as a browser does.
    Cookie,
    /// An API key with the role owner: the installation's, where the suite was given one, else one that a visitor made.
    Key,
}

/// Give `call` the caller's credentials. `admin_key` is the installation's owner key, where there is one.
pub fn authenticate(call: Call, caller: Caller, client: &Client, variables: &mut Variables, admin_key: Option<&str>) -> Result<Call> {
    Ok(match caller {
        Caller::None => call,
        Caller::Scratch => {
            visitor("scratch", client, variables)?;
            call.bearer(&variables.text("${scratch.token}")?)
        }
        Caller::Other => {
            visitor("other", client, variables)?;
            call.bearer(&variables.text("${other.token}")?)
        }
        Caller::Cookie => {
            visitor("scratch", client, variables)?;
            call.header("cookie", &variables.text("${scratch.cookies}")?)
        }
        Caller::Key => {
            if !variables.has("key.secret") {
                let secret = match admin_key {
                    Some(key) => key.to_owned(),
                    None => make_key(client, variables)?,
                };
                variables.set("key.secret", secret);
            }
            call.bearer(&variables.text("${key.secret}")?)
        }
    })
}

fn visitor(name: &str, client: &Client, variables: &mut Variables) -> Result<()> {
    if variables.has(&format!("{name}.token")) {
        return Ok(());
    }
    let answer = client.send(&Call::new("POST", "/api/v1/scratch"))?;
    if !(200..300).contains(&answer.status) {
        bail!("no scratch project for `{name}`: {} {}", answer.status, answer.text());
    }
    let made = answer.json()?;
    for field in ["token", "project", "notebook"] {
        let value = made
            .get(field)
            .with_context(|| format!("`{field}` is missing in the answer to POST /api/v1/scratch: {made}"))?;
        variables.set(&format!("{name}.{field}"), value.clone());
    }
    variables.set(&format!("{name}.cookies"), cookies(&answer));
    Ok(())
}

/// What a browser would send back.
fn cookies(answer: &Answer) -> String {
    let pairs: Vec<&str> = answer
        .all("set-cookie")
        .filter_map(|cookie| cookie.split(';').next())
        .map(str::trim)
        .collect();
    pairs.join("; ")
}

fn make_key(client: &Client, variables: &mut Variables) -> Result<String> {
    visitor("scratch", client, variables)?;
    let path = variables.text("/api/v1/projects/${scratch.project}/keys")?;
    let call = Call::new("POST", &path)
        .bearer(&variables.text("${scratch.token}")?)
        .json(&json!({"name": "conformance", "role": "owner"}));
    let answer = client.send(&call)?;
    let secret = answer.json()?.get("secret").and_then(|secret| secret.as_str().map(str::to_owned));
    secret.with_context(|| format!("no key was made: {} {}", answer.status, answer.text()))
}
