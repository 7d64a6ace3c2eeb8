//! Questions about a kernel's state. A copy of the kernel answers, so a question changes nothing and can be asked at any time.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::order::{Cordon, Seal};
use crate::worker::KernelMemory;

/// Body of a question: JSON with one key, its name, for example `{"complete":{"code":"im","cursor":2}}`.
pub const ASK_BYTES_MAX: u64 = 2 << 20;

/// A question. `POST /v1/kernels/{kernel}/ask` at the node, with a ticket for that kernel; the answer is in the response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Whose kernel it is (`prj_…`).
    pub project: String,
    /// The project's key, with which a sleeping kernel's checkpoint is read.
    pub seal: Seal,
    /// As in the orders of this kernel.
    #[serde(default)]
    pub cordon: Cordon,
    /// One key, the question's name: `complete`, `inspect`, `variables`, `is_complete`, `page`, `ui`.
    pub question: Value,
}

/// A question to a worker; the checkpoint is attached when `memory` says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// The node's number for it.
    pub ask: String,
    /// `krn_…`
    pub kernel: String,
    /// Where the kernel's memory comes from.
    pub memory: KernelMemory,
    /// As the node got it.
    pub question: Value,
}

/// What came of a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskReply {
    /// The guest's answer.
    Answer(Value),
    /// The kernel is not alive, or a cell runs in it: ask again with its checkpoint.
    Missing,
    /// The attached checkpoint cannot be restored, and why.
    Unreadable(String),
    /// The guest has no answer to this question.
    NotUnderstood,
    /// Answering took more than a question may cost.
    TooMuch,
    /// This worker has no room for the copy that answers.
    Full,
}
