use crate::refusal::Refusal;
use std::fmt;

/// One package of a lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locked {
    /// As its index writes it.
    pub name: String,
    /// Exactly this one.
    pub version: String,
    /// SHA-256 of wheels that may be taken for it, in hexadecimal.
    pub hashes: Vec<String>,
}

/// Packages with their versions and hashes: what pip calls a requirements file with hashes, and `uv pip compile --generate-hashes` writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// By name.
    pub packages: Vec<Locked>,
}

impl Lock {
    /// Reads one. Comments, markers after a semicolon and lines that go on after a backslash are understood.
    ///
    /// # Errors
    /// `Lock`: a line without exact version or without hash.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let mut packages = Vec::new();
        let mut whole = String::new();
        for (line, text) in (1..).zip(text.lines()) {
            let text = text.split(" #").next().unwrap_or_default().trim();
            if text.starts_with('#') || (text.is_empty() && whole.is_empty()) {
                continue;
            }
            whole.push_str(text.trim_end_matches('\\'));
            whole.push(' ');
            if !text.ends_with('\\') {
                let package = locked(&whole).ok_or_else(|| Refusal::Lock {
                    line,
                    text: whole.trim().to_owned(),
                })?;
                packages.push(package);
                whole.clear();
            }
        }
        packages.sort_by(|a: &Locked, b| a.name.cmp(&b.name));
        Ok(Self { packages })
    }
}

fn locked(line: &str) -> Option<Locked> {
    let mut words = line.split_whitespace();
    let (name, version) = words.next()?.trim_end_matches(';').split_once("==")?;
    let hashes: Vec<String> = words
        .filter_map(|word| word.strip_prefix("--hash=sha256:"))
        .map(str::to_owned)
        .collect();
    let is_name = |text: &str| !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter));
    let is_version = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || "-_.!+".contains(letter))
    };
    let is_hash = |text: &String| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    // An option where a name is expected would be one to pip as well.
    let whole = is_name(name) && !name.starts_with('-') && is_version(version) && !hashes.is_empty() && hashes.iter().all(is_hash);
    whole.then(|| Locked {
        name: name.to_owned(),
        version: version.to_owned(),
        hashes: hashes.iter().map(|hash| hash.to_ascii_lowercase()).collect(),
    })
}

impl fmt::Display for Lock {
    /// As [`Lock::parse`] and pip read it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Locked { name, version, hashes } in &self.packages {
            write!(formatter, "{name}=={version}")?;
            for hash in hashes {
                write!(formatter, " --hash=sha256:{hash}")?;
            }
            writeln!(formatter)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_so_is_what_other_tools_write() {
        let (one, two) = ("a".repeat(64), "B".repeat(64));
        let text = format!(
            "# made by a tool\nsix==1.17.0 \\\n    --hash=sha256:{one} \\\n    --hash=sha256:{two}\n    # via python-dateutil\n\nattrs==25.3.0 ; python_version >= '3.9' --hash=sha256:{one}\n"
        );
        let lock = Lock::parse(&text).unwrap();
        assert_eq!(
            lock.packages.iter().map(|package| package.name.as_str()).collect::<Vec<_>>(),
            ["attrs", "six"]
        );
        assert_eq!(lock.packages[1].hashes, [one, two.to_lowercase()]);
        assert_eq!(Lock::parse(&lock.to_string()).unwrap(), lock);
    }

    #[test]
    fn a_line_without_version_or_hash_is_refused_with_its_number() {
        let hash = "a".repeat(64);
        for line in [
            "six".to_owned(),
            "six==1".to_owned(),
            format!("six>=1 --hash=sha256:{hash}"),
            "six==1 --hash=sha256:abc".to_owned(),
            format!("--index-url==x --hash=sha256:{hash}"),
            format!("http://x/y.whl --hash=sha256:{hash}"),
        ] {
            let text = format!("attrs==1 --hash=sha256:{hash}\n{line}\n");
            assert!(matches!(Lock::parse(&text), Err(Refusal::Lock { line: 2, .. })), "{line}");
        }
    }
}
