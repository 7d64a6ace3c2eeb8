//! Who the node is to the store: two or three words that no log, no debug output and no URL has.

use std::fmt;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use async_trait::async_trait;
use object_store::CredentialProvider;
use object_store::aws::AwsCredential;

const KEY_ID: &str = "aws_access_key_id";
const SECRET: &str = "aws_secret_access_key";
const TOKEN: &str = "aws_session_token";

/// Where credentials come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, when there is one, `AWS_SESSION_TOKEN`.
    Environment,
    /// A file with these as `name = value`, one a line, upper or lower case; of several `[profiles]` the first counts. When it changes, it is read
    /// again.
    File(PathBuf),
}

/// Gives them to whoever signs.
pub(super) struct Source {
    from: Credentials,
    known: Mutex<Option<(Option<SystemTime>, Arc<AwsCredential>)>>,
}

impl fmt::Debug for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Source").field("from", &self.from).finish_non_exhaustive()
    }
}

impl Source {
    /// Looks whether there are any.
    ///
    /// # Errors
    /// There are none, and how to give some.
    pub(super) fn open(from: Credentials) -> io::Result<Self> {
        let source = Self {
            from,
            known: Mutex::default(),
        };
        source.get()?;
        Ok(source)
    }

    fn get(&self) -> io::Result<Arc<AwsCredential>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = match &self.from {
            Credentials::Environment => None,
            Credentials::File(path) => fs::metadata(path).and_then(|metadata| metadata.modified()).ok(),
        };
        if let Some((since, credential)) = &*known
            && *since == changed
        {
            return Ok(credential.clone());
        }
        let credential = Arc::new(match &self.from {
            Credentials::Environment => {
                let word = |name: &str| std::env::var(name.to_ascii_uppercase()).ok();
                complete(word, "the environment")?
            }
            Credentials::File(path) => {
                let text = fs::read_to_string(path).map_err(|error| {
                    io::Error::other(format!(
                        "the file with its credentials, {}, cannot be read: {error}",
                        path.display()
                    ))
                })?;
                complete(|name| value(&text, name), &path.display().to_string())?
            }
        });
        *known = Some((changed, credential.clone()));
        Ok(credential)
    }
}

fn complete(word: impl Fn(&str) -> Option<String>, place: &str) -> io::Result<AwsCredential> {
    let word = |name| word(name).filter(|word| !word.is_empty());
    let missing = |name: &str| {
        io::Error::other(format!(
            "{place} has no {}. Give credentials as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, or in a file with --store-credentials",
            name.to_ascii_uppercase()
        ))
    };
    Ok(AwsCredential {
        key_id: word(KEY_ID).ok_or_else(|| missing(KEY_ID))?,
        secret_key: word(SECRET).ok_or_else(|| missing(SECRET))?,
        token: word(TOKEN),
    })
}

/// What a file says about this name, in its first profile.
fn value(text: &str, name: &str) -> Option<String> {
    let lines = text
        .lines()
        .map(str::trim)
        .skip_while(|line| line.starts_with('[') || line.is_empty());
    let mut profile = lines.take_while(|line| !line.starts_with('['));
    profile.find_map(|line| {
        let (key, value) = line.strip_prefix("export ").unwrap_or(line).split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    })
}

#[async_trait]
impl CredentialProvider for Source {
    type Credential = AwsCredential;

    async fn get_credential(&self) -> object_store::Result<Arc<AwsCredential>> {
        self.get().map_err(|error| object_store::Error::Generic {
            store: "S3",
            source: Box::new(error),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_either_form_is_read_and_read_again_when_it_changes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("credentials");
        fs::write(
            &path,
            "\n[default]\naws_access_key_id = one\naws_secret_access_key=first=\n\n[other]\naws_session_token = not ours\n",
        )
        .unwrap();
        let source = Source::open(Credentials::File(path.clone())).unwrap();
        let one = source.get().unwrap();
        assert_eq!(
            (one.key_id.as_str(), one.secret_key.as_str(), one.token.as_deref()),
            ("one", "first=", None)
        );
        fs::write(
            &path,
            "export AWS_ACCESS_KEY_ID=two\nAWS_SECRET_ACCESS_KEY=second\nAWS_SESSION_TOKEN=token\n",
        )
        .unwrap();
        fs::File::open(&path).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
        let two = source.get().unwrap();
        assert_eq!((two.key_id.as_str(), two.token.as_deref()), ("two", Some("token")));
        assert!(!format!("{source:?} {two:?}").contains("second"));
    }

    #[test]
    fn what_is_missing_is_named_with_what_to_do_and_no_secret_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("credentials");
        let none = Source::open(Credentials::File(path.clone())).unwrap_err().to_string();
        assert!(none.contains("credentials, cannot be read"), "{none}");
        fs::write(&path, "aws_secret_access_key = hidden\n").unwrap();
        let half = Source::open(Credentials::File(path)).unwrap_err().to_string();
        assert!(
            half.contains("AWS_ACCESS_KEY_ID") && half.contains("--store-credentials") && !half.contains("hidden"),
            "{half}"
        );
    }
}
