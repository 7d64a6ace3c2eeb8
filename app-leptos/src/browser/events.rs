//! A live stream of a run's events. The browser reconnects by itself and names the last event it saw.

use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};

/// What a stream says.
pub(crate) enum Signal {
    /// It is open, for the first time or again.
    Open,
    /// One event, as JSON.
    Event(String),
    /// The connection broke; the browser is trying again.
    Broken,
    /// The server refused; the browser will not try again.
    Refused,
}

/// An open stream. Dropping it leaves it open: [`Stream::close`] ends it.
#[derive(Clone)]
pub(crate) struct Stream(web_sys::EventSource);

impl Stream {
    /// Opens `path`, listening for the events with these names. None when the browser refuses outright.
    pub(crate) fn open(path: &str, kinds: &[&str], listener: impl Fn(Signal) + 'static) -> Option<Self> {
        let source = web_sys::EventSource::new(path).ok()?;
        let ready = source.clone();
        let hear = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
            let event: web_sys::Event = event.unchecked_into();
            let signal = match event.type_().as_str() {
                "open" => Signal::Open,
                // A dropped connection and the application's own `error` event share a name; only the latter carries data.
                "error" => match data(&event) {
                    Some(text) => Signal::Event(text),
                    None if ready.ready_state() == web_sys::EventSource::CLOSED => Signal::Refused,
                    None => Signal::Broken,
                },
                _ => Signal::Event(data(&event).unwrap_or_default()),
            };
            listener(signal);
        });
        for kind in ["open", "error"].iter().chain(kinds.iter().filter(|kind| **kind != "error")) {
            let _ = source.add_event_listener_with_callback(kind, hear.as_ref().unchecked_ref());
        }
        hear.forget();
        Some(Self(source))
    }

    /// Ends the stream.
    pub(crate) fn close(&self) {
        self.0.close();
    }
}

fn data(event: &web_sys::Event) -> Option<String> {
    event
        .dyn_ref::<web_sys::MessageEvent>()
        .and_then(|message| message.data().as_string())
}
