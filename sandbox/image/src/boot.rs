//! The one source text with which a guest boots: the files of its `python` directory, and the code that makes modules of them.

use crate::build::BuildError;
use std::fs;
use std::path::{Path, PathBuf};

/// Runs last, with every other file's text in the dictionary `SOURCES`, by path without `.py`.
const MAIN: &str = "boot.py";

/// Reads the `.py` files in `dir` and below. `imports` are modules of packages, to be imported before anything is kept.
pub(crate) fn compose(dir: &Path, imports: &[String]) -> Result<String, BuildError> {
    let mut files = Vec::new();
    collect(dir, "", &mut files)?;
    files.sort();
    let mut main = None;
    let mut source = "SOURCES = {\n".to_owned();
    for (name, path) in files {
        let text = fs::read_to_string(&path).map_err(|source| BuildError::Sources { path, source })?;
        if name == MAIN {
            main = Some(text);
        } else if let Some(module) = name.strip_suffix(".py") {
            // JSON's string literals are Python's as well.
            source += &format!("{}: {},\n", serde_json::Value::from(module), serde_json::Value::from(text));
        }
    }
    let main = main.ok_or_else(|| BuildError::Refused(format!("{} has no {MAIN}", dir.display())))?;
    Ok(format!("{source}}}\nIMPORTS = {}\n{main}", serde_json::Value::from(imports)))
}

fn collect(dir: &Path, prefix: &str, files: &mut Vec<(String, PathBuf)>) -> Result<(), BuildError> {
    let unreadable = |source| BuildError::Sources {
        path: dir.to_owned(),
        source,
    };
    for entry in fs::read_dir(dir).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type().map_err(unreadable)?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.push((name, entry.path()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_come_first_in_order_and_the_boot_last() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("b")).unwrap();
        for (name, text) in [
            ("boot.py", "run()\n"),
            ("b/c.py", "x = \"é\\n\"\n"),
            ("a.py", ""),
            ("notes.txt", "no"),
        ] {
            fs::write(dir.path().join(name), text).unwrap();
        }
        let source = compose(dir.path(), &["six".to_owned()]).unwrap();
        assert_eq!(
            source,
            "SOURCES = {\n\"a\": \"\",\n\"b/c\": \"x = \\\"é\\\\n\\\"\\n\",\n}\nIMPORTS = [\"six\"]\nrun()\n"
        );
    }

    #[test]
    fn a_directory_without_a_boot_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(compose(dir.path(), &[]), Err(BuildError::Refused(_))));
        assert!(matches!(compose(&dir.path().join("none"), &[]), Err(BuildError::Sources { .. })));
    }
}
