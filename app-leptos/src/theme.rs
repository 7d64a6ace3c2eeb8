//! The light and dark switch. The choice lives in a cookie, so that the server sends the right page at once: no flash and no inline script.

use leptos::prelude::*;

use crate::icon::{Glyph, icon};

/// Name of the cookie; its value is a [`Theme`]'s word.
#[cfg(feature = "ssr")]
const COOKIE: &str = "theme";

/// A chosen theme; without one the system's preference holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    /// Paper.
    Light,
    /// Indigo.
    Dark,
}

impl Theme {
    /// The word in the cookie and in `data-theme`.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The choice that a request carries.
    #[cfg(feature = "ssr")]
    pub(crate) fn of(headers: &http::HeaderMap) -> Option<Self> {
        let pairs = headers
            .get_all(http::header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'));
        pairs
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, _)| *name == COOKIE)
            .and_then(|(_, value)| match value {
                "light" => Some(Self::Light),
                "dark" => Some(Self::Dark),
                _ => None,
            })
    }
}

/// A button that swaps light and dark; `start.js` hears it.
pub(crate) fn switch() -> impl IntoView {
    view! {
        <button type="button" class="button quiet square" data-theme-switch="" aria-label="Switch between light and dark" title="Light or dark">
            <span class="when-light">{icon(Glyph::Moon)}</span>
            <span class="when-dark">{icon(Glyph::Sun)}</span>
        </button>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_chooses_and_nonsense_does_not() {
        let with = |cookie: &'static str| {
            let mut headers = http::HeaderMap::new();
            headers.insert(http::header::COOKIE, http::HeaderValue::from_static(cookie));
            Theme::of(&headers)
        };
        assert_eq!(with("a=b; theme=dark"), Some(Theme::Dark));
        assert_eq!(with("theme=light"), Some(Theme::Light));
        assert_eq!(with("theme=\"><script>"), None);
    }
}
