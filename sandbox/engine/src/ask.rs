use crate::cancel::CancelToken;
use crate::drive::drive;
use crate::host::lock;
use crate::instance::Instance;
use crate::request::Request;
use selvedge_protocol::EventKind;
use serde_json::Value;
use std::time::{Duration, Instant};

/// Why a question was not answered. The kernel is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    /// A cell was stopped inside the kernel.
    #[error("this kernel was stopped in the middle of a cell; restore its last checkpoint, then ask again")]
    Unusable,
    /// No room for the copy in which questions are answered.
    #[error("every kernel slot of this node is taken; ask again in a moment")]
    Full,
    /// The guest used all of its fuel or time, or wanted more memory than it gets.
    #[error("answering took more than a question may cost; what is asked about is too large or never ends")]
    TooMuch,
    /// The guest has no answer to this.
    #[error("this kernel does not understand the question")]
    NotUnderstood,
}

/// Bounds of one question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AskLimits {
    /// Units of fuel.
    pub fuel: u64,
    /// Wall time in milliseconds.
    pub wall_ms: u64,
    /// Bytes of linear memory beyond what the kernel has.
    pub memory_bytes: u64,
}

impl Default for AskLimits {
    fn default() -> Self {
        Self {
            fuel: 4_000_000_000,
            wall_ms: 2_000,
            memory_bytes: 64 << 20,
        }
    }
}

/// Puts `question` to a copy of a kernel that is thrown away afterwards. Whatever the guest prints or shows meanwhile is dropped.
///
/// An answer that was given before a limit was reached counts: guests answer twice when the better answer runs the user's own code.
/// The second value says whether the copy came to its end.
pub(crate) async fn ask(copy: &mut Instance, question: &str, limits: AskLimits) -> (Result<Value, AskError>, bool) {
    let began = Instant::now();
    let output = copy.store.data().shared_output();
    lock(&output).begin(0);
    let memory = copy.memory().len() as u64 + limits.memory_bytes;
    copy.store.data_mut().memory_limit.set(memory);
    let mut nobody = |_: EventKind, _: Value| {};
    let request = Request::ask(question);
    let step = copy.call(&request, limits.fuel);
    let deadline = began + Duration::from_millis(limits.wall_ms);
    let end = drive(step, &output, &mut nobody, deadline, &CancelToken::new()).await;
    let answer = lock(&output).take_answer();
    let whole = matches!(end, Ok(Ok(0)));
    let reason = if matches!(end, Ok(Ok(_))) {
        AskError::NotUnderstood
    } else {
        AskError::TooMuch
    };
    (answer.ok_or(reason), whole)
}
