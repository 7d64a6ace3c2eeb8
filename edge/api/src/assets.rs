//! The rules for static files under `/pkg/`: which names there are, what type they have, how long they may be kept. Hosts bring the bytes.

/// Where static files are.
pub const PREFIX: &str = "/pkg/";

/// Content encodings in the order of preference, each with the suffix of the file beside the plain one.
pub const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// The file's name within the folder, when the path asks for one that can exist: plain segments, nothing hidden, nothing that leads out.
pub fn name(path: &str) -> Option<&str> {
    let name = path.strip_prefix(PREFIX)?;
    let plain = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    };
    name.split('/').all(plain).then_some(name)
}

/// The media type by the name's ending.
pub fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "wasm" => "application/wasm",
        "woff2" => "font/woff2",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// A name with a hash of its content never changes; every other one is asked for again, which the ETag makes cheap.
pub fn cache_control(name: &str) -> &'static str {
    if is_hashed(name) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

/// Does the client take this encoding? `q=0` is the only way to refuse one that is named.
pub fn accepts(accept_encoding: &str, encoding: &str) -> bool {
    accept_encoding.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding))
            && !parts.any(|weight| matches!(weight.trim_start_matches("q=").parse::<f32>(), Ok(0.0)))
    })
}

/// `name-<hash>.ext` or `name.<hash>.ext`, where the hash is at least eight hexadecimal (or base-32 upper-case) digits.
fn is_hashed(name: &str) -> bool {
    let stem = name
        .rsplit('/')
        .next()
        .unwrap_or(name)
        .rsplit_once('.')
        .map_or("", |(stem, _)| stem);
    stem.rsplit_once(['-', '.']).is_some_and(|(_, hash)| {
        hash.len() >= 8
            && (hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
                || hash.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'2'..=b'7')))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_inside_the_folder_exist() {
        assert_eq!(name("/pkg/selvedge.js"), Some("selvedge.js"));
        assert_eq!(name("/pkg/fonts/a.woff2"), Some("fonts/a.woff2"));
        for path in [
            "/pkg/",
            "/pkg/../secret",
            "/pkg/.env",
            "/pkg/a//b",
            "/pkg/a%2e",
            "/other/a.js",
            "/pkg",
        ] {
            assert_eq!(name(path), None, "{path}");
        }
    }

    #[test]
    fn only_names_with_a_hash_are_kept_forever() {
        assert!(cache_control("editor-0f3ab91c.js").contains("immutable"));
        assert!(cache_control("editor.XJ3KQ2AB.js").contains("immutable"));
        assert_eq!(cache_control("selvedge_bg.wasm"), "no-cache");
        assert_eq!(cache_control("a-notebook.js"), "no-cache");
    }

    #[test]
    fn an_encoding_is_used_only_when_it_is_accepted() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(!accepts("gzip;q=1.0, br;q=0", "br"));
        assert!(!accepts("", "gzip"));
    }
}
