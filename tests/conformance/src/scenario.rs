//! What a scenario file says.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::caller::Caller;

/// A scenario: one promise, shown in steps.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The promise.
    pub title: String,
    /// In order; each sees what earlier ones saved.
    pub steps: Vec<Step>,
}

/// One step: exactly one of `request`, `run` and `cell`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// `POST /api/v1/runs`: send this.
    pub request: Option<String>,
    /// The body of a `POST /api/v1/runs` (`language` is `python` unless given): place the run and wait for its end. `$` is then the run, and its id is
    /// saved as `run`.
    pub run: Option<Map<String, Value>>,
    /// Code: append it as a cell to the notebook (`notebook` below; the scratch one by default), run that and wait for its end. `$` is then
    /// the run; ids are saved as `cell` and `run`.
    pub cell: Option<String>,
    /// See `cell`.
    pub notebook: Option<String>,

    /// Who asks.
    #[serde(default, rename = "as")]
    pub caller: Caller,
    /// More headers.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// A JSON body.
    pub json: Option<Value>,
    /// A body as text.
    pub body: Option<Value>,
    /// A body as hexadecimal digits.
    pub hex: Option<String>,
    /// Ask again until these places meet their expectations (bounded by count), then check `expect`.
    pub until: Option<BTreeMap<String, Value>>,

    /// What the answer must be.
    #[serde(default)]
    pub expect: Expect,
    /// Name → place in the answer (`$.id`), header (`header etag`) or the whole `body` as hexadecimal digits.
    #[serde(default)]
    pub save: BTreeMap<String, String>,
}

/// Expectations on one answer.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// HTTP status: a number or a condition. Default: 200 to 299.
    pub status: Option<Value>,
    /// Header (lower case) → expectation. Several headers of one name are joined by line breaks.
    #[serde(default)]
    pub headers: BTreeMap<String, Value>,
    /// Place → expectation. An event stream is the document `{events, kinds, stdout, stderr}`; in `kinds` equal neighbours are one.
    #[serde(default)]
    pub json: BTreeMap<String, Value>,
    /// Expectations on the whole body as text.
    #[serde(default)]
    pub text: Vec<Value>,
    /// The page's scripts and styles are only what its content security policy lets through.
    #[serde(default)]
    pub content_security: bool,
}

impl Scenario {
    /// Read a file.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
        yaml_serde::from_str(&text).with_context(|| format!("{} is not a scenario", path.display()))
    }
}

/// The names (`<area>::<title>`) and paths of all scenarios under `folder`, in order.
pub fn list(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    for area in std::fs::read_dir(folder).with_context(|| format!("list {}", folder.display()))? {
        let area = area?.path();
        for file in std::fs::read_dir(&area).with_context(|| format!("list {}", area.display()))? {
            let file = file?.path();
            if file.extension().is_some_and(|ending| ending == "yaml") {
                found.push((name(&area, &file), file));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// `runs/010-print-and-result.yaml` is `runs::print_and_result`.
fn name(area: &Path, file: &Path) -> String {
    let part = |path: &Path| {
        path.file_stem()
            .map(|stem| stem.to_string_lossy().replace('-', "_"))
            .unwrap_or_default()
    };
    let title = part(file);
    let title = title.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches('_');
    format!("{}::{title}", part(area))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use selvedge_harness::place;

    use super::{Scenario, list, name};

    #[test]
    fn every_file_is_a_scenario_with_a_name_of_its_own() {
        let files = list(&place::root().join("tests/api/scenarios")).unwrap();
        assert!(!files.is_empty());
        for (_, path) in &files {
            let scenario = Scenario::read(path).unwrap_or_else(|error| panic!("{error:#}"));
            assert!(!scenario.steps.is_empty(), "{} does nothing", path.display());
        }
        for pair in files.windows(2) {
            assert_ne!(pair[0].0, pair[1].0);
        }
    }

    #[test]
    fn names_follow_the_files() {
        assert_eq!(
            name(Path::new("x/runs"), Path::new("x/runs/010-print-and-result.yaml")),
            "runs::print_and_result"
        );
    }

    #[test]
    fn an_unknown_field_is_refused() {
        let refused = yaml_serde::from_str::<Scenario>("title: t\nsteps:\n  - request: GET /\n    expects: {status: 200}\n");
        assert!(refused.unwrap_err().to_string().contains("expects"));
    }
}
