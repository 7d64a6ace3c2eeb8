//! Static files, held in memory: read once at the start, so a request for one touches no disk and no instance.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderValue};
use http::{Method, Response, StatusCode};
use http_body_util::Full;
use selvedge_api::assets;
use sha2::{Digest as _, Sha256};

/// All files by name.
pub(crate) struct Site {
    files: HashMap<String, File>,
}

struct File {
    plain: Variant,
    /// In the order of preference.
    encoded: Vec<(&'static str, Variant)>,
    content_type: &'static str,
    cache_control: &'static str,
}

struct Variant {
    bytes: Bytes,
    tag: HeaderValue,
}

impl Site {
    /// Read everything under `root/pkg`.
    pub(crate) fn load(root: &Path) -> Result<Self> {
        let mut contents = HashMap::new();
        let top = root.join(assets::PREFIX.trim_matches('/'));
        read(&top, &top, &mut contents).with_context(|| format!("cannot read the site in {}", top.display()))?;
        let is_variant = |name: &str| {
            assets::ENCODINGS
                .iter()
                .any(|(_, suffix)| name.strip_suffix(suffix).is_some_and(|plain| contents.contains_key(plain)))
        };
        let mut files = HashMap::new();
        for (name, bytes) in contents.iter().filter(|(name, _)| !is_variant(name)) {
            let mut encoded = Vec::new();
            for (encoding, suffix) in assets::ENCODINGS {
                if let Some(bytes) = contents.get(&format!("{name}{suffix}")) {
                    encoded.push((encoding, Variant::new(bytes)?));
                }
            }
            let file = File {
                plain: Variant::new(bytes)?,
                encoded,
                content_type: assets::content_type(name),
                cache_control: assets::cache_control(name),
            };
            files.insert(name.clone(), file);
        }
        Ok(Self { files })
    }

    /// The answer to a request below [`assets::PREFIX`].
    pub(crate) fn answer(&self, method: &Method, path: &str, headers: &HeaderMap) -> Response<Full<Bytes>> {
        let Some(file) = assets::name(path).and_then(|name| self.files.get(name)) else {
            return status(StatusCode::NOT_FOUND);
        };
        if !matches!(*method, Method::GET | Method::HEAD) {
            return status(StatusCode::METHOD_NOT_ALLOWED);
        }
        let accepted = headers
            .get(header::ACCEPT_ENCODING)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let encoded = file.encoded.iter().find(|(encoding, _)| assets::accepts(accepted, encoding));
        let variant = encoded.map_or(&file.plain, |(_, variant)| variant);
        let known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| {
            known.to_str().is_ok_and(|tags| {
                tags.split(',')
                    .any(|tag| tag.trim().trim_start_matches("W/").as_bytes() == variant.tag.as_bytes())
            })
        });
        let mut response = if known {
            status(StatusCode::NOT_MODIFIED)
        } else {
            // hyper leaves the body of an answer to HEAD out by itself and keeps its length.
            Response::new(Full::new(variant.bytes.clone()))
        };
        let out = response.headers_mut();
        out.insert(header::ETAG, variant.tag.clone());
        out.insert(header::CACHE_CONTROL, HeaderValue::from_static(file.cache_control));
        out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        out.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if !known {
            out.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.content_type));
            if let Some((encoding, _)) = encoded {
                out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
            }
        }
        response
    }
}

impl Variant {
    fn new(bytes: &Bytes) -> Result<Self> {
        let digest = Sha256::digest(bytes);
        let tag: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        Ok(Self {
            bytes: bytes.clone(),
            tag: HeaderValue::try_from(format!("\"{tag}\""))?,
        })
    }
}

fn status(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    response
}

fn read(top: &Path, dir: &Path, into: &mut HashMap<String, Bytes>) -> Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            read(top, &path, into)?;
        } else if let Some(name) = path.strip_prefix(top).ok().and_then(Path::to_str) {
            into.insert(name.to_owned(), Bytes::from(fs::read(&path)?));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;

    use super::*;

    fn site() -> Site {
        let dir = tempfile::tempdir().unwrap();
        let pkg = dir.path().join("pkg");
        fs::create_dir_all(pkg.join("fonts")).unwrap();
        fs::write(pkg.join("app.js"), "plain").unwrap();
        fs::write(pkg.join("app.js.br"), "brotli").unwrap();
        fs::write(pkg.join("fonts/a-0f3ab91c.woff2"), "font").unwrap();
        Site::load(dir.path()).unwrap()
    }

    fn headers(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap()))
            .collect()
    }

    fn text(response: Response<Full<Bytes>>) -> String {
        let body = futures_lite(response.into_body().collect());
        String::from_utf8(body.to_vec()).unwrap()
    }

    fn futures_lite<E: std::fmt::Debug>(future: impl Future<Output = Result<http_body_util::Collected<Bytes>, E>>) -> Bytes {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(future).unwrap().to_bytes()
    }

    #[test]
    fn the_compressed_form_is_sent_to_who_takes_it() {
        let site = site();
        let br = site.answer(&Method::GET, "/pkg/app.js", &headers(&[(header::ACCEPT_ENCODING, "gzip, br")]));
        assert_eq!(br.headers()[header::CONTENT_ENCODING], "br");
        assert_eq!(br.headers()[header::CONTENT_TYPE], "text/javascript; charset=utf-8");
        assert_eq!(text(br), "brotli");
        let plain = site.answer(&Method::GET, "/pkg/app.js", &HeaderMap::new());
        assert!(!plain.headers().contains_key(header::CONTENT_ENCODING));
        assert_eq!(text(plain), "plain");
    }

    #[test]
    fn a_known_file_is_not_sent_again() {
        let site = site();
        let tag = site.answer(&Method::GET, "/pkg/app.js", &HeaderMap::new()).headers()[header::ETAG]
            .to_str()
            .unwrap()
            .to_owned();
        let again = site.answer(
            &Method::GET,
            "/pkg/app.js",
            &headers(&[(header::IF_NONE_MATCH, &format!("\"x\", {tag}"))]),
        );
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(text(again), "");
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        let site = site();
        for path in ["/pkg/nothing.js", "/pkg/../secrets", "/pkg/", "/pkg/app.js/"] {
            assert_eq!(
                site.answer(&Method::GET, path, &HeaderMap::new()).status(),
                StatusCode::NOT_FOUND,
                "{path}"
            );
        }
        assert_eq!(
            site.answer(&Method::POST, "/pkg/app.js", &HeaderMap::new()).status(),
            StatusCode::METHOD_NOT_ALLOWED
        );
    }
}
