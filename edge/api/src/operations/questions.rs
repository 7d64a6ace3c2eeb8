//! Questions about what a notebook's kernel holds. A copy of it answers, so nothing changes, and a kernel that is busy can be asked.

use selvedge_contract as contract;
use selvedge_ports::{Error, Result};
use selvedge_protocol::limits;
use serde_json::{Value, json};

use super::cordon::cordon;
use crate::node::kernel as node;
use crate::policy::Operation;
use crate::{Caller, Platform, access};

/// Most rows of one page of a table.
const ROWS_MAX: u64 = 1_000;
/// Longest name of a table or a column, and longest filter, in bytes.
const NAME_BYTES_MAX: usize = 1_000;

/// What could stand at the cursor.
pub async fn complete_code(platform: &Platform, caller: &Caller, notebook: &str, asked: contract::CompleteCode) -> Result<Value> {
    code(&asked.code)?;
    cursor(&asked.code, asked.cursor)?;
    let question = json!({"complete": asked});
    ask(platform, caller, Operation::CompleteCode, notebook, question).await
}

/// What stands at the cursor.
pub async fn inspect_code(platform: &Platform, caller: &Caller, notebook: &str, asked: contract::InspectCode) -> Result<Value> {
    code(&asked.code)?;
    cursor(&asked.code, asked.cursor)?;
    if asked.detail > 1 {
        return Err(Error::invalid("detail", "kernel.detail", "`detail` is 0, or 1 for the source too."));
    }
    let question = json!({"inspect": asked});
    ask(platform, caller, Operation::InspectCode, notebook, question).await
}

/// Whether the code could run as it is, or goes on in another line.
pub async fn check_code(platform: &Platform, caller: &Caller, notebook: &str, asked: contract::CheckCode) -> Result<Value> {
    code(&asked.code)?;
    let question = json!({"is_complete": asked});
    ask(platform, caller, Operation::CheckCode, notebook, question).await
}

/// The variables, sorted by name.
pub async fn list_variables(platform: &Platform, caller: &Caller, notebook: &str) -> Result<Value> {
    ask(platform, caller, Operation::ListVariables, notebook, json!({"variables": {}})).await
}

/// Rows of a table that was shown.
pub async fn read_page(platform: &Platform, caller: &Caller, notebook: &str, mut asked: contract::ReadPage) -> Result<Value> {
    for (field, text) in [
        ("table", asked.table.as_str()),
        ("sort", asked.sort.as_deref().unwrap_or_default()),
        ("filter", &asked.filter),
    ] {
        if text.len() > NAME_BYTES_MAX {
            let message = format!("`{field}` has at most {NAME_BYTES_MAX} bytes.");
            return Err(Error::invalid(field, "kernel.page", message));
        }
    }
    let count = asked.count.get_or_insert(100);
    if !(1..=ROWS_MAX).contains(count) {
        return Err(Error::invalid("count", "kernel.page", format!("`count` is 1 to {ROWS_MAX}.")));
    }
    ask(platform, caller, Operation::ReadPage, notebook, json!({"page": asked})).await
}

async fn ask(platform: &Platform, caller: &Caller, operation: Operation, notebook: &str, question: Value) -> Result<Value> {
    let kernel = access::kernel(platform, caller, operation, notebook).await?;
    node::ask(platform, &kernel, cordon(caller, kernel.private), question).await
}

fn code(code: &str) -> Result<()> {
    let most = limits::CODE_BYTES_MAX;
    if code.len() as u64 <= most {
        return Ok(());
    }
    let message = format!("`code` has {} bytes; at most {most} are allowed.", code.len());
    Err(Error::invalid("code", "run.code_too_large", message))
}

fn cursor(code: &str, cursor: u64) -> Result<()> {
    if cursor <= code.chars().count() as u64 {
        return Ok(());
    }
    Err(Error::invalid(
        "cursor",
        "kernel.cursor",
        "`cursor` is a place in `code`, counted in characters.",
    ))
}
