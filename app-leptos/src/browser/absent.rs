//! The same items as in `mod.rs` where there is no browser. Rendering on a server never calls them: handlers and effects do not run there.

/// See `task.rs`.
pub(crate) mod task {
    pub(crate) fn spawn(_work: impl Future<Output = ()> + 'static) {}

    pub(crate) async fn sleep(_ms: i32) {}

    pub(crate) fn now_ms() -> f64 {
        0.0
    }
}

/// See `store.rs`.
pub(crate) mod store {
    pub(crate) fn get(_key: &str) -> Option<String> {
        None
    }

    pub(crate) fn set(_key: &str, _value: &str) {}

    pub(crate) fn remove(_key: &str) {}
}

/// See `fetch.rs`.
pub(crate) mod fetch {
    pub(crate) struct Answer {
        pub(crate) status: u16,
        pub(crate) body: String,
    }

    #[derive(Debug)]
    pub(crate) struct Unreachable;

    #[derive(Default)]
    #[expect(dead_code, reason = "read only in a browser")]
    pub(crate) struct Ask<'a> {
        pub(crate) method: &'a str,
        pub(crate) path: &'a str,
        pub(crate) body: Option<String>,
        pub(crate) if_match: Option<String>,
    }

    pub(crate) async fn send(_ask: Ask<'_>) -> Result<Answer, Unreachable> {
        Err(Unreachable)
    }
}

/// See `events.rs`.
pub(crate) mod events {
    #[expect(dead_code, reason = "made only in a browser")]
    pub(crate) enum Signal {
        Open,
        Event(String),
        Broken,
        Refused,
    }

    #[derive(Clone)]
    pub(crate) struct Stream;

    impl Stream {
        pub(crate) fn open(_path: &str, _kinds: &[&str], _listener: impl Fn(Signal) + 'static) -> Option<Self> {
            None
        }

        pub(crate) fn close(&self) {}
    }
}

/// See `page.rs`.
pub(crate) mod page {
    pub(crate) fn focus(_id: &str) {}

    pub(crate) fn open_dialog(_id: &str) {}

    pub(crate) fn close_dialog(_id: &str) {}

    pub(crate) fn local_time(rfc3339: &str) -> String {
        rfc3339.to_owned()
    }

    pub(crate) fn go(_path: &str) {}

    pub(crate) fn is_visible() -> bool {
        false
    }

    pub(crate) fn on_visibility(_callback: impl Fn() + 'static) {}

    pub(crate) fn on_online(_callback: impl Fn() + 'static) {}

    pub(crate) fn on_offline(_callback: impl Fn() + 'static) {}

    pub(crate) fn takes_text(_event: &leptos::web_sys::Event) -> bool {
        false
    }

    pub(crate) fn is_control(_event: &leptos::web_sys::Event) -> bool {
        false
    }
}

/// See `editor.rs`.
pub(crate) mod editor {
    #[expect(dead_code, reason = "made only in a browser")]
    pub(crate) enum Edit {
        Changed(String),
        Key(String),
        Focused,
        Said(String),
    }

    pub(crate) fn attach(_id: &str, _text: &str, _label: &str, _read_only: bool, _kernel: &str, _listener: impl Fn(Edit) + 'static) {}

    pub(crate) fn detach(_id: &str) {}

    pub(crate) fn focus(_id: &str) {}

    pub(crate) fn set_text(_id: &str, _text: &str) {}

    pub(crate) fn mark(_id: &str, _failed: Option<crate::output::failure::Failed>) {}

    pub(crate) fn go_to(_id: &str, _line: u32, _column: u32) {}
}
