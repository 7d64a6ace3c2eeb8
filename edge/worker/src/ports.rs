//! Clock, entropy, settings and log of the Workers runtime.

use std::time::Duration;

use async_trait::async_trait;
use selvedge_ports::{Clock, Entropy, Log, Settings, TimestampMs};
use serde_json::{Map, Value};
use worker::send::SendFuture;
use worker::{Date, Delay, Env, console_error, console_log};

/// `Date` and `setTimeout`.
pub(crate) struct JsClock;

#[async_trait]
impl Clock for JsClock {
    fn now(&self) -> TimestampMs {
        Date::now().as_millis()
    }

    async fn sleep(&self, ms: u64) {
        SendFuture::new(Delay::from(Duration::from_millis(ms))).await;
    }
}

/// `crypto.getRandomValues`.
pub(crate) struct JsEntropy;

impl Entropy for JsEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        if getrandom::fill(buffer).is_err() {
            console_error!("crypto.getRandomValues failed");
            // Going on would make keys that can be guessed. This ends the isolate, and its next request begins in a new one.
            std::process::abort();
        }
    }
}

/// Variables and secrets: the setting `public-url` is the binding `PUBLIC_URL`.
pub(crate) struct Bindings(pub(crate) Env);

impl Settings for Bindings {
    fn get(&self, name: &str) -> Option<String> {
        let binding = name.to_ascii_uppercase().replace('-', "_");
        self.0.var(&binding).ok().map(|value| value.to_string())
    }
}

/// One line of JSON per event, for `wrangler tail` and log push.
pub(crate) struct Console;

impl Log for Console {
    fn event(&self, name: &str, fields: &[(&str, &str)]) {
        let mut line = Map::new();
        line.insert("event".to_owned(), Value::from(name));
        line.extend(fields.iter().map(|(key, value)| ((*key).to_owned(), Value::from(*value))));
        console_log!("{}", Value::Object(line));
    }
}
