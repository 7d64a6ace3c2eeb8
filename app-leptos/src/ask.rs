//! Requests to the API whose answer is either what was asked for or a sentence for a person.

use selvedge_contract::ErrorEnvelope;
use serde::de::DeserializeOwned;

use crate::browser::fetch::{self, Ask};

/// Why nothing came of it: a sentence for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal(pub(crate) String);

/// Sends it and reads the answer.
pub(crate) async fn ask<T: DeserializeOwned>(ask: Ask<'_>) -> Result<T, Refusal> {
    match fetch::send(ask).await {
        Ok(answer) if answer.status < 300 => {
            serde_json::from_str(&answer.body).map_err(|_| Refusal("The server's answer could not be read. Try again.".to_owned()))
        }
        Ok(answer) => Err(Refusal(message(&answer.body))),
        Err(fetch::Unreachable) => Err(Refusal(
            "Nobody answers. What you typed is still here; try again when the connection is back.".to_owned(),
        )),
    }
}

/// The sentence in an error envelope.
pub(crate) fn message(body: &str) -> String {
    serde_json::from_str::<ErrorEnvelope>(body).map_or_else(
        |_| "The server refused this without saying why. Nothing was changed; try again.".to_owned(),
        |envelope| envelope.error.message,
    )
}
