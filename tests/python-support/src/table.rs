//! The table as people read it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use crate::features::Feature;
use crate::suite::Suite;

/// Everything that was found.
#[derive(Debug, Serialize)]
pub(crate) struct Support {
    pub(crate) features: Vec<Feature>,
    pub(crate) modules: BTreeMap<String, Option<String>>,
    pub(crate) suite: Option<Suite>,
}

/// One line for a terminal.
pub(crate) fn summary(support: &Support) -> String {
    let features = support.features.iter().filter(|feature| feature.failure.is_none()).count();
    let modules = support.modules.values().filter(|why| why.is_none()).count();
    let mut text = format!(
        "{features} of {} features, {modules} of {} modules",
        support.features.len(),
        support.modules.len()
    );
    if let Some(suite) = &support.suite {
        let (passed, ran) = totals(suite);
        let _ = write!(
            text,
            ", {passed} of {ran} of CPython {}'s tests ({})",
            suite.version,
            percent(passed, ran)
        );
    }
    text
}

/// The document.
pub(crate) fn markdown(support: &Support) -> String {
    let mut text = String::from(
        "# What of Python works\n\nMade by `cargo xtask python-support`: every line is what happened when it was run in the guest. The interpreter is RustPython 0.6, \
         its language Python 3.14. There are no C extensions, processes or network in the sandbox.\n\n## Language and library\n\n| feature | |\n|---|---|\n",
    );
    for feature in &support.features {
        let _ = writeln!(text, "| {} | {} |", cell(&feature.title), verdict(feature.failure.as_deref()));
    }
    let missing: Vec<_> = support
        .modules
        .iter()
        .filter_map(|(name, why)| Some((name, why.as_ref()?)))
        .collect();
    let _ = write!(
        text,
        "\n## Modules\n\n{} of {} public modules of the standard library can be imported. Not:\n\n| module | why |\n|---|---|\n",
        support.modules.len() - missing.len(),
        support.modules.len()
    );
    for (name, why) in missing {
        let _ = writeln!(text, "| `{name}` | {} |", cell(why));
    }
    if let Some(suite) = &support.suite {
        tests(&mut text, suite);
    }
    text
}

fn tests(text: &mut String, suite: &Suite) {
    let (passed, ran) = totals(suite);
    let _ = write!(
        text,
        "\n## CPython's own tests\n\nThe test package of CPython {}, each test in a fork of its own, at most 10 s. {passed} of {ran} tests that ran passed ({}); tests that skip \
         themselves are not counted. *Ended* are tests that a limit ended or that crashed the interpreter, which cost the kernel that one test.\n\n\
         | module | ran | passed | | failed | ended | skipped |\n|---|--:|--:|--:|--:|--:|--:|\n",
        suite.version,
        percent(passed, ran)
    );
    for (name, module) in suite.modules.iter().filter(|(_, module)| module.broken.is_none()) {
        let _ = writeln!(
            text,
            "| {name} | {} | {} | {} | {} | {} | {} |",
            module.ran(),
            module.passed,
            percent(module.passed, module.ran()),
            module.failed.len(),
            module.ended.len(),
            module.skipped
        );
    }
    text.push_str("\nModules of tests that do not load, mostly because what they test is not there:\n\n| module | why |\n|---|---|\n");
    for (name, module) in &suite.modules {
        if let Some(why) = &module.broken {
            let _ = writeln!(text, "| {name} | {} |", cell(why));
        }
    }
}

fn totals(suite: &Suite) -> (usize, usize) {
    suite
        .modules
        .values()
        .fold((0, 0), |(passed, ran), module| (passed + module.passed, ran + module.ran()))
}

fn percent(part: usize, whole: usize) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    // Rounded down: 100 % means all of them.
    let tenths = part * 1_000 / whole;
    format!("{}.{} %", tenths / 10, tenths % 10)
}

fn verdict(failure: Option<&str>) -> String {
    failure.map_or_else(|| "works".to_owned(), |why| format!("no: {}", cell(why)))
}

/// Text that may stand in a table.
fn cell(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let short: String = line.chars().take(160).collect();
    short.replace('|', "\\|")
}
