//! What a request must satisfy before anything is stored. `field` is the API's spelling.

use selvedge_ports::shapes::{LimitsRequest, NewRun, RunEvent, RunLimits};
use selvedge_ports::{Error, Result};
use selvedge_protocol::{LANGUAGES, limits};

use crate::{CELLS_MAX, EVENT_BYTES_MAX, IDEMPOTENCY_KEY_CHARS_MAX, NAME_CHARS_MAX};

/// 1 to 100 characters, not only blanks, no control characters.
pub(crate) fn name(name: &str) -> Result<()> {
    let length = name.chars().count();
    if length > NAME_CHARS_MAX || name.trim().is_empty() || name.chars().any(char::is_control) {
        return Err(Error::invalid(
            "name",
            "workspace.name",
            format!("A name has 1 to {NAME_CHARS_MAX} characters and no line breaks."),
        ));
    }
    Ok(())
}

/// The cells of a new notebook.
pub(crate) fn cells<'a>(mut cells: impl ExactSizeIterator<Item = &'a str>) -> Result<()> {
    if cells.len() > CELLS_MAX {
        return Err(too_many_cells());
    }
    cells
        .by_ref()
        .enumerate()
        .try_for_each(|(at, source)| code(&format!("cells[{at}].code"), source))
}

/// The notebook is full.
pub(crate) fn too_many_cells() -> Error {
    Error::invalid(
        "cells",
        "notebook.too_many_cells",
        format!("A notebook has at most {CELLS_MAX} cells."),
    )
}

/// A source text, at `field`.
pub(crate) fn code(field: &str, code: &str) -> Result<()> {
    text(field, "code", code, limits::CODE_BYTES_MAX)
}

fn text(field: &str, what: &str, text: &str, most: u64) -> Result<()> {
    if text.len() as u64 > most {
        return Err(Error::invalid(
            field,
            &format!("run.{what}_too_large"),
            format!("{field} has {} bytes; at most {most} are allowed. Nothing was stored.", text.len()),
        ));
    }
    if text.contains('\0') {
        return Err(Error::invalid(
            field,
            &format!("run.{what}_has_nul"),
            format!("{field} holds a NUL character. Remove it."),
        ));
    }
    Ok(())
}

/// A run that is to be stored.
pub(crate) fn run(run: &NewRun) -> Result<RunLimits> {
    if !LANGUAGES.contains(&run.language.as_str()) {
        return Err(Error::invalid(
            "language",
            "run.language_unknown",
            format!("Only {} can be run.", LANGUAGES.map(|name| format!("`{name}`")).join(" and ")),
        ));
    }
    match (&run.code, &run.cell) {
        (Some(source), None) => code("code", source)?,
        (None, Some(_)) => {}
        (None, None) => return Err(Error::invalid("code", "run.code_missing", "A run needs code.")),
        (Some(_), Some(_)) => {
            return Err(Error::invalid(
                "code",
                "run.code_twice",
                "A cell's run takes its code from the cell.",
            ));
        }
    }
    if let Some(stdin) = &run.stdin {
        text("stdin", "stdin", stdin, limits::STDIN_BYTES_MAX)?;
    }
    if let Some(key) = &run.idempotency_key {
        let length = key.chars().count();
        if length == 0 || length > IDEMPOTENCY_KEY_CHARS_MAX || key.contains('\0') {
            return Err(Error::invalid(
                "Idempotency-Key",
                "run.idempotency_key",
                format!("An Idempotency-Key has 1 to {IDEMPOTENCY_KEY_CHARS_MAX} characters."),
            ));
        }
    }
    limits(&run.limits)
}

/// The limits in force: what was asked for, or the default.
fn limits(asked: &LimitsRequest) -> Result<RunLimits> {
    let within = |name: &str, asked: Option<u64>, least: u64, default: u64, most: u64| match asked {
        None => Ok(default),
        Some(value) if (least..=most).contains(&value) => Ok(value),
        Some(value) => Err(Error::invalid(
            &format!("limits.{name}"),
            "run.limit_out_of_range",
            format!("limits.{name} is {value}; it can be from {least} to {most}."),
        )),
    };
    Ok(RunLimits {
        wall_ms: within(
            "wall_ms",
            asked.wall_ms,
            limits::WALL_MS_MIN,
            limits::WALL_MS_DEFAULT,
            limits::WALL_MS_MAX,
        )?,
        fuel: within("fuel", asked.fuel, limits::FUEL_MIN, limits::FUEL_DEFAULT, limits::FUEL_MAX)?,
        memory_bytes: within(
            "memory_bytes",
            asked.memory_bytes,
            limits::MEMORY_BYTES_MIN,
            limits::MEMORY_BYTES_DEFAULT,
            limits::MEMORY_BYTES_MAX,
        )?,
        output_bytes: within(
            "output_bytes",
            asked.output_bytes,
            limits::OUTPUT_BYTES_MIN,
            limits::OUTPUT_BYTES_DEFAULT,
            limits::OUTPUT_BYTES_MAX,
        )?,
    })
}

/// Events of a report.
pub(crate) fn events(events: &[RunEvent]) -> Result<()> {
    match events
        .iter()
        .find(|event| event.data.len() > EVENT_BYTES_MAX || event.data.contains('\0'))
    {
        Some(event) => Err(Error::invalid(
            "events",
            "run.event_too_large",
            format!(
                "Event {} is not JSON of at most {EVENT_BYTES_MAX} bytes. Nothing was stored.",
                event.seq
            ),
        )),
        None => Ok(()),
    }
}
