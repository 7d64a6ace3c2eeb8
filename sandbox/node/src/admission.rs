//! What an order has to look like. The edge checks the same before it places one; a node does not rely on that.

use http::uri::PathAndQuery;
use selvedge_protocol::limits::{
    CODE_BYTES_MAX, FUEL_MAX, FUEL_MIN, LABEL_BYTES_MAX, MEASURE_N_MAX, MEMORY_BYTES_MAX, MEMORY_BYTES_MIN, OUTPUT_BYTES_MAX,
    OUTPUT_BYTES_MIN, STDIN_BYTES_MAX, WALL_MS_MAX, WALL_MS_MIN,
};
use selvedge_protocol::{Certify, LANGUAGES, Measure, Order, Task, id};

use crate::edge::Edge;

/// What is wrong with an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Stable and machine-readable.
    pub(crate) code: &'static str,
    /// For a person.
    pub(crate) message: String,
    /// Where.
    pub(crate) field: Option<String>,
}

impl Fault {
    fn field(field: &str, message: impl Into<String>) -> Self {
        Self {
            code: "order.invalid",
            message: message.into(),
            field: Some(field.to_owned()),
        }
    }
}

/// The order in this body, and the path at the edge where its reports go.
pub(crate) fn parse(body: &[u8], edge: &Edge) -> Result<(Order, PathAndQuery), Fault> {
    let mut input = serde_json::Deserializer::from_slice(body);
    let order: Order = serde_path_to_error::deserialize(&mut input).map_err(|error| {
        let path = error.path().to_string();
        // An error of the JSON itself has no place in the order.
        let field = (path != ".").then_some(path);
        Fault {
            code: "order.malformed",
            message: format!("The order cannot be read: {}.", error.inner()),
            field,
        }
    })?;
    input.end().map_err(|error| Fault {
        code: "order.malformed",
        message: format!("The order cannot be read: {error}."),
        field: None,
    })?;
    check(&order)?;
    let path = edge.path_of(&order.report_url).ok_or_else(|| {
        Fault::field(
            "report_url",
            "Reports go to this node's own edge and nowhere else: the URL must begin with its origin.",
        )
    })?;
    Ok((order, path))
}

fn check(order: &Order) -> Result<(), Fault> {
    if !id::is_run(&order.run) {
        return Err(Fault::field("run", "That is not the id of a run."));
    }
    if !id::is_project(&order.project) {
        return Err(Fault::field("project", "That is not the id of a project."));
    }
    if order.seal.bytes().is_none() {
        return Err(Fault::field("seal", "A project's key is 64 lower-case hexadecimal digits."));
    }
    if order.kernel.as_deref().is_some_and(|kernel| !id::is_kernel(kernel)) {
        return Err(Fault::field("kernel", "That is not the id of a kernel."));
    }
    if !LANGUAGES.contains(&order.language.as_str()) {
        return Err(Fault {
            code: "order.language_unknown",
            ..Fault::field("language", format!("Nodes run {}.", LANGUAGES.join(" and ")))
        });
    }
    let is_hash = |hash: &str| hash.len() == 64 && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if order.environment.as_deref().is_some_and(|hash| !is_hash(hash)) {
        return Err(Fault::field("environment", "That is not the hash of an image."));
    }
    let sizes = [
        ("label", order.label.len(), LABEL_BYTES_MAX),
        ("code", order.code.len(), CODE_BYTES_MAX),
        ("stdin", order.stdin.as_ref().map_or(0, String::len), STDIN_BYTES_MAX),
    ];
    for (field, bytes, most) in sizes {
        if u64::try_from(bytes).is_ok_and(|bytes| bytes > most) {
            return Err(Fault::field(field, format!("At most {most} bytes of UTF-8; these are {bytes}.")));
        }
    }
    if let Task::Measure(Measure { setup, least, most }) = &order.task {
        if u64::try_from(setup.len()).is_ok_and(|bytes| bytes > CODE_BYTES_MAX) {
            return Err(Fault::field(
                "task.measure.setup",
                format!("At most {CODE_BYTES_MAX} bytes of UTF-8."),
            ));
        }
        if *least < 1 || least > most || *most > MEASURE_N_MAX {
            let message = format!("Sizes go from 1 to {MEASURE_N_MAX}, `least` before `most`; these are {least} and {most}.");
            return Err(Fault::field("task.measure.least", message));
        }
    }
    if let Task::Certify(Certify { seed, .. }) = &order.task {
        if !is_hash(seed) {
            return Err(Fault::field("task.certify.seed", "A seed is 64 lower-case hexadecimal digits."));
        }
        if order.interactive {
            return Err(Fault::field(
                "interactive",
                "Nobody can answer a certified run: send what it reads as `stdin`.",
            ));
        }
    }
    let limits = [
        ("limits.wall_ms", order.limits.wall_ms, WALL_MS_MIN, WALL_MS_MAX),
        ("limits.fuel", order.limits.fuel, FUEL_MIN, FUEL_MAX),
        ("limits.memory_bytes", order.limits.memory_bytes, MEMORY_BYTES_MIN, MEMORY_BYTES_MAX),
        ("limits.output_bytes", order.limits.output_bytes, OUTPUT_BYTES_MIN, OUTPUT_BYTES_MAX),
    ];
    for (field, value, least, most) in limits {
        if !(least..=most).contains(&value) {
            return Err(Fault::field(field, format!("From {least} to {most}; this is {value}.")));
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "admission_tests.rs"]
mod tests;
