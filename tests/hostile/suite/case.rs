//! A program as a case: a header in comments, then one or more cells. `tests/hostile/README.md` says what the lines mean.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use selvedge_protocol::{OrderLimits, Outcome, Status, limits};

/// Between two cells, after the comment sign.
const CELL: &str = "%%";

/// What a program tries and how it has to end.
#[derive(Debug)]
pub(crate) struct Case {
    /// `python` or `javascript`, by the file's extension.
    pub(crate) language: &'static str,
    /// Names of the attacks in `attacks.toml` that it stands for.
    pub(crate) attacks: Vec<String>,
    /// All but the last have to succeed.
    pub(crate) cells: Vec<String>,
    pub(crate) stdin: Option<String>,
    pub(crate) limits: OrderLimits,
    ends: Vec<End>,
    /// When the last cell is cancelled, after its order was taken.
    pub(crate) cancelled: Option<Duration>,
    /// Has to be in what the last cell shows.
    shows: Vec<String>,
    /// Must not be in anything that any of its cells shows.
    never: Vec<String>,
    /// The variables from before the last cell are still there after it.
    pub(crate) kept: bool,
    /// Its kernel runs another cell.
    pub(crate) lives: bool,
}

/// One way in which the last cell may end.
#[derive(Debug, PartialEq, Eq)]
enum End {
    Succeeded,
    /// Succeeded, and output was dropped at its limit.
    Truncated,
    /// Cancelled, and stopped where it stood.
    Stopped,
    /// An exception that Python code could have caught, of any type.
    Exception,
    /// An exception of this type, or a limit or crash of this name.
    Error(String),
}

/// What the node calls its own ends; everything else is an exception in the guest.
const OURS: [&str; 8] = [
    "WallLimit",
    "FuelLimit",
    "MemoryLimit",
    "Crash",
    "KernelUnreadable",
    "KernelNotKept",
    "KernelUnavailable",
    "Lost",
];

impl Case {
    /// The case in this file.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)?;
        let (language, comment) = match path.extension().and_then(|extension| extension.to_str()) {
            Some("py") => ("python", "#"),
            Some("js") => ("javascript", "//"),
            _ => bail!("cases are .py, .js and .toml files"),
        };
        Self::parse(&text, language, comment)
    }

    fn parse(text: &str, language: &'static str, comment: &str) -> Result<Self> {
        let mut case = Self {
            language,
            attacks: Vec::new(),
            cells: Vec::new(),
            stdin: None,
            limits: OrderLimits {
                wall_ms: 20_000,
                fuel: limits::FUEL_MAX,
                memory_bytes: limits::MEMORY_BYTES_DEFAULT,
                output_bytes: 64 << 10,
            },
            ends: Vec::new(),
            cancelled: None,
            shows: Vec::new(),
            never: Vec::new(),
            kept: true,
            lives: true,
        };
        let mut tries = None;
        let header = text.lines().take_while(|line| line.starts_with(comment) && !line.contains(CELL));
        for line in header {
            let line = line.trim_start_matches(comment).trim();
            let (key, value) = line
                .split_once(": ")
                .with_context(|| format!("the header line {line:?} is no `key: value`"))?;
            match key {
                "tries" => tries = Some(value),
                "attack" => case.attacks.extend(value.split(", ").map(str::to_owned)),
                "limits" => value.split(", ").try_for_each(|limit| case.limit(limit))?,
                "stdin" => case.stdin = Some(value.to_owned()),
                "ends" => case.ends.extend(value.split(" or ").map(End::parse)),
                "cancelled" => case.cancelled = Some(Duration::from_millis(value.parse().context("`cancelled: 300`, in milliseconds")?)),
                "shows" => case.shows.push(value.to_owned()),
                "never" => case.never.push(value.to_owned()),
                "spoils" => match value {
                    "its variables" => case.kept = false,
                    "its kernel" => (case.kept, case.lives) = (false, false),
                    other => bail!("nothing can spoil {other:?}"),
                },
                other => bail!("the header has no {other:?}"),
            }
        }
        ensure!(tries.is_some(), "the header does not say what it tries");
        ensure!(!case.ends.is_empty(), "the header does not say how it ends");
        let mut cell = String::new();
        for line in text.lines() {
            if line.starts_with(comment) && line.trim_start_matches(comment).trim() == CELL {
                case.cells.push(std::mem::take(&mut cell));
            } else {
                cell.push_str(line);
                cell.push('\n');
            }
        }
        case.cells.push(cell);
        Ok(case)
    }

    fn limit(&mut self, limit: &str) -> Result<()> {
        let (name, amount) = limit
            .split_once(' ')
            .with_context(|| format!("{limit:?} is no limit: `wall_ms 500`"))?;
        let amount = amount
            .replace('_', "")
            .parse()
            .with_context(|| format!("{limit:?} has no number"))?;
        *match name {
            "wall_ms" => &mut self.limits.wall_ms,
            "fuel" => &mut self.limits.fuel,
            "memory_bytes" => &mut self.limits.memory_bytes,
            "output_bytes" => &mut self.limits.output_bytes,
            other => bail!("there is no limit {other:?}"),
        } = amount;
        Ok(())
    }

    /// Did the last cell end as it should? Otherwise: how it did.
    pub(crate) fn check_end(&self, outcome: &Outcome) -> Result<()> {
        ensure!(
            self.ends.iter().any(|end| end.is(outcome)),
            "it has to end as {:?} and ended as {outcome:?}",
            self.ends
        );
        Ok(())
    }

    /// Is in `shown` what has to be, and nothing that must not be?
    pub(crate) fn check_shown(&self, shown: &str) -> Result<()> {
        for text in &self.shows {
            ensure!(shown.contains(text), "it does not show {text:?} but {shown:?}");
        }
        self.check_never(shown)
    }

    /// Is nothing in `shown` that must not be?
    pub(crate) fn check_never(&self, shown: &str) -> Result<()> {
        for text in &self.never {
            ensure!(!shown.contains(text), "it shows {text:?}, which must not be seen");
        }
        Ok(())
    }
}

impl End {
    fn parse(word: &str) -> Self {
        match word {
            "succeeded" => Self::Succeeded,
            "truncated" => Self::Truncated,
            "stopped" => Self::Stopped,
            "exception" => Self::Exception,
            other => Self::Error(other.to_owned()),
        }
    }

    fn is(&self, outcome: &Outcome) -> bool {
        let kind = outcome.error.as_ref().map_or("", |error| &error.kind);
        match self {
            Self::Succeeded => outcome.status == Status::Succeeded && !outcome.truncated,
            Self::Truncated => outcome.status == Status::Succeeded && outcome.truncated,
            Self::Stopped => outcome.status == Status::Cancelled && outcome.error.is_none(),
            Self::Exception => outcome.status == Status::Failed && !OURS.contains(&kind),
            Self::Error(name) if name == "Lost" => outcome.status == Status::Lost,
            Self::Error(name) => outcome.status != Status::Lost && kind == name,
        }
    }
}
